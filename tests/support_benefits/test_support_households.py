"""Support benefits (支援給付) in their own service: own cases, own unit, and no name of anybody."""

import pytest

from services.support_benefits.app import service
from shared.service_kit.testing import Services
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = [pytest.mark.database, pytest.mark.dialect]
FULL_PENSION = {"basic_pension": "70408", "birth_date": "1945-05-01"}


@pytest.fixture
def office(services: Services) -> Office:
    return Office(services.open(service))


def ward() -> Ward:
    """One household of each law; a returnee with spouse and a grown child who lives with them."""
    child = {"relation": "child", "birth_date": "1980-01-01", "name": "密林 カナリア"}
    spouse = {**FULL_PENSION, "relation": "spouse"}
    return Ward().add(1).add(2, FULL_PENSION, spouse, child, programme="support_benefit", rent="0")


def test_only_its_own_cases_are_loaded(office: Office) -> None:
    loaded = office.load(ward())
    assert (loaded["households"], loaded["persons"]) == (1, 3)
    assert office.running.execute("SELECT case_no FROM cases") == [("00000002",)]


def test_the_whole_files_are_validated_all_the_same(office: Office) -> None:
    handed_in = ward()
    handed_in.households[0]["rent"] = "-1"
    reply = office.propose(handed_in)
    assert problem(reply) == "import-faults 422"
    assert [(entry["line"], entry["column"]) for entry in reply.json["faults"]] == [(2, "rent")]


def test_no_name_is_kept_here(office: Office) -> None:
    office.load(ward())
    office.determined()
    tables = office.running.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        rows = office.running.execute(f'SELECT t::text FROM "{table}" AS t') if table != "alembic_version" else []
        assert not any("カナリア" in row or "架空" in row for (row,) in rows), table


def test_the_unit_is_the_returnee_and_the_spouse_and_the_full_basic_pension_is_no_income(office: Office) -> None:
    office.load(ward())
    office.determined()
    (entry,) = office.determinations(2)
    assert entry["kinds"] == {"livelihood": 69_410 + 38_060 + 5_000 + 3_730 + 23_640}
    pension = [
        line["yen"] for line in entry["lines"] if line["kind"] in ("income.pension", "deduction.full_basic_pension")
    ]
    assert sorted(pension) == [-70_408, -70_408, 70_408, 70_408]
    (fact,) = office.running.facts("determination.approved.v1")
    assert fact["data"]["programme"] == "support_benefit"
    assert {cover["person_no"] for cover in fact["data"]["covers"]} == {"0000000200", "0000000201"}


def test_members_are_shown_by_number(office: Office) -> None:
    office.load(ward())
    shown = ok(office.caseworker.get("/cases/00000002?purpose=enquiry&month=2026-12"))
    assert [(member["person_no"], member["name"]) for member in shown["members"]] == [
        ("0000000200", None),
        ("0000000201", None),
        ("0000000202", None),
    ]
    assert office.running.looks("look.v1")[0]["data"]["subjects"][0] == "case:00000002"


def test_a_ward_without_support_households_has_an_empty_month(office: Office) -> None:
    assert office.load(Ward().add(1))["households"] == 0
    collective = office.determined()
    assert (collective["state"], collective["cases"]) == ("approved", 0)
