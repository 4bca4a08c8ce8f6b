"""One person, one need, one case (併給の調整): who stands does not depend on who came first."""

from datetime import date
from itertools import permutations

from services.payments.domain.coverage import Cover, Covered, resolve

DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))


def covered(
    case_no: str, programme: str, *persons: int, ordered: bool = False, days: tuple[date, date] = DECEMBER
) -> Covered:
    covers = tuple(Cover(person, 1, *days) for person in persons)
    return Covered((case_no, "2026-12", "livelihood"), programme, ordered, covers)


def test_support_benefits_come_before_public_assistance_whatever_came_first() -> None:
    welfare, support = covered("00000001", "public_assistance", 7), covered("00000021", "support_benefit", 7)
    for order in permutations([welfare, support]):
        held = resolve(order)
        assert set(held) == {welfare.key}
        assert (held[welfare.key].person_no, held[welfare.key].other_case_no) == (7, "00000021")


def test_what_is_ordered_stands() -> None:
    welfare = covered("00000001", "public_assistance", 7, ordered=True)
    support = covered("00000021", "support_benefit", 7)
    assert set(resolve([support, welfare])) == {support.key}


def test_days_that_do_not_meet_do_not_hold() -> None:
    first = covered("00000001", "public_assistance", 7, days=(date(2026, 12, 1), date(2026, 12, 10)))
    second = covered("00000002", "public_assistance", 7, days=(date(2026, 12, 11), date(2026, 12, 31)))
    assert resolve([first, second]) == {}
    meeting = covered("00000002", "public_assistance", 7, days=(date(2026, 12, 10), date(2026, 12, 31)))
    assert set(resolve([first, meeting])) == {meeting.key}


def test_who_is_held_holds_nobody() -> None:
    support = covered("00000021", "support_benefit", 1)
    between = covered("00000001", "public_assistance", 1, 2)
    other = covered("00000002", "public_assistance", 2)
    for order in permutations([support, between, other]):
        assert set(resolve(order)) == {between.key}


def test_each_case_that_meets_a_standing_one_is_held_and_not_the_next_alone() -> None:
    standing, second, third = (covered(f"0000000{number}", "public_assistance", 7) for number in (1, 2, 3))
    apart = covered("00000009", "public_assistance", 8)
    late = covered("00000010", "public_assistance", 8)
    for order in permutations([standing, second, third, apart, late]):
        assert set(resolve(order)) == {second.key, third.key, late.key}
