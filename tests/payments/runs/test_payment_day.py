"""The day on which a month is paid (支給日)."""

from datetime import date

import jpholiday
import pytest

from services.payments.domain.payment_day import PaymentCalendar, payment_date, regular_payment_date

TOKYO = PaymentCalendar(holidays=jpholiday.is_holiday)


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ("2026-12", date(2026, 12, 3)),
        ("2027-01", date(2026, 12, 30)),  # 12/31 to 1/3: banks are closed
        ("2026-05", date(2026, 5, 1)),  # 5/3 is 憲法記念日, a Sunday
        ("2027-10", date(2027, 10, 1)),  # a Sunday
        ("2027-04", date(2027, 4, 2)),  # a Saturday: 4/2 is still April
        ("2022-04", date(2022, 4, 1)),  # a Sunday
    ],
)
def test_the_third_or_the_bank_day_before(month: str, day: date) -> None:
    assert regular_payment_date(month, TOKYO) == day


def test_april_is_never_paid_in_march() -> None:
    first_of_the_month = PaymentCalendar(holidays=jpholiday.is_holiday, day=1)
    assert regular_payment_date("2028-04", first_of_the_month) == date(2028, 4, 3)
    assert regular_payment_date("2028-10", first_of_the_month) == date(2028, 9, 29)


def test_an_office_may_pay_january_before_christmas() -> None:
    omura = PaymentCalendar(holidays=jpholiday.is_holiday, january_day=25)
    assert regular_payment_date("2027-01", omura) == date(2026, 12, 25)
    assert regular_payment_date("2028-01", omura) == date(2027, 12, 24)


def test_what_is_late_is_paid_on_the_earliest_day_and_never_left() -> None:
    assert payment_date("2026-12", "regular", date(2026, 11, 24), TOKYO) == date(2026, 12, 3)
    assert payment_date("2026-10", "regular", date(2026, 11, 24), TOKYO) == date(2026, 11, 26)
    assert payment_date("2026-12", "extra", date(2026, 12, 29), TOKYO) == date(2027, 1, 4)
