"""A month is paid: from the determinations to the files and the ledger."""

from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from services.payments.domain.bank_file_inspector import inspect
from tests.payments.office import MONTH, Office

pytestmark = [pytest.mark.database, pytest.mark.dialect]
PA, SB = "public_assistance", "support_benefit"


def ward(office: Office) -> None:
    office.register(("00000001", PA), ("00000002", PA), ("00000021", SB))
    office.tell(
        office.determined("00000001", {"livelihood": 77_240, "housing": 53_700, "medical": 40_000}),
        office.determined("00000002", {"livelihood": 76_880}),
        office.determined("00000003", {"livelihood": 71_900}),
    )
    office.grant("00000021", "support_benefits", livelihood=80_000)


def test_the_month_is_paid_and_every_total_agrees(office: Office) -> None:
    ward(office)
    run = office.pay()
    assert run["state"] == "files_made"
    assert run["payment_date"] == "2026-12-03"
    figures = office.figures()
    assert figures["ordered_yen"] == run["yen"] == 77_240 + 53_700 + 76_880 + 71_900 + 80_000
    assert figures["entitled_yen"] == figures["ordered_yen"] + figures["held_yen"]
    assert figures["ledger_yen"] == figures["ordered_yen"]
    assert figures["ordered_yen"] == figures["file_yen"] + figures["cash_desk_yen"]
    assert figures["cash_desk_yen"] == 71_900, "who has no account is paid at the desk"
    assert (figures["over_ordered"], figures["double_live_transfers"]) == (0, 0)
    assert (figures["cases"], figures["months"]) == (4, ["2026-12"])


def test_opening_and_acceptance_wake_the_worker_and_wait_for_no_schedule(office: Office) -> None:
    ward(office)
    sent = office.running.runtime.sent
    run_id = office.open_run()
    assert [task for task, _ in sent] == ["payments.cut_off_runs"]
    office.running.run_tasks()
    run = office.approve(office.run(run_id))
    answer = office.treasurer.post(f"/runs/{run_id}/acceptance", json={"sha256": run["sha256"]})
    assert (answer.status_code, [task for task, _ in sent]) == (200, ["payments.make_files"])


def test_each_programme_has_its_own_file_in_the_folder(office: Office) -> None:
    ward(office)
    run = office.pay()
    assert [(file["programme"], file["records"], file["yen"]) for file in run["files"]] == [
        (PA, 2, 77_240 + 53_700 + 76_880),
        (SB, 1, 80_000),
    ]
    for file in run["files"]:
        found = inspect(Path(file["path"]).read_bytes())
        assert found.errors == []
        assert (found.records, found.yen, found.sha256) == (file["records"], file["yen"], file["sha256"])
        assert found.month_day == "1203"


def test_a_file_issued_again_is_the_same_file(office: Office) -> None:
    ward(office)
    run = office.pay()
    path = f"/runs/{run['run_id']}/files/{PA}"
    first, second = office.treasurer.get(path), office.treasurer.get(path)
    assert first.content == second.content == Path(run["files"][0]["path"]).read_bytes()
    assert office.accountant.get(path).status_code == 403
    assert len([look for look in office.running.looks("look.v1") if look["data"]["what"] == "bank_file"]) == 2


def test_the_sender_of_a_file_says_demo_outside_production(office: Office) -> None:
    ward(office)
    run = office.pay()
    assert Path(run["files"][0]["path"]).read_bytes()[14:54].decode("shift_jis").startswith("DEMO ")


def test_the_acts_of_a_run_are_told(office: Office) -> None:
    ward(office)
    run = office.pay()
    told = [fact["type"] for fact in office.running.facts() if fact["subject"] == f"run:{run['run_id']}"]
    assert told == [
        "run.opened.v1",
        "run.cut_off.v1",
        "orders.made.v1",
        "run.proposed.v1",
        "run.approved.v1",
        "disbursement.accepted.v1",
        "file.made.v1",
        "file.made.v1",
        "run.completed.v1",
    ]
    assert run["trace_id"].strip("0")


def test_a_month_has_one_regular_run(office: Office) -> None:
    ward(office)
    office.open_run()
    again = office.accountant.post("/runs", json={"month": "2026-12", "run_kind": "regular"})
    assert (again.status_code, again.json["field"]) == (409, "month")


def test_a_month_in_other_digits_is_no_second_month(office: Office) -> None:
    for month in ("２０２６-12", "2026-１２", "2026-12\n"):
        answer = office.accountant.post("/runs", json={"month": month})
        assert (answer.status_code, answer.json.get("field")) == (422, "month")


def test_what_rises_after_the_cut_off_waits_for_the_extra_run(office: Office) -> None:
    ward(office)
    regular = office.proposed()
    office.grant("00000002", livelihood=80_000)
    assert office.run(regular["run_id"])["later"] == 1
    office.accept(office.approve(regular))
    extra = office.pay("extra")
    assert (extra["yen"], extra["orders"]) == (80_000 - 76_880, 1)
    assert office.due("00000002") == (80_000, 80_000, 0, 0)


def test_a_run_waits_until_all_that_was_told_is_read(office: Office) -> None:
    ward(office)
    office.producers.positions["case_management"] += 1
    run_id = office.open_run()
    office.running.run_tasks()
    assert office.run(run_id)["state"] == "opened"
    office.running.deliver("case_management", [office.determined("00000004", {"livelihood": 50_000})])
    office.running.run_tasks()
    assert office.run(run_id)["state"] == "proposed"
    assert office.due("00000004") == (50_000, 50_000, 0, 0)


def test_the_same_ward_makes_the_same_bytes(open_office) -> None:  # type: ignore[no-untyped-def]
    hashes = []
    for _ in range(2):
        office = open_office()
        ward(office)
        hashes.append([file["sha256"] for file in office.pay()["files"]])
    assert hashes[0] == hashes[1]


def test_a_number_that_nobody_decided_is_asked_for_as_any_other(office: Office) -> None:
    ward(office)
    head = office.person("demo-head", "head")
    assert head.get("/cases/00000009/payments").status_code == 422, "a purpose is needed"
    answers = [head.get(f"/cases/{case_no}/payments?purpose=enquiry") for case_no in ("00000009", "00000001")]
    assert [(one.status_code, one.content) for one in answers] == [(503, answers[0].content)] * 2, "no service to ask"


def test_a_file_that_cannot_be_made_is_parked_where_a_person_sees_it(office: Office) -> None:
    ward(office)
    run = office.approve(office.proposed())
    with psycopg.connect(office.running.runtime.settings.owner_database_url) as owner:
        owner.execute("DELETE FROM run_senders")
    stuck = office.accept(run)
    assert (stuck["state"], stuck["parked_chunks"], stuck["files"]) == ("accepted", 2, [])
    assert office.figures()["ledger_yen"] == 0


def test_a_journey_goes_through_every_step_of_a_run(office: Office) -> None:
    ward(office)
    run = office.pay()
    names = [
        span["name"]
        for span in office.running.spans()
        if run["correlation"] in str(dict(span["attributes"]).get("kurashi.correlation"))
    ]
    for step in ("POST /runs", "chunk cut_off", "chunk order", "chunk propose", "chunk files", "hand over file"):
        assert step in names, step


def test_a_holders_name_is_in_no_fact_look_or_span(office: Office) -> None:
    office.register(("00000001", PA, "bank", "0001", "001", "1", "7654321", "カナリア キイロ", ""))
    office.grant("00000001", livelihood=70_000)
    run = office.pay()
    content = office.treasurer.get(f"/runs/{run['run_id']}/files/{PA}").content.decode("shift_jis")
    assert "ｶﾅﾘｱ ｷｲﾛ" in content
    told = f"{office.running.facts()}{office.running.looks()}{office.running.spans()}{run}"
    for private in ("カナリア", "ｶﾅﾘｱ", "7654321"):
        assert private not in told


def test_a_look_at_a_bank_file_names_everybody_in_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.payments.adapters.access_log.SUBJECTS_A_LOOK", 2)
    cases = [f"{number:08}" for number in range(1, 6)]
    office.register(*((case_no, PA) for case_no in cases))
    office.tell(*(office.determined(case_no, {"livelihood": 70_000}) for case_no in (*cases, "00000009")))
    run = office.pay()
    assert office.treasurer.get(f"/runs/{run['run_id']}/files/{PA}").status_code == 200
    looks = [
        look["data"]["subjects"] for look in office.running.looks("look.v1") if look["data"]["what"] == "bank_file"
    ]
    assert [len(subjects) for subjects in looks] == [3, 3, 2]
    named = {subject for subjects in looks for subject in subjects}
    assert named == {f"run:{run['run_id']}", *(f"case:{case_no}" for case_no in cases)}, (
        "who is paid in cash is not in it"
    )


def test_a_run_accepted_on_the_last_of_march_is_posted_on_it_whenever_its_file_is_made(office: Office) -> None:
    march = "2027-03"
    office.register(("00000001", PA))
    office.tell(office.determined("00000001", {"livelihood": 70_000}, month=march))
    office.running.clock.set(today=date(2027, 3, 31))
    run = office.approve(office.proposed(month=march))
    office.treasurer.post(f"/runs/{run['run_id']}/acceptance", json={"sha256": run["sha256"]})
    office.running.clock.set(today=date(2027, 4, 1))
    office.running.run_tasks()
    rows = office.running.execute("SELECT DISTINCT posted_on, fiscal_year FROM postings")
    assert [tuple(row) for row in rows] == [(date(2027, 3, 31), 2026)]


def test_what_march_is_owed_belongs_to_the_old_year_and_april_to_the_new_one(office: Office) -> None:
    office.running.clock.set(today=date(2027, 4, 5))
    for month in ("2027-03", "2027-04"):
        office.tell(office.determined("00000001", {"livelihood": 70_000}, month=month))
        office.pay("extra", month=month)
    rows = office.running.execute("SELECT DISTINCT posted_on, fiscal_year FROM postings ORDER BY 2")
    assert [tuple(row) for row in rows] == [(date(2027, 4, 5), 2026), (date(2027, 4, 5), 2027)]


@pytest.mark.parametrize("month", ["0000-01", "0001-01", "9999-12", "1873-01", "2016-10", "2027-12"])
def test_a_month_far_from_today_is_paid_by_no_run(office: Office, month: str) -> None:
    answer = office.accountant.post("/runs", json={"month": month, "run_kind": "extra"})
    assert (answer.status_code, answer.json.get("field")) == (422, "month")


def test_what_is_owed_after_the_regular_run_is_work_until_a_run_pays_it(office: Office) -> None:
    def owed() -> list[str]:
        return list(office.accountant.get("/runs").json["unpaid_months"])

    office.grant("00000001", livelihood=70_000)
    assert owed() == [MONTH]
    office.pay()
    assert owed() == []
    office.grant("00000002", livelihood=80_000)
    assert office.figures()["to_order_yen"] == 80_000
    assert owed() == [MONTH], "a case that came too late for the regular run is paid by an extra one"
    run = office.proposed("extra")
    assert owed() == []
    assert office.accept(office.approve(run))["yen"] == 80_000
    assert owed() == []


def test_a_run_whose_payment_date_has_passed_is_approved_by_nobody_and_opened_again(office: Office) -> None:
    office.register(("00000001", "public_assistance"))
    office.grant("00000001", livelihood=70_000)
    run = office.proposed()
    day = date.fromisoformat(run["payment_date"])
    office.running.clock.set(today=day + timedelta(days=1))
    answer = office.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
    assert (answer.status_code, answer.json["field"]) == (409, "payment_date"), "a file has no year"
    office.withdraw(run)
    again = office.proposed()
    assert again["payment_date"] > run["payment_date"]
    assert office.approve(again)["state"] == "approved"
