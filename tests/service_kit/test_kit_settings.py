"""Settings: production unless told otherwise, and nothing in it that belongs to a demo."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.service_kit.settings import Settings


def test_production_is_the_default_and_lets_nobody_set_the_day() -> None:
    assert Settings().env == "production"
    with pytest.raises(ValidationError, match="KURASHI_TODAY"):
        Settings(today=date(2026, 11, 24))
    with pytest.raises(ValidationError, match="KURASHI_CLOCK_SKEW_FILE"):
        Settings(clock_skew_file=Path("skew"))
    assert Settings(env="demo", today=date(2026, 11, 24)).today == date(2026, 11, 24)
