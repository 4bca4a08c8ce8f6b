"""An import of any size: what the web process holds of it, and that a request is read once."""

import gc
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.one_machine.ward import generate
from services.case_management.adapters.deciding import deciding
from services.case_management.app import service
from services.payments.app import service as payments
from services.payments.use_cases.accounts.propose_accounts import ReadAccounts, read_accounts
from shared.decisions.use_cases.imports.read_import import ReadImport, read_import
from shared.service_kit.settings import Settings
from shared.service_kit.testing import Services
from tests.decisions.ward import Office, Ward, ok, problem

MOST_BYTES = 1_000_000
"""What a web process may hold at most of each further thousand households, with the files themselves."""


@pytest.mark.slow
def test_each_thousand_households_take_less_than_a_megabyte_of_the_web_process(tmp_path: Path) -> None:
    small, large = (ward_of(tmp_path / str(size), size) for size in (1000, 3000))
    for service_read, names in (
        (lambda files: read_import(deciding, files, "2026-12"), ("households.csv", "members.csv")),
        (lambda files: read_accounts(payments.runtime(Settings(env="test")), files), ("accounts.csv", "sender.csv")),
    ):
        service_read({name: small[name] for name in names})  # what the rules and banks keep is kept once
        held = [peak(service_read, {name: ward[name] for name in names}) for ward in (small, large)]
        assert (held[1] - held[0]) / 2 < MOST_BYTES


def ward_of(directory: Path, households: int) -> dict[str, bytes]:
    generate(directory, households=households, seed=3)
    return {path.name: path.read_bytes() for path in directory.glob("*.csv")}


def peak(read: Callable[[dict[str, bytes]], ReadImport | ReadAccounts], files: dict[str, bytes]) -> int:
    gc.collect()  # else it is chance when, while it reads, what is done with is cleared away
    tracemalloc.start()
    kept = read(files)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not kept.faults
    return most + sum(map(len, files.values()))


@pytest.mark.database
def test_an_import_that_was_done_is_answered_as_then_and_not_read_again(services: Services) -> None:
    """The rules of a later month may refuse what was taken; the repetition of a request is no new import."""
    office = Office(services.open(service))
    ward = Ward().add(1)
    first = office.caseworker.post("/imports", files=ward.files(), key="one-key-of-an-import")
    ok(first, 201)
    office.running.clock.set(today=office.running.clock.today().replace(year=1999))
    again = office.caseworker.post("/imports", files=ward.files(), key="one-key-of-an-import")
    assert (again.status_code, again.content) == (201, first.content)
    other = Ward().add(2).files()
    assert problem(office.caseworker.post("/imports", files=other, key="one-key-of-an-import")) == (
        "idempotency-key-reused 409"
    )


@pytest.mark.database
def test_empty_rows_are_passed_over_and_wrong_ones_counted_to_a_thousand(services: Services) -> None:
    office = Office(services.open(service))
    files = Ward().add(1).files()
    empty = {**files, "households.csv": files["households.csv"] + b",,,,,,,,,,,\n" * 30_000}
    ok(office.caseworker.post("/imports", files=empty), 201)
    wrong = {**files, "households.csv": files["households.csv"] + b"x,,,,,,,,,,,\n" * 30_000}
    reply = office.caseworker.post("/imports", files=wrong)
    assert problem(reply) == "import-faults 422"
    assert (len(reply.json["faults"]), len(reply.content) < 200_000) == (1000, True)
    (entry,) = office.running.looks("import.refused.v1")
    assert entry["data"] == {"counts": {"form": 1000}, "more": True, "subjects": []}
