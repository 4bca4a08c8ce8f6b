"""Yen, eras, fiscal years, months, bank days and periods, on the days where offices have gone wrong."""

from datetime import date, timedelta

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money_and_time import (
    Period,
    cut_below_1,
    cut_below_10,
    days_in_month,
    first_day,
    fiscal_year,
    fiscal_year_first_day,
    fiscal_year_last_day,
    format_era,
    format_era_month,
    is_bank_day,
    is_office_day,
    last_day,
    month_of,
    months_from,
    next_bank_day,
    next_month,
    parse_era,
    parse_month,
    previous_bank_day,
    previous_month,
    raise_to_10,
)
from shared.money_and_time.months import months_ahead


def test_roundings_have_names() -> None:
    assert [raise_to_10(yen) for yen in (0, 1, 10, 11, 46_461)] == [0, 10, 10, 20, 46_470]
    assert [cut_below_10(yen) for yen in (0, 9, 10, 19)] == [0, 0, 10, 10]
    assert cut_below_1(72_000 * 20, 30) == 48_000
    assert cut_below_1(199, 100) == 1
    with pytest.raises(ValueError, match="denominator"):
        cut_below_1(1, 0)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2020, 2, 29), "令和2年2月29日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1873, 1, 1), "明治6年1月1日"),
    ],
)
def test_eras_on_the_days_they_change(day: date, written: str) -> None:
    assert format_era(day) == written
    assert parse_era(written) == day


def test_eras_are_read_in_the_short_form_and_full_width() -> None:
    assert parse_era("R8.10.1") == parse_era("令和８年１０月１日") == date(2026, 10, 1)
    assert parse_era("ｓ５４．５．１") == parse_era("s54.5.1") == date(1979, 5, 1)
    with pytest.raises(ValueError, match="written"):
        parse_era("ſ54.5.1")
    assert parse_era("S54.5.1") == date(1979, 5, 1)
    assert parse_era("M45.7.29") == date(1912, 7, 29)
    assert format_era_month(date(2026, 12, 3)) == "令和8年12月"


@pytest.mark.parametrize(
    "text",
    [
        "昭和64年1月8日",
        "平成31年5月1日",
        "令和0年5月1日",
        "令和元年4月30日",
        "2026-10-01",
        "R8.2.30",
        "8.10.1",
        "昭和25年不詳",
        "昭和25年5月不詳日",
        "不詳",
    ],
)
def test_a_day_outside_its_era_and_what_is_no_day_of_an_era_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_era(text)


@given(st.dates(min_value=date(1873, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_survives_its_era(day: date) -> None:
    assert parse_era(format_era(day)) == day


def test_before_the_solar_calendar_there_is_no_day_of_an_era() -> None:
    for before in (date(1872, 12, 31), date(1868, 1, 1)):
        with pytest.raises(ValueError, match="solar"):
            format_era(before)
    with pytest.raises(ValueError, match="solar"):
        parse_era("明治5年12月31日")


def test_fiscal_years_turn_on_1_april() -> None:
    assert fiscal_year(date(2026, 3, 31)) == 2025
    assert fiscal_year(date(2026, 4, 1)) == 2026
    assert (fiscal_year_first_day(2026), fiscal_year_last_day(2026)) == (date(2026, 4, 1), date(2027, 3, 31))


def test_months() -> None:
    assert (first_day("2028-02"), last_day("2028-02"), days_in_month("2028-02")) == (
        date(2028, 2, 1),
        date(2028, 2, 29),
        29,
    )
    assert (next_month("2026-12"), previous_month("2027-01")) == ("2027-01", "2026-12")
    assert list(months_from("2026-11", "2027-02")) == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert list(months_from("2027-01", "2026-12")) == []
    assert month_of(date(2026, 12, 31)) == "2026-12"
    assert parse_month("0001-01") == "0001-01"
    for wrong in ("2026-13", "2026-1", "26-01", "2026-00", "", "2026-10-01", "２０２６-10", "0000-01", "0000-12"):
        with pytest.raises(ValueError, match="YYYY-MM"):
            parse_month(wrong)


def test_a_month_lies_as_far_ahead_as_there_are_months_between() -> None:
    today = date(2026, 11, 30)
    months = ("2026-11", "2026-12", "2027-01", "2027-11", "2028-12", "2026-10", "2025-11", "2025-12", "2024-01")
    assert [months_ahead(month, today) for month in months] == [0, 1, 2, 12, 25, -1, -12, -11, -34]


def test_payday_moves_to_the_bank_day_before() -> None:
    holidays = jpholiday.is_holiday
    assert previous_bank_day(date(2026, 12, 3), holidays) == date(2026, 12, 3)
    assert previous_bank_day(date(2027, 1, 3), holidays) == date(2026, 12, 30)
    assert next_bank_day(date(2026, 12, 31), holidays) == date(2027, 1, 4)
    assert previous_bank_day(date(2026, 5, 5), holidays) == date(2026, 5, 1)
    assert next_bank_day(date(2026, 11, 23), holidays) == date(2026, 11, 24)
    assert next_bank_day(date(2026, 11, 21), holidays) == date(2026, 11, 24)
    assert not is_bank_day(date(2026, 12, 31), holidays)
    assert not is_bank_day(date(2026, 11, 23), holidays)


def test_the_office_closes_two_days_before_the_banks() -> None:
    days = [date(2026, 12, 28), date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 4)]
    assert [is_office_day(day, jpholiday.is_holiday) for day in days] == [True, False, False, False, True]
    assert not is_office_day(date(2026, 11, 23), jpholiday.is_holiday)
    assert not is_office_day(date(2026, 11, 28), jpholiday.is_holiday)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31)))
def test_the_nearest_bank_days_enclose_a_day(day: date) -> None:
    before, after = previous_bank_day(day, jpholiday.is_holiday), next_bank_day(day, jpholiday.is_holiday)
    assert before <= day <= after
    assert (after - before).days < 15
    assert (before == day) == (after == day) == is_bank_day(day, jpholiday.is_holiday)


def test_periods() -> None:
    autumn, open_end = Period(date(2026, 10, 1), date(2027, 3, 31)), Period(date(2027, 3, 31))
    assert autumn.holds(date(2026, 10, 1))
    assert autumn.holds(date(2027, 3, 31))
    assert not autumn.holds(date(2027, 4, 1))
    assert autumn.common(open_end) == Period(date(2027, 3, 31), date(2027, 3, 31))
    assert autumn.overlaps(open_end)
    assert not autumn.overlaps(Period(date(2027, 4, 1)))
    longer = Period(date(2026, 11, 1), date(2027, 4, 30))
    assert autumn.common(longer) == longer.common(autumn) == Period(date(2026, 11, 1), date(2027, 3, 31))
    assert open_end.common(Period(date(2028, 1, 1))) == Period(date(2028, 1, 1))
    assert Period(date(2028, 2, 1), date(2028, 2, 29)).days == 29
    assert open_end.holds(date(2027, 3, 31) + timedelta(days=40_000))
    with pytest.raises(ValueError, match="before"):
        Period(date(2026, 10, 2), date(2026, 10, 1))
    with pytest.raises(ValueError, match="no end"):
        _ = open_end.days
