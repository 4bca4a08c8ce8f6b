"""Opens offices for the tests of payments."""

from collections.abc import Callable, Iterator

import pytest

from services.payments.app import service
from shared.service_kit.testing import Services
from tests.payments.office import PROGRAMMES, TODAY, Office, Producers


@pytest.fixture
def open_office(services: Services) -> Iterator[Callable[[], Office]]:
    """Opens offices, each on a database of its own."""
    opened: list[Producers] = []

    def make() -> Office:
        producers = Producers()
        opened.append(producers)
        running = services.open(service, peers=producers.urls)
        running.clock.set(today=TODAY)
        for name in PROGRAMMES:
            running.runtime.clients._tokens._kept[name] = ("a token of this service", float("inf"))
        return Office(running, producers)

    yield make
    for producers in opened:
        producers.close()


@pytest.fixture
def office(open_office: Callable[[], Office]) -> Office:
    """One office."""
    return open_office()
