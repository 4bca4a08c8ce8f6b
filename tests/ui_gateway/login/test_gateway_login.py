"""A session begins with a login, belongs to one browser, and ends."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from infra.issuer.login import choose_staff
from services.ui_gateway.app import service
from services.ui_gateway.clients import identity
from services.ui_gateway.sessions import logins
from services.ui_gateway.sessions.logins import PendingAct
from services.ui_gateway.worker import sweep
from shared.service_kit.testing import Services
from tests.ui_gateway.staff import BOARD, JSON, Office

pytestmark = pytest.mark.database


@pytest.fixture
def office(lasting_office: Office) -> Office:
    """One for the file; who disturbs it takes an own one."""
    return lasting_office


def test_a_login_leads_back_to_the_page_that_was_wanted_and_is_told(office: Office) -> None:
    stranger = office.stranger()
    back = choose_staff(stranger.http, f"{office.url}{BOARD}", "demo-head")
    landed = stranger.http.get(back, timeout=30)
    assert urlsplit(landed.url).path == BOARD
    assert "架空 二郎" in landed.text
    who = stranger.json("/session")
    assert who["who"] == {"id": "demo-head", "name": "架空 二郎", "roles": ["head"]}
    (login,) = office.looks("login.v1")
    assert login["actor"] == "person:demo-head"


def test_a_callback_that_this_browser_did_not_begin_is_refused(office: Office) -> None:
    victim, attacker = office.stranger(), office.stranger()
    back = choose_staff(attacker.http, f"{office.url}/login", "demo-head")
    refused = victim.http.get(back, timeout=30)
    assert refused.status_code == 401
    assert "ログインする" in refused.text
    own = choose_staff(victim.http, f"{office.url}/login", "demo-head")
    changed = own.replace(parse_qs(urlsplit(own).query)["state"][0], "another-state")
    assert victim.http.get(changed, timeout=30).status_code == 401
    assert victim.http.get(own, timeout=30).status_code == 200, "what was not its answer has not used it up"
    assert victim.http.get(own, timeout=30).url == f"{office.url}/", "who comes back with it again is logged in already"
    assert len(office.looks("login.v1")) == 1, "a login is used up by its first answer"
    told = [fact["data"] for fact in office.looks("refusal.v1")]
    assert [(one["route"], one["problem"]) for one in told] == [("/callback", "not-authenticated")] * 2


def test_who_comes_back_to_a_login_that_nobody_waits_for_is_told_so_and_shown_the_way(own_office: Office) -> None:
    person = own_office.stranger()
    used = choose_staff(person.http, f"{own_office.url}/login", "demo-head")
    assert person.http.get(used, timeout=30).status_code == 200
    own_office.gateway.clock.set(now=datetime.now(UTC) + logins.ANSWERED_AGAIN + timedelta(seconds=1))
    for back in (used, f"{own_office.url}/callback?state=unknown&code=any", f"{own_office.url}/callback"):
        page = person.http.get(back, timeout=30)
        assert page.status_code == 401
        assert logins.NOT_UNDER_WAY in page.text
        assert '<a class="button" href="/login">ログインする</a>' in page.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"])
def test_a_login_never_leads_elsewhere(office: Office, elsewhere: str) -> None:
    stranger = office.stranger()
    back = choose_staff(stranger.http, f"{office.url}/login?back={elsewhere}", "demo-head")
    assert stranger.http.get(back, timeout=30).url == f"{office.url}/"


def test_nobody_gets_in_without_a_login(office: Office) -> None:
    stranger = office.stranger()
    page = stranger.http.get(office.url + BOARD, allow_redirects=False, timeout=30)
    assert (page.status_code, page.headers["Location"]) == (303, f"/login?back={BOARD}")
    as_json = stranger.http.get(office.url + BOARD, headers=JSON, timeout=30)
    assert (as_json.status_code, as_json.json()["type"]) == (401, "/problems/not-authenticated")
    act = stranger.send(f"{BOARD}/runs", {"key": "some key of mine"})
    assert act.status == 401
    assert [fact["actor"] for fact in office.looks("refusal.v1")] == ["person:unknown"]


def test_an_act_without_the_sessions_own_token_is_refused_and_told(office: Office) -> None:
    accountant, head = office.browser("demo-accountant"), office.browser("demo-head")
    for csrf in ("", "guessed", head.json("/session")["csrf"]):
        refused = accountant.send(f"{BOARD}/runs", {"csrf": csrf, "key": "some key of mine"})
        assert refused.status == 403
    assert accountant.json(BOARD)["runs"] == []
    assert len(office.looks("refusal.v1")) == 3
    assert accountant.send("/logout", {}).status == 403
    assert accountant.json("/session")["who"]["id"] == "demo-accountant"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_the_database(own_office: Office) -> None:
    head = own_office.browser("demo-head")
    (cookie,) = [one for one in head.http.cookies if one.name == "kurashi"]
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Lax"
    (row,) = own_office.gateway.execute("SELECT * FROM sessions")
    assert all(str(cookie.value) not in str(value) for value in row)
    assert b"eyJ" not in bytes(row.sealed), "a stolen table gives no tokens"


def test_outside_the_demonstration_cookies_need_tls(services: Services, office: Office) -> None:
    issuer = {"issuer_url": office.issuer_url, "issuer_jwks": "", "public_url": "https://kurashi.example"}
    running = services.open(service, env="production", **issuer)
    answer = running.app.test_client().get("/login")
    assert answer.headers["Set-Cookie"].startswith("__Host-kurashi-login-")
    assert "Secure; HttpOnly; Path=/; SameSite=Lax" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    lost = running.app.test_client().get("/nowhere")
    assert "DEMO" not in lost.text


@pytest.mark.parametrize(
    ("pause", "times", "reason"), [(timedelta(minutes=31), 1, "idle"), (timedelta(minutes=25), 20, "age")]
)
def test_a_session_ends_by_idleness_and_by_age(own_office: Office, pause: timedelta, times: int, reason: str) -> None:
    head = own_office.browser("demo-head")
    now = datetime.now(UTC)
    alive = 0
    for _ in range(times):
        now += pause
        own_office.gateway.clock.set(now=now)
        answer = head.http.get(own_office.url + "/session", headers=JSON, timeout=30)
        alive += answer.status_code == 200
    assert answer.status_code == 401
    assert alive == {"idle": 0, "age": 19}[reason]
    assert [fact["data"]["reason"] for fact in own_office.looks("logout.v1")] == [reason]


@pytest.mark.parametrize(("ahead", "status"), [(timedelta(minutes=2), 200), (timedelta(days=30), 401)])
def test_a_session_begun_while_the_clock_was_ahead_lives_no_longer_for_it(
    own_office: Office, ahead: timedelta, status: int
) -> None:
    now = datetime.now(UTC)
    own_office.gateway.clock.set(now=now + ahead)
    heads = [own_office.browser("demo-head") for _ in range(2)]
    own_office.gateway.clock.set(now=now)
    assert heads[0].http.get(own_office.url + "/session", headers=JSON, timeout=30).status_code == status
    sweep(own_office.gateway.runtime)
    left = own_office.gateway.execute("SELECT 1 FROM sessions WHERE ended_at IS NULL")
    assert len(left) == (2 if status == 200 else 0)


def test_two_logins_in_two_tabs_do_not_take_each_others_way(office: Office) -> None:
    person = office.stranger()
    first = choose_staff(person.http, f"{office.url}{BOARD}", "demo-head")
    second = choose_staff(person.http, f"{office.url}/", "demo-head")
    assert [urlsplit(person.http.get(back, timeout=30).url).path for back in (first, second)] == [BOARD, "/"]


def test_what_nobody_came_back_for_is_swept_away(own_office: Office) -> None:
    own_office.browser("demo-head")
    with own_office.gateway.work() as work:
        logins.begin_confirmation(work, PendingAct(session_id=uuid4(), path="/", fields={}, key="", correlation="",
                                                   sha256=[]))  # fmt: skip
    now = datetime.now(UTC)
    own_office.gateway.clock.set(now=now + timedelta(minutes=9))
    sweep(own_office.gateway.runtime)
    assert len(own_office.gateway.execute("SELECT 1 FROM logins WHERE used_at IS NULL")) == 1
    own_office.gateway.clock.set(now=now + timedelta(minutes=31))
    sweep(own_office.gateway.runtime)
    assert own_office.gateway.execute("SELECT 1 FROM logins") == []
    (row,) = own_office.gateway.execute("SELECT sealed, end_reason FROM sessions")
    assert (bytes(row.sealed), row.end_reason) == (b"", "idle")
    assert [fact["data"]["reason"] for fact in own_office.looks("logout.v1")] == ["idle"]


def test_logging_out_ends_the_session_for_good(office: Office) -> None:
    head = office.browser("demo-head")
    kept = head.http.cookies.get_dict()
    out = head.press(head.get("/").form("/logout"))
    assert "ログアウトしました" in out.text
    thief = office.stranger()
    thief.http.cookies.update(kept)
    assert thief.http.get(office.url + "/session", headers=JSON, timeout=30).status_code == 401
    assert [fact["data"]["reason"] for fact in office.looks("logout.v1")] == ["person"]


@pytest.mark.parametrize("refreshed", [True, False])
def test_a_long_session_is_renewed_at_the_provider(
    own_office: Office, monkeypatch: pytest.MonkeyPatch, refreshed: bool
) -> None:
    if not refreshed:
        given = identity.IdentityProvider._ask
        without = lambda self, grant, *seconds: {**given(self, grant, *seconds), "refresh_token": ""}  # noqa: E731
        monkeypatch.setattr(identity.IdentityProvider, "_ask", without)
    head = own_office.browser("demo-head")
    before = sealed(own_office)
    monkeypatch.setattr(identity, "EARLY", 301)
    monkeypatch.setattr(identity, "EARLY_WITHOUT_REFRESH", 301)
    assert head.json("/session")["who"]["id"] == "demo-head"
    assert sealed(own_office) != before
    assert head.json(BOARD)["month"] == "2026-12"


def test_a_login_says_so_when_the_provider_is_away(own_office: Office) -> None:
    with own_office.down("issuer"):
        page = own_office.stranger().get("/login")
    assert page.status == 503
    assert "認証基盤に接続できません" in page.text


def sealed(office: Office) -> bytes:
    (row,) = office.gateway.execute("SELECT sealed FROM sessions")
    return bytes(row.sealed)
