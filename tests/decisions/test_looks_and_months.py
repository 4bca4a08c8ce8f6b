"""A look names everybody whom its answer shows, and months far from today are refused by a range (閲覧の記録)."""

import pytest

from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.service_kit.testing import Services
from tests.decisions.test_population import contradict
from tests.decisions.ward import Office, Ward, problem

pytestmark = pytest.mark.database
SERVICES = {"public_assistance": public_assistance, "support_benefit": support}


@pytest.fixture(params=SERVICES)
def office(services: Services, request: pytest.FixtureRequest) -> Office:
    opened = Office(services.open(SERVICES[request.param]), request.param)
    spouse = {"relation": "spouse"}
    opened.load(Ward().add(1, {}, spouse, programme=request.param).add(2, programme=request.param))
    return opened


def test_a_look_at_determinations_names_the_persons_in_their_lines_and_covers(office: Office) -> None:
    office.drafted()
    office.determinations(1)
    look = office.running.looks("look.v1")[-1]["data"]
    assert look["subjects"] == ["case:00000001", "person:0000000100", "person:0000000101"]


def test_a_look_at_who_cannot_be_determined_names_the_person_whose_field_is_wrong(office: Office) -> None:
    contradict(office, 2)
    (refused,) = office.drafted()["refused"]
    named = office.running.looks("look.v1")[-1]["data"]["subjects"]
    assert named[0] == "case:00000002"
    assert {subject.removeprefix("person:") for subject in named[1:]} == {
        number for number in ("0000000200", "0000009999") if number in refused["field"] + refused["detail"]
    }
    assert len(named) > 1


@pytest.mark.parametrize(
    "month", ["0000-01", "0001-01", "1873-01", "9999-12", "2026-13", "\uff12\uff10\uff12\uff16-12"]
)
def test_a_month_far_from_today_is_refused_wherever_it_is_named(office: Office, month: str) -> None:
    body = {"month": month, "reason": "monthly"}
    asked = [
        office.caseworker.post("/collective-determinations", body),
        office.caseworker.get(f"/collective-determinations?month={month}"),
        office.caseworker.get(f"/cases/00000001?purpose=enquiry&month={month}"),
        office.caseworker.get(f"/cases/00000001/overview?purpose=enquiry&month={month}"),
        office.caseworker.get(f"/cases/00000001/determinations?purpose=enquiry&month={month}"),
        office.running.client(machine="ui_gateway").get(f"/figures?month={month}"),
    ]
    assert {problem(reply) for reply in asked} == {"invalid-input 422"}


@pytest.mark.parametrize("month", ["2035-01", "2199-12"])
def test_nobody_is_determined_for_a_month_years_ahead(office: Office, month: str) -> None:
    reply = office.caseworker.post("/collective-determinations", {"month": month, "reason": "monthly"})
    assert (problem(reply), reply.json["field"]) == ("invalid-input 422", "month")


@pytest.mark.parametrize(("first", "last"), [("0001-01-01", None), ("2026-12-01", "9999-12-31")])
def test_a_restriction_has_days_of_our_time(office: Office, first: str, last: str | None) -> None:
    body = {"kind": "shielded", "from": first, "to": last, "reason": "notice"}
    assert problem(office.head.post("/cases/00000001/restrictions", body)) == "invalid-input 422"
