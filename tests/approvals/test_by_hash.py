"""What is refused of an approval is told as a problem: one person alone, rows that moved, a seal that was broken."""

from typing import Any, cast

import pytest

from shared.approvals.by_hash import approve_by_hash
from shared.approvals.two_people import Moved, Proposal
from shared.service_kit.encryption.sealing import NotOpened
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

PROPOSAL = Proposal("person:demo-caseworker", "a" * 64)


class _Work:
    def __init__(self, actor: str) -> None:
        self.actor = actor


def approve_as(actor: str, named: str = "a" * 64, current: Any = "a" * 64, **options: str) -> dict[str, str]:
    def hash_anew() -> str:
        if isinstance(current, str):
            return current
        raise current

    work = cast("UnitOfWork", _Work(actor))
    return approve_by_hash(work, PROPOSAL, named, hash_anew, **options).people


def test_another_person_approves_what_both_saw() -> None:
    assert approve_as("person:demo-head") == {"proposer": "person:demo-caseworker", "approver": "person:demo-head"}


def test_nobody_approves_the_own_proposal() -> None:
    with pytest.raises(Problem) as refused:
        approve_as("person:demo-caseworker")
    assert (refused.value.name, refused.value.field) == ("same-person", "approver")


@pytest.mark.parametrize("current", ["b" * 64, Moved(), NotOpened()])
def test_rows_that_moved_are_approved_by_nobody(current: object) -> None:
    with pytest.raises(Problem) as refused:
        approve_as("person:demo-head", current=current)
    assert (refused.value.name, refused.value.field) == ("content-moved", "sha256")


def test_a_hash_that_the_person_did_not_see_approves_nothing() -> None:
    with pytest.raises(Problem, match="determinations-moved"):
        approve_as("person:demo-head", named="c" * 64, moved="determinations-moved")
