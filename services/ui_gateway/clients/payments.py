"""The service payments, asked in the name of the person at the browser: runs, bank files, the cash desk, sums."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient


class BankFile(View):
    """A bank file (総合振込); ``records`` counts data records; ``standing`` is what was read back of the folder.

    ``reason`` says in a code why it could not be handed over.
    """

    programme: str
    path: str
    records: int
    yen: int
    sha256: str
    written: bool = False
    standing: str = ""
    reason: str | None = None
    issue: int = 1
    received_by: str | None = None
    received_at: datetime | None = None


class Source(View):
    """What a run is made of, by deciding service: how far it waits to read, and what that service said of the month."""

    producer: str
    position: int
    reached: int
    on_assistance: int | None = None
    determined: int | None = None
    acts_approved: int | None = None
    taken: int = 0
    refused: int | None = None
    left_out: int | None = None
    waiting: int | None = None
    changed_since: int | None = None

    @property
    def undetermined(self) -> int | None:
        """Cases on assistance that the run pays nothing, since nothing is determined; None where it was not said."""
        if self.refused is None or self.left_out is None or self.waiting is None:
            return None
        return self.refused + self.left_out + self.waiting


class LastMonth(View):
    """The regular run of the month before."""

    month: str
    orders: int
    cases: int
    yen: int
    bank_yen: int
    cash_yen: int


class Desk(View):
    """Cases at the cash desk for want of an account; ``moved`` of them were paid by bank last month."""

    cases: int
    yen: int
    moved_cases: int
    moved_yen: int


class DeskItem(View):
    """One case at the cash desk, and how it was paid last month."""

    case_no: str
    programme: str
    yen: int
    account: str
    last_month: str | None


class Run(View):
    """A payment run (支給): yen by way of paying."""

    run_id: UUID
    month: str
    run_kind: str
    payment_date: date
    overdue: bool = False
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
    cases: int | None = None
    sources: list[Source] = Field(default_factory=list)
    last_month: LastMonth | None = None
    outlier: bool = False
    desk: Desk | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
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
    """What of paying still waits for somebody, the oldest month first; with runs of the newest months."""

    items: list[Run]
    unpaid_months: list[str] = Field(default_factory=list)


class Figures(View):
    """A month's sums in yen as payments has them."""

    entitled_yen: int
    ordered_yen: int
    held_yen: int


def runs(payments: ServiceClient, month: str) -> list[Run]:
    """The runs of a month in the order in which they were opened."""
    return [Run.model_validate(item) for item in payments.get("/runs", {"month": month})["items"]]


def open_runs(payments: ServiceClient, since: str) -> OpenRuns:
    """Runs of any month that wait for somebody or are under way, all since a month, and months that nobody pays yet."""
    return OpenRuns.model_validate(payments.get("/runs", {"since": since}))


def run(payments: ServiceClient, run_id: UUID) -> Run:
    """One run."""
    return Run.model_validate(payments.get(f"/runs/{run_id}"))


def open_run(payments: ServiceClient, month: str, run_kind: str, key: str) -> Run:
    """Open a run; it is cut off at what was decided by now."""
    body = {"month": month, "run_kind": run_kind}
    return Run.model_validate(payments.post("/runs", json=body, key=key_for(key, payments.name)))


def decide_run(payments: ServiceClient, run_id: UUID, act: str, sha256: str, key: str) -> Run:
    """Approve a run, or accept its disbursement order: ``act`` is ``approval`` or ``acceptance``."""
    answer = payments.post(f"/runs/{run_id}/{act}", json={"sha256": sha256}, key=key_for(key, payments.name))
    return Run.model_validate(answer)


def desk(payments: ServiceClient, run_id: UUID) -> list[DeskItem]:
    """Who of a run is paid at the cash desk; a look at all of them."""
    return [DeskItem.model_validate(item) for item in payments.get(f"/runs/{run_id}/desk")["items"]]


def withdraw_run(payments: ServiceClient, run_id: UUID, key: str) -> Run:
    """Take back a run that nobody has approved."""
    return Run.model_validate(payments.post(f"/runs/{run_id}/withdrawal", json={}, key=key_for(key, payments.name)))


def decide_file(payments: ServiceClient, run_id: UUID, programme: str, act: str, sha256: str, key: str) -> Run:
    """Receive a bank file, or have its stored bytes put back: ``act`` is ``receipt`` or ``reissue``."""
    path = f"/runs/{run_id}/files/{programme}/{act}"
    return Run.model_validate(payments.post(path, json={"sha256": sha256}, key=key_for(key, payments.name)))


def bank_file(payments: ServiceClient, run_id: UUID, programme: str) -> tuple[bytes, str]:
    """The stored bytes of a bank file, and the header that names them for a browser."""
    answer = payments.raw(f"/runs/{run_id}/files/{programme}")
    return answer.content, answer.headers["Content-Disposition"]


def month_figures(payments: ServiceClient, month: str) -> Figures:
    """Sums of a month; needs ``figures.read``."""
    return Figures.model_validate(payments.get(f"/months/{month}/sums"))
