"""From which month a status counts."""

from datetime import date

import pytest

from shared.benefit_rules.households.starts import (
    addition_from,
    away_from,
    last_month_of_new_employment,
    maternity_in,
)


def test_an_addition_begins_in_the_month_after_it_was_certified() -> None:
    assert addition_from(date(2026, 10, 1)) == addition_from(date(2026, 10, 31)) == "2026-11"
    assert addition_from(date(2026, 12, 15)) == "2027-01"


def test_maternity_month_by_month() -> None:
    confirmed, sixth, born = date(2026, 4, 20), date(2026, 7, 2), date(2026, 11, 30)
    months = [f"2026-{number:02d}" for number in range(4, 13)] + ["2027-01", "2027-02"]
    under, over, after = "under_6_months", "from_6_months", "after_birth"
    found = [maternity_in(month, confirmed, sixth, born) for month in months]
    assert found == [None, under, under, under, over, over, over, over, after, after, None]
    fed = [maternity_in(f"2027-{number:02d}", confirmed, sixth, born, breast_fed=True) for number in range(1, 6)]
    assert fed == [after, after, after, after, None]


@pytest.mark.parametrize(
    ("admitted", "discharged", "month"),
    [
        (date(2026, 10, 15), None, "2026-11"),
        (date(2026, 10, 15), date(2026, 11, 14), None),
        (date(2026, 10, 15), date(2026, 11, 15), "2026-11"),
        (date(2027, 1, 31), date(2027, 2, 27), None),
        (date(2027, 1, 31), date(2027, 2, 28), "2027-02"),
        (date(2026, 10, 1), date(2026, 10, 31), None),
    ],
)
def test_under_one_month_away_changes_nothing(admitted: date, discharged: date | None, month: str | None) -> None:
    assert away_from(admitted, discharged) == month


def test_new_employment_lasts_six_months() -> None:
    assert last_month_of_new_employment("2026-10") == "2027-03"
