"""A login is of one person, one browser and few minutes; what is no number is asked of nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.issuer.login import choose_staff
from services.ui_gateway.clients import identity
from services.ui_gateway.sessions.logins import LONGEST
from tests.ui_gateway.staff import JSON, Browser, Office

pytestmark = pytest.mark.database


@pytest.fixture
def office(lasting_office: Office) -> Office:
    return lasting_office


def session_status(office: Office, browser: Browser) -> int:
    return int(browser.http.get(office.url + "/session", headers=JSON, timeout=30).status_code)


def test_a_renewal_that_names_somebody_else_is_no_login(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    head = office.browser("demo-head")
    assert session_status(office, head) == 200
    true = identity.IdentityProvider._identity

    def another(self: identity.IdentityProvider, *given: Any) -> identity.Identity:
        return true(self, *given).model_copy(update={"subject": "demo-caseworker"})

    monkeypatch.setattr(identity, "EARLY", 301)
    monkeypatch.setattr(identity, "EARLY_WITHOUT_REFRESH", 301)
    monkeypatch.setattr(identity.IdentityProvider, "_identity", another)
    assert session_status(office, head) == 401


def test_a_new_login_of_a_browser_ends_the_one_that_it_had(office: Office) -> None:
    person = office.browser("demo-head")
    before = office.stranger()
    before.http.cookies.update(person.http.cookies.get_dict())
    assert session_status(office, before) == 200
    back = choose_staff(person.http, f"{office.url}/login", "demo-head")
    assert person.http.get(back, timeout=30).status_code == 200
    assert (session_status(office, person), session_status(office, before)) == (200, 401)
    assert [one["data"]["reason"] for one in office.looks("logout.v1")] == ["new_login"]


@pytest.mark.parametrize(("too_late", "status"), [(timedelta(seconds=-20), 200), (timedelta(seconds=5), 401)])
def test_a_login_is_finished_within_its_minutes_or_begun_again(
    own_office: Office, too_late: timedelta, status: int
) -> None:
    person = own_office.stranger()
    own_office.gateway.clock.set(now=datetime.now(UTC) - LONGEST - too_late)
    back = choose_staff(person.http, f"{own_office.url}/login", "demo-head")
    own_office.gateway.clock.set(now=datetime.now(UTC))
    assert person.http.get(back, timeout=30).status_code == status


@pytest.mark.parametrize("person", ["1", "1234567", "12345678901", "架空 花子", "1000000001 OR 1", "一二三四五六七八"])
def test_what_is_no_residents_number_is_told_so_and_asked_of_nobody(audited_office: Office, person: str) -> None:
    auditor = audited_office.browser("demo-auditor")
    form = auditor.get("/audit/looks").form("/audit/looks")
    with audited_office.asked() as asked:
        page = auditor.press(form, person=person, purpose="complaint")
    assert page.status == 422
    assert "宛名番号は8〜10桁の数字です" in page.text
    assert [path for path in asked if "/log/" in path] == []


def test_a_refusal_says_in_words_what_is_refused_and_who_may_and_its_code_aside(office: Office) -> None:
    page = office.browser("demo-accountant").get("/caseload")
    assert page.status == 403
    before, _, aside = page.html.partition("<summary>詳細</summary>")
    assert "担当ケースとケース番号登載簿の閲覧は、あなたの役割ではできません" in before
    assert "できるのは現業員、査察指導員、面接相談員、保護課長です" in before
    assert "case.list" not in before
    assert "<code>case.list</code>" in aside
    refused = office.browser("demo-accountant").json("/caseload")
    assert (refused["permission"], "case.list" in refused["detail"]) == ("case.list", False)
