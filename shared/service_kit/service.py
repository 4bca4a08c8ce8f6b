"""A service as its ``app.py`` declares it; bound to the settings of one process it has a `Runtime`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint

from shared.service_kit.clock import Clock
from shared.service_kit.encryption.sealing import Sealed
from shared.service_kit.http import platform_routes
from shared.service_kit.http.examples import Examples
from shared.service_kit.http.guard import Guard
from shared.service_kit.http.routing import Routes
from shared.service_kit.identity.access_tokens import Matrix
from shared.service_kit.problems import register_problem_types
from shared.service_kit.retention.expiry import DAY, expire
from shared.service_kit.runtime import Runtime
from shared.service_kit.settings import Settings
from shared.service_kit.subscriptions.subscription import Subscription
from shared.service_kit.tasks import TaskFunction, task
from shared.service_kit.unit_of_work import UnitOfWork

Figures = Callable[[UnitOfWork, str | None], dict[str, Any]]
Command = Callable[[Runtime, Sequence[str]], str]
"""Does what an operator asks for by name, with these arguments, and returns the words to be printed."""


@dataclass(frozen=True)
class Every:
    """A task that is sent every so many seconds; it finds its work in the database."""

    seconds: float
    task: TaskFunction


@task("kit.alive")
def alive(runtime: Runtime) -> None:
    """A real task, done: the worker's sign of life."""
    del runtime


@dataclass(frozen=True)
class Service:
    """What a service is: routes, subscriptions, tasks, schedule, commands.

    Args:
        name: as in ``catalog.toml``.
        folder: where the service stands; its ``migrations`` are in it.
        permissions: permission → role → scope.
        guard: who is let at what, beyond having the permission.
        duties: sets of roles that nobody holds together.
        purposes: permission → role → the purposes that may be named where a route asks for one.
        commands: what an operator may run beside the commands that every service has, by name.
        sealed: the columns that are sealed; a service that has some does not start without its key.
        shares_journey: whether a correlation is, on a day, one that the acts of many people share.
        blueprints: pages: functions that make a Flask blueprint for this service.
        examples: what the OpenAPI document says where a schema says nothing.
        kept: what a web process keeps in memory: read as soon as it serves, and again and again.
    """

    name: str
    folder: Path
    fact_types: dict[str, Any]
    permissions: Matrix
    guard: Guard
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
    blueprints: Sequence[Callable[[Runtime], Blueprint]] = ()
    examples: Examples = field(default_factory=Examples)
    kept: Sequence[Callable[[Runtime], None]] = ()

    def __post_init__(self) -> None:
        register_problem_types(self.problem_types)

    def runtime(self, settings: Settings) -> Runtime:
        """Return the parts of a process with these settings, nothing opened yet."""
        clock = Clock(settings.today, None, settings.clock_skew_file)
        duties, access_claims = list(self.duties.values()), self.guard.access_claims
        return Runtime(self.name, settings, self.fact_types, self.permissions, duties, access_claims, clock)

    def all_routes(self) -> list[Routes]:
        """Return the service's operations and the platform's."""
        return [*self.routes, platform_routes.platform_routes(self.subscriptions, self.figures, self.guard)]

    def all_tasks(self) -> list[TaskFunction]:
        """Return the service's tasks and the platform's."""
        return [*self.tasks, alive, expire]

    def all_schedule(self) -> list[Every]:
        """Return the service's schedule and the platform's."""
        return [*self.schedule, Every(10, alive), Every(DAY, expire)]
