"""The other rooms, asked in the name of the person at the browser; their views as they answer them."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

from shared.service_kit.peers import Peer

DECIDING: Final = ("case_management", "support_benefits")
_KEYS: Final = UUID("9c7e4f0e-8f1b-5d53-9e0e-6a3b1f6a7d10")


class View(BaseModel):
    """What a room shows; members that no page knows are kept for answers in JSON."""

    model_config = ConfigDict(extra="allow", frozen=True)

    def raw(self) -> dict[str, Any]:
        """The view as the room answered it."""
        return self.model_dump(mode="json")


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
    refused: list[RefusedCase] = []


class BankFile(View):
    """A bank file (総合振込); ``records`` counts data records."""

    programme: str
    path: str
    records: int
    yen: int
    sha256: str


class Run(View):
    """A payment run (支給): yen by way of paying."""

    run_id: UUID
    month: str
    run_kind: str
    payment_date: date
    state: str
    positions: dict[str, int]
    parked_below: int
    later: int
    parked_chunks: int = 0
    orders: int
    yen: int
    bank_yen: int
    cash_yen: int
    set_off_yen: int
    internal_yen: int
    sha256: str | None
    files: list[BankFile]
    proposer: str
    approver: str | None
    treasurer: str | None
    correlation: str
    trace_id: str
    opened_at: datetime
    cut_off_at: datetime | None = None
    proposed_at: datetime | None = None
    approved_at: datetime | None = None
    accepted_at: datetime | None = None
    files_made_at: datetime | None = None


class OpenRuns(View):
    """What of paying still waits for somebody, the oldest month first."""

    items: list[Run]
    unpaid_months: list[str]


class Figures(View):
    """A month's sums in yen as payments has them."""

    entitled_yen: int
    ordered_yen: int
    held_yen: int


class Notice(View):
    """That somebody opened a record in an emergency (緊急閲覧)."""

    break_glass_id: UUID
    actor: str
    reason: str
    at: datetime
    until: datetime
    at_limit: bool = False


def key_for(key: str, target: str) -> str:
    """The Idempotency-Key of one target, the same at each repetition of the act under ``key``."""
    return str(uuid5(_KEYS, f"{key} {target}"))


def collectives(room: Peer, month: str) -> list[Collective]:
    """The collective determinations of a month, oldest first."""
    items = room.get("/collective-determinations", {"month": month})["items"]
    return [Collective.model_validate(one) for one in items]


def open_collectives(room: Peer) -> list[Collective]:
    """Collective determinations of any month that wait for somebody or are under way."""
    return [Collective.model_validate(one) for one in room.get("/collective-determinations")["items"]]


def propose_collective(room: Peer, month: str, reason: str, key: str) -> Collective:
    """Determine the office for a month as one act."""
    body = {"month": month, "reason": reason}
    answer = room.post("/collective-determinations", json=body, key=key_for(key, room.name))
    return Collective.model_validate(answer)


def approve_collective(room: Peer, collective_id: UUID, sha256: str, key: str) -> Collective:
    """Approve what the hash names."""
    path = f"/collective-determinations/{collective_id}/approval"
    return Collective.model_validate(room.post(path, json={"sha256": sha256}, key=key_for(key, room.name)))


def runs(payments: Peer, month: str) -> list[Run]:
    """The runs of a month in the order in which they were opened."""
    return [Run.model_validate(one) for one in payments.get("/runs", {"month": month})["items"]]


def open_runs(payments: Peer) -> OpenRuns:
    """Runs of any month that wait for somebody or are under way, and months that nobody pays yet."""
    return OpenRuns.model_validate(payments.get("/runs"))


def run(payments: Peer, run_id: UUID) -> Run:
    """One run."""
    return Run.model_validate(payments.get(f"/runs/{run_id}"))


def open_run(payments: Peer, month: str, run_kind: str, key: str) -> Run:
    """Open a run; it is cut off at what was decided by now."""
    body = {"month": month, "run_kind": run_kind}
    return Run.model_validate(payments.post("/runs", json=body, key=key_for(key, payments.name)))


def decide_run(payments: Peer, run_id: UUID, act: str, sha256: str, key: str) -> Run:
    """Approve a run, or accept its disbursement order: ``act`` is ``approval`` or ``acceptance``."""
    answer = payments.post(f"/runs/{run_id}/{act}", json={"sha256": sha256}, key=key_for(key, payments.name))
    return Run.model_validate(answer)


def month_figures(payments: Peer, month: str) -> Figures:
    """Sums of a month; needs ``figures.read``."""
    return Figures.model_validate(payments.get("/figures", {"month": month}))


def notices(room: Peer) -> list[Notice]:
    """The emergencies of the last days in a room."""
    return [Notice.model_validate(one) for one in room.get("/break-glass/notices")["items"]]
