"""One household on one page has its newest notes and what is to be done, as the lists of both have them."""

from typing import Any

import pytest

from services.case_management.app import service
from shared.contracts.permissions import PERMISSIONS
from shared.service_kit.testing import Services
from tests.case_management.casework.caseload import CASE, POLICY, PROMISE, VISIT, Caseload
from tests.decisions.ward import ok

pytestmark = pytest.mark.database


@pytest.fixture
def load(services: Services) -> Caseload:
    return Caseload(services.open(service))


def household(load: Caseload, asked: str = "") -> dict[str, Any]:
    return ok(load.worker.get(f"/cases/{CASE}/overview?purpose=casework{asked}"))


def test_the_newest_notes_stand_there_with_the_policy_and_the_last_visit_of_all(load: Caseload) -> None:
    load.note(POLICY, held_on="2026-10-01")
    load.note(VISIT, held_on="2026-10-02")
    for day in range(10, 20):
        load.note(VISIT, contact="telephone", held_on=f"2026-11-{day}", content={"said": "面接の連絡。"})
    first = load.notes()["items"][-1]
    shown = household(load)["notes"]
    assert shown == load.notes(newest="10")
    assert first not in shown["items"]
    assert (shown["policy"], shown["count"]) == (first, 12)
    assert (shown["visited_on"], shown["unsigned"]) == ("2026-10-02", 12)


def test_a_signature_stands_beside_what_it_signs(load: Caseload) -> None:
    note = load.note()
    assert not household(load)["notes"]["items"][0]["signed"]
    body = {"entry_id": note["entry_id"], "remark": "確認済み"}
    ok(load.supervisor.post(f"/cases/{CASE}/notes/{note['no']}/signature", body))
    (shown,) = household(load)["notes"]["items"]
    assert shown["signed"]
    assert [signature["remark"] for signature in shown["signatures"]] == ["確認済み"]
    assert household(load)["notes"]["unsigned"] == 0


def test_the_most_urgent_of_what_is_to_be_done_stands_there_and_how_much_there_is(load: Caseload) -> None:
    for day in range(30, 10, -1):
        load.task(PROMISE, due_on=f"2026-12-{day}")
    done = load.task(PROMISE, due_on="2026-12-02")["no"]
    ok(load.worker.post(f"/cases/{CASE}/tasks/{done}/end", {"outcome": "done", "ended_on": "2026-12-01"}))
    shown = household(load)["tasks"]
    assert shown["items"] == load.tasks()[:10]
    assert [item["entries"][-1]["due_on"] for item in shown["items"]] == [f"2026-12-{day}" for day in range(11, 21)]
    assert shown["count"] == 21


def test_as_of_another_day_it_has_neither(load: Caseload) -> None:
    load.note()
    load.task()
    for asked in ("&month=2026-11", "&known_on=2026-12-01"):
        assert (household(load, asked)["notes"], household(load, asked)["tasks"]) == (None, None)


def test_one_answer_is_one_look_that_says_what_of_the_household_was_shown(load: Caseload) -> None:
    load.note()
    for asked, what in (("", "household"), ("&month=2026-11", "overview")):
        before = len(load.running.looks("look.v1"))
        household(load, asked)
        (look,) = [look["data"] for look in load.running.looks("look.v1")[before:]]
        assert (look["what"], look["subjects"][0]) == (what, f"case:{CASE}")


def test_who_reads_a_case_reads_its_notes_tasks_and_consents_in_the_same_scope() -> None:
    assert PERMISSIONS["case.read"] == PERMISSIONS["note.read"] == PERMISSIONS["task.read"]
    assert PERMISSIONS["case.read"] == PERMISSIONS["investigation.read"]
