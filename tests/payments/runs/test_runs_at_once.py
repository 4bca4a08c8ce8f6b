"""Two runs at once, and faults in the middle: never more than entitled, nobody twice, nobody forgotten."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from services.payments.use_cases.runs.order_chunk import order_chunk
from services.payments.worker import cut_off_runs, order_chunks
from shared.service_kit.jobs.chunks import Chunk
from shared.service_kit.unit_of_work import UnitOfWork
from tests.payments.office import Office

pytestmark = [pytest.mark.database, pytest.mark.dialect]
PA = "public_assistance"
CASES = [f"{number:08}" for number in range(1, 61)]


def grant_all(office: Office, yen: int) -> None:
    office.tell(*(office.determined(case_no, {"livelihood": yen, "housing": 1_000}) for case_no in CASES))


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Start all at one moment, each in a thread of its own; gives what went wrong."""
    gate = threading.Barrier(len(works))

    def begin(work: Callable[[], object]) -> BaseException | None:
        gate.wait()
        try:
            work()
        except Exception as error:
            return error
        return None

    with ThreadPoolExecutor(len(works)) as pool:
        return [error for error in pool.map(begin, works) if error]


def order_all(unit: UnitOfWork, run_id: str) -> None:
    order_chunk(unit, Chunk("order", run_id, 0, {"first": CASES[0], "last": CASES[-1]}, "", "", ""))


def wait_until_somebody_waits(office: Office) -> None:
    """Until a session of this service's database waits for the lock of another."""
    for _ in range(200):
        found = office.running.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        if found[0][0]:
            return
        time.sleep(0.05)
    raise AssertionError("nobody waits: the two are not at once")


@pytest.mark.parametrize("first", ["regular", "extra"])
def test_a_regular_and_an_extra_run_at_once_order_what_is_entitled_and_no_more(office: Office, first: str) -> None:
    grant_all(office, 100_000)
    runs = {"regular": office.open_run()}
    cut_off_runs(office.running.runtime)
    grant_all(office, 120_000)
    runs["extra"] = office.open_run("extra")
    cut_off_runs(office.running.runtime)
    (second,) = set(runs) - {first}

    def follow() -> None:
        with office.running.work(actor="service:payments") as unit:
            order_all(unit, runs[second])

    with ThreadPoolExecutor(1) as pool:
        with office.running.work(actor="service:payments") as unit:
            order_all(unit, runs[first])
            following = pool.submit(follow)
            wait_until_somebody_waits(office)
        following.result(timeout=30)
    rows = office.running.execute("SELECT case_no, kind, sum(yen) AS yen FROM orders GROUP BY 1, 2")
    assert {(row.case_no, row.kind): row.yen for row in rows} == {
        (case_no, kind): yen for case_no in CASES for kind, yen in (("livelihood", 120_000), ("housing", 1_000))
    }
    assert office.running.execute("SELECT count(*) FROM due WHERE ordered <> entitled")[0][0] == 0


def test_a_fall_while_a_run_orders_takes_back_what_it_ordered(office: Office) -> None:
    grant_all(office, 100_000)
    run_id = office.open_run()
    cut_off_runs(office.running.runtime)
    with ThreadPoolExecutor(1) as pool:
        with office.running.work(actor="service:payments") as unit:
            order_all(unit, run_id)
            falling = pool.submit(grant_all, office, 40_000)
            wait_until_somebody_waits(office)
        falling.result(timeout=30)
    assert office.figures()["ordered_yen"] == len(CASES) * 41_000
    assert office.running.execute("SELECT count(*) FROM due WHERE ordered <> entitled")[0][0] == 0


def test_orders_while_entitlements_move_never_pass_them(office: Office) -> None:
    grant_all(office, 100_000)
    office.open_run()
    office.open_run("extra")

    def move() -> None:
        for yen in (80_000, 130_000, 60_000, 90_000):
            grant_all(office, yen)

    def order() -> None:
        for _ in range(4):
            cut_off_runs(office.running.runtime)
            order_chunks(office.running.runtime)

    problems = at_once(move, order, order)
    assert [error for error in problems if "Deadlock" not in repr(error)] == []
    office.running.run_tasks()
    figures = office.figures()
    assert (figures["over_ordered"], figures["double_live_transfers"]) == (0, 0)
    entitled = office.running.execute("SELECT sum(entitled) FROM due")[0][0]
    assert entitled == len(CASES) * 91_000
    assert figures["ordered_yen"] <= entitled
    for (run_id,) in office.running.execute("SELECT run_id FROM runs WHERE state = 'proposed' AND orders = 0"):
        office.withdraw({"run_id": run_id})
    last = office.pay("extra")
    assert office.figures()["ordered_yen"] == entitled, "what the first runs left the next one pays"
    assert last["state"] == "files_made"


def test_two_workers_share_the_chunks_and_order_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.payments.use_cases.runs.cut_off_run.CASES_A_CHUNK", 7)
    grant_all(office, 100_000)
    run_id = office.open_run()
    cut_off_runs(office.running.runtime)
    runtime = office.running.runtime
    assert at_once(lambda: order_chunks(runtime), lambda: order_chunks(runtime), lambda: order_chunks(runtime)) == []
    office.running.run_tasks()
    run = office.run(run_id)
    assert (run["state"], run["orders"], run["yen"]) == ("proposed", 120, 60 * 101_000)
    assert sorted(fact["data"]["chunk"] for fact in office.running.facts("orders.made.v1")) == list(range(9))


def test_two_approvals_at_once_make_one_set_of_transfers(office: Office) -> None:
    grant_all(office, 100_000)
    run = office.proposed()
    assert (
        at_once(*[lambda: office.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})] * 3)
        == []
    )
    figures = office.figures()
    assert (figures["transfers"], figures["double_live_transfers"]) == (60, 0)
    assert figures["cash_desk_yen"] == run["yen"]


def test_an_order_has_one_live_transfer_whatever_anybody_writes(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.approve(office.proposed())
    with pytest.raises(Exception, match="transfer_orders_one_live"), office.running.work() as work:
        work.connection.execute(
            text(
                "WITH again AS (INSERT INTO transfers SELECT gen_random_uuid(), run_id, case_no, programme, channel, "
                "account_id, yen, state FROM transfers RETURNING transfer_id) INSERT INTO transfer_orders "
                "SELECT again.transfer_id, order_id, yen, true FROM again, transfer_orders",
            ),
        )


def accepted(office: Office) -> dict[str, object]:
    office.register(("00000001", PA))
    office.grant("00000001", livelihood=70_000)
    run = office.approve(office.proposed())
    office.treasurer.post(f"/runs/{run['run_id']}/acceptance", json={"sha256": run["sha256"]})
    return run


def test_tasks_that_come_again_and_again_pay_once(office: Office) -> None:
    run = accepted(office)
    for _ in range(3):
        office.running.run_tasks()
    assert office.run(str(run["run_id"]))["state"] == "files_made"
    postings = office.running.execute("SELECT debit, credit, yen FROM postings ORDER BY posting_id")
    assert [tuple(row) for row in postings] == [
        (f"benefit:{PA}:livelihood", f"payable:{PA}", 70_000),
        (f"payable:{PA}", "bank:designated", 70_000),
    ]
