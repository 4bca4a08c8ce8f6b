"""A share of the whole, and each day's nearest bank days, counted a day at a time."""

from datetime import date, timedelta

import jpholiday
import pytest

from shared.money_and_time import cut_below_1, is_bank_day, next_bank_day, previous_bank_day

EACH_DAY = [date(2026, 1, 1) + timedelta(days=day) for day in range(2 * 365)]


def test_the_whole_is_its_own_share_and_there_is_no_share_of_nothing() -> None:
    assert [cut_below_1(yen, 1) for yen in (0, 7, -7)] == [0, 7, -7]
    for denominator in (0, -1):
        with pytest.raises(ValueError, match="denominator"):
            cut_below_1(7, denominator)


def test_no_bank_day_lies_between_a_day_and_the_nearest_ones() -> None:
    open_days = [day for day in EACH_DAY if is_bank_day(day, jpholiday.is_holiday)]
    for day in EACH_DAY[10:-10]:
        assert previous_bank_day(day, jpholiday.is_holiday) == max(other for other in open_days if other <= day)
        assert next_bank_day(day, jpholiday.is_holiday) == min(other for other in open_days if other >= day)
