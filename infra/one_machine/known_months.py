"""The months for which the figures of the law (基準額) are known, so that a call for another is refused at once."""

from datetime import date
from typing import Final

from infra.one_machine.problems import CallError
from shared.benefit_rules import load_standards
from shared.benefit_rules.law.standards import FIRST_MONTH
from shared.money_and_time.months import Month, month_of, previous_month

NEEDED_BY_ALL: Final = "livelihood."
"""Where these end nobody at home is determined; a gap in another one, or one that ends, concerns only some."""


def known_months() -> tuple[Month, Month]:
    """Return the first and the last month in which a household can be determined."""
    ends = [
        figure.first
        for name, periods in load_standards().figures.items()
        if name.startswith(NEEDED_BY_ALL)
        for figure in periods
        if not figure.known and figure.last is None
    ]
    return FIRST_MONTH, previous_month(month_of(min(ends, default=date.max)))


def has_figures(month: Month) -> bool:
    """Whether a household can be determined in a month; never beyond the year 9999, where a month has eight signs."""
    first, last = known_months()
    return len(month) == len(first) and first <= month <= last


def refuse_unknown_month(month: Month, named: str) -> None:
    """Refuse a month without figures.

    Args:
        named: the option as it was called, "--month 1999-01".

    Raises:
        CallError: with the months that are known.
    """
    if not has_figures(month):
        first, last = known_months()
        raise CallError(f"{named}: no figures of the law (基準額) for {month}; they are known from {first} to {last}")
