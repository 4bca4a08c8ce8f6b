"""Settings: production unless told otherwise, and nothing in it that belongs to a demo."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.service_kit.settings import Settings, missing_settings


def test_production_is_the_default_and_lets_nobody_set_the_day() -> None:
    assert Settings().env == "production"
    with pytest.raises(ValidationError, match="KURASHI_TODAY"):
        Settings(today=date(2026, 11, 24))
    with pytest.raises(ValidationError, match="KURASHI_CLOCK_SKEW_FILE"):
        Settings(clock_skew_file=Path("skew"))
    assert Settings(env="demo", today=date(2026, 11, 24)).today == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("web", ["KURASHI_DATABASE_URL", "KURASHI_ISSUER_URL"]),
        ("worker", ["KURASHI_DATABASE_URL", "KURASHI_BROKER_URL"]),
        ("migrate", ["KURASHI_OWNER_DATABASE_URL"]),
        ("openapi", []),
    ],
)
def test_a_start_names_all_settings_that_are_missing_at_once(command: str, missing: list[str]) -> None:
    assert missing_settings(Settings(env="test"), command) == missing


def test_only_what_is_missing_is_named_and_nothing_is_started() -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KURASHI_")}
    ended = subprocess.run(
        [sys.executable, "-m", "services.payments.app", "worker"],
        env={**kept, "KURASHI_ENV": "test", "KURASHI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("payments worker is not told KURASHI_BROKER_URL (in the environment")
