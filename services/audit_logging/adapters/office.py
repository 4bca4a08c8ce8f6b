"""Days on which the office is open, with the holidays of this country."""

from __future__ import annotations

from datetime import date

import jpholiday

from shared.money_and_time.business_days import is_office_day


def is_open(day: date) -> bool:
    """True where the office is open (開庁日)."""
    return is_office_day(day, jpholiday.is_holiday)
