"""Whatever is echoed reads back, and any text is a date or a refusal for staff."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.money_and_time import DateRefused, PartialDate, echo_birth, echo_day, read_birth, read_day
from shared.money_and_time.typed_dates import Birth

FIRST = date(1873, 1, 1)
days = st.dates(FIRST, date(2117, 12, 31))
todays = st.dates(date(2019, 5, 1), date(2060, 12, 31))
partly = st.builds(PartialDate, st.integers(1873, 2018), st.none() | st.integers(1, 12))
SIGNS = "0123456789０８元年月日不詳明RHSTMrｒ令和平成昭大正治㋿㍻.．/-ー・、 　()（）火歳〜\ud842ſ"
CHANGES = {
    ("M45", "T元"): date(1912, 7, 30),
    ("T15", "S元"): date(1926, 12, 25),
    ("S64", "H元"): date(1989, 1, 8),
    ("H31", "R元"): date(2019, 5, 1),
}
"""The last year of an era and the first of the next, and the day on which it began."""
eras = st.sampled_from(["", "R", "h", "Ｓ", "大正", "明", "㍻"])
numbers = st.sampled_from(["元", "不詳", ""]) | st.integers(0, 9999).map(str) | st.integers(0, 32).map(str)
between = st.sampled_from([*"./-年月日。ー", ""])
endings = st.sampled_from(["", "日", "不詳", "不詳日", "(火)", "(76歳)", "(平成元年)"])
typed_in_parts = st.tuples(eras, numbers, between, numbers, between, numbers, endings).map("".join)


@given(days, todays)
def test_an_echoed_day_reads_back(day: date, today: date) -> None:
    assert read_day(echo_day(day), today) == day


@given(st.dates(FIRST, date(2019, 4, 30)) | partly | st.just("不詳"), todays)
def test_an_echoed_birth_reads_back(birth: Birth, today: date) -> None:
    assert read_birth(echo_birth(birth, today), today) == birth


@given(
    days,
    todays,
    st.sampled_from(["{0:%Y%m%d}", "{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日"]),
)
def test_a_western_year_needs_no_era(day: date, today: date, form: str) -> None:
    assert read_day(form.format(day), today) == day


@given(days, days, st.integers(0, 20), st.sampled_from(" 　\t"))
def test_a_blank_anywhere_does_not_matter(day: date, today: date, place: int, blank: str) -> None:
    typed = echo_day(day)
    assert read_day(typed[:place] + blank + typed[place:], today) == day


@given(st.text() | st.text(SIGNS), days)
@example("R8.12.1" * 1000, date(2026, 12, 1))
@example("9999年12月不詳", date(2026, 12, 1))
@example("9999年12月31日", date(2026, 12, 1))
@example("R99.99.99", date(2026, 12, 1))
def test_any_text_is_a_date_or_a_refusal(text: str, today: date) -> None:
    is_read_or_refused(text, today)


def is_read_or_refused(text: str, today: date) -> None:
    for read in (read_day, read_birth):
        outcome = outcome_of(read, text, today)
        assert isinstance(outcome, (date, PartialDate)) or outcome == "不詳" or outcome.endswith("。")


def outcome_of(read: Callable[[str, date], Birth], text: str, today: date) -> Birth | str:
    """What was read, or what staff are told."""
    try:
        return read(text, today)
    except DateRefused as refused:
        return str(refused)


@given(typed_in_parts, days)
def test_whatever_has_the_form_of_a_date_is_one_or_a_refusal(text: str, today: date) -> None:
    is_read_or_refused(text, today)


@given(days)
def test_eras_change_overnight(today: date) -> None:
    for (last, first), change in CHANGES.items():
        eve = change - timedelta(days=1)
        assert read_day(f"{first}.{change.month}.{change.day}", today) == change
        assert read_day(f"{last}.{eve.month}.{eve.day}", today) == eve
        for outside in (f"{last}.{change.month}.{change.day}", f"{first}.{eve.month}.{eve.day}"):
            with pytest.raises(DateRefused, match=r"その日は(令和|平成|昭和|大正|明治)"):
                read_day(outside, today)
