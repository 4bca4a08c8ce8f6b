"""The real gateway, walked as an attacker would: every page that can be reached, and every form, whoever shows it."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from infra.issuer.login import choose_staff
from services.ui_gateway.pages.blueprint import PAGES
from services.ui_gateway.routing.security_headers import protect
from tests.ui_gateway.conftest import audited_office_of_file, lasting_office, own_office
from tests.ui_gateway.months.test_gateway_month import proposed
from tests.ui_gateway.staff import BOARD, Browser, Form, Office, Page

__all__ = ["audited_office_of_file", "lasting_office", "own_office"]
pytestmark = pytest.mark.database
STAFF = ("demo-caseworker", "demo-head", "demo-accountant", "demo-head-of-accounting", "demo-treasurer")
RUNS_SOMETHING = re.compile(
    r"<script|<style|<iframe|<object|<embed|<base|\sstyle=|\son[a-z]+=|javascript:|data:|https?://"
)
OWN_SCRIPT = '<script src="/assets/kurashi.js" defer></script>'
FOLLOWS = '<script src="/assets/progress.js" defer></script>'
SEARCHES = '<script src="/assets/suggestions.js" defer></script>'
ADDRESSES = '<script src="/assets/addresses.js" defer></script>'
"""The scripts of the pages, files of ours: for everybody, while work goes on, for who may search, for addresses."""
SAME = re.compile(r"/journey|[?&](sort|page|whole|as)=")
"""What is not walked: the same list in another order, or as a file."""
MOST_PAGES = 60


@pytest.fixture(scope="module")
def office_of_file(audited_office_of_file: Office) -> Office:
    """One with its log: pages ask it too."""
    return audited_office_of_file


@pytest.fixture
def office(lasting_office: Office) -> Office:
    """One for the file; who disturbs it takes an own one."""
    return lasting_office


def walk(browser: Browser) -> Iterator[tuple[str, Page]]:
    """Every page that links lead to from the first one and the month."""
    seen, waiting = {"/", BOARD}, ["/", BOARD]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        page = browser.get(path)
        yield path, page
        fresh = [link for link in page.links if link.startswith("/") and link not in seen and not SAME.search(link)]
        seen.update(fresh)
        waiting += fresh


@pytest.fixture(scope="module")
def office_at_work(office_of_file: Office) -> Office:
    """The office with households and a proposed month: there is something behind the links."""
    office_of_file.load()
    proposed(office_of_file)
    return office_of_file


@pytest.fixture(scope="module", params=STAFF)
def walked(office_at_work: Office, request: pytest.FixtureRequest) -> list[tuple[str, Page]]:
    """What one of the staff reaches."""
    return list(walk(office_at_work.browser(request.param)))


def test_every_page_that_can_be_reached_runs_own_scripts_alone_and_is_closed(walked: list[tuple[str, Page]]) -> None:
    assert len(walked) > 3
    for path, page in walked:
        assert page.status == 200, path
        assert page.html.count(OWN_SCRIPT) == 1, path
        assert page.html.count(SEARCHES) == page.html.count('role="search"'), path
        assert not RUNS_SOMETHING.search(
            page.html.replace(OWN_SCRIPT, "").replace(SEARCHES, "").replace(FOLLOWS, "").replace(ADDRESSES, "")
        ), path
        policy = page.answer.headers["Content-Security-Policy"]
        own = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
        assert policy.startswith(f"{own}form-action 'self' "), path
        assert "frame-ancestors 'none'; base-uri 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert page.answer.headers["Cache-Control"] == "no-store", path
        assert page.answer.headers["Content-Type"] == "text/html; charset=utf-8", path


def test_every_form_that_is_shown_carries_the_sessions_own_token(walked: list[tuple[str, Page]]) -> None:
    forms = [form for _, page in walked for form in page.forms if form.method == "post"]
    assert forms
    assert all(len(form.fields["csrf"]) >= 40 for form in forms)


def acts() -> list[str]:
    """Where every act of the gateway is sent to, shown to somebody or not."""
    paths = [page.path for pages in PAGES for page in pages.pages if page.acts]
    number = "00000000-0000-4000-8000-000000000000"
    named = {"month": "2026-12", "run_id": number, "import_id": number, "service": "case_management"}
    filled = [re.sub(r"<uuid:\w+>", number, path) for path in paths]
    return [re.sub(r"<(?:\w+:)?(\w+)>", lambda found: named.get(found[1], "1"), path) for path in filled]


@pytest.mark.parametrize("action", acts())
def test_no_act_is_done_for_another_site(office: Office, action: str) -> None:
    """Without the token, with that of another session, and from a page of another site that sends plain text."""
    victim, attacker = office.browser("demo-head"), office.browser("demo-caseworker")
    foreign = attacker.get(BOARD).form("/logout").fields["csrf"]
    for fields in ({}, {"csrf": ""}, {"csrf": foreign}):
        page = victim.press(Form(action), **{"key": "k" * 12, **fields})
        assert page.status == 403, fields
    plain = {"Content-Type": "text/plain", "Origin": "https://elsewhere.example"}
    sent = victim.http.post(office.url + action, data='{"csrf": ""}', headers=plain, timeout=30)
    assert sent.status_code == 403
    assert victim.get("/").status == 200, "the session stands"
    assert len(office.looks("refusal.v1")) == 4


@pytest.mark.parametrize("action", acts())
def test_no_act_is_done_by_following_a_link(office: Office, action: str) -> None:
    before = len(office.gateway.facts())
    head = office.browser("demo-head")
    head.get(action)
    assert head.get("/").status == 200, "the session stands"
    assert len(office.gateway.facts()) == before


@pytest.mark.parametrize(
    "sent", [{"key": "a\r\nX-Own: 1"}, {"key": "k" * 300}, {"reason": "a\0b"}, {"run_kind": "'; --"}]
)
def test_odd_fields_of_a_form_are_a_problem_in_words(office: Office, sent: dict[str, str]) -> None:
    accountant = office.browser("demo-accountant")
    own = accountant.get(BOARD).form("/logout").fields["csrf"]
    page = accountant.send(f"{BOARD}/runs", {"csrf": own, "key": "k" * 12, "month": "2026-12", **sent})
    assert page.status in (400, 403, 409, 422)
    assert "X-Own" not in page.answer.headers


@pytest.mark.parametrize(
    "body",
    [b"[1, 2]", b'"text"', b"{", b"\xff\xfe", b"null", b"[" * 2_000, b'{"a":' * 2_000 + b"1" + b"}" * 2_000],
    ids=range(7),
)
def test_a_body_that_is_no_form_is_refused_and_breaks_nothing(office: Office, body: bytes) -> None:
    head = office.browser("demo-head")
    answer = head.http.post(office.url + "/logout", data=body, headers={"Content-Type": "application/json"}, timeout=30)
    assert answer.status_code == 403


@pytest.mark.parametrize("field", ["csrf", "key"])
def test_half_a_character_is_refused_and_breaks_nothing(office: Office, field: str) -> None:
    head = office.browser("demo-head")
    body = json.dumps({"csrf": head.json("/session")["csrf"], "key": "k" * 12, field: "\ud800"})
    answer = head.http.post(office.url + "/logout", data=body, headers={"Content-Type": "application/json"}, timeout=30)
    assert answer.status_code in (400, 422)
    assert head.get("/").status == 200, "the session stands"


@pytest.mark.parametrize("answer", ["", "iss=https%3A%2F%2Felsewhere.example"])
def test_an_answer_of_another_provider_logs_nobody_in(office: Office, answer: str) -> None:
    """Mix-up (RFC 9207): the provider promises to name itself, so an answer without its name is not its own."""
    browser = office.stranger()
    back = choose_staff(browser.http, f"{office.url}/login", "demo-head")
    changed = re.sub(r"iss=[^&]*", answer, back)
    assert changed != back
    assert browser.http.get(changed, timeout=30).status_code == 401
    assert browser.http.cookies.get("kurashi") is None


def test_who_has_logged_out_leaves_nothing_in_the_browser(office: Office) -> None:
    head = office.browser("demo-head")
    out = head.press(head.get("/").form("/logout"))
    assert out.answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert head.http.cookies.get("kurashi") is None


@pytest.mark.parametrize(
    "path", ["/metrics", "/openapi.json", "/docs", "/.git/config", "/assets/", "/assets/../app.py"]
)
def test_nothing_lies_open_beside_the_pages(office: Office, path: str) -> None:
    assert office.stranger().get(path).status == 404


def limited(office: Office, **limits: int) -> None:
    given = office.gateway.runtime.settings.model_copy(update=limits)
    office.gateway.runtime.rate_limits._settings = given


def test_a_stranger_who_acts_too_often_is_turned_away(own_office: Office) -> None:
    limited(own_office, refusals_a_minute=2)
    with requests.Session() as stranger:
        acted = [stranger.post(f"{own_office.url}/logout", timeout=30) for _ in range(4)]
    assert [one.status_code for one in acted] == [401, 401, 429, 429]
    assert 1 <= int(acted[-1].headers["Retry-After"]) <= 60
    assert len(own_office.gateway.looks("refusal.v1")) == 2


def fail(office: Office, browser: requests.Session) -> int:
    """Begin a login and come back with a code that the provider never gave."""
    began = browser.get(f"{office.url}/login", allow_redirects=False, timeout=30)
    state = parse_qs(urlsplit(began.headers["Location"]).query)["state"][0]
    asked = {"state": state, "code": "none", "iss": office.issuer_url}
    return browser.get(f"{office.url}/callback", params=asked, timeout=30).status_code


def test_whoever_only_knocks_leaves_nothing_and_bars_nobody(own_office: Office) -> None:
    limited(own_office, failed_logins_a_minute=3)
    doors = [requests.get(f"{own_office.url}/login", allow_redirects=False, timeout=30) for _ in range(330)]
    assert {one.status_code for one in doors} == {303}
    assert own_office.gateway.execute("SELECT 1 FROM logins") == []
    assert own_office.browser("demo-head").json("/session")["who"]["id"] == "demo-head"


def test_a_browser_that_opens_all_its_tabs_again_can_log_in(own_office: Office) -> None:
    """Each tab begins a login of its own; together their cookies stay below what a web process takes as a header."""
    person = own_office.stranger()
    for _ in range(30):
        person.http.get(f"{own_office.url}/login?back={BOARD}", allow_redirects=False, timeout=30)
    assert sum(len(f"{one.name}={one.value}; ") for one in person.http.cookies) < 8_190
    back = choose_staff(person.http, f"{own_office.url}/login", "demo-head")
    assert person.http.get(back, timeout=30).status_code == 200


def test_logins_that_fail_bar_their_own_browser_and_those_in_which_nobody_ever_logged_in(own_office: Office) -> None:
    """One visitor behind the office's address locks the office out of nothing, and is bounded all the same."""
    limited(own_office, failed_logins_a_minute=3)
    known = own_office.browser("demo-head")
    with requests.Session() as visitor:
        assert [fail(own_office, visitor) for _ in range(5)] == [401, 401, 401, 429, 429]
        for name, value in list(visitor.cookies.items()):  # a login under way is no browser that is known
            visitor.cookies.set("kurashi-browser", value)
            assert fail(own_office, visitor) == 429, name
    back = choose_staff(known.http, f"{own_office.url}/login", "demo-head")
    assert known.http.get(back, timeout=30).status_code == 200
    assert [fail(own_office, known.http) for _ in range(4)] == [401, 401, 401, 429]


def test_outside_the_demonstration_browsers_are_held_to_tls() -> None:
    from flask import Response

    class Secure:
        secure = True
        provider = type("Provider", (), {"known_origins": staticmethod(list)})

    told = protect(Response(), Secure())  # type: ignore[arg-type]
    assert told.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
