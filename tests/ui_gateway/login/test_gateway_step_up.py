"""An approval is done once its person has confirmed, at the identity provider, exactly what is approved."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from infra.issuer.login import choose_staff
from tests.ui_gateway.months.test_gateway_month import APPROVE, proposed
from tests.ui_gateway.staff import BOARD, JSON, Browser, Office, Page

pytestmark = pytest.mark.database
USED = "SELECT actor FROM step_ups WHERE sha256 = :sha256"


@pytest.fixture
def head(office: Office) -> Browser:
    """The head, with a proposal of the month before them."""
    office.load()
    proposed(office)
    return office.browser("demo-head")


def test_the_provider_shows_what_is_approved_and_the_way_back_approves_it(office: Office, head: Browser) -> None:
    form = head.get(BOARD).form(APPROVE)
    page = head.send(form.action, form.fields)
    assert page.answer.url.startswith(office.issuer_url)
    assert "令和8年12月分 一括決定の決裁(生活保護 2世帯" in page.text
    assert form.fields["case_management_sha256"] in page.text
    assert "架空 二郎" in page.text
    assert states(head) == {"proposed"}, "nothing is approved before it is confirmed"
    done = head.confirm(page)
    assert "一括決定を決裁しました(生活保護 2世帯" in done.text
    assert "proposed" not in states(head)
    (used,) = office.services["case_management"].execute(USED, sha256=form.fields["case_management_sha256"])
    assert used.actor == "person:demo-head"


def test_a_confirmation_is_used_once_and_who_comes_back_with_it_sees_what_was_done(
    office: Office, head: Browser
) -> None:
    form = head.get(BOARD).form(APPROVE)
    page = head.send(form.action, form.fields)
    back = choose_staff(head.http, page.answer.url, "demo-head")
    first = Page(head.http.get(back, timeout=30))
    assert "一括決定を決裁しました" in first.text
    assert head.http.get(back, timeout=30).url == f"{office.url}{BOARD}"
    assert office.stranger().http.get(back, timeout=30).status_code == 401, "another browser began nothing"
    assert "一括決定を決裁しました" in head.press(form).text
    assert len(office.services["case_management"].execute(USED, sha256=form.fields["case_management_sha256"])) == 1


def test_a_double_click_on_the_confirmation_shows_what_was_done_and_logs_nobody_out(
    office: Office, head: Browser
) -> None:
    form = head.get(BOARD).form(APPROVE)
    page = head.send(form.action, form.fields)
    first, second = (choose_staff(head.http, page.answer.url, "demo-head") for _ in range(2))
    with thrown_away(head) as before_the_answer, ThreadPoolExecutor(2) as pool:
        both = [pool.submit(before_the_answer.get, first, timeout=30), pool.submit(head.http.get, second, timeout=30)]
    shown = Page(both[1].result())
    assert (shown.status, shown.answer.url) == (200, f"{office.url}{BOARD}")
    assert head.json("/session")["who"]["id"] == "demo-head", "the session goes on under the cookie it was given"
    assert "proposed" not in states(head)
    assert len(office.services["case_management"].execute(USED, sha256=form.fields["case_management_sha256"])) == 1


def test_whichever_page_stays_after_a_double_click_says_once_what_was_done(office: Office, head: Browser) -> None:
    form = head.get(BOARD).form(APPROVE)
    page = head.send(form.action, form.fields)
    first, second = (choose_staff(head.http, page.answer.url, "demo-head") for _ in range(2))
    with thrown_away(head) as before_the_answer:
        assert "一括決定を決裁しました" in before_the_answer.get(first, timeout=30).text
    assert "一括決定を決裁しました" in head.http.get(second, timeout=30).text
    assert "一括決定を決裁しました" not in head.get(BOARD).text


def test_a_double_click_on_what_fails_shows_the_failure_and_the_way_to_repeat_it(office: Office, head: Browser) -> None:
    form = head.get(BOARD).form(APPROVE)
    page = head.send(form.action, form.fields)
    first, second = (choose_staff(head.http, page.answer.url, "demo-head") for _ in range(2))
    with office.down("support_benefits"), thrown_away(head) as before_the_answer:
        assert before_the_answer.get(first, timeout=30).status_code == 503
        away = Page(head.http.get(second, timeout=30))
    assert away.status == 503
    assert "一括決定を決裁しました" in head.press(away.form(APPROVE)).text


def test_a_double_click_on_the_login_logs_in(office: Office) -> None:
    browser = office.stranger()
    address = browser.http.get(f"{office.url}/login", allow_redirects=False, timeout=30).headers["Location"]
    first, second = (choose_staff(browser.http, address, "demo-head") for _ in range(2))
    with thrown_away(browser) as before_the_answer:
        before_the_answer.get(first, timeout=30)
    assert browser.http.get(second, timeout=30).url == f"{office.url}/"
    assert browser.json("/session")["who"]["id"] == "demo-head"


def test_what_was_done_is_told_for_two_minutes_and_no_longer(office: Office, head: Browser) -> None:
    form = head.get(BOARD).form(APPROVE)
    back = choose_staff(head.http, head.send(form.action, form.fields).answer.url, "demo-head")
    head.http.get(back, timeout=30)
    office.gateway.execute("UPDATE logins SET used_at = used_at - interval '121 seconds'")
    assert head.http.get(back, timeout=30).status_code == 401


def test_the_cookie_of_before_a_confirmation_opens_nothing_after_it(office: Office, head: Browser) -> None:
    before = head.http.cookies["kurashi"]
    form = head.get(BOARD).form(APPROVE)
    assert "一括決定を決裁しました" in head.press(form).text
    assert head.http.cookies["kurashi"] != before
    thief = office.stranger()
    thief.http.cookies.set("kurashi", before)
    assert thief.http.get(f"{office.url}/session", headers=JSON, timeout=30).status_code == 401
    assert head.json("/session")["who"]["id"] == "demo-head"


def test_another_person_cannot_confirm_in_the_sessions_name(office: Office, head: Browser) -> None:
    form = head.get(BOARD).form(APPROVE)
    page = head.send(form.action, form.fields)
    refused = head.confirm(page, login_hint="demo-caseworker")
    assert refused.status == 403
    assert "別の人" in refused.text
    assert states(head) == {"proposed"}
    assert office.gateway.looks("refusal.v1")[-1]["data"]["problem"] == "not-permitted"


def test_a_confirmation_of_something_else_confirms_nothing(office: Office, head: Browser) -> None:
    form = head.get(BOARD).form(APPROVE)
    page = head.send(form.action, form.fields)
    other = page.forms[0].fields["authorization_details"].replace(form.fields["case_management_sha256"], "0" * 64)
    refused = head.confirm(page, authorization_details=other)
    assert (refused.status, "一致しません" in refused.text, BOARD in refused.links) == (401, True, True)
    plain = head.send(form.action, form.fields)
    without = head.confirm(plain, authorization_details="", acr_values="")
    assert without.status == 401
    assert states(head) == {"proposed"}
    assert [one["data"]["problem"] for one in office.gateway.looks("refusal.v1")] == ["step-up-required"] * 2


def test_who_changes_their_mind_has_approved_nothing(office: Office, head: Browser) -> None:
    form = head.get(BOARD).form(APPROVE)
    left = head.confirm(head.send(form.action, form.fields), cancel="cancel")
    assert (left.status, "何も決裁されていません" in left.text) == (200, True)
    assert left.answer.url == office.url + BOARD
    assert states(head) == {"proposed"}


def test_a_pending_act_belongs_to_its_session(office: Office, head: Browser) -> None:
    form = head.get(BOARD).form(APPROVE)
    page = head.send(form.action, form.fields)
    head.http.get(choose_staff(head.http, f"{office.url}/login", "demo-head"), timeout=30)
    assert head.confirm(page).status == 401, "the person has logged in anew meanwhile"
    assert states(head) == {"proposed"}


def test_a_service_that_is_away_after_the_confirmation_loses_no_form(office: Office, head: Browser) -> None:
    form = head.get(BOARD).form(APPROVE)
    page = head.send(form.action, form.fields)
    with office.down("support_benefits"):
        away = head.confirm(page)
    assert away.status == 503
    again = head.press(away.form(APPROVE))
    assert "一括決定を決裁しました" in again.text
    assert "proposed" not in states(head)


def test_the_command_line_is_told_where_to_confirm(office: Office, head: Browser) -> None:
    fields = {name: value for name, value in head.get(BOARD).form(APPROVE).fields.items() if name.endswith("sha256")}
    asked = head.act(APPROVE, fields, "key-of-the-command-line")
    assert (asked.status_code, asked.json()["type"]) == (401, "/problems/step-up-required")
    assert 'error="insufficient_user_authentication"' in asked.headers["WWW-Authenticate"]
    done = answered(head, asked)
    assert (done.status_code, set(done.json())) == (202, {"case_management", "support_benefits"})
    again = answered(head, head.act(APPROVE, fields, "key-of-the-command-line"))
    assert again.json() == done.json()


def test_a_token_without_a_confirmation_approves_nothing_at_the_service_itself(office: Office, head: Browser) -> None:
    board = head.json(BOARD)["determinations"]["case_management"]["items"][-1]
    path = f"/collective-determinations/{board['collective_id']}/approval"
    plain, bound = office.token("demo-head", "case_management"), office.token("demo-head", "case_management", "0" * 64)
    service = office.services["case_management"]
    for token in (plain, bound):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "straight-to-the-service"}
        body = {"sha256": board["sha256"]}
        answer = requests.post(office.doors["case_management"].url + path, json=body, headers=headers, timeout=30)
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/step-up-required")
    assert [one["data"]["problem"] for one in service.looks("refusal.v1")] == ["step-up-required"] * 2


def answered(browser: Browser, asked: requests.Response) -> requests.Response:
    """Confirm in a browser of its own, and come back to the gateway."""
    with requests.Session() as elsewhere:
        back = choose_staff(elsewhere, asked.json()["confirm_at"], "demo-head")
    assert "code" in parse_qs(urlsplit(back).query)
    return browser.http.get(back, headers=JSON, timeout=30)


def states(browser: Browser) -> set[str]:
    return {part["state"] for part in browser.json(BOARD)["determinations"].values()}


@contextmanager
def thrown_away(browser: Browser) -> Iterator[requests.Session]:
    """The same browser as it stands, for a request whose answer, with its cookies, it never sees."""
    with requests.Session() as http:
        http.cookies.update(browser.http.cookies)
        yield http
