"""The order of the tests, and what each costs.

What starts an office or containers comes first, so that no core waits for it at the end. Beside each test stands in
the report what it cost in CPU seconds, which `./kurashi test` adds up by folder and compares with `tests/budgets.toml`.
"""

import os
from collections.abc import Generator

import pytest

from tests.faults.length import register_lengths

register_lengths()
FIRST = ("containers", "stack", "broker")
CPU = "cpu_seconds"
_begun: dict[str, float] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; each file stays whole."""
    items.sort(key=lambda item: next((n for n, mark in enumerate(FIRST) if item.get_closest_marker(mark)), len(FIRST)))


def cpu_seconds() -> float:
    """CPU of this process, and of its children that have ended: PostgreSQL and the broker are not among them."""
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Begin to count before the first fixture."""
    _begun[item.nodeid] = cpu_seconds()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Write down what the test cost, its fixtures with it."""
    try:
        return (yield)
    finally:
        item.user_properties.append((CPU, round(cpu_seconds() - _begun.pop(item.nodeid), 3)))
