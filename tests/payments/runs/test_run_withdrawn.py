"""A run that nobody has approved is taken back: its orders are owed again, and the month may be opened anew."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from services.payments.use_cases.runs.order_chunk import order_chunk
from services.payments.worker import cut_off_runs
from shared.service_kit.jobs.chunks import Chunk
from tests.payments.office import MONTH, Office
from tests.payments.runs.test_runs_at_once import wait_until_somebody_waits
from tests.payments.runs.test_stuck_runs import no_run_of, operator

pytestmark = pytest.mark.database
PA = "public_assistance"


def test_what_a_withdrawn_run_ordered_is_owed_and_paid_by_the_next_regular_run(office: Office) -> None:
    office.register(("00000001", PA))
    office.grant("00000001", livelihood=70_000, housing=50_000)
    run = office.proposed()
    withdrawn = office.withdraw(run)
    assert (withdrawn["state"], withdrawn["withdrawn_by"]) == ("withdrawn", "person:demo-accountant")
    assert office.due("00000001") == (70_000, 0, 0, 0)
    assert office.figures()["ordered_yen"] == 0
    (told,) = office.running.facts("run.withdrawn.v1")
    assert (told["data"]["count"], told["data"]["yen"]) == (2, 120_000)
    paid = office.pay()
    assert (paid["number"], paid["yen"], paid["state"]) == (2, 120_000, "files_made")
    assert office.figures()["ledger_yen"] == office.figures()["entitled_yen"] == 120_000


def test_an_opened_run_that_still_waits_is_withdrawn_and_never_cut_off(office: Office) -> None:
    office.producers.positions["case_management"] += 1
    run_id = office.open_run()
    office.withdraw({"run_id": run_id})
    office.running.deliver("case_management", [office.determined("00000001", {"livelihood": 50_000})])
    office.running.run_tasks()
    assert (office.run(run_id)["state"], office.due("00000001")) == ("withdrawn", (50_000, 0, 0, 0))


def test_a_run_of_which_a_piece_is_parked_is_withdrawn_with_it(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    with no_run_of(office, MONTH, "ordering"):
        run_id = office.open_run()
        office.running.run_tasks()
    assert office.run(run_id)["parked_chunks"] == 1
    assert office.withdraw({"run_id": run_id})["parked_chunks"] == 0
    assert operator(office).get("/parked").json["items"] == []
    assert office.pay()["yen"] == 70_000


def test_a_chunk_under_way_is_waited_for_and_its_orders_are_given_up_too(office: Office) -> None:
    office.tell(*(office.determined(f"{case:08}", {"livelihood": 70_000}) for case in range(1, 41)))
    run_id = office.open_run()
    cut_off_runs(office.running.runtime)
    chunk = Chunk("order", run_id, 0, {"first": "00000001", "last": "00000040"}, "", "", "")
    with ThreadPoolExecutor(1) as pool:
        with office.running.work(actor="service:payments") as unit:
            unit.connection.exec_driver_sql("SELECT 1 FROM chunks WHERE job = 'order' FOR UPDATE")
            order_chunk(unit, chunk)
            withdrawing = pool.submit(office.withdraw, {"run_id": run_id})
            wait_until_somebody_waits(office)
        withdrawing.result(timeout=30)
    office.running.run_tasks()
    assert office.run(run_id)["state"] == "withdrawn"
    assert office.running.execute("SELECT count(*) FROM due WHERE ordered <> 0")[0][0] == 0
    assert office.pay()["yen"] == 40 * 70_000


def test_a_chunk_under_way_still_makes_its_orders_while_it_is_waited_for(office: Office) -> None:
    office.tell(*(office.determined(f"{case:08}", {"livelihood": 70_000}) for case in range(1, 41)))
    run_id = office.open_run()
    cut_off_runs(office.running.runtime)
    chunk = Chunk("order", run_id, 0, {"first": "00000001", "last": "00000040"}, "", "", "")
    with ThreadPoolExecutor(1) as pool:
        with office.running.work(actor="service:payments") as unit:
            unit.connection.exec_driver_sql("SELECT 1 FROM chunks WHERE job = 'order' FOR UPDATE")
            withdrawing = pool.submit(office.withdraw, {"run_id": run_id})
            wait_until_somebody_waits(office)
            order_chunk(unit, chunk)
        assert withdrawing.result(timeout=30)["state"] == "withdrawn"
    (told,) = office.running.facts("run.withdrawn.v1")
    assert told["data"]["count"] == 40, "its orders were given up too"
    assert office.running.execute("SELECT count(*) FROM due WHERE ordered <> 0")[0][0] == 0


def test_what_is_approved_is_not_withdrawn_and_nobody_else_may(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run = office.proposed()
    path = f"/runs/{run['run_id']}/withdrawal"
    assert office.head.post(path).status_code == 403
    assert office.treasurer.post(path).status_code == 403
    office.approve(run)
    answer = office.accountant.post(path)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/wrong-state")


def test_a_withdrawn_run_is_approved_by_nobody_and_withdrawn_once(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run = office.proposed()
    office.withdraw(run)
    answer = office.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/wrong-state")
    assert office.accountant.post(f"/runs/{run['run_id']}/withdrawal").status_code == 409
    assert office.due("00000001") == (70_000, 0, 0, 0)


def test_a_fall_after_the_withdrawal_withdraws_nothing_twice(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.withdraw(office.proposed())
    office.grant("00000001", livelihood=40_000)
    assert office.due("00000001") == (40_000, 0, 0, 0)
    assert office.pay()["yen"] == 40_000


def pass_the_payment_date(office: Office, run: dict[str, Any]) -> None:
    office.running.clock.set(today=date.fromisoformat(run["payment_date"]) + timedelta(days=1))


def test_an_approved_run_whose_payment_date_has_passed_is_accepted_by_nobody_and_paid_by_the_next(
    office: Office,
) -> None:
    office.register(("00000001", PA))
    office.grant("00000001", livelihood=70_000)
    run = office.approve(office.proposed())
    assert (run["overdue"], office.figures()["overdue_runs"]) == (False, 0)
    pass_the_payment_date(office, run)
    answer = office.treasurer.post(f"/runs/{run['run_id']}/acceptance", json={"sha256": run["sha256"]})
    assert (answer.status_code, answer.json["field"]) == (409, "payment_date"), "a file has no year"
    assert "取り下げて" in answer.json["detail"]
    assert (office.run(run["run_id"])["overdue"], office.figures()["overdue_runs"]) == (True, 1)
    withdrawn = office.withdraw(run)
    assert (withdrawn["state"], withdrawn["approver"]) == ("withdrawn", "person:demo-head-of-accounting")
    assert (withdrawn["overdue"], office.figures()["overdue_runs"]) == (False, 0)
    assert office.due("00000001") == (70_000, 0, 0, 0)
    assert office.running.execute("SELECT DISTINCT state FROM transfers") == [("withdrawn",)]
    assert office.running.execute("SELECT count(*) FROM transfer_orders WHERE live")[0][0] == 0
    (told,) = office.running.facts("run.withdrawn.v1")
    assert (told["data"]["count"], told["data"]["yen"], told["actor"]) == (1, 70_000, "person:demo-accountant")
    paid = office.pay()
    assert (paid["number"], paid["yen"]) == (2, 70_000)
    assert paid["payment_date"] > run["payment_date"]
    assert office.figures()["ledger_yen"] == office.figures()["in_file_yen"] == 70_000


def test_what_is_accepted_is_not_withdrawn_once_its_payment_date_has_passed(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run = office.pay()
    pass_the_payment_date(office, run)
    answer = office.accountant.post(f"/runs/{run['run_id']}/withdrawal")
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/wrong-state")
    assert office.run(run["run_id"])["overdue"] is False


def test_no_second_extra_run_is_opened_while_one_waits_that_pays_nobody(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.pay()
    run_id = office.open_run("extra")
    another = {"month": MONTH, "run_kind": "extra"}
    assert office.accountant.post("/runs", json=another).status_code == 409, "what it pays is not known yet"
    office.running.run_tasks()
    answer = office.accountant.post("/runs", json=another)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/wrong-state")
    assert "取り下げ" in answer.json["detail"]
    office.withdraw({"run_id": run_id})
    office.grant("00000001", livelihood=80_000)
    first = office.proposed("extra")
    office.grant("00000001", livelihood=90_000)
    assert first["yen"] == 10_000
    assert office.proposed("extra")["yen"] == 10_000, "one that pays somebody keeps nobody from another"
