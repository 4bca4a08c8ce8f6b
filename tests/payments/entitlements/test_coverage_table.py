"""One person, one need, one case: a table over days, kinds, months, programmes and cases that overlap (併給の調整)."""

from datetime import date
from itertools import permutations

import pytest

from services.payments.domain.coverage import NEEDS, Cover, Covered, resolve

PA, SB = "public_assistance", "support_benefit"
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
A, B, C = "00000001", "00000002", "00000021"


def covered(
    case_no: str,
    *covers: tuple[int, str, date, date],
    kind: str = "livelihood",
    month: str = "2026-12",
    programme: str = PA,
    ordered: bool = False,
) -> Covered:
    """An entitlement of a case; each cover is a person, a need, and its first and last day."""
    days = tuple(Cover(person, NEEDS[need], first, last) for person, need, first, last in covers)
    return Covered((case_no, month, kind), programme, ordered, days)


def held(*entitlements: Covered) -> dict[tuple[str, str, str], tuple[int, str]]:
    """Who is held and by whom, the same whatever came first."""
    found = [resolve(order) for order in permutations(entitlements)]
    assert all(one == found[0] for one in found), "an order of messages decides nothing"
    return {key: (one.person_no, one.other_case_no) for key, one in found[0].items()}


WHOLE = (7, "livelihood", FIRST, LAST)


@pytest.mark.parametrize(
    ("first", "last", "meet"),
    [
        (FIRST, FIRST, True),
        (LAST, LAST, True),
        (date(2026, 12, 10), date(2026, 12, 20), True),
        (date(2026, 11, 1), FIRST, True),
        (LAST, date(2027, 1, 31), True),
        (date(2026, 11, 1), date(2027, 1, 31), True),
        (date(2026, 11, 1), date(2026, 11, 30), False),
        (date(2027, 1, 1), date(2027, 1, 31), False),
    ],
)
def test_one_day_in_common_holds_the_later_case_and_none_does_not(first: date, last: date, meet: bool) -> None:
    other = covered(B, (7, "livelihood", first, last))
    assert held(covered(A, WHOLE), other) == ({other.key: (7, A)} if meet else {})


@pytest.mark.parametrize("need", sorted(NEEDS))
def test_each_need_is_met_once_and_another_need_beside_it(need: str) -> None:
    mine, same = covered(A, (7, need, FIRST, LAST)), covered(B, (7, need, FIRST, LAST))
    assert held(mine, same) == {same.key: (7, A)}
    for another in set(NEEDS) - {need}:
        assert held(mine, covered(B, (7, another, FIRST, LAST))) == {}


def test_the_codes_of_needs_are_those_of_the_guard_table_for_ever() -> None:
    names = "livelihood housing education care medical maternity occupational funeral spouse_support"
    assert dict(zip(names.split(), range(1, 10), strict=True)) == NEEDS


def test_other_persons_other_months_and_other_kinds_of_a_case_stand_beside_each_other() -> None:
    others = covered(B, (8, "livelihood", FIRST, LAST))
    january = covered(A, (7, "livelihood", date(2027, 1, 1), date(2027, 1, 31)), month="2027-01")
    housing = covered(A, (7, "housing", FIRST, LAST), kind="housing")
    assert held(covered(A, WHOLE), others, january, housing) == {}


def test_a_case_never_holds_itself_back() -> None:
    """Two kinds of one case may meet one need on one day: what is granted beside, not twice."""
    assert held(covered(A, WHOLE), covered(A, WHOLE, kind="winter")) == {}


@pytest.mark.parametrize(
    ("mine", "theirs", "stands"),
    [
        (covered(A, WHOLE), covered(B, WHOLE), A),
        (covered(B, WHOLE), covered(C, WHOLE, programme=SB), C),
        (covered(C, WHOLE), covered(A, WHOLE, programme=SB), A),
        (covered(A, WHOLE), covered(B, WHOLE, ordered=True), B),
        (covered(B, WHOLE, ordered=True), covered(C, WHOLE, programme=SB), B),
        (covered(A, WHOLE, ordered=True), covered(C, WHOLE, programme=SB, ordered=True), C),
        (covered(B, WHOLE, programme=SB), covered(A, WHOLE, programme=SB), A),
    ],
    ids=["smaller number", "support first", "support first by law not number", "ordered", "ordered before support",
         "both ordered: support", "both support: smaller number"],
)  # fmt: skip
def test_who_stands(mine: Covered, theirs: Covered, stands: str) -> None:
    (key,) = held(mine, theirs)
    assert {mine.key[0], theirs.key[0]} - {key[0]} == {stands}


def test_an_entitlement_of_many_is_held_whole_for_one_of_them_and_frees_the_others() -> None:
    family = covered(B, (7, "livelihood", FIRST, LAST), (8, "livelihood", FIRST, LAST))
    eight = covered(C, (8, "livelihood", FIRST, LAST))
    assert held(covered(A, WHOLE), family, eight) == {family.key: (7, A)}


def test_the_first_reason_in_order_of_persons_is_named() -> None:
    family = covered(C, (7, "livelihood", FIRST, LAST), (8, "livelihood", FIRST, LAST))
    seven, eight = covered(A, WHOLE), covered(B, (8, "livelihood", FIRST, LAST))
    assert held(seven, eight, family) == {family.key: (7, A)}


def test_of_three_cases_that_meet_in_a_row_the_middle_one_is_held_for_its_first_rival() -> None:
    early = covered(A, (7, "livelihood", FIRST, date(2026, 12, 10)))
    late = covered(B, (7, "livelihood", date(2026, 12, 11), LAST))
    between = covered(C, (7, "livelihood", date(2026, 12, 10), date(2026, 12, 11)))
    assert held(early, late, between) == {between.key: (7, A)}
