"""What is on record of a household is corrected by an import of that household, by two people (訂正)."""

from typing import Any

import pytest

from services.case_management.adapters.residents import residents_named
from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.service_kit.testing import Client, Reply, Services
from tests.decisions.test_own_family import bar
from tests.decisions.test_population import figures, ward
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
SERVICES = {"public_assistance": public_assistance, "support_benefit": support}


@pytest.fixture(params=SERVICES)
def office(services: Services, request: pytest.FixtureRequest) -> Office:
    opened = Office(services.open(SERVICES[request.param]), request.param)
    opened.load(ward(opened, 1, 2))
    return opened


def propose(office: Office, handed_in: Ward, by: Client | None = None) -> Reply:
    return (by or office.caseworker).post("/corrections", files=handed_in.files())


def approve(office: Office, proposed: dict[str, Any]) -> Reply:
    return office.approve_import_only(proposed)


def corrected(office: Office, handed_in: Ward) -> dict[str, Any]:
    return office.approve_import(ok(propose(office, handed_in), 201))


def faults(reply: Reply) -> set[tuple[str, int, str]]:
    assert problem(reply) == "import-faults 422"
    return {(entry["file"], entry["line"], entry["column"]) for entry in reply.json["faults"]}


def rent(office: Office, case: int = 1) -> Any:
    return ok(office.caseworker.get(f"/cases/{case:08d}?purpose=enquiry&month=2026-12"))["facts"]["rent"]


def test_a_rent_is_corrected_by_two_people_and_determined_anew(office: Office) -> None:
    office.determined()
    proposed = ok(propose(office, ward(office, 1, rent="40000")), 201)
    assert (proposed["kind"], proposed["state"], proposed["rows"]) == ("correction", "proposed", 1)
    assert rent(office) == 53_700, "only proposed"
    listed = ok(office.head.get("/imports"))["items"][0]
    assert (listed["import_id"], listed["differences"]) == (
        proposed["import_id"],
        {"added": 0, "changed": 1, "ended": 0},
    )
    both = office.running.client(person="demo-caseworker", roles=["caseworker", "head"])
    path, body = f"/imports/{proposed['import_id']}/approval", {"sha256": proposed["sha256"]}
    assert problem(both.post(path, body)) == "same-person 409"
    office.approve_import(proposed)
    assert (rent(office), rent(office, 2)) == (40_000, 53_700)
    assert office.determined()["cases"] == 1
    assert [entry["kinds"]["housing"] for entry in office.determinations(1)] == [40_000, 53_700]


def test_a_household_that_ended_is_brought_to_zero_by_the_next_act(office: Office) -> None:
    office.determined()
    corrected(office, ward(office, 2, to="2026-11-30"))
    assert office.determined()["ended"] == 1
    assert (figures(office)["ended"], office.determinations(2)[0]["yen"]) == (1, 0)


def test_a_member_who_came_is_added_and_one_on_record_has_to_be_named(office: Office) -> None:
    grown = Ward().add(1, {}, {"relation": "spouse", "name": "架空 春子"}, programme=office.programme)
    corrected(office, grown)
    shown = ok(office.caseworker.get("/cases/00000001?purpose=enquiry&month=2026-12"))
    assert [entry["person_no"] for entry in shown["members"]] == ["0000000100", "0000000101"]
    assert faults(propose(office, ward(office, 1, rent="0"))) == {("households.csv", 2, "case_no")}


def test_nothing_that_differs_is_no_correction(office: Office) -> None:
    assert faults(propose(office, ward(office, 1, 2))) == {("households.csv", 0, "")}


def test_a_household_elsewhere_and_none_at_all_are_told_alike(office: Office) -> None:
    stranger = office.running.client(person="worker-8", roles=["caseworker"], districts=["08"])
    elsewhere, nowhere = (propose(office, ward(office, case, rent="1"), stranger) for case in (1, 7))
    assert elsewhere.json == nowhere.json
    assert faults(nowhere) == {("households.csv", 2, "case_no")}


def test_a_person_of_another_household_stays_there(office: Office) -> None:
    moved = Ward().add(1, {}, {"person_no": "0000000200", "relation": "spouse"}, programme=office.programme)
    assert faults(propose(office, moved)) == {("members.csv", 3, "person_no")}


def test_of_two_corrections_of_one_household_the_second_is_proposed_anew(office: Office) -> None:
    first, second = (ok(propose(office, ward(office, 1, rent=yen)), 201) for yen in ("40000", "30000"))
    office.approve_import(first)
    assert problem(approve(office, second)) == "content-moved 409"
    assert rent(office) == 40_000


def test_a_correction_of_the_own_family_is_decided_by_others(office: Office) -> None:
    bar(office, 1, "demo-head")
    bar(office, 2, "demo-caseworker")
    assert faults(propose(office, ward(office, 2, rent="1"))) == {("households.csv", 2, "case_no")}
    proposed = ok(propose(office, ward(office, 1, rent="40000")), 201)
    assert problem(approve(office, proposed)) == "not-permitted 403"


def test_a_household_that_the_rules_cannot_determine_is_a_fault_here_too(office: Office) -> None:
    assert faults(propose(office, ward(office, 1, prefecture="", municipality="")))


def test_after_a_hand_over_a_file_with_who_is_in_charge_now_corrects_the_rest(services: Services) -> None:
    office = Office(services.open(public_assistance))
    office.load(Ward().add(1))
    supervisor = office.running.client(person="supervisor-1", roles=["supervisor"], districts=["01"])
    items = ok(office.caseworker.get("/cases/00000001/circumstances?purpose=casework"))["items"]
    over = {"district": "01", "caseworker": "cw-5", "from": "2026-12-01", "seen": items[-1]["number"]}
    ok(supervisor.post("/cases/00000001/charges", over), 201)
    assert faults(propose(office, Ward().add(1, rent="40000"))) == {("households.csv", 2, "case_no")}
    done = corrected(office, Ward().add(1, rent="40000", caseworker="cw-5"))
    assert (done["rows"], rent(office)) == (1, 40_000)


def test_a_name_is_corrected_in_the_register(services: Services) -> None:
    office = Office(services.open(public_assistance))
    office.load(Ward().add(1).add(2))
    done = corrected(office, Ward().add(1, {"name": "架空 夏子"}))
    assert done["rows"] == 1
    with office.running.work() as work:
        named = residents_named(work, ["0000000100", "0000000200"])
    assert [entry.name for entry in named.values()] == ["架空 夏子", "架空 花子"]
