"""Every case on assistance has an outcome, or the act is not approved and the figures say who is missing (母集団)."""

from typing import Any

import psycopg
import pytest

from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.service_kit.testing import Services
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = [pytest.mark.database, pytest.mark.dialect]
SERVICES = {"public_assistance": public_assistance, "support_benefit": support}


@pytest.fixture(params=SERVICES)
def office(services: Services, request: pytest.FixtureRequest) -> Office:
    return Office(services.open(SERVICES[request.param]), request.param)


def ward(office: Office, *cases: int, **cells: str) -> Ward:
    all_ = Ward()
    for case in cases:
        all_.add(case, programme=office.programme, **cells)
    return all_


def contradict(office: Office, case: int) -> None:
    """A second householder comes on record: the rules cannot determine the case."""
    office.running.execute(
        "INSERT INTO circumstances (case_no, person_no, fact, recorded_at, data, import_id) "
        "SELECT case_no, '0000009999', fact, "
        "recorded_at, data, import_id FROM circumstances WHERE case_no = :case AND fact = 'person' LIMIT 1",
        case=f"{case:08d}",
    )


def end(office: Office, case: int, last_day: str) -> None:
    """What becomes known later: the case ended on a day."""
    office.running.execute(
        "INSERT INTO circumstances (case_no, person_no, fact, valid_from, valid_to, recorded_at, corrects, data, "
        "import_id) "
        "SELECT case_no, person_no, fact, valid_from, CAST(:day AS date), recorded_at, number, data, import_id "
        " FROM circumstances WHERE case_no = :case AND fact <> 'charge'",
        case=f"{case:08d}",
        day=last_day,
    )


def figures(office: Office, month: str = "2026-12") -> dict[str, Any]:
    answer = ok(office.running.client(machine="ui_gateway").get(f"/figures?month={month}"))
    outcomes = ("determined", "refused", "left_out", "waiting", "unexplained")
    assert answer["on_assistance"] + answer["ended"] == sum(answer[name] for name in outcomes)
    names = ("on_assistance", "ended", *outcomes, "ended_yen", "acts_approved")
    return {name: answer[name] for name in names if answer[name]}


def as_owner(office: Office, statement: str) -> None:
    with psycopg.connect(office.running.runtime.settings.owner_database_url, autocommit=True) as owner:
        owner.execute(statement)


def test_each_case_is_determined_or_refused_or_waits_for_an_act(office: Office) -> None:
    office.load(ward(office, 1, 2, 3))
    office.load(ward(office, 4, to="2026-11-30"))
    assert figures(office) == {"on_assistance": 3, "waiting": 3}
    contradict(office, 3)
    office.determined()
    assert figures(office) == {"on_assistance": 3, "determined": 2, "refused": 1, "acts_approved": 1}
    office.load(ward(office, 5))
    assert figures(office) == {"on_assistance": 4, "determined": 2, "refused": 1, "waiting": 1, "acts_approved": 1}
    office.determined()
    assert figures(office) == {"on_assistance": 4, "determined": 3, "refused": 1, "acts_approved": 2}


def test_a_determination_that_was_lost_is_missed(office: Office) -> None:
    office.load(ward(office, 1, 2))
    office.determined()
    as_owner(office, "DELETE FROM determination_approvals WHERE case_no = '00000002'")
    assert figures(office) == {"on_assistance": 2, "determined": 1, "unexplained": 1, "acts_approved": 1}


def test_a_case_that_ended_before_a_month_determined_in_advance_is_brought_to_zero(office: Office) -> None:
    office.load(ward(office, 1, 2))
    office.determined()
    held = office.determinations(2)[0]
    end(office, 2, "2026-11-30")
    waits = {"on_assistance": 1, "ended": 1, "determined": 2, "acts_approved": 1}
    assert figures(office) == {**waits, "ended_yen": held["yen"]}
    act = office.determined()
    assert (act["state"], act["cases"], act["yen"], act["ended"], act["unchanged"]) == ("approved", 1, 0, 1, 1)
    assert figures(office) == {**waits, "acts_approved": 2}
    newest = office.determinations(2)[0]
    assert (newest["kinds"], newest["replaces"]) == (dict.fromkeys(held["kinds"], 0), held["determination_id"])
    answer = office.running.facts("determination.approved.v1")[-1]["data"]
    assert (answer["case_no"], answer["kinds"], answer["covers"]) == ("00000002", newest["kinds"], [])
    assert office.determined()["cases"] == 0


def test_an_act_shows_its_population_and_the_month_before(office: Office) -> None:
    office.load(ward(office, 1, 2, 3))
    before = office.determined("2026-11")
    contradict(office, 3)
    act = office.drafted()
    assert {
        name: act[name] for name in ("on_assistance", "cases", "unchanged", "undetermined", "ended", "left_out")
    } == {
        "on_assistance": 3,
        "cases": 2,
        "unchanged": 0,
        "undetermined": 1,
        "ended": 0,
        "left_out": 0,
    }
    assert (act["month_cases"], act["month_yen"]) == (2, act["yen"])
    assert (act["last_month_cases"], act["last_month_yen"]) == (3, before["yen"])


def test_an_act_says_where_it_lies_far_off_the_month_before(office: Office) -> None:
    office.load(ward(office, 1, 2, 3))
    assert office.determined("2026-10")["outlier"] is False, "there was nothing before"
    assert office.determined("2026-11")["outlier"] is False
    contradict(office, 3)
    assert office.drafted()["outlier"] is True, "two cases after three"


def test_an_act_that_determines_nobody_of_a_ward_with_cases_is_not_proposed(office: Office) -> None:
    office.load(ward(office, 1))
    contradict(office, 1)
    act = office.drafted()
    assert (act["state"], act["sha256"]) == ("failed", None)
    assert problem(office.approve(act, "0" * 64)) == "wrong-state 409"
    assert figures(office) == {"on_assistance": 1, "waiting": 1}


@pytest.mark.parametrize(
    "loss",
    [
        "DELETE FROM chunks WHERE job = 'determine' AND seq = 1",
        "UPDATE chunks SET payload = jsonb_set(payload, '{to}', '\"00000003\"') WHERE job = 'determine' AND seq = 1",
    ],
)
def test_an_act_whose_chunks_lost_somebody_is_not_proposed(
    office: Office, loss: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.decisions.adapters.acts.CHUNK", 2)
    office.load(ward(office, 1, 2, 3, 4))
    collective_id = office.open()
    as_owner(office, loss)
    office.running.run_tasks()
    assert office.collective(collective_id)["state"] == "failed"
    assert office.drafted()["state"] == "proposed", "another act may be opened"


def test_an_act_of_which_somebody_got_lost_behind_the_proposal_is_not_approved(office: Office) -> None:
    office.load(ward(office, 1, 2))
    act = office.drafted()
    as_owner(office, "UPDATE collective_chunks SET on_assistance = 1, count = 1")
    assert problem(office.approve(act)) == "determinations-moved 409"
