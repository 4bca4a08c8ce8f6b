"""One undisturbed office a session, with which every disturbed one is compared."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.one_machine.processes.stack import Stack
from infra.one_machine.ward.ward_input import WardInput
from tests.faults.months import MONTHS, Outcome, office_of, paid, small_ward


@pytest.fixture(scope="session")
def ward(tmp_path_factory: pytest.TempPathFactory) -> WardInput:
    return small_ward(tmp_path_factory.mktemp("ward"))


@pytest.fixture(scope="session")
def reference_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reference")


@pytest.fixture(scope="session")
def reference(reference_folder: Path, ward: WardInput) -> dict[str, Outcome]:
    with office_of(reference_folder) as stack:
        return {month: paid(stack, ward, month) for month in MONTHS}


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with office_of(tmp_path_factory.mktemp("disturbed")) as stack:
        yield stack
