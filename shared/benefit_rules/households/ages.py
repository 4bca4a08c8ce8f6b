"""Ages. 年齢は年度の4月1日の満年齢 (a rule that was not read: a warning where the birthday would give another band)."""

from datetime import date

import numpy as np

from shared.benefit_rules.columns import Column
from shared.money_and_time import Month, first_day, fiscal_year, fiscal_year_first_day

BAND_STARTS = (0, 3, 6, 12, 18, 20, 41, 60, 65, 70, 75)
CHILD_BAND_STARTS = (0, 3, 6, 12, 15, 18)
LAST_CHILD_AGE = 17
"""A child (児童) until the 31 March after the 18th birthday: who is 17 or less on 1 April."""
LAST_AGE_OF_A_DISABLED_CHILD = 19
"""For 母子加算 a child with a disability of 別表第1 第2章 2 is one while under 20."""


def _bands(starts: tuple[int, ...]) -> Column:
    ages = np.arange(131)
    return np.searchsorted(np.array(starts), ages, side="right").astype(np.int64) - 1


BAND_OF_AGE = _bands(BAND_STARTS)
_BANDS: list[int] = BAND_OF_AGE.tolist()
CHILD_BAND_OF_AGE = _bands(CHILD_BAND_STARTS)


def age_on(day: date, birth_date: date) -> int:
    """Whole years on the day, a birthday counted on the day itself; 0 before birth. 29 February counts on 1 March."""
    years = day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
    return max(years, 0)


def age_of_fiscal_year(month: Month, birth_date: date) -> int:
    """The age on 1 April of the fiscal year in which the month lies; 0 for a child born later."""
    return age_on(fiscal_year_first_day(fiscal_year(first_day(month))), birth_date)


def band_may_differ(month: Month, birth_date: date) -> bool:
    """True where another way to count (the day of the month, or reaching an age on the eve) gives another band."""
    first = first_day(month)
    april = fiscal_year_first_day(fiscal_year(first))
    ruling = _BANDS[age_on(april, birth_date)]
    by_birthday = _BANDS[age_on(first, birth_date)]
    reached_on_the_eve = birth_date.month == 4 and birth_date.day == 2 and april.year >= birth_date.year
    by_eve = _BANDS[max(april.year - birth_date.year, 0)] if reached_on_the_eve else ruling
    return by_birthday != ruling or by_eve != ruling
