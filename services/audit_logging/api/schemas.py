"""Bodies, queries and answers of the log's operations. A free text in a question would stay in events and index."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.audit_logging.domain.states import DeletionState, EntryState, FindingState
from services.audit_logging.use_cases.retention.read_deletions import EXPIRED, Kind
from services.audit_logging.use_cases.review.review_finding import Outcome
from services.audit_logging.use_cases.search.search_log import Page
from shared.contracts.subjects import RECORD_KINDS
from shared.service_kit.characters import lines
from shared.service_kit.identity.claims import STAFF_ID

CODE = r"^[a-z_]{1,40}$"
NAME = r"^[a-z][a-z0-9_.-]{0,59}$"
"""A type of entry, what was done, a service: names of ours. A free text would stay in facts, index and broker."""
STAFF = f"^{STAFF_ID}$"
SUBJECT = r"^[a-z_]{1,30}(:[A-Za-z0-9._:@-]{1,100})?$"
JOURNEY = r"^[0-9a-fA-F-]{1,60}$"
MOST_INDEX = 2**63 - 1
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class Answer(BaseModel):
    """An answer, read from what a use case returns."""

    model_config = ConfigDict(from_attributes=True)


class PurposeQuery(BaseModel):
    """Why somebody looks (a code of the office)."""

    purpose: str = Field(pattern=CODE)


class ApproveDeletion(BaseModel):
    """Names by hash what is approved."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class ProposeDeletion(BaseModel):
    """Which class, and before which Asia/Tokyo day its entries came into the log."""

    kind: Kind
    before: date


class EndHold(BaseModel):
    """Why it ends: a code of the office."""

    reason: str = Field(pattern=CODE)


Subject = Annotated[str, Field(pattern=rf"^(({RECORD_KINDS}|run):[A-Za-z0-9._-]{{1,60}}|staff:{STAFF_ID})$")]


class PlaceHold(BaseModel):
    """Why (a code of the office, like `appeal` for 審査請求), of whom or what, on which days of acts (Asia/Tokyo).

    All that is given has to hold; without subjects and days it covers everything.
    """

    reason: str = Field(pattern=CODE)
    subjects: list[Subject] = Field([], max_length=100)
    first_day: date | None = None
    last_day: date | None = None


class HoldView(Answer):
    """A hold (保全): what it covers, who placed it, and who ended it."""

    hold_id: UUID
    reason: str
    subjects: list[str]
    first_day: date | None
    last_day: date | None
    placed_by: str
    placed_at: datetime
    ended_by: str | None
    ended_at: datetime | None


class Holds(Answer):
    """Holds, newest first."""

    items: list[HoldView]


class Notice(Answer):
    """What went: entries whose openings are deleted, those held back, and when the last clear copies go.

    `fact_id` names the entry of the log that says so; `sha256` is that of the deletion and the canonical
    rows of what went.
    """

    fact_id: UUID
    count: int
    held: int
    sha256: str
    events_until: date | None
    backups_until: date | None
    told_at: datetime


class DeletionView(Answer):
    """A deletion of openings: of which class, taken before which Asia/Tokyo day, and what an approval has to name."""

    deletion_id: UUID
    state: DeletionState
    kind: Kind
    before: date
    months: int
    first: int
    last: int
    count: int
    sha256: str
    proposer: str
    proposed_at: datetime
    approver: str | None
    approved_at: datetime | None
    notice: Notice | None


class Deletions(Answer):
    """Deletions, newest first."""

    items: list[DeletionView]


class Deleted(Answer):
    """Why entries cannot be read any more, where a reader meets them."""

    words: str = EXPIRED
    deletion_id: UUID
    kind: Kind
    before: date
    count: int
    notice: UUID


class EntryView(Answer):
    """One entry: its plain part, and what its openings say while they are there.

    `deleted`: the openings went lawfully, under the deletion and its notice. `refilled`: the entry came back from the
    published log, its openings were lost with the database. `missing`: they went without any of these.
    `unreadable`: some are gone, or do not say what a fact says.
    """

    index: int
    state: EntryState
    words: str = Field("", description="why it cannot be read")
    leaf: dict[str, Any]
    appended_at: datetime
    actor: str | None = None
    subject: str | None = None
    data: dict[str, Any] | None = None
    deletion_id: str | None = None
    notice: str | None = Field(None, description="id of the fact that is the notice; null while it is being deleted")


class PageQuery(BaseModel):
    """Which page, newest first, and why somebody looks (a code of the office)."""

    purpose: str = Field(pattern=CODE)
    before: int | None = Field(
        None, ge=0, le=MOST_INDEX, description="entries below this index: `next` of the page before"
    )
    limit: int = Field(50, ge=1, le=200)


def page_of(query: PageQuery) -> tuple[Page, dict[str, Any]]:
    """The page that is asked for, and all else that is."""
    asked = query.model_dump()
    return Page(**{name: asked.pop(name) for name in PageQuery.model_fields}), asked


class SearchQuery(PageQuery):
    """What to find; all that is given has to hold. Days are Asia/Tokyo dates, both included."""

    person: str | None = Field(None, pattern=r"^[0-9]{8,10}$", description="宛名番号")
    case: str | None = Field(None, pattern=r"^[0-9]{8}$")
    subject: str | None = Field(None, pattern=SUBJECT, description='anything named, like "run:…"')
    staff: str | None = Field(None, pattern=STAFF)
    type: str | None = Field(None, pattern=NAME)
    what: str | None = Field(None, pattern=NAME)
    producer: str | None = Field(None, pattern=NAME)
    correlation: str | None = Field(None, pattern=JOURNEY)
    first_day: Day | None = None
    last_day: Day | None = None


class LooksQuery(PageQuery):
    """Which resident."""

    person: str = Field(pattern=r"^[0-9]{8,10}$", description="宛名番号")


class Hit(Answer):
    """One entry found. `signed`: it lies under the newest checkpoint, and `/log/proof/<index>` proves it.

    `named`: how many the entry names. Of more than 100 it shows those asked for and the first: `/log/entries/<index>`
    has them all.
    """

    index: int
    at: datetime
    type: str
    what: str
    actor: str
    subjects: list[str]
    named: int
    purpose: str
    producer: str
    correlation: str
    break_glass: str
    signed: bool
    through: list[str] = Field([], description="the case through which the resident was seen, where not by name")


class Refill(Answer):
    """Entries that came back from the published log without what they say: first and last index, and when."""

    words: str = "公開済みの記録から復元したため、内容では探せません"
    first: int
    last: int
    refilled_at: datetime


class PassedOver(Answer):
    """An entry that the index or the review could not read: it is in the log, and found by its number alone."""

    words: str = "内容を読めないため、検索や点検に現れません。番号で記録を調べてください"
    task: str
    index: int
    passed_at: datetime


class Hits(Answer):
    """A page of entries, newest first; `next` leads on. What lies beyond `indexed` cannot be found yet.

    `deleted`: deletions that reach into the days asked for: what they took is found by nobody. `refilled`: nor is what
    came back from the published log, whose openings were lost; of whatever day. `passed_over`: the newest that could
    not be read.
    """

    hits: list[Hit]
    next: int | None
    indexed: int
    signed: int
    deleted: list[Deleted] = []
    refilled: list[Refill] = []
    passed_over: list[PassedOver] = []


class ExportQuery(BaseModel):
    """Which days (Asia/Tokyo, both included), whose looks or everybody's, and why (a code of the office)."""

    purpose: str = Field(pattern=CODE)
    first_day: Day
    last_day: Day
    person: str | None = Field(None, pattern=r"^[0-9]{8,10}$", description="宛名番号")


class Review(BaseModel):
    """What it was, in a code and in words that stay in the log's table; `through` is the newest entry that was seen."""

    outcome: Outcome
    words: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(lines)]
    through: int = Field(ge=0)


class Reviewed(Answer):
    """A review that was kept."""

    review_id: UUID
    finding_id: UUID
    outcome: Outcome
    through: int
    at: datetime


class FindingsQuery(PageQuery):
    """Which findings; all that is given has to hold. `before` is a number of a finding."""

    state: FindingState | None = None
    rule: str | None = Field(None, pattern=CODE)
    staff: str | None = Field(None, pattern=STAFF)
    first_day: Day | None = None
    last_day: Day | None = None


class ReviewView(Answer):
    """What a reviewer said of the entries up to `through`."""

    review_id: UUID
    reviewer: str
    outcome: str
    words: str
    through: int
    at: datetime


class Finding(Answer):
    """Unusual looks of one kind: `why` says it to the reviewer, `entries` are the indexes behind it.

    It is `open` while an entry behind it is above the `through` of every review.
    """

    number: int
    finding_id: UUID
    rule: str
    why: str
    day: date
    concerned: list[str]
    subject: str
    found_at: datetime
    entries: list[int]
    through: int
    open: bool
    reviews: list[ReviewView]


class Findings(Answer):
    """A page of findings, newest first; `next` leads on."""

    items: list[Finding]
    next: int | None


class FindingView(Finding):
    """One finding with its newest entries as they are found by a search."""

    hits: list[Hit]


class Positions(Answer):
    """How far the log has come: the last number taken of each stream, entries in the tree, signed, published.

    `published` is null where this process sees nothing published: over HTTP alone, or in a bucket that is the worker's.
    """

    positions: dict[str, int]
    entries: int
    signed: int
    published: int | None
