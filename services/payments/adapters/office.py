"""The office's own settings of paying, from ``KURASHI_PAYMENT_*``."""

from datetime import date
from pathlib import Path

import jpholiday
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.payments.domain.payment_day import PaymentCalendar


class OfficeSettings(BaseSettings):
    """When the office pays: day of the month, day of December for January, bank days a file needs beforehand."""

    model_config = SettingsConfigDict(env_prefix="KURASHI_PAYMENT_", extra="ignore", frozen=True)

    day: int = Field(3, ge=1, le=28)
    january_day: int | None = Field(None, ge=1, le=31)
    lead: int = Field(2, ge=1, le=10)
    bank_changes: Path | None = None
    """Banks and branches that closed or opened, beside those of the package (``banks.py``); read once a process."""
    closed_days: frozenset[date] = frozenset()
    """Days on which the bank is closed beside those of the calendar, as a JSON list."""

    def calendar(self) -> PaymentCalendar:
        """The calendar with the national holidays."""
        return PaymentCalendar(
            holidays=lambda day: day in self.closed_days or jpholiday.is_holiday(day),
            day=self.day,
            january_day=self.january_day,
            lead=self.lead,
        )
