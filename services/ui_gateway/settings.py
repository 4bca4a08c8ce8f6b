"""The gateway's own settings, from ``KURASHI_*`` beside those of the kit."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class GatewaySettings(BaseSettings):
    """How long a session lives."""

    model_config = SettingsConfigDict(env_prefix="KURASHI_", extra="ignore", frozen=True)

    session_idle_minutes: int = Field(30, ge=5, le=240)
    session_hours: int = Field(8, ge=1, le=12)

    @property
    def idle(self) -> timedelta:
        """A session ends after so long without a request."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def longest(self) -> timedelta:
        """A session ends so long after its login, whatever was done."""
        return timedelta(hours=self.session_hours)
