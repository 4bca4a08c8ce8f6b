"""Two at once on a run, its accounts or its file: the second waits for the first, and nothing is done twice."""

import stat
from pathlib import Path
from uuid import UUID

import pytest

from services.payments.adapters.files.file_rows import WaitingFile, take_file
from services.payments.adapters.runs.run_rows import locked_run
from services.payments.domain.run import STATES
from services.payments.use_cases.files.hand_over_file import complete_run
from services.payments.use_cases.runs.cut_off_run import cut_off_run
from shared.service_kit.testing.at_once import at_once
from tests.payments.office import Office

pytestmark = pytest.mark.database
PA = "public_assistance"


def hand_in(office: Office, case_no: str) -> tuple[str, str]:
    """An import of one account that waits: its path of approval, and its hash."""
    answer = office.accountant.post("/imports", files=office.accounts((case_no, PA)))
    assert answer.status_code == 201, answer.content
    return f"/imports/{answer.json['import_id']}/approval", answer.json["sha256"]


def approve(office: Office, waiting: tuple[str, str]) -> int:
    path, sha256 = waiting
    return office.head.post(path, json={"sha256": sha256}).status_code


def lock(office: Office, run_id: str) -> None:
    with office.running.work() as work:
        locked_run(work, UUID(run_id), *STATES)


def test_a_run_is_in_the_hands_of_one_at_a_time(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run_id = office.open_run()
    assert at_once(office.running.runtime.engine, lambda: lock(office, run_id), lambda: lock(office, run_id)).waited


def test_accounts_are_approved_one_import_after_the_other(office: Office) -> None:
    first, second = hand_in(office, "00000001"), hand_in(office, "00000002")
    became = at_once(office.running.runtime.engine, lambda: approve(office, first), lambda: approve(office, second))
    assert (became.first, became.second, became.waited) == (200, 200, True)
    assert len(office.running.facts("import.approved.v1")) == 2, "each approval is published"
    rows = office.running.execute("SELECT version FROM account_imports ORDER BY version")
    assert [row.version for row in rows] == [1, 2]


def test_a_run_that_is_being_ordered_waits_while_accounts_are_approved(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run_id = office.open_run()
    office.running.execute("UPDATE runs SET state = 'ordering'")
    waiting = hand_in(office, "00000001")
    assert at_once(office.running.runtime.engine, lambda: approve(office, waiting), lambda: lock(office, run_id)).waited


def test_a_run_waits_while_its_orders_are_withdrawn(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run_id = str(office.proposed()["run_id"])
    fall = office.determined("00000001", {"livelihood": 60_000})
    assert at_once(office.running.runtime.engine, lambda: office.tell(fall), lambda: lock(office, run_id)).waited


def test_a_run_is_cut_off_before_a_determination_that_comes_meanwhile_or_after_it(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run_id = UUID(office.open_run())
    fall = office.determined("00000001", {"livelihood": 60_000})

    def cut_off() -> None:
        with office.running.work() as work:
            cut_off_run(work, run_id)

    assert at_once(office.running.runtime.engine, lambda: office.tell(fall), cut_off).waited
    (frozen,) = office.running.facts("run.cut_off.v1")
    assert frozen["data"]["yen"] == 60_000


def test_a_run_is_cut_off_once_however_often_it_is_asked(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run_id = UUID(office.open_run())
    for _ in range(2):
        with office.running.work() as work:
            cut_off_run(work, run_id)
    assert len(office.running.facts("run.cut_off.v1")) == 1


def test_a_run_is_posted_once_however_often_it_is_completed(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.register(("00000001", PA))
    run_id = UUID(office.pay()["run_id"])
    posted = office.running.execute("SELECT posting_id FROM postings ORDER BY posting_id")
    with office.running.work() as work:
        complete_run(work, run_id)
    assert office.running.execute("SELECT posting_id FROM postings ORDER BY posting_id") == posted
    assert len(office.running.facts("run.completed.v1")) == 1


def test_a_file_is_handed_over_by_one_worker_and_read_by_its_owner_alone(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.register(("00000001", PA))
    (file,) = office.pay()["files"]
    assert stat.S_IMODE(Path(file["path"]).stat().st_mode) == 0o600
    named = WaitingFile(UUID(int=1), PA, "", "")
    with office.running.work() as one, office.running.work() as other:
        assert take_file(one, named)
        assert not take_file(other, named)


def test_what_a_claim_took_over_is_owed_again_and_ordered(office: Office) -> None:
    office.grant("00000001", livelihood=100_000)
    office.pay()
    office.running.execute("UPDATE due SET claimed = 30000")
    assert office.proposed("extra")["yen"] == 30_000
