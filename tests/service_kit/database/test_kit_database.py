"""What every connection of a service has set, whoever opened it."""

import pytest

from shared.service_kit.testing import Services
from tests.service_kit.toy.app import service

pytestmark = [pytest.mark.database, pytest.mark.dialect]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "5min"),
        ("lock_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("TimeZone", "UTC"),
    ],
)
def test_nothing_of_a_service_works_or_waits_without_end(services: Services, setting: str, value: str) -> None:
    assert services.open(service).execute(f"SHOW {setting}")[0][0] == value
