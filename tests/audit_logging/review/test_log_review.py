"""The review of unusual looks (点検): who may say what of whose looks, and that it stays said."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import errors

from shared.service_kit.testing import Reply, RunningService
from tests.audit_logging.acts import auditor, look, refused, take
from tests.audit_logging.owner import as_owner

pytestmark = pytest.mark.database
NOON, NIGHT = "2026-11-24T03:00:00+00:00", "2026-11-24T14:00:00+00:00"


@pytest.fixture
def office(log: RunningService) -> RunningService:
    """A look at night (0), and somebody who tried the record of a relative (1)."""
    take(
        log,
        look(log, "jiro", "case:00000001", "person:1000000001", time=NIGHT),
        refused(log, "mitsuyo", "case:00000002", "barred", time=NOON),
    )
    return log


def listed(log: RunningService, criteria: str = "", person: str = "demo-auditor") -> list[dict[str, Any]]:
    reply = auditor(log, person).get(f"/log/findings?purpose=monthly_review{criteria}")
    assert reply.status_code == 200, reply.content
    return list(reply.json["items"])


def said(log: RunningService, finding: dict[str, Any], person: str = "demo-auditor", **body: Any) -> Reply:
    payload = {"outcome": "justified", "words": "夜間の緊急相談", "through": finding["through"], **body}
    return auditor(log, person).post(f"/log/findings/{finding['finding_id']}/reviews", payload)


def test_a_reviewer_sees_why_looks_are_unusual_and_the_entries_behind_them(office: RunningService) -> None:
    family, night = listed(office)
    assert (night["rule"], night["concerned"], night["entries"]) == ("night", ["person:jiro"], [0])
    assert night["why"] == "夜間(22時から6時まで)に記録を見た"
    assert (family["rule"], family["subject"], family["open"]) == ("own_family", "case:00000002", True)
    finding = auditor(office).get(f"/log/findings/{night['finding_id']}?purpose=monthly_review").json
    assert [(hit["index"], hit["actor"], hit["purpose"]) for hit in finding["hits"]] == [(0, "person:jiro", "casework")]


@pytest.mark.parametrize(
    ("criteria", "rules"),
    [
        ("&rule=night", ["night"]),
        ("&staff=mitsuyo", ["own_family"]),
        ("&first_day=2026-11-24&last_day=2026-11-24", ["own_family", "night"]),
        ("&first_day=2026-11-25", []),
        ("&state=open", ["own_family", "night"]),
        ("&state=reviewed", []),
    ],
)
def test_the_list_is_narrowed_by_rule_person_day_and_state(
    office: RunningService, criteria: str, rules: list[str]
) -> None:
    assert [finding["rule"] for finding in listed(office, criteria)] == rules


def test_pages_of_the_list_lead_through_everything_once(office: RunningService) -> None:
    first = auditor(office).get("/log/findings?purpose=review&limit=1").json
    second = auditor(office).get(f"/log/findings?purpose=review&limit=1&before={first['next']}").json
    assert [finding["rule"] for finding in (*first["items"], *second["items"])] == ["own_family", "night"]
    assert second["next"] is None


def test_what_a_reviewer_says_is_kept_and_published_by_its_code_alone(office: RunningService) -> None:
    _, night = listed(office)
    reply = said(office, night)
    assert reply.status_code == 201
    assert "夜間" not in reply.content.decode()
    (event,) = office.facts("look.reviewed.v1")
    assert event["subject"] == f"finding:{night['finding_id']}"
    assert event["data"] == {
        "review_id": reply.json["review_id"],
        "finding_id": night["finding_id"],
        "rule": "night",
        "concerned": ["person:jiro"],
        "outcome": "justified",
        "through": 0,
    }
    (reviewed,) = listed(office, "&state=reviewed")
    ((review),) = reviewed["reviews"]
    assert (review["reviewer"], review["outcome"]) == ("person:demo-auditor", "justified")
    assert review["words"] == "夜間の緊急相談"
    assert [finding["rule"] for finding in listed(office, "&state=open")] == ["own_family"]


def test_a_second_look_at_the_same_finding_adds_to_the_first(office: RunningService) -> None:
    _, night = listed(office)
    said(office, night, outcome="ask_superior")
    said(office, night, person="second-auditor", outcome="violation")
    (finding,) = listed(office, "&rule=night")
    assert [kept["outcome"] for kept in finding["reviews"]] == ["ask_superior", "violation"]


def test_a_look_that_comes_late_opens_a_reviewed_finding_again(office: RunningService) -> None:
    _, night = listed(office)
    said(office, night)
    take(office, look(office, "jiro", "case:00000003", time=NIGHT))
    assert [finding["entries"] for finding in listed(office, "&state=open&rule=night")] == [[0, 2]]
    said(office, night)  # of the entries seen before: the new one stays open
    assert listed(office, "&state=open&rule=night") != []
    said(office, listed(office, "&rule=night")[0])
    assert listed(office, "&state=open&rule=night") == []


def test_nobody_reviews_looks_of_their_own(log: RunningService) -> None:
    take(log, look(log, "demo-auditor", "case:00000001", time=NIGHT))
    (own,) = listed(log)
    refused_reply = said(log, own)
    assert (refused_reply.status_code, refused_reply.json["type"]) == (403, "/problems/own-looks")
    assert said(log, own, person="second-auditor").status_code == 201
    with pytest.raises(errors.CheckViolation, match="not_ones_own_looks"):
        as_owner(
            log,
            "INSERT INTO reviews SELECT gen_random_uuid(), finding_id, concerned, concerned[1], 'justified', "
            "'sealed:AA', 0, now() FROM findings",
        )


@pytest.mark.parametrize(
    "body", [{"through": 1}, {"through": 99}, {"outcome": "fine"}, {"words": ""}, {"words": "長" * 501}]
)
def test_a_review_that_says_nothing_or_names_other_entries_is_refused(
    office: RunningService, body: dict[str, Any]
) -> None:
    _, night = listed(office)
    assert said(office, night, **body).status_code == 422
    assert office.facts() == []


def test_reading_findings_is_itself_a_look_at_everybody_they_name(office: RunningService) -> None:
    _, night = listed(office, "&staff=mitsuyo") + listed(office, "&rule=night")
    auditor(office).get(f"/log/findings/{night['finding_id']}?purpose=complaint")
    first, second, third = (event["data"] for event in office.looks("look.v1"))
    assert (first["what"], first["subjects"]) == ("findings", ["case:00000002", "staff:mitsuyo"])
    assert (second["what"], second["subjects"]) == ("findings", ["staff:jiro"])
    assert (third["what"], third["purpose"]) == ("finding", "complaint")
    assert third["subjects"] == ["case:00000001", "person:1000000001", "staff:jiro"]
    assert auditor(office).get("/log/findings").status_code == 422


def test_findings_and_reviews_are_never_changed(office: RunningService) -> None:
    said(office, listed(office)[0])
    for table in ("findings", "finding_entries", "reviews"):
        with pytest.raises(errors.InsufficientPrivilege, match="append-only"):
            as_owner(office, f"UPDATE {table} SET finding_id = finding_id")
