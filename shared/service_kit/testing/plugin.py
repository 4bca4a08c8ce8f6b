"""The pytest plugin: services on a real PostgreSQL, and a broker that one test has at a time."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection

from shared.service_kit.catalog import Catalog
from shared.service_kit.processes.relay import queue_for
from shared.service_kit.testing.services import Services

ADMIN_URL = "KURASHI_TEST_DATABASE_URL"
BROKER_URL = "KURASHI_TEST_BROKER_URL"
CATALOG = Path(__file__).parents[3] / "catalog.toml"


@pytest.fixture(scope="session")
def admin_url() -> str:
    """A superuser's URL of the PostgreSQL that the tests may use."""
    url = os.environ.get(ADMIN_URL)
    if not url:
        pytest.fail(f"{ADMIN_URL} names no PostgreSQL; run the tests with ./kurashi test, which starts one")
    return url


@pytest.fixture
def broker_url() -> Iterator[str]:
    """A broker that the tests may use, one test of all processes at a time: its queues are the same for all."""
    url = os.environ.get(BROKER_URL)
    if not url:
        pytest.fail(f"{BROKER_URL} names no broker; run the tests with ./kurashi test, which starts one")
    name = f"kurashi-test-broker-{hashlib.sha256(url.encode()).hexdigest()[:16]}.lock"
    with (Path(tempfile.gettempdir()) / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _delete_queues(url)
        yield url


def _delete_queues(url: str) -> None:
    """What another test, or a process that it started, left in the queues of the subscriptions is nobody's.

    Declared first: in Redis kombu deletes no queue that this process has not declared.
    """
    with Connection(url) as broker:
        for name, service in Catalog.load(CATALOG).services.items():
            for subscription in service["subscriptions"]:
                queue = queue_for(name, *subscription.split("."))(broker.default_channel)
                queue.declare()
                queue.purge()
                queue.delete()


@pytest.fixture(scope="session")
def _all_services(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = Services(admin_url, tmp_path_factory.mktemp("services"))
    yield services
    services.close()


@pytest.fixture
def services(_all_services: Services) -> Iterator[Services]:
    """Opens services for this test."""
    with _all_services.for_a_while() as services:
        yield services


@pytest.fixture(scope="module")
def services_of_file(_all_services: Services) -> Iterator[Services]:
    """Opens services for all tests of a file: none may ask what another could have left or taken away."""
    with _all_services.for_a_while() as services:
        yield services
