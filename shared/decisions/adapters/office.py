"""The office's own settings of deciding, from ``KURASHI_DECISIONS_*``."""

from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.decisions.domain.law import Ages


class DecidingSettings(BaseSettings):
    """How this office decides where the law leaves it a choice.

    ages: who goes on receiving grows older on 1 April, or on the first day of each month (``monthly``).
    """

    model_config = SettingsConfigDict(env_prefix="KURASHI_DECISIONS_", extra="ignore", frozen=True)

    ages: Ages = "yearly"
