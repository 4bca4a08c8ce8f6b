"""What one process of a service has in hand: settings, clock, database, keys, clients of the other services."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from shared.service_kit.catalog import Catalog
from shared.service_kit.clock import Clock
from shared.service_kit.database.engine import make_engine
from shared.service_kit.encryption.sealing import Sealer
from shared.service_kit.identity.access_tokens import Matrix, TokenVerifier
from shared.service_kit.identity.claims import AccessClaims
from shared.service_kit.messaging.broker import Broker
from shared.service_kit.messaging.celery_app import make_celery
from shared.service_kit.observability import telemetry
from shared.service_kit.rate_limits import RateLimits
from shared.service_kit.service_client import ServiceClients
from shared.service_kit.settings import Settings
from shared.service_kit.streams.signing import Signer, Verifier

if TYPE_CHECKING:
    from celery import Celery


@dataclass(eq=False)
class Runtime:
    """The parts of one process; each is opened when it is first used, and tests hand in their own.

    Args:
        name: the service, as in ``catalog.toml``.
        fact_types: the event types that it may publish, by name.
        permissions: permission → role → scope.
        duties: sets of roles that nobody holds together.
        access_claims: the form of an access token's claims.
    """

    name: str
    settings: Settings
    fact_types: Mapping[str, Any]
    permissions: Matrix
    duties: Collection[frozenset[str]] = ()
    access_claims: type[AccessClaims] = AccessClaims
    clock: Clock = field(default_factory=Clock)
    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Names and ids of tasks sent while no broker is named (tests)."""

    @cached_property
    def started_at(self) -> datetime:
        """When this process began to serve, by its own clock; one that serves nothing began when it is asked."""
        return self.clock.now()

    @cached_property
    def engine(self) -> Engine:
        """The service's database as its runtime role sees it."""
        return make_engine(self.settings.database_url)

    @cached_property
    def catalog(self) -> Catalog:
        """The register of services."""
        return Catalog.load(self.settings.catalog)

    @cached_property
    def clients(self) -> ServiceClients:
        """The other services."""
        return ServiceClients(self.settings, self.name, self.catalog)

    @cached_property
    def signer(self) -> Signer:
        """Signs this service's pages."""
        return Signer(self.settings.signing_key)

    @cached_property
    def sealer(self) -> Sealer:
        """Seals and opens this service's sealed fields."""
        return Sealer(self.name, self.settings)

    @cached_property
    def verifier(self) -> Verifier:
        """Knows the producers' keys."""
        return Verifier(self.settings.producer_keys_file)

    @cached_property
    def rate_limits(self) -> RateLimits:
        """What this process lets through in a minute."""
        return RateLimits(self.settings)

    @cached_property
    def token_verifier(self) -> TokenVerifier:
        """Verifies tokens whose audience is this service."""
        return TokenVerifier(self.settings, self.name, self.duties, self.access_claims)

    @cached_property
    def broker(self) -> Broker:
        """The broker, for pages and tasks."""
        return Broker(self.settings)

    @cached_property
    def celery(self) -> "Celery":
        """The service's Celery application."""
        return make_celery(self.settings, self.name)

    @property
    def refusal_type(self) -> Any:
        """The event type of a refusal."""
        return self.fact_types["refusal.v1"]

    @property
    def released_type(self) -> Any:
        """The event type of a release of what was parked."""
        return self.fact_types["parked.released.v1"]

    def send(self, task: str, ids: dict[str, str]) -> None:
        """Have the task of that name sent soon; where the broker is away, the schedule finds the work again."""
        if not self.settings.broker_url:
            self.sent.append((task, ids))
            return
        trail = {"traceparent": telemetry.traceparent(), "correlation": telemetry.current_correlation()}
        celery = self.celery
        self.broker.send(
            task, lambda producer: celery.send_task(task, kwargs={**trail, **ids}, producer=producer, retry=False)
        )
