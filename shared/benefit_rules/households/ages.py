"""Ages. 年齢は保護を続ける者は4月1日、始めた者は開始日の満年齢 (局長通知 第7, as one city quotes it).

A year is complete at the end of the day before the birthday (年齢計算ニ関する法律): for who was born on 1 April on 31
March; for who was born on 2 April at the end of 1 April, so that it counts from the next 1 April on, as it does in
school (学校教育法 第17条).
"""

from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np

from shared.benefit_rules.columns import Column
from shared.money_and_time import Month, age_on, first_day, fiscal_year, fiscal_year_first_day

Ages: TypeAlias = Literal["yearly", "monthly"]
"""When who goes on receiving grows older: on 1 April, or, as some offices do, on the first day of each month."""

BAND_STARTS = (0, 3, 6, 12, 18, 20, 41, 60, 65, 70, 75)
CHILD_BAND_STARTS = (0, 3, 6, 12, 15, 18)
LAST_CHILD_AGE = 17
"""A child (児童) until the 31 March after the 18th birthday: who is 17 or less on 1 April."""
LAST_AGE_OF_A_DISABLED_CHILD = 19
"""For 母子加算 a child with a disability of 別表第1 第2章 2 is one while under 20, to the birthday."""


BIRTH_YEAR_OF_THE_OTHER_AMOUNT = 1956
"""Who was born by 1 April of this year has another full basic pension (満額) than who was born later."""


def _bands(starts: tuple[int, ...]) -> Column:
    ages = np.arange(131)
    return np.searchsorted(np.array(starts), ages, side="right").astype(np.int64) - 1


BAND_OF_AGE = _bands(BAND_STARTS)
_BANDS: list[int] = BAND_OF_AGE.tolist()
CHILD_BAND_OF_AGE = _bands(CHILD_BAND_STARTS)


@lru_cache(maxsize=4096)
def last_april(month: Month) -> date:
    """1 April of the fiscal year in which the month lies."""
    return fiscal_year_first_day(fiscal_year(first_day(month)))


def age_of_fiscal_year(month: Month, birth_date: date) -> int:
    """The age on 1 April of the fiscal year in which the month lies; 0 for a child born later."""
    return age_on(last_april(month), birth_date)


def day_that_counts(month: Month, begun: date | None, ages: Ages) -> date:
    """The day of which the age counts in the month: the last change of ages, or the day assistance began after it."""
    change = first_day(month) if ages == "monthly" else last_april(month)
    return change if begun is None else max(change, begun)


def same_band(birth_date: date, day: date, other: date) -> bool:
    """Whether the age bands of the standard livelihood are the same on both days."""
    return _BANDS[age_on(day, birth_date)] == _BANDS[age_on(other, birth_date)]
