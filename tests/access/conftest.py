"""The service with cases, as every test of this folder has it."""

import pytest

from shared.service_kit.testing import RunningService, Services
from tests.access.cases import make_service


@pytest.fixture
def running(services: Services) -> RunningService:
    return services.open(make_service())
