"""会計年度: 1 April to 31 March, named by the year in which it begins (地方自治法 第208条)."""

from datetime import date


def fiscal_year(day: date) -> int:
    """2026 for every day from 2026-04-01 to 2027-03-31."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_first_day(year: int) -> date:
    """1 April of the fiscal year."""
    return date(year, 4, 1)


def fiscal_year_last_day(year: int) -> date:
    """31 March of the calendar year after."""
    return date(year + 1, 3, 31)
