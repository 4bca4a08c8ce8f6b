"""An undisturbed office, with which every disturbed one is compared, for as many months as a file needs."""

from collections.abc import Iterator

import pytest

from infra.one_machine.processes.stack import Stack
from infra.one_machine.ward.ward_input import WardInput
from tests.faults.campaign import HOUSEHOLDS
from tests.faults.months import Outcome, office_of, paid, small_ward


@pytest.fixture(scope="session")
def ward(tmp_path_factory: pytest.TempPathFactory) -> WardInput:
    return small_ward(tmp_path_factory.mktemp("ward"), HOUSEHOLDS)


@pytest.fixture(scope="module")
def reference(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, ward: WardInput
) -> dict[str, Outcome]:
    """What the months of the file, `PAID`, come to where nothing happens."""
    with office_of(tmp_path_factory.mktemp("reference")) as stack:
        return {month: paid(stack, ward, month) for month in request.module.PAID}


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with office_of(tmp_path_factory.mktemp("disturbed")) as stack:
        yield stack
