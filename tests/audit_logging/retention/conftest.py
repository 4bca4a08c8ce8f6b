"""A log of which some entries have outlived their period."""

from __future__ import annotations

import pytest

from shared.service_kit.testing import RunningService
from tests.audit_logging.retention.retention_office import (
    LATELY,
    LONG_AGO,
    ONE,
    TWO,
    take_looks,
)


@pytest.fixture
def office(log: RunningService) -> RunningService:
    """Index 0 to 2 of six years ago, 3 and 4 of four years ago; 5 and 6 are facts of six years ago."""
    take_looks(log, LONG_AGO, [ONE, TWO, ONE])
    take_looks(log, LATELY, [ONE, TWO])
    take_looks(log, LONG_AGO, [ONE, TWO], "facts")
    return log
