"""Yen, rounding, 和暦 eras, typed dates, ages, fiscal years, months, bank business days and validity periods.

Standard library only. Yen are plain integers; a date is a business date in Asia/Tokyo; a month is the text "YYYY-MM".
"""

from shared.money_and_time.ages import age_on
from shared.money_and_time.business_days import Holidays, is_bank_day, is_office_day, next_bank_day, previous_bank_day
from shared.money_and_time.eras import format_era, format_era_month, parse_era
from shared.money_and_time.fiscal_years import fiscal_year, fiscal_year_first_day, fiscal_year_last_day
from shared.money_and_time.months import (
    Month,
    days_in_month,
    first_day,
    last_day,
    month_of,
    months_from,
    next_month,
    parse_month,
    previous_month,
)
from shared.money_and_time.periods import Period
from shared.money_and_time.typed_dates import (
    Birth,
    DateRefused,
    PartialDate,
    echo_birth,
    echo_day,
    read_birth,
    read_day,
)
from shared.money_and_time.yen import Yen, cut_below_1, cut_below_10, raise_to_10

__all__ = [
    "Birth",
    "DateRefused",
    "Holidays",
    "Month",
    "PartialDate",
    "Period",
    "Yen",
    "age_on",
    "cut_below_1",
    "cut_below_10",
    "days_in_month",
    "echo_birth",
    "echo_day",
    "first_day",
    "fiscal_year",
    "fiscal_year_first_day",
    "fiscal_year_last_day",
    "format_era",
    "format_era_month",
    "is_bank_day",
    "is_office_day",
    "last_day",
    "month_of",
    "months_from",
    "next_bank_day",
    "next_month",
    "parse_era",
    "parse_month",
    "previous_bank_day",
    "previous_month",
    "raise_to_10",
    "read_birth",
    "read_day",
]
