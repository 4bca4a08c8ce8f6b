"""The order of the tests: what starts an office or containers comes first, so that no core waits for it at the end."""

import pytest

FIRST = ("containers", "stack", "broker")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; each file stays whole."""
    items.sort(key=lambda item: next((n for n, mark in enumerate(FIRST) if item.get_closest_marker(mark)), len(FIRST)))
