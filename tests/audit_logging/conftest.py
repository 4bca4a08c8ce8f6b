"""A log on a real database, and the facts that its producers would publish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.audit_logging.app import service
from shared.service_kit.testing import RunningService, Services

Fact = dict[str, Any]


@pytest.fixture
def log(services: Services) -> RunningService:
    return services.open(service)


@pytest.fixture
def make_facts(log: RunningService) -> Callable[..., list[Fact]]:
    """So many facts of a collective determination."""

    def make(count: int, first: int = 1) -> list[Fact]:
        return [
            log.fact(
                "determinations.proposed.v1",
                {"collective_id": f"c{n}", "chunk": n, "count": 50, "yen": 3_844_000, "sha256": "0" * 64},
                f"case:{n:08}",
            )
            for n in range(first, first + count)
        ]

    return make
