"""What changed after a month was determined is told: the month pays what was known before (決定後の変更)."""

import pytest

from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.service_kit.testing import Services
from tests.decisions.test_own_family import bar
from tests.decisions.test_population import contradict, end, ward
from tests.decisions.ward import Office, ok

pytestmark = pytest.mark.database
SERVICES = {"public_assistance": public_assistance, "support_benefit": support}


@pytest.fixture(params=SERVICES)
def office(services: Services, request: pytest.FixtureRequest) -> Office:
    opened = Office(services.open(SERVICES[request.param]), request.param)
    opened.load(ward(opened, 1, 2))
    return opened


def other_pair(office: Office) -> Office:
    pair = Office(office.running, office.programme)
    pair.caseworker = office.running.client(person="worker-2", roles=["caseworker"], districts=["01"])
    pair.head = office.running.client(person="head-2", roles=["head"])
    return pair


def correct(office: Office, case: int, **cells: str) -> None:
    handed_in = ward(office, case, **cells)
    proposed = ok(office.caseworker.post("/corrections", files=handed_in.files()), 201)
    office.approve_import(proposed)


def changed(office: Office, month: str = "2026-12") -> int:
    reported = ok(office.running.client(machine="ui_gateway").get(f"/figures?month={month}"))
    assert reported["changed_since"] <= reported["determined"]
    return int(reported["changed_since"])


def test_a_correction_after_the_months_act_is_told_until_the_next_act_takes_it_up(office: Office) -> None:
    assert changed(office) == 0, "nothing is determined"
    office.determined("2026-11")
    office.determined()
    assert changed(office) == 0
    correct(office, 1, rent="40000")
    assert (changed(office), changed(office, "2026-11")) == (1, 1), "both months pay the old rent"
    assert office.determined()["cases"] == 1
    assert (changed(office), changed(office, "2026-11")) == (0, 1)


def test_an_end_that_became_known_is_told(office: Office) -> None:
    office.determined()
    end(office, 2, "2026-11-30")
    assert changed(office) == 1
    office.determined()
    assert changed(office) == 0


def test_what_touches_another_month_or_only_who_is_in_charge_changes_no_sum(office: Office) -> None:
    office.determined()
    correct(office, 1, caseworker="worker-7")
    office.running.execute(
        "INSERT INTO circumstances (case_no, fact, valid_from, recorded_at, data, import_id) "
        "SELECT case_no, fact, '2027-01-01', recorded_at, data, import_id FROM circumstances WHERE fact = 'home'"
    )
    assert (changed(office), changed(office, "2027-01")) == (0, 0)
    office.load(ward(office, 3))
    assert changed(office) == 0, "a new household waits for its first determination"


def test_a_case_that_the_newest_act_refuses_and_that_is_paid_by_an_older_one_is_told(office: Office) -> None:
    office.determined()
    contradict(office, 2)
    correct(office, 1, rent="40000")
    assert (office.determined()["undetermined"], changed(office)) == (1, 1)
    assert (office.determined()["undetermined"], changed(office)) == (1, 1), "it stays so"


def test_a_change_that_is_left_to_another_pair_is_told_until_they_decide_it(office: Office) -> None:
    office.determined()
    bar(office, 2, "demo-head")
    correct(office, 1, rent="40000")
    others = other_pair(office)
    handed_in = ward(others, 2, rent="40000")
    others.approve_import(ok(others.caseworker.post("/corrections", files=handed_in.files()), 201))
    assert changed(office) == 2
    assert (office.determined()["left_out"], changed(office)) == (1, 1)
    others.determined()
    assert changed(office) == 0


def test_a_case_that_the_proposer_may_not_decide_anew_and_that_did_not_change_is_not_told(office: Office) -> None:
    office.determined()
    bar(office, 2, "worker-2")
    correct(office, 1, rent="40000")
    others = other_pair(office)
    assert (others.determined()["left_out"], changed(office)) == (1, 0)
    correct(office, 2, rent="40000")
    assert changed(office) == 1
