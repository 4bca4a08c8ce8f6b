"""Who proposes does not approve, and nobody approves what has moved (起案と決裁)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.approvals.two_people import Approval, Moved, Proposal, SamePerson, approve

people = st.sampled_from(["person:demo-caseworker", "person:demo-head", "person:demo-accountant"])
hashes = st.sampled_from(["a" * 64, "b" * 64])


@given(people, people, hashes, hashes, hashes)
def test_an_approval_has_two_people_and_one_hash(
    proposer: str, approver: str, proposed: str, named: str, current: str
) -> None:
    proposal = Proposal(proposer, proposed)
    if proposer == approver:
        with pytest.raises(SamePerson):
            approve(proposal, approver, named, current)
    elif len({proposed, named, current}) > 1:
        with pytest.raises(Moved):
            approve(proposal, approver, named, current)
    else:
        assert approve(proposal, approver, named, current) == Approval(proposer, approver, proposed)
