"""What is to be done in a case (約束・予定): no promise is lost when the caseworker changes; declarations."""

from datetime import date

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Reply, Services, at_once
from tests.case_management.casework.caseload import CASE, DECLARATION, ELSEWHERE, PROMISE, TODAY, Caseload
from tests.decisions.ward import ok, problem

pytestmark = pytest.mark.database
PATH = f"/cases/{CASE}/tasks"
DONE = {"outcome": "done", "ended_on": "2026-12-01"}


@pytest.fixture
def load(services: Services) -> Caseload:
    return Caseload(services.open(service))


def received(load: Caseload, task_no: str, first: str, last: str) -> Reply:
    body = {"outcome": "received", "ended_on": "2026-12-01", "covers_from": first, "covers_to": last}
    return load.worker.post(f"{PATH}/{task_no}/end", body)


def test_a_declaration_that_was_received_is_due_again_by_its_rhythm(load: Caseload) -> None:
    task = load.task(DECLARATION, rhythm="monthly", content={"what": "給与明細を添える"})
    again = ok(received(load, task["no"], "2026-11-01", "2026-11-30"))["next_task_no"]
    (entry,) = next(item for item in load.tasks() if item["task_no"] == again)["entries"]
    days = [entry[name] for name in ("due_on", "covers_from", "covers_to")]
    assert days == ["2027-01-10", "2026-12-01", "2026-12-31"]
    assert (entry["rhythm"], entry["content"]["what"]) == ("monthly", "給与明細を添える")
    year = {"kind": "declaration_assets", "covers_from": "2025-04-01", "covers_to": "2026-03-31", "rhythm": "yearly"}
    assets = load.task({**DECLARATION, **year, "due_on": "2026-02-28"})
    again = ok(received(load, assets["no"], "2025-04-01", "2026-03-31"))["next_task_no"]
    (entry,) = next(item for item in load.tasks() if item["task_no"] == again)["entries"]
    assert (entry["covers_from"], entry["covers_to"], entry["due_on"]) == ("2026-04-01", "2027-03-31", "2027-02-28")


def test_a_declaration_that_is_due_at_the_end_of_a_month_is_due_at_the_end_of_each(load: Caseload) -> None:
    task, dues = load.task({**DECLARATION, "due_on": "2026-11-30"}, rhythm="monthly")["no"], []
    for first, last in (
        ("2026-11-01", "2026-11-30"),
        ("2026-12-01", "2026-12-31"),
        ("2027-01-01", "2027-01-31"),
        ("2027-02-01", "2027-02-28"),
    ):
        task = ok(received(load, task, first, last))["next_task_no"]
        (entry,) = next(item for item in load.tasks() if item["task_no"] == task)["entries"]
        dues.append((entry["due_on"], entry["covers_to"]))
    assert dues == [
        ("2026-12-31", "2026-12-31"),
        ("2027-01-31", "2027-01-31"),
        ("2027-02-28", "2027-02-28"),
        ("2027-03-31", "2027-03-31"),
    ]


def test_nothing_follows_what_is_due_once_or_is_not_needed_any_more(load: Caseload) -> None:
    once, again = load.task(DECLARATION)["no"], load.task(DECLARATION, rhythm="monthly")["no"]
    assert ok(received(load, once, "2026-11-01", "2026-11-30"))["next_task_no"] is None
    body = {"outcome": "not_needed", "ended_on": "2026-12-01", "words": "離職した"}
    assert ok(load.worker.post(f"{PATH}/{again}/end", body))["next_task_no"] is None
    assert all(task["end"] for task in load.tasks())


def test_two_clicks_begin_one_next_declaration(load: Caseload) -> None:
    task = load.task(DECLARATION, rhythm="quarterly")["no"]
    ok(received(load, task, "2026-11-01", "2026-11-30"))
    assert problem(received(load, task, "2026-11-01", "2026-11-30")) == "wrong-state 409"
    assert len(load.tasks()) == 2


def test_only_a_declaration_is_due_again_and_again(load: Caseload) -> None:
    refused = load.worker.post(PATH, {**PROMISE, "rhythm": "monthly"})
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "rhythm")


def test_one_of_them_is_read_alone_and_none_of_another_case(load: Caseload) -> None:
    task = load.task()["no"]
    load.task()
    before = len(load.running.looks("look.v1"))
    shown = ok(load.worker.get(f"{PATH}/{task}?purpose=casework"))
    assert shown == next(item for item in load.tasks() if item["task_no"] == task)
    assert load.running.looks("look.v1")[before]["data"]["what"] == "tasks"
    theirs = f"/cases/{ELSEWHERE}/tasks/{task}?purpose=casework"
    assert problem(load.elsewhere.get(theirs)) == "not-found 404"
    assert problem(load.worker.get(f"{PATH}/2026999999?purpose=casework")) == "not-found 404"


def numbers(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["task_no"] for item in answer["items"]]


def test_what_is_due_stands_by_its_day_with_its_urgency(load: Caseload) -> None:
    soon, today, over = load.task(), load.task(due_on="2026-12-01"), load.task(due_on="2026-11-20")
    load.task(due_on="2026-12-16")
    last = load.task(due_on="2026-12-15")
    due = load.due()
    assert numbers(due) == [task["no"] for task in (over, today, soon, last)]
    assert [item["urgency"] for item in due["items"]] == ["overdue", "today", "soon", "soon"]
    assert due["items"][0]["entries"][0]["content"]["what"] == PROMISE["content"]["what"]
    assert [task["urgency"] for task in load.tasks()][-1] == "later"


def test_what_is_due_is_due_for_who_is_in_charge_and_above_and_for_nobody_else(load: Caseload) -> None:
    mine = load.task()["no"]
    theirs = ok(load.elsewhere.post(f"/cases/{ELSEWHERE}/tasks", PROMISE), 201)["no"]
    clients = {"worker": load.worker, "colleague": load.colleague, "elsewhere": load.elsewhere}
    clients |= {"supervisor": load.supervisor, "head": load.head}
    due = {name: numbers(load.due(client)) for name, client in clients.items()}
    assert due == {
        "worker": [mine],
        "colleague": [],
        "elsewhere": [theirs],
        "supervisor": [mine],
        "head": [mine, theirs],
    }
    assert load.due()["count"] == 1


def test_a_case_of_the_own_family_neither_shows_nor_counts(load: Caseload) -> None:
    load.task()
    load.note()
    body = {"from": "2026-12-01", "reason": "notice", "kind": "barred", "staff": "supervisor-1"}
    proposed = ok(load.head.post(f"/cases/{CASE}/restrictions", body), 201)
    second = load.running.client(person="head-2", roles=["head"])
    path = f"/cases/{CASE}/restrictions/{proposed['restriction_id']}/approval"
    ok(second.post(path, {"sha256": proposed["sha256"]}))
    assert load.due(load.supervisor) == {"items": [], "count": 0}
    assert ok(load.supervisor.get("/notes/unsigned?purpose=casework")) == {"items": [], "count": 0}
    assert ok(load.head.get("/notes/unsigned?purpose=casework"))["count"] == 1
    assert load.due()["count"] == 1


def test_promises_go_over_with_the_case(load: Caseload) -> None:
    number = load.task()["no"]
    seen = ok(load.worker.get(f"/cases/{CASE}/circumstances?purpose=casework"))["items"][-1]["number"]
    over = {"district": "02", "caseworker": "worker-2", "from": "2026-12-02", "seen": seen}
    ok(load.supervisor.post(f"/cases/{CASE}/charges", over), 201)
    load.running.clock.set(today=date(2026, 12, 2))
    assert (numbers(load.due()), numbers(load.due(load.elsewhere))) == ([], [number])


def test_a_promise_gets_another_day_and_the_first_one_stays_on_record(load: Caseload) -> None:
    task = load.task()
    body = {**PROMISE, "due_on": "2026-12-12", "follows": task["entry_id"]}
    ok(load.worker.post(f"{PATH}/{task['no']}/entries", body), 201)
    (item,) = load.due()["items"]
    assert item["entries"][-1]["due_on"] == "2026-12-12"
    assert [entry["due_on"] for entry in load.tasks()[0]["entries"]] == ["2026-12-05", "2026-12-12"]
    assert problem(load.worker.post(f"{PATH}/{task['no']}/entries", body)) == "changed-meanwhile 409"


def test_what_is_done_is_due_no_more_and_is_not_ended_twice(load: Caseload) -> None:
    task = load.task()
    path = f"{PATH}/{task['no']}/end"
    ok(load.worker.post(path, {**DONE, "words": "領収書を確認した。"}))
    assert load.due()["items"] == []
    (item,) = load.tasks()
    assert (item["urgency"], item["end"]["outcome"], item["end"]["words"]) == (None, "done", "領収書を確認した。")
    assert problem(load.worker.post(path, DONE)) == "wrong-state 409"
    again = {**PROMISE, "follows": task["entry_id"]}
    assert problem(load.worker.post(f"{PATH}/{task['no']}/entries", again)) == "wrong-state 409"


def test_ending_and_moving_at_once_is_one_after_the_other(load: Caseload) -> None:
    task = load.task()
    more = {**PROMISE, "due_on": "2026-12-12", "follows": task["entry_id"]}
    replies = at_once(
        load.running.runtime.engine,
        lambda: load.worker.post(f"{PATH}/{task['no']}/end", DONE),
        lambda: load.colleague.post(f"{PATH}/{task['no']}/entries", more),
    )
    assert isinstance(replies.first, Reply)
    assert isinstance(replies.second, Reply)
    ok(replies.first)
    assert problem(replies.second) == "wrong-state 409"


def test_who_says_that_it_is_needed_no_longer_says_why(load: Caseload) -> None:
    path = f"{PATH}/{load.task()['no']}/end"
    body = {"outcome": "not_needed", "ended_on": str(TODAY)}
    refused = load.worker.post(path, body)
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "words")
    ok(load.worker.post(path, {**body, "words": "転居したため。"}))


def test_a_declaration_that_did_not_come_is_overdue_until_it_covers_its_period(load: Caseload) -> None:
    task = load.task(DECLARATION)
    path = f"{PATH}/{task['no']}/end"
    load.running.clock.set(today=date(2026, 12, 11))
    assert [item["urgency"] for item in load.due()["items"]] == ["overdue"]
    half = {"outcome": "received", "ended_on": "2026-12-11", "covers_from": "2026-11-01", "covers_to": "2026-11-15"}
    refused = load.worker.post(path, half)
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "covers_from")
    assert problem(load.worker.post(path, {**DONE, "ended_on": "2026-12-11"})) == "invalid-input 422"
    ok(load.worker.post(path, {**half, "covers_to": "2026-11-30"}))
    assert load.due()["items"] == []
    assert load.tasks()[0]["end"]["covers_to"] == "2026-11-30"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**DECLARATION, "covers_from": None, "covers_to": None}, "covers_from"),
        ({**DECLARATION, "covers_to": "2026-10-31"}, "covers_to"),
        ({**PROMISE, "covers_from": "2026-11-01", "covers_to": "2026-11-30"}, "covers_from"),
        ({**PROMISE, "covers_from": "2026-11-01"}, "covers_from"),
        ({**PROMISE, "content": {}}, "content.what"),
    ],
)
def test_a_declaration_names_its_period_and_a_promise_what_it_is(
    load: Caseload, body: dict[str, object], field: str
) -> None:
    refused = load.worker.post(PATH, body)
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", field)


def test_a_promise_of_another_district_is_out_of_reach(load: Caseload) -> None:
    task = load.task()
    assert problem(load.elsewhere.post(f"{PATH}/{task['no']}/end", DONE)) == "out-of-scope 403"
    other = f"/cases/{ELSEWHERE}/tasks/{task['no']}/end"
    assert problem(load.elsewhere.post(other, DONE)) == "not-found 404"


def test_no_word_of_a_promise_lies_open_in_the_database(load: Caseload) -> None:
    task = load.task(content={"what": "密林へ行く"})
    ok(load.worker.post(f"{PATH}/{task['no']}/end", {**DONE, "words": "密林へ行った"}))
    for table in ("task_entries", "task_ends", "outbox", "idempotency"):
        rows = load.running.execute(f"SELECT t::text FROM {table} t")
        assert rows
        assert not [row for row in rows if "密林" in row[0]]
