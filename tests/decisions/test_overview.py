"""One household on one page (世帯) says what its parts say, as one look."""

from typing import Any

import pytest

from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.service_kit.testing import Services
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
SERVICES = {"public_assistance": public_assistance, "support_benefit": support}
MONTH = "2026-12"
OVERVIEW = "/cases/00000001/overview?purpose=enquiry"


@pytest.fixture(params=SERVICES)
def office(services: Services, request: pytest.FixtureRequest) -> Office:
    opened = Office(services.open(SERVICES[request.param]), request.param)
    spouse = {"relation": "spouse"}
    opened.load(Ward().add(1, {}, spouse, programme=request.param).add(2, programme=request.param))
    return opened


def parts(office: Office, asked: str = "") -> tuple[Any, Any, list[dict[str, Any]]]:
    """A case, its history and its determinations, each asked by itself."""
    read, path = office.caseworker.get, "/cases/00000001"
    case = ok(read(f"{path}?purpose=enquiry{asked}"))
    history = ok(read(f"{path}/circumstances?purpose=enquiry"))["items"]
    return case, history, ok(read(f"{path}/determinations?purpose=enquiry"))["items"]


def test_it_says_what_its_parts_say(office: Office) -> None:
    office.determined()
    case, history, determinations = parts(office, f"&month={MONTH}")
    overview = ok(office.caseworker.get(f"{OVERVIEW}&month={MONTH}"))
    assert (overview["case"], overview["history"]) == (case, history)
    assert overview["in_force"] == determinations[0]
    assert len(overview["determinations"]) == len(determinations)
    assert all(
        item.items() <= whole.items() for item, whole in zip(overview["determinations"], determinations, strict=True)
    )
    other = ok(office.caseworker.get(f"{OVERVIEW}&month=2026-11"))
    assert (other["case"]["month"], other["in_force"]) == ("2026-11", None)
    assert other["determinations"] == overview["determinations"]


def test_what_is_only_drafted_holds_for_no_month(office: Office) -> None:
    office.drafted()
    overview = ok(office.caseworker.get(f"{OVERVIEW}&month={MONTH}"))
    assert [item["state"] for item in overview["determinations"]] == ["proposed"]
    assert overview["in_force"] is None


def test_it_is_one_look_at_everybody_of_whom_it_shows_a_fact(office: Office) -> None:
    before = len(office.running.looks("look.v1"))
    office.caseworker.get(OVERVIEW)
    (look,) = office.running.looks("look.v1")[before:]
    assert look["data"]["what"] in ("overview", "household")
    assert look["data"]["subjects"] == ["case:00000001", "person:0000000100", "person:0000000101"]


def test_before_it_was_known_there_is_no_case(office: Office) -> None:
    assert problem(office.caseworker.get(f"{OVERVIEW}&known_on=2020-01-01")) == "not-found 404"
    assert problem(office.caseworker.get(f"{OVERVIEW}&known_on=2020-02-30")) == "invalid-input 422"
    assert problem(office.head.get("/cases/99999999/overview?purpose=review")) == "not-found 404"
