"""A month that people took back in the middle is gone on with: what stands is kept, what was withdrawn is done anew."""

from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import pytest

from infra.one_machine.processes.stack import Stack
from infra.one_machine.staff.acts import ACCOUNTANT, CASEWORKER, Acts
from infra.one_machine.staff.month import determine, load, pay_month
from infra.one_machine.staff.staff_session import Answer, StaffSession
from infra.one_machine.ward.ward_input import WardInput
from tests.faults.months import Telling, office_of, small_ward
from tests.service_kit.processes.toy_processes import until

pytestmark = pytest.mark.stack
MONTH = "2026-12"


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> WardInput:
    return small_ward(tmp_path_factory.mktemp("few"), households=30)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with office_of(tmp_path_factory.mktemp("office")) as stack:
        yield stack


def withdraw(stack: Stack, staff: str, path: str, **fields: str) -> None:
    with closing(StaffSession(stack.office, staff)) as session:
        session.act(path, str(uuid4()), fields)


def states(acts: Acts, opened: dict[str, Answer]) -> set[str]:
    return {str(one["state"]) for one in acts.determinations(opened).values()}


def test_a_month_of_which_acts_and_run_were_withdrawn_is_determined_and_paid_by_new_ones(
    stack: Stack, few: WardInput
) -> None:
    with closing(Acts(stack.office, MONTH)) as acts:
        load(acts, stack.office, few, Telling())
        first = acts.propose_determinations("monthly")
        until(lambda: states(acts, first) == {"proposed"}, 30)
        ids = {f"{service}_id": one["collective_id"] for service, one in first.items()}
        withdraw(stack, CASEWORKER, f"/months/{MONTH}/determinations/withdrawal", reason="mistake", **ids)
        half = acts.propose_determinations("monthly")
        assert half["case_management"]["collective_id"] != first["case_management"]["collective_id"]
        until(lambda: states(acts, half) == {"proposed"}, 30)
        one = {"case_management_id": half["case_management"]["collective_id"]}
        withdraw(stack, CASEWORKER, f"/months/{MONTH}/determinations/withdrawal", reason="mistake", **one)
        determine(acts, 51, Telling())
        kept = acts.propose_determinations("monthly")["support_benefits"]
        assert kept["collective_id"] == half["support_benefits"]["collective_id"], "the other law's proposal stood"

        run = acts.open_run()
        until(lambda: acts.run(run["run_id"])["state"] == "proposed", 30)
        withdraw(stack, ACCOUNTANT, f"/runs/{run['run_id']}/withdrawal")
    paid = pay_month(stack.office, few, MONTH, Telling())
    assert (paid["state"], paid["run_id"] != run["run_id"]) == ("files_made", True)
    assert pay_month(stack.office, few, MONTH, Telling())["run_id"] == paid["run_id"]
