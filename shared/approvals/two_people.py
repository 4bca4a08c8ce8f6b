"""Who proposes does not approve, and an approval names by hash what it approves (起案と決裁)."""

from dataclasses import dataclass


class SamePerson(Exception):
    """The proposer tried to approve the own proposal."""


class Moved(Exception):
    """What is to be approved is no longer what the approver named."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Content that one person answers for, known by the SHA-256 of its canonical rows."""

    proposer: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Approval:
    """Two people and the content both saw."""

    proposer: str
    approver: str
    sha256: str

    @property
    def people(self) -> dict[str, str]:
        """The two people, as rows and events name them."""
        return {"proposer": self.proposer, "approver": self.approver}


def approve(proposal: Proposal, approver: str, named_sha256: str, current_sha256: str) -> Approval:
    """The approval of ``proposal`` by ``approver``, who named ``named_sha256``; the rows now give ``current_sha256``.

    Raises:
        SamePerson: proposer and approver are the same person.
        Moved: the three hashes are not one and the same.
    """
    if approver == proposal.proposer:
        raise SamePerson
    if not proposal.sha256 == named_sha256 == current_sha256:
        raise Moved
    return Approval(proposer=proposal.proposer, approver=approver, sha256=current_sha256)
