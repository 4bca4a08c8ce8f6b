"""From which month a status counts, so that whoever keeps the facts of a case can tell `assess` the right one.

Rules read in one secondary source each (局長通知 第7 was not read): the answer should be checked by a person.
"""

from datetime import date

from shared.benefit_rules.households.household import Maternity
from shared.money_and_time import Month, month_of, next_month

_MONTHS_AFTER_BIRTH = {True: 6, False: 3}
_MONTHS_OF_NEW_EMPLOYMENT = 6


def addition_from(certified: date) -> Month:
    """加算 begin in the month after the fact was certified."""
    return next_month(month_of(certified))


def maternity_in(
    month: Month, confirmed: date, sixth_month: date, born: date | None = None, *, breast_fed: bool = False
) -> Maternity | None:
    """The status of 妊産婦加算 in a month.

    From the month after the pregnancy was confirmed; the higher amount from the month after its sixth month
    began; it stays in the month of birth; then 産婦 until the sixth month (breast-fed) or the third, the month of birth
    counted.
    """
    if born is not None and month > month_of(born):
        return "after_birth" if month <= _months_later(month_of(born), _MONTHS_AFTER_BIRTH[breast_fed] - 1) else None
    if month >= addition_from(sixth_month):
        return "from_6_months"
    if month >= addition_from(confirmed):
        return "under_6_months"
    return "after_birth" if born is not None and month == month_of(born) else None


def away_from(admitted: date, discharged: date | None = None) -> Month | None:
    """The month from which `residence` is hospital or care home: the one after admission; None for under one month.

    A month runs to the same day of the next one, or to its last day where it has no such day (民法 第143条).
    """
    if discharged is not None and discharged < _same_day_next_month(admitted):
        return None
    return next_month(month_of(admitted))


def months_begun(since: date, first: date) -> int:
    """How many months since a day have begun by the first day of a month (民法 第143条), 1 or more."""
    completed = (first.year - since.year) * 12 + first.month - since.month - (since.day > first.day)
    return max(completed + 1, 1)


def last_month_of_new_employment(first: Month) -> Month:
    """新規就労控除 is given for six months, the first one counted (次官通知 第8-3-(4))."""
    return _months_later(first, _MONTHS_OF_NEW_EMPLOYMENT - 1)


def _months_later(month: Month, count: int) -> Month:
    for _ in range(count):
        month = next_month(month)
    return month


def _same_day_next_month(day: date) -> date:
    following = next_month(month_of(day))
    year, number = int(following[:4]), int(following[5:])
    for last in range(day.day, 27, -1):
        try:
            return date(year, number, last)
        except ValueError:
            continue
    return date(year, number, day.day)
