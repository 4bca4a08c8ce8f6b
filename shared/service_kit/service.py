"""A room, put together: what its ``app.py`` declares, bound to the settings of one process."""

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from flask import Blueprint
from sqlalchemy import Engine

from shared.service_kit import access, register
from shared.service_kit.access import RecordOf
from shared.service_kit.broker import Broker
from shared.service_kit.catalog import Catalog
from shared.service_kit.clock import Clock
from shared.service_kit.database.engine import make_engine
from shared.service_kit.encryption.sealing import Sealed, Sealer
from shared.service_kit.http import platform_routes
from shared.service_kit.http.routing import Routes
from shared.service_kit.identity.access_tokens import Matrix, TokenVerifier
from shared.service_kit.jobs.failures import Failures
from shared.service_kit.observability import logs, telemetry
from shared.service_kit.processes.application import make_app
from shared.service_kit.processes.commands import settle_memory
from shared.service_kit.rate_limits import Limits
from shared.service_kit.retention.expiry import DAY, expire
from shared.service_kit.service_client import Peers
from shared.service_kit.settings import Settings, load_settings
from shared.service_kit.streams.signing import Signer, Verifier
from shared.service_kit.subscriptions.subscription import Subscription
from shared.service_kit.tasks import TaskFunction, make_celery, task
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

if TYPE_CHECKING:
    from apiflask import APIFlask
    from celery import Celery

Figures = Callable[[UnitOfWork, str | None], dict[str, Any]]
Command = Callable[["Service", Sequence[str]], str]
"""Does what an operator asks for by name, with these arguments, and gives the words to be printed."""


@dataclass(frozen=True)
class Every:
    """A task that is sent every so many seconds; it finds its work in the database."""

    seconds: float
    task: TaskFunction


@task("kit.alive")
def alive(service: "Service") -> None:
    """A real task, done: the worker's sign of life."""
    del service


@dataclass(frozen=True)
class Service:
    """A room: routes, subscriptions, tasks, schedule; and, once configured, its database and keys.

    Args:
        name: as in ``catalog.toml``.
        folder: where the room stands; its ``migrations`` are in it.
        permissions: permission → role → scope.
        duties: sets of roles that nobody holds together.
        purposes: permission → role → the purposes that may be named where a route asks for one.
        commands: what an operator may run beside the commands that every room has, by name.
        sealed: the columns that are sealed; a room that has some does not start without its key.
        shares_journey: whether a correlation is, on a day, one that the acts of many people share.
        blueprints: pages: functions that make a Flask blueprint for this service.
    """

    name: str
    folder: Path
    fact_types: dict[str, Any]
    permissions: Matrix
    duties: dict[str, frozenset[str]] = field(default_factory=dict)
    purposes: Mapping[str, Mapping[str, Collection[str]]] = field(default_factory=dict)
    problem_types: dict[str, tuple[int, str]] = field(default_factory=dict)
    routes: Sequence[Routes] = ()
    subscriptions: Sequence[Subscription] = ()
    tasks: Sequence[TaskFunction] = ()
    schedule: Sequence[Every] = ()
    figures: Figures | None = None
    commands: Mapping[str, Command] = field(default_factory=dict)
    sealed: Sequence[Sealed] = ()
    shares_journey: Callable[[str, date], bool] = lambda _correlation, _day: False
    blueprints: Sequence[Callable[["Service"], Blueprint]] = ()
    settings: Settings = field(default_factory=lambda: Settings(env="test"))
    clock: Clock = field(default_factory=Clock)
    sent: list[tuple[TaskFunction, dict[str, str]]] = field(default_factory=list)
    """Tasks sent while no broker is named (tests)."""

    def __post_init__(self) -> None:
        register.hand_over_problem_types(self.problem_types)

    def configured(self, settings: Settings) -> "Service":
        """The same room with the settings of a process, nothing opened yet."""
        return replace(self, settings=settings, clock=Clock(settings.today, None, settings.clock_skew_file), sent=[])

    @cached_property
    def started_at(self) -> datetime:
        """When this process began to serve, by its own clock; one that serves nothing began when it is asked."""
        return self.clock.now()

    @cached_property
    def engine(self) -> Engine:
        """The room's database as its runtime role sees it."""
        return make_engine(self.settings.database_url)

    @cached_property
    def catalog(self) -> Catalog:
        """The register of rooms."""
        return Catalog.load(self.settings.catalog)

    @cached_property
    def peers(self) -> Peers:
        """The other rooms."""
        return Peers(self)

    @cached_property
    def signer(self) -> Signer:
        """Signs this room's pages."""
        return Signer(self.settings.signing_key)

    @cached_property
    def sealer(self) -> Sealer:
        """Seals and opens this room's sealed fields."""
        return Sealer(self.name, self.settings)

    @cached_property
    def verifier(self) -> Verifier:
        """Knows the producers' keys."""
        return Verifier(self.settings.producer_keys_file)

    @cached_property
    def limits(self) -> Limits:
        """What this process lets through in a minute."""
        return Limits(self.settings)

    @cached_property
    def failures(self) -> Failures:
        """What failed outside chunks."""
        return Failures(self)

    @cached_property
    def token_verifier(self) -> TokenVerifier:
        """Verifies tokens whose audience is this room."""
        return TokenVerifier(self.settings, self.name, self.duties.values())

    @cached_property
    def broker(self) -> Broker:
        """The broker, for pages and tasks."""
        return Broker(self.settings)

    @cached_property
    def celery(self) -> "Celery":
        """The room's Celery application."""
        return make_celery(self)

    @property
    def refusal_type(self) -> Any:
        """The fact type of a refusal."""
        return self.fact_types["refusal.v1"]

    @property
    def released_type(self) -> Any:
        """The fact type of a release of what was parked."""
        return self.fact_types["parked.released.v1"]

    def all_routes(self) -> list[Routes]:
        """The room's operations and the kit's."""
        return [*self.routes, *([platform_routes.emergencies] if self.record_of else []), platform_routes.routes]

    @property
    def record_of(self) -> RecordOf | None:
        """Says whose a case of this room is; None where no route is about one."""
        return next((route.of for routes in self.routes for route in routes.routes if route.of), None)

    def all_sealed(self) -> list[Sealed]:
        """The room's sealed columns and, where its records have scopes, the words of emergency access."""
        return [*self.sealed, *([access.EMERGENCIES] if self.record_of else [])]

    def all_tasks(self) -> list[TaskFunction]:
        """The room's tasks and the kit's."""
        return [*self.tasks, alive, expire]

    def all_schedule(self) -> list[Every]:
        """The room's schedule and the kit's."""
        return [*self.schedule, Every(10, alive), Every(DAY, expire)]

    def subscription(self, producer: str, stream: str) -> Subscription:
        """The subscription to a stream."""
        return next(one for one in self.subscriptions if (one.producer, one.stream) == (producer, stream))

    @contextmanager
    def work(self, actor: str, correlation: str) -> Iterator[UnitOfWork]:
        """Open a unit of work: one transaction, committed at the end."""
        with unit_of_work(self, actor, correlation) as work:
            yield work

    @contextmanager
    def owner_work(self) -> Iterator[UnitOfWork]:
        """A unit of work with the owner's login, for what the running service has no right to.

        Raises:
            RuntimeError: the owner's database is not named.
        """
        url = self.settings.owner_database_url
        if not url:
            raise RuntimeError("KURASHI_OWNER_DATABASE_URL is not set; this is for the owner of the database alone")
        owner = replace(self, settings=self.settings.model_copy(update={"database_url": url}))
        try:
            with owner.work(actor=f"service:{self.name}", correlation=str(uuid4())) as work:
                yield work
        finally:
            owner.engine.dispose()

    def send(self, one: TaskFunction, ids: dict[str, str]) -> None:
        """Have a task sent soon; where the broker is away, the schedule finds the work again."""
        if not self.settings.broker_url:
            self.sent.append((one, ids))
            return
        trail = {"traceparent": telemetry.traceparent(), "correlation": telemetry.current_correlation()}
        celery = self.celery
        self.broker.send(
            one.name,
            lambda producer: celery.send_task(one.name, kwargs={**trail, **ids}, producer=producer, retry=False),
        )

    def app(self) -> "APIFlask":
        """The room's HTTP application."""
        app = make_app(self)
        app.register_blueprint(platform_routes.health(self))
        return app

    def start_process(self, role: str) -> None:
        """Begin logs and spans in a process that serves, when all is loaded."""
        logs.start_logs(f"{self.name}.{role}")
        self.prepare_sealing()
        telemetry.start_telemetry(self.name, self.settings.traces_dir)
        settle_memory()
        _ = self.started_at

    def prepare_sealing(self) -> None:
        """Make sure, in a transaction of its own, that this process can open what the room has sealed.

        Raises:
            KeyMissing: the key is lost or another's; says where it belongs.
        """
        if self.all_sealed():
            with self.engine.begin() as connection:
                self.sealer.prepare(connection)

    def main(self, argv: Sequence[str] | None = None) -> None:
        """Run one process of the room, or one command: see `processes`."""
        from shared.service_kit.processes.commands import run_process

        run_process(self.configured(load_settings()), list(sys.argv[1:] if argv is None else argv))
