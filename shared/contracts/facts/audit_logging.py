"""Facts that audit_logging publishes: deletions, holds, reviews and exports of the log, and its own checks."""

from datetime import date
from uuid import UUID

from shared.contracts.codes import DeletionKind, OfficeCode, ReviewOutcome, ReviewRule
from shared.contracts.facts.fact_data import FactData


class DeletionProposed(FactData):
    """Openings of the log were proposed for deletion: those taken before a day; what the approval has to name."""

    TYPE = "deletion.proposed.v1"
    deletion_id: UUID
    kind: DeletionKind
    before: date
    months: int
    first: int
    last: int
    count: int
    sha256: str


class DeletionApproved(FactData):
    """Another person approved the deletion by its hash."""

    TYPE = "deletion.approved.v1"
    deletion_id: UUID
    kind: DeletionKind
    count: int
    sha256: str
    proposer: str
    approver: str


class OpeningsDeleted(FactData):
    """The notice of a deletion: who approved which entries under which rule, what went, and when the last copies go.

    ``count`` entries from index ``first`` to ``last`` can no longer be opened; ``sha256`` is that of the deletion's id
    and their canonical rows; ``held`` were approved and stayed, since a hold came between. Producers keep their
    events until ``events_until`` at the latest, backups of today live until ``backups_until``.
    """

    TYPE = "openings.deleted.v1"
    deletion_id: UUID
    kind: DeletionKind
    before: date
    months: int
    first: int
    last: int
    count: int
    held: int
    sha256: str
    events_until: date | None
    backups_until: date | None
    proposer: str
    approver: str


class HoldPlaced(FactData):
    """A hold stops the deletion of what it covers: by subjects, by days, or by both; empty covers all."""

    TYPE = "hold.placed.v1"
    hold_id: UUID
    reason: OfficeCode
    subjects: list[str]
    first_day: date | None
    last_day: date | None


class HoldEnded(FactData):
    """Another person ended a hold."""

    TYPE = "hold.ended.v1"
    hold_id: UUID
    reason: OfficeCode


class LookReviewed(FactData):
    """A reviewer said of an unusual look (点検) what it was, by a code; the words stay in the log's table."""

    TYPE = "look.reviewed.v1"
    review_id: UUID
    finding_id: UUID
    rule: ReviewRule
    concerned: list[str]
    outcome: ReviewOutcome
    through: int


class LogExported(FactData):
    """Who looked at whom was exported from the log for the privacy board: rows, and the SHA-256 of the file."""

    TYPE = "log.exported.v1"
    first_day: date
    last_day: date
    person_no: str | None
    rows: int
    sha256: str


class LogRefilled(FactData):
    """The log's database had been restored to an earlier day, and was given back what it had published.

    Entries from index ``first`` to ``last`` are as they were published, under this ``root`` (base64); their openings
    were lost.
    """

    TYPE = "log.refilled.v1"
    first: int
    last: int
    root: str


class LogCanary(FactData):
    """What the log writes into itself once a business day, to see that it reads back what was written."""

    TYPE = "log.canary.v1"
    canary: UUID
