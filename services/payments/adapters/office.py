"""The office's own settings of paying, from ``KURASHI_PAYMENT_*``."""

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

    def calendar(self) -> PaymentCalendar:
        """The calendar with the national holidays."""
        return PaymentCalendar(
            holidays=jpholiday.is_holiday,
            day=self.day,
            january_day=self.january_day,
            lead=self.lead,
        )
