"""Search in the log: who did and saw what, found by everybody whom an entry names, and by nobody else."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.verifier import __main__ as verifier
from services.audit_logging.domain.search.search_entry import subjects_of
from services.audit_logging.use_cases.search.index_entries import index_entries
from services.audit_logging.worker import index, sign
from shared.service_kit.testing import Reply, RunningService
from tests.audit_logging.acts import auditor, look

pytestmark = [pytest.mark.database, pytest.mark.dialect]
ONE, TWO = "11111111-2222-4333-8444-555555555555", "22222222-2222-4333-8444-555555555555"


def found(reply: Reply) -> list[int]:
    assert reply.status_code == 200, reply.content
    return [hit["index"] for hit in reply.json["hits"]]


def search(log: RunningService, criteria: str) -> list[int]:
    return found(auditor(log).get(f"/log/entries?purpose=review&{criteria}"))


def test_who_saw_notes_on_a_households_page_is_found_among_those_who_saw_notes(log: RunningService) -> None:
    kinds = ("notes", "household", "overview")
    log.deliver("case_management", [look(log, "ichiko", "case:00000001", what=what) for what in kinds], "looks")
    index(log.runtime)
    assert search(log, "what=notes") == [1, 0]
    assert search(log, "what=overview") == [2, 1]
    assert search(log, "what=household") == [1]


@pytest.fixture
def office(log: RunningService) -> RunningService:
    """Looks of an afternoon: index 0 to 4."""
    log.deliver(
        "case_management",
        [
            look(log, "ichiko", "case:00000001", "person:1000000001", "person:1000000002"),
            look(log, "jiro", "case:00000002", "person:1000000003"),
            look(log, "jiro", "case:00000001", what="list"),
            look(log, "mitsuyo", "case:00000001", "case:00000002", "person:1000000001", what="list"),
        ],
        "looks",
    )
    approved = {"determination_id": "d", "case_no": "00000002", "proposer": "person:ichiko", "approver": "person:jiro"}
    approved["covers"] = [{"person_no": "1000000004", "need": "housing"}]  # type: ignore[assignment]
    log.deliver("case_management", [log.fact("determination.approved.v1", approved, "case:00000002")])
    index(log.runtime)
    return log


@pytest.mark.parametrize(
    ("criteria", "indexes"),
    [
        ("person=1000000001", [3, 0]),
        ("person=1000000004", [4]),
        ("case=00000002", [4, 3, 1]),
        ("case=00000002&staff=jiro", [4, 1]),
        ("staff=ichiko", [4, 0]),
        ("type=look.v1&what=list", [3, 2]),
        ("producer=payments", []),
        ("subject=case:00000001", [3, 2, 0]),
        ("person=1000000009", []),
    ],
)
def test_entries_are_found_by_resident_case_staff_and_action(
    office: RunningService, criteria: str, indexes: list[int]
) -> None:
    assert search(office, criteria) == indexes


def test_entries_are_found_by_day_in_tokyo(log: RunningService) -> None:
    late, early = "2026-11-24T14:59:59+00:00", "2026-11-24T15:00:00+00:00"
    log.deliver("payments", [look(log, "a", "case:00000001", time=at) for at in (late, early)], "looks")
    index(log.runtime)
    assert search(log, "first_day=2026-11-24&last_day=2026-11-24") == [0]
    assert search(log, "first_day=2026-11-25") == [1]


def test_the_entries_of_one_journey_are_found_together(log: RunningService) -> None:
    facts = [look(log, "a", "case:00000001", correlation=name) for name in (ONE, TWO, ONE)]
    log.deliver("payments", facts, "looks")
    index(log.runtime)
    assert search(log, f"correlation={ONE}") == [2, 0]


def test_who_looked_at_a_resident_is_found_also_where_only_the_case_was_named(office: RunningService) -> None:
    reply = auditor(office).get("/log/looks?purpose=complaint&person=1000000001")
    hits = {hit["index"]: hit for hit in reply.json["hits"]}
    assert sorted(hits) == [0, 2, 3]
    assert [hits[0]["through"], hits[2]["through"], hits[3]["through"]] == [[], ["case:00000001"], []]
    assert [hits[index]["actor"] for index in (0, 2, 3)] == ["person:ichiko", "person:jiro", "person:mitsuyo"]
    assert hits[0]["purpose"] == "casework"


def test_a_list_of_many_cases_puts_nobody_into_anothers_household(office: RunningService) -> None:
    reply = auditor(office).get("/log/looks?purpose=complaint&person=1000000003")
    assert found(reply) == [3, 1]
    assert [hit["through"] for hit in reply.json["hits"]] == [["case:00000002"], []]


def test_each_search_is_itself_a_look_with_its_purpose_and_everybody_it_showed(office: RunningService) -> None:
    auditor(office).get("/log/entries?purpose=complaint&staff=ichiko")
    auditor(office).get("/log/looks?purpose=complaint&person=1000000009")
    first, second = (event["data"] for event in office.looks("look.v1"))
    assert (first["what"], first["purpose"]) == ("log_search", "complaint")
    assert {"case:00000001", "person:1000000001", "person:1000000004", "staff:ichiko"} <= set(first["subjects"])
    assert (second["what"], second["subjects"]) == ("log_looks", ["person:1000000009"])


def test_a_search_without_a_purpose_or_by_another_than_the_auditor_is_refused(office: RunningService) -> None:
    assert auditor(office).get("/log/entries?staff=ichiko").status_code == 422
    assert office.looks("look.v1") == []
    for role in ("caseworker", "head", "operator", "administrator"):
        asked = office.client(person="somebody", roles=[role])
        assert asked.get("/log/entries?purpose=review&staff=ichiko").status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        "staff=山田 花子",
        "staff=Hanako Yamada",
        "subject=山田花子",
        "subject=case:00000001 花子",
        "type=Hanako",
        "what=花子",
        "producer=花子",
        "correlation=hanako",
        "first_day=0001-01-01",
        "last_day=9999-12-31",
        f"before={2**63}",
        "person=１０００００００００",
    ],
)
def test_a_free_text_in_a_search_is_refused_and_stays_nowhere(office: RunningService, asked: str) -> None:
    assert auditor(office).get(f"/log/entries?purpose=complaint&{asked}").status_code == 422
    assert office.looks("look.v1") == []
    assert not any("花子" in str(event) or "anako" in str(event) for event in office.looks())


def test_pages_lead_through_everything_once(log: RunningService) -> None:
    log.deliver("payments", [look(log, "a", "case:00000001") for _ in range(23)], "looks")
    index(log.runtime)
    seen, before = [], ""
    while True:
        reply = auditor(log).get(f"/log/entries?purpose=review&case=00000001&limit=5{before}")
        seen += found(reply)
        if reply.json["next"] is None:
            break
        before = f"&before={reply.json['next']}"
    assert seen == list(range(22, -1, -1))
    assert auditor(log).get("/log/entries?purpose=review&limit=201").status_code == 422


def test_what_is_found_says_whether_it_is_signed_and_can_be_proved(office: RunningService, tmp_path: Any) -> None:
    def hit() -> Any:
        return auditor(office).get("/log/entries?purpose=review&case=00000001&limit=1").json["hits"][0]

    assert hit()["signed"] is False
    sign(office.runtime)
    assert (hit()["signed"], hit()["index"]) == (True, 3)
    (entry,) = office.execute("SELECT leaf FROM entries WHERE index = 3")
    for name, content in (
        ("key.pub", auditor(office).get("/log/key.pub").content),
        ("proof", auditor(office).get("/log/proof/3").content),
        ("entry", bytes(entry.leaf)),
    ):
        (tmp_path / name).write_bytes(content)
    assert verifier.main(["proof", str(tmp_path / "proof"), str(tmp_path / "entry")]) == 0


def test_appending_leaves_the_index_to_its_own_task_which_passes_over_nothing(log: RunningService) -> None:
    for _ in range(3):
        log.deliver("payments", [look(log, "a", "case:00000001") for _ in range(7)], "looks")
    assert log.execute("SELECT * FROM search_entries") == []
    while True:
        with log.work() as work:
            if not index_entries(work, most=4):
                break
    assert [row[0] for row in log.execute("SELECT index FROM search_entries ORDER BY index")] == list(range(21))


def test_two_processes_index_each_entry_once(log: RunningService) -> None:
    log.deliver("payments", [look(log, "a", "case:00000001") for _ in range(7)], "looks")
    with log.work() as first, log.work() as second:
        assert (index_entries(first), index_entries(second)) == (7, 0)
    index(log.runtime)
    assert log.execute("SELECT count(*) FROM search_entries")[0][0] == 7


numbers = st.sampled_from(["00000001", "00000002", "10000003"])
SUBJECTS = st.lists(st.builds(lambda kind, n: f"{kind}:{n}", st.sampled_from(["case", "person"]), numbers), max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SUBJECTS, min_size=1, max_size=8))
def test_every_entry_is_found_by_each_of_its_subjects_and_by_no_other(
    log: RunningService, looks: list[list[str]]
) -> None:
    staff = f"staff-{secrets.token_hex(4)}"
    (first,) = log.execute("SELECT count(*) FROM entries")[0]
    log.deliver("payments", [look(log, staff, *subjects) for subjects in looks], "looks")
    index(log.runtime)
    for subject in {"case:99999999", "case:00000001", "person:10000003", *(named for some in looks for named in some)}:
        expected = [first + n for n, subjects in enumerate(looks) if subject in subjects]
        assert search(log, f"staff={staff}&subject={subject}") == expected[::-1]


def test_everybody_whom_a_fact_names_is_a_subject() -> None:
    data = {"case_no": "00000001", "covers": [{"person_no": "1000000002"}], "proposer": "person:a", "yen": 3, "x": None}
    assert subjects_of("run:r", data) == ("case:00000001", "person:1000000002", "run:r", "staff:a")
    assert subjects_of("look:case", {"subjects": ["case:00000001"] * 2}) == ("case:00000001",)
    assert subjects_of("refusal", {"subject": "", "route": "/x"}) == ()
    assert json.dumps(subjects_of("refusal", {"subject": "case:00000001"})) == '["case:00000001"]'
