"""Consents (同意書): who signed and when, what rests on them, and that they may be taken back."""

from typing import Any

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Services
from tests.case_management.investigations.cases import ASKED, LOOK, MEMBER, OTHERS, Investigators
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
CONSENTS, REQUESTS = "/cases/00000001/consents", "/cases/00000001/investigations"


@pytest.fixture
def staff(services: Services) -> Investigators:
    return Investigators(services.open(service))


def listed(staff: Investigators) -> list[dict[str, Any]]:
    return list(ok(staff.caseworker.get(f"{CONSENTS}?{LOOK}"))["items"])


def test_a_request_names_the_consent_on_which_it_rests(staff: Investigators) -> None:
    consent = staff.agree()
    staff.ask(consent="held", consent_id=consent)
    (item,) = ok(staff.caseworker.get(f"{REQUESTS}?{LOOK}"))["items"]
    assert (item["consent"], item["consent_id"], item["consent_on"]) == ("held", consent, "2026-11-30")
    assert [(one["person_no"], one["withdrawn_on"]) for one in listed(staff)] == [(MEMBER, None)]


def test_no_request_after_the_day_rests_on_a_consent_that_was_taken_back(staff: Investigators) -> None:
    consent = staff.agree()
    staff.ask(consent="held", consent_id=consent)
    path = f"{CONSENTS}/{consent}/withdrawal"
    early = staff.caseworker.post(path, {"withdrawn_on": "2026-11-29"})
    assert (problem(early), early.json["field"]) == ("invalid-input 422", "withdrawn_on")
    ok(staff.caseworker.post(path, {"withdrawn_on": "2026-12-01"}))
    assert problem(staff.caseworker.post(path, {"withdrawn_on": "2026-12-01"})) == "wrong-state 409"
    refused = staff.caseworker.post(REQUESTS, {**ASKED, "consent": "held", "consent_id": consent})
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "consent_id")
    staff.ask(consent="held", consent_id=consent, sent_on="2026-11-30")
    assert len(ok(staff.caseworker.get(f"{REQUESTS}?{LOOK}"))["items"]) == 2, "what was asked before stays"


def test_a_consent_that_was_recorded_by_mistake_carries_nothing_and_says_what_was_rested_on_it(
    staff: Investigators,
) -> None:
    consent = staff.agree()
    staff.ask(consent="held", consent_id=consent)
    path = f"{CONSENTS}/{consent}/withdrawal"
    for body in ({}, {"mistake": True, "withdrawn_on": "2026-12-01"}):
        assert problem(staff.caseworker.post(path, body)) == "invalid-input 422"
    ok(staff.caseworker.post(path, {"mistake": True}))
    assert [(item["mistake"], item["withdrawn_on"]) for item in listed(staff)] == [(True, None)]
    assert problem(staff.caseworker.post(path, {"withdrawn_on": "2026-12-01"})) == "wrong-state 409"
    asked = {**ASKED, "consent": "held", "consent_id": consent, "sent_on": "2026-11-30"}
    refused = staff.caseworker.post(REQUESTS, asked)
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "consent_id")


def test_a_request_rests_on_the_consent_of_whom_it_asks_about_and_of_no_other_household(staff: Investigators) -> None:
    theirs = ok(staff.other.post("/cases/00000002/consents", {"person_no": OTHERS, "signed_on": "2026-11-30"}), 201)[
        "consent_id"
    ]
    later = staff.agree(signed_on="2026-12-01")
    for changes in ({"consent_id": theirs}, {"consent_id": later, "sent_on": "2026-11-30"}):
        refused = staff.caseworker.post(REQUESTS, {**ASKED, "consent": "held", **changes})
        assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "consent_id")
    assert problem(staff.caseworker.post(f"{CONSENTS}/{theirs}/withdrawal", {"withdrawn_on": "2026-12-01"})) == (
        "not-found 404"
    )


@pytest.mark.parametrize(
    ("changes", "field"), [({"person_no": OTHERS}, "person_no"), ({"signed_on": "2026-12-02"}, "signed_on")]
)
def test_a_consent_of_a_stranger_or_of_a_day_to_come_is_refused_at_its_field(
    staff: Investigators, changes: dict[str, str], field: str
) -> None:
    reply = staff.caseworker.post(CONSENTS, {"person_no": MEMBER, "signed_on": "2026-11-30", **changes})
    assert (problem(reply), reply.json["field"]) == ("invalid-input 422", field)
    assert listed(staff) == []


def test_the_paper_is_kept_at_the_consent(staff: Investigators) -> None:
    about = f'{{"name": "同意書.pdf", "proves": "consent", "proves_id": "{staff.agree()}"}}'
    files = {"about.json": about.encode(), "content": b"%PDF-1.7 consent"}
    ok(staff.caseworker.post("/cases/00000001/attachments", files=files), 201)
    (item,) = ok(staff.caseworker.get(f"/cases/00000001/attachments?{LOOK}"))["items"]
    assert item["proves"] == "consent"


@pytest.fixture
def couple(staff: Investigators) -> str:
    """A household of two in charge of the caseworker; the second of them signed."""
    Office(staff.running).load(Ward().add(5, {}, {"relation": "spouse"}, caseworker="cw-1"))
    signed = {"person_no": "0000000501", "signed_on": "2026-11-30"}
    return str(ok(staff.caseworker.post("/cases/00000005/consents", signed), 201)["consent_id"])


def leave(staff: Investigators, last_day: str) -> None:
    seen = ok(staff.caseworker.get("/cases/00000005/circumstances?purpose=casework"))["items"][-1]["number"]
    body = {"last_day": last_day, "reason": "moved_out", "seen": seen}
    ok(staff.caseworker.post("/cases/00000005/members/0000000501/end", body), 201)


def test_what_is_asked_about_a_household_rests_on_no_one_members_consent(staff: Investigators, couple: str) -> None:
    body = {**ASKED, "consent": "held", "consent_id": couple}
    refused = staff.caseworker.post("/cases/00000005/investigations", {**body, "person_no": None})
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "consent_id")
    ok(staff.caseworker.post("/cases/00000005/investigations", {**body, "person_no": "0000000501"}), 201)
    staff.ask(consent="held", consent_id=staff.agree(), person_no=None)  # who lives alone is the household


def test_who_left_signs_as_a_member_no_more(staff: Investigators, couple: str) -> None:
    leave(staff, "2026-06-30")
    signed = {"person_no": "0000000501", "signed_on": "2026-07-01"}
    refused = staff.caseworker.post("/cases/00000005/consents", signed)
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "signed_on")
    assert "令和8年6月30日" in refused.json["detail"]
    ok(staff.caseworker.post("/cases/00000005/consents", {**signed, "signed_on": "2026-06-30"}), 201)
