"""Facts about numbers of one person (名寄せ), which case_management publishes."""

from uuid import UUID

from shared.contracts.codes import TakenBack
from shared.contracts.facts.fact_data import FactData


class MergeProposed(FactData):
    """That the subject's number and another are one person (名寄せ) was proposed, or that they are not after all.

    `person_no` is the number that stays, `undoes` the merge that it ends.
    """

    TYPE = "merge.proposed.v1"
    merge_id: UUID
    person_no: str
    undoes: UUID | None
    sha256: str


class MergeApproved(FactData):
    """A merge is in force: the subject's number leads to `person_no`; or with `undoes` it is not any more."""

    TYPE = "merge.approved.v1"
    merge_id: UUID
    person_no: str
    undoes: UUID | None
    proposer: str
    approver: str


class MergeWithdrawn(FactData):
    """The proposal of a merge was taken back (取下げ) or returned (差戻し)."""

    TYPE = "merge.withdrawn.v1"
    merge_id: UUID
    reason: TakenBack


class PeopleDistinguished(FactData):
    """The subject and `person_no` are two people, though they share signs (別人); with `undoes` that is taken back."""

    TYPE = "person.distinguished.v1"
    distinction_id: UUID
    person_no: str
    undoes: UUID | None = None
