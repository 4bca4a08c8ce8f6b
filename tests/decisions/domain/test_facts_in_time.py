"""Circumstances in time: as of a month, as known on a day; a correction is a new fact that names the old one."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shared.decisions.domain.circumstances import (
    CHARGE,
    Circumstance,
    as_known,
    charge_on,
    on_assistance_spans,
    records,
)

NOVEMBER, DECEMBER = datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 10, tzinfo=UTC)


def rent(
    number: int,
    yen: int,
    first: date | None = None,
    last: date | None = None,
    recorded: datetime = NOVEMBER,
    corrects: int | None = None,
) -> Circumstance:
    return Circumstance(number, "00000001", None, "home", first, last, recorded, corrects, {"rent": yen})


def rents(all_: list[Circumstance], month: str, known_at: datetime) -> list[int]:
    return [circumstance.data["rent"] for circumstance in as_known(known(all_, known_at), month)]


def known(all_: list[Circumstance], at: datetime) -> list[Circumstance]:
    return [circumstance for circumstance in all_ if circumstance.recorded_at <= at]


def test_a_rise_of_the_rent_holds_from_its_month() -> None:
    history = [rent(1, 50_000, None, date(2026, 11, 30)), rent(2, 53_000, date(2026, 12, 1))]
    assert rents(history, "2026-11", DECEMBER) == [50_000]
    assert rents(history, "2026-12", DECEMBER) == [53_000]


def test_what_was_learnt_later_was_not_known_before() -> None:
    history = [rent(1, 50_000), rent(2, 48_000, recorded=DECEMBER, corrects=1)]
    assert rents(history, "2026-11", NOVEMBER) == [50_000]
    assert rents(history, "2026-11", DECEMBER) == [48_000]


def test_a_corrected_fact_is_gone_even_where_its_correction_does_not_hold() -> None:
    history = [rent(1, 50_000), rent(2, 50_000, date(2026, 12, 15), recorded=DECEMBER, corrects=1)]
    assert rents(history, "2026-11", DECEMBER) == []
    assert rents(history, "2026-12", DECEMBER) == [50_000]


def test_a_case_that_begins_inside_the_month_carries_its_first_day_to_the_rules() -> None:
    begun = [rent(1, 50_000, date(2026, 12, 10))]
    case = {"id": "00000001", "members": [], "rent": 50_000, "assistance_since": "2026-12-10"}
    assert records(begun, "2026-12") == [{**case, "from": "2026-12-10"}]
    assert records(begun, "2027-01") == [case]
    assert "assistance_since" not in records([rent(1, 50_000)], "2026-12")[0]


def test_what_begins_on_the_last_day_or_ends_on_the_first_holds_in_the_month() -> None:
    begins, ends = [rent(1, 50_000, date(2026, 12, 31))], [rent(1, 50_000, None, date(2026, 12, 1))]
    assert [rents(begins, month, DECEMBER) for month in ("2026-11", "2026-12", "2027-01")] == [[], [50_000], [50_000]]
    assert [rents(ends, month, DECEMBER) for month in ("2026-11", "2026-12", "2027-01")] == [[50_000], [50_000], []]


def test_a_case_of_the_whole_month_says_no_first_day_and_its_last_only_where_it_ends() -> None:
    """From the first day on is no part of a month; who ends with the last day does not go on into the next one."""
    whole = {"id": "00000001", "members": [], "rent": 50_000, "assistance_since": "2026-12-01"}
    first, second, last = date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 31)
    late = {**whole, "assistance_since": "2026-12-02", "from": "2026-12-02"}
    assert records([rent(1, 50_000, first)], "2026-12") == [whole]
    assert records([rent(1, 50_000, first, date(2027, 1, 1))], "2026-12") == [whole]
    assert records([rent(1, 50_000, first, last)], "2026-12") == [{**whole, "to": "2026-12-31"}]
    assert records([rent(1, 50_000, second)], "2026-12") == [late]
    assert records([rent(1, 50_000, first, date(2026, 12, 30))], "2026-12") == [{**whole, "to": "2026-12-30"}]


def test_members_stand_under_their_case_with_all_their_facts() -> None:
    def member(number: int, fact: str, data: dict[str, object]) -> Circumstance:
        return Circumstance(number, "00000001", "0000000009", fact, None, None, NOVEMBER, None, data)

    cases = records(
        [rent(1, 0), member(2, "person", {"relation": "self"}), member(3, "income", {"pension": 7})], "2026-12"
    )
    assert cases[0]["members"] == [{"id": "0000000009", "relation": "self", "pension": 7}]


def test_a_case_is_whose_charge_began_last_and_stays_so_after_its_end() -> None:
    def charge(number: int, district: str, first: date | None, corrects: int | None = None) -> Circumstance:
        return Circumstance(number, "00000001", None, CHARGE, first, None, NOVEMBER, corrects, {"district": district})

    moves = [charge(1, "07", date(2026, 11, 1)), charge(2, "08", date(2026, 12, 10))]
    days = {date(2026, 10, 31): "07", date(2026, 12, 9): "07", date(2026, 12, 10): "08", date(2030, 1, 1): "08"}
    assert {day: charge_on(moves, day)["district"] for day in days} == days
    assert charge_on([*moves, charge(3, "09", date(2026, 12, 10), 2)], date(2026, 12, 10))["district"] == "09"
    assert charge_on([], date(2026, 12, 10)) == {}


def test_a_case_that_changes_its_district_inside_the_month_is_determined_as_one_that_does_not() -> None:
    def charge(number: int, district: str, first: date | None, last: date | None) -> Circumstance:
        return Circumstance(number, "00000001", None, CHARGE, first, last, NOVEMBER, None, {"district": district})

    moved = [charge(2, "07", None, date(2026, 12, 9)), charge(3, "08", date(2026, 12, 10), None)]
    history = [rent(1, 50_000)]
    assert records([*history, *moved], "2026-12") == records(history, "2026-12")
    assert records(moved, "2026-12") == []


def test_a_case_that_ended_is_no_case_even_where_something_is_still_known_of_its_members() -> None:
    member = Circumstance(2, "00000001", "0000000009", "person", None, None, NOVEMBER, None, {"relation": "self"})
    history = [rent(1, 0, None, date(2026, 11, 30)), member]
    assert records(as_known(history, "2026-12"), "2026-12") == []


days = st.none() | st.dates(date(2026, 9, 1), date(2027, 3, 31))
instants = st.integers(0, 180).map(lambda days: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=days))


@st.composite
def histories(draw: st.DrawFn) -> list[Circumstance]:
    history: list[Circumstance] = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        first, last = draw(days), draw(days)
        if first and last and last < first:
            first, last = last, first
        corrects = draw(st.none() | st.integers(1, number - 1)) if number > 1 else None
        history.append(rent(number, number, first, last, draw(instants), corrects))
    return history


@given(histories(), instants, st.sampled_from(["2026-10", "2026-12", "2027-02"]))
def test_one_fact_at_most_holds_and_it_was_known_uncorrected_and_valid(
    history: list[Circumstance], known_at: datetime, month: str
) -> None:
    then = known(history, known_at)
    candidates = [
        circumstance
        for circumstance in then
        if circumstance.holds_in(month) and not any(other.corrects == circumstance.number for other in then)
    ]
    held = as_known(then, month)
    assert len(held) == min(1, len(candidates))
    for circumstance in held:
        (own,) = [candidate for candidate in candidates if candidate.number == circumstance.number]
        assert own.data == circumstance.data
        assert all((other.valid_from or date.min) <= (own.valid_from or date.min) for other in candidates)


@given(histories(), instants, st.dates(date(2026, 8, 1), date(2027, 4, 1)))
def test_somebody_is_on_assistance_on_the_days_of_a_span_and_on_no_other(
    history: list[Circumstance], known_at: datetime, day: date
) -> None:
    then = known(history, known_at)
    standing = [one for one in then if not any(other.corrects == one.number for other in then)]
    on_assistance = any((one.valid_from or date.min) <= day <= (one.valid_to or date.max) for one in standing)
    spans = on_assistance_spans(then)
    assert on_assistance == any(first <= day <= last for first, last in spans)
    assert all(before[1] < after[0] - timedelta(days=1) for before, after in pairwise(spans))


def test_a_rise_of_the_rent_inside_a_month_begins_no_assistance_and_ends_none() -> None:
    history = [
        rent(1, 50_000, date(2026, 4, 10), date(2026, 12, 14)),
        rent(2, 53_000, date(2026, 12, 15), date(2026, 12, 31)),
        rent(3, 54_000, date(2027, 1, 1)),
    ]
    (case,) = records(as_known(history, "2026-12"), "2026-12")
    assert case == {"id": "00000001", "members": [], "rent": 53_000, "assistance_since": "2026-04-10"}
