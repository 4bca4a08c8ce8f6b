"""The two deciding services, asked in the name of the person at the browser: collective determinations, counts."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import Field

from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient

DECIDING: Final = ("case_management", "support_benefits")


class RefusedCase(View):
    """A case that could not be determined: the field, never its value."""

    case_no: str
    type: str
    field: str
    detail: str


class Collective(View):
    """A collective determination (一括決定): ``yen`` of the month over all its determinations."""

    collective_id: UUID
    month: str
    reason: str
    state: str
    cases: int
    yen: int
    sha256: str | None
    proposer: str
    approver: str | None
    correlation: str
    refused: list[RefusedCase] = Field(default_factory=list)
    opened_at: datetime | None = None
    on_assistance: int | None = None
    unchanged: int | None = None
    ended: int | None = None
    left_out: int | None = None
    undetermined: int = 0
    month_cases: int | None = None
    month_yen: int | None = None
    last_month_cases: int | None = None
    last_month_yen: int | None = None
    outlier: bool = False
    barred_cases: int = 0
    barred_yen: int = 0

    @property
    def decided_cases(self) -> int:
        """How many cases this person's approval decides."""
        return self.cases - self.barred_cases

    @property
    def decided_yen(self) -> int:
        """Yen of what this person's approval decides."""
        return self.yen - self.barred_yen


class OpenCollectives(View):
    """Acts of any month that are open, and all since a month.

    ``undetermined``: cases without a determination, and not barred to who asks, by month that has an act and no open
    one.
    """

    items: list[Collective]
    undetermined: dict[str, int] = Field(default_factory=dict)


class Population(View):
    """How many cases of a month a deciding service has, and how far they are decided; names nobody."""

    on_assistance: int = 0
    determined: int = 0
    acts_approved: int = 0
    refused: int = 0
    left_out: int = 0
    waiting: int = 0
    unexplained: int = 0
    changed_since: int = 0

    @property
    def undetermined(self) -> int:
        """Cases on assistance for which nothing is determined."""
        return self.refused + self.left_out + self.waiting + self.unexplained

    @property
    def is_decided(self) -> bool:
        """True where a regular run may pay the month as far as this service goes."""
        return not self.unexplained and (self.acts_approved > 0 or not self.on_assistance)


def collectives(service: ServiceClient, month: str) -> list[Collective]:
    """The collective determinations of a month, oldest first."""
    items = service.get("/collective-determinations", {"month": month})["items"]
    return [Collective.model_validate(item) for item in items]


def open_collectives(service: ServiceClient, since: str) -> OpenCollectives:
    """Collective determinations of any month that wait for somebody or are under way, and all since a month."""
    return OpenCollectives.model_validate(service.get("/collective-determinations", {"since": since}))


def propose_collective(service: ServiceClient, month: str, reason: str, key: str) -> Collective:
    """Determine the office for a month as one act."""
    body = {"month": month, "reason": reason}
    answer = service.post("/collective-determinations", json=body, key=key_for(key, service.name))
    return Collective.model_validate(answer)


def approve_collective(service: ServiceClient, collective_id: UUID, sha256: str, key: str) -> Collective:
    """Approve what the hash names."""
    path = f"/collective-determinations/{collective_id}/approval"
    return Collective.model_validate(service.post(path, json={"sha256": sha256}, key=key_for(key, service.name)))


def withdraw_collective(service: ServiceClient, collective_id: UUID, reason: str, key: str) -> Collective:
    """Take back a proposal that nobody has approved, or return it to its proposer."""
    path = f"/collective-determinations/{collective_id}/withdrawal"
    return Collective.model_validate(service.post(path, json={"reason": reason}, key=key_for(key, service.name)))


def population(service: ServiceClient, month: str) -> Population:
    """A deciding service's counts of a month; needs ``figures.read``."""
    return Population.model_validate(service.get("/figures", {"month": month}))
