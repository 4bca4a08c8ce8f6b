"""The day on which a month's benefit is paid (支給日)."""

from dataclasses import dataclass
from datetime import date, timedelta

from shared.contracts.codes import RunKind
from shared.money_and_time import Holidays, first_day, next_bank_day, previous_bank_day


@dataclass(frozen=True, slots=True)
class PaymentCalendar:
    """The office's setting.

    Attributes:
        holidays: true on a 国民の祝日.
        day: day of the month; moved to the preceding bank business day.
        january_day: day of December on which January is paid, where the office has one (大村: 25).
        lead: bank business days between making a run and its earliest transfer.
    """

    holidays: Holidays
    day: int = 3
    january_day: int | None = None
    lead: int = 2


def regular_payment_date(month: str, calendar: PaymentCalendar) -> date:
    """The day on which ``month`` ("YYYY-MM") is paid.

    The preceding bank business day where the set day is none; not in April, whose benefit belongs to the new fiscal
    year: where the day would fall into March, the first bank business day of April. Source: 社援保第55号 (1992).
    """
    first = first_day(month)
    if first.month == 1 and calendar.january_day:
        return previous_bank_day(date(first.year - 1, 12, calendar.january_day), calendar.holidays)
    moved = previous_bank_day(first.replace(day=calendar.day), calendar.holidays)
    if first.month == 4 and moved < first:
        return next_bank_day(first, calendar.holidays)
    return moved


def payment_date(month: str, run_kind: RunKind, today: date, calendar: PaymentCalendar) -> date:
    """The transfer date of a run made ``today``: a regular run keeps the month's day while it can still be reached.

    What is due and not yet sent is paid on the earliest bank business day, never left because its day has passed.
    """
    earliest = today
    for _ in range(calendar.lead):
        earliest = next_bank_day(earliest + timedelta(days=1), calendar.holidays)
    if run_kind == "extra":
        return earliest
    return max(regular_payment_date(month, calendar), earliest)
