"""Facts of the office's files (取込): the deciding services publish them of households, payments of accounts."""

from uuid import UUID

from pydantic import Field

from shared.contracts.codes import FaultKind, TakenBack
from shared.contracts.facts.fact_data import FactData


class ImportProposed(FactData):
    """A file of the office was handed in and found without fault; nothing is loaded yet."""

    TYPE = "import.proposed.v1"
    import_id: UUID
    rows: int
    sha256: str


class ImportRefused(FactData):
    """An import was refused: how many faults of each kind (a code), and the records on which the answer said something.

    ``more``: there were more faults than are counted.
    """

    TYPE = "import.refused.v1"
    counts: dict[FaultKind, int]
    more: bool = False
    subjects: list[str] = Field(default_factory=list)


class ImportConfirmed(FactData):
    """Another person approved the import by its hash; it is loaded next, or returned."""

    TYPE = "import.confirmed.v1"
    import_id: UUID
    rows: int
    sha256: str
    proposer: str
    approver: str


class ImportReturned(FactData):
    """An import that was confirmed could not be loaded (a problem type): it waits for an approval again."""

    TYPE = "import.returned.v1"
    import_id: UUID
    reason: str


class ImportApproved(FactData):
    """Another person approved the import by its hash, and it was loaded.

    ``rows`` is without the ``left_out`` ones of them, which are barred to one of the two people.
    """

    TYPE = "import.approved.v1"
    import_id: UUID
    rows: int
    left_out: int = 0
    sha256: str
    proposer: str
    approver: str


class ImportWithdrawn(FactData):
    """An import was taken back before it was approved: by its proposer, or returned by another person."""

    TYPE = "import.withdrawn.v1"
    import_id: UUID
    reason: TakenBack
