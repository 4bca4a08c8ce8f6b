"""Somebody sees where they are logged in, and ends what they left open elsewhere."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.ui_gateway.staff import JSON, Office

pytestmark = [pytest.mark.database, pytest.mark.dialect]


def test_a_person_ends_the_login_that_was_left_open_elsewhere(office: Office) -> None:
    left, here, other = office.browser("demo-head"), office.browser("demo-head"), office.browser("demo-caseworker")
    page = here.get("/sessions")
    assert (page.text.count("この端末"), page.text.count("ほかの端末")) == (1, 1)
    done = here.press(page.form("/sessions/end"))
    assert "ほかの端末のログインを終わらせました" in done.text
    assert "/sessions/end" not in done.acts()
    answers = [one.http.get(f"{office.url}/session", headers=JSON, timeout=30) for one in (left, here, other)]
    assert [one.status_code for one in answers] == [401, 200, 200]
    (told,) = office.gateway.looks("logout.v1")
    assert (told["actor"], told["data"]["reason"]) == ("person:demo-head", "person")


def test_nobody_sees_or_ends_the_login_of_another(office: Office) -> None:
    head, caseworker = office.browser("demo-head"), office.browser("demo-caseworker")
    (own,) = head.json("/sessions")["items"]
    assert own["session_id"] not in str(caseworker.json("/sessions"))
    csrf = caseworker.json("/session")["csrf"]
    for session_id, status in ((own["session_id"], 404), (str(uuid4()), 404), ("a session", 422)):
        fields = {"csrf": csrf, "key": "some key of mine", "session_id": session_id}
        assert caseworker.send("/sessions/end", fields).status == status
    assert head.json("/session")["who"]["id"] == "demo-head"
    assert office.gateway.looks("logout.v1") == []


def test_a_session_beyond_its_limits_is_none_of_the_living(office: Office) -> None:
    office.browser("demo-head")
    office.gateway.execute("UPDATE sessions SET began_at = began_at - :long", long=timedelta(days=2))
    here = office.browser("demo-head")
    assert len(here.json("/sessions")["items"]) == 1
