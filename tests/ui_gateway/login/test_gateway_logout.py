"""A login that ends at the identity provider ends here; and the other way round."""

import time
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OKPKey

from infra.issuer.tokens import LOGOUT_EVENT
from tests.ui_gateway.staff import JSON, Office

pytestmark = pytest.mark.database


@pytest.fixture
def office(lasting_office: Office) -> Office:
    """One for the file; who disturbs it takes an own one."""
    return lasting_office


def test_the_provider_ends_all_logins_of_a_person_at_once(own_office: Office) -> None:
    head, again, other = map(own_office.browser, ("demo-head", "demo-head", "demo-caseworker"))
    ended = own_office.end_logins("demo-head")
    assert (ended.status_code, ended.json()) == (200, {"ended": 2})
    answers = [one.http.get(f"{own_office.url}/session", headers=JSON, timeout=30) for one in (head, again, other)]
    assert [one.status_code for one in answers] == [401, 401, 200]
    told = own_office.looks("logout.v1")
    assert [(fact["actor"], fact["data"]["reason"]) for fact in told] == [("person:demo-head", "provider_logout")] * 2


def test_logging_out_here_ends_the_login_there_and_no_other(own_office: Office) -> None:
    head, again = own_office.browser("demo-head"), own_office.browser("demo-head")
    out = head.press(head.get("/").form("/logout"))
    assert "ログアウトしました" in out.text
    assert out.answer.url == f"{own_office.url}/logout"
    there = [step.headers["Location"] for step in out.answer.history]
    assert there[0].startswith(f"{own_office.issuer_url}/end_session?")
    assert not [part for part in ("%E6", "id_token") if part in there[0]], "no name travels in an address"
    assert again.json("/session")["who"]["id"] == "demo-head"
    assert own_office.end_logins("demo-head").json() == {"ended": 1}


def test_a_logout_works_while_the_provider_is_away(office: Office) -> None:
    head = office.browser("demo-head")
    page = head.get("/")
    office.gateway.new_app()
    with office.down("issuer"):
        head.http.post(office.url + "/logout", data=page.form("/logout").fields, allow_redirects=False, timeout=30)
    assert head.http.get(f"{office.url}/session", headers=JSON, timeout=30).status_code == 401


def test_an_ended_login_is_worth_nothing_at_the_provider_either(office: Office) -> None:
    token = office.token("demo-head", "ui_gateway")
    office.end_logins("demo-head")
    asked = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": token,
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": "payments",
    }
    basic = ("ui_gateway", office.secrets["ui_gateway"])
    refused = requests.post(f"{office.issuer_url}/token", data=asked, auth=basic, timeout=30)
    assert refused.json() == {"error": "invalid_grant"}


def test_a_logout_token_is_taken_once(office: Office) -> None:
    office.browser("demo-head")
    token = signed(office)
    assert [send(office, token).status_code for _ in range(2)] == [200, 400]
    assert [one["data"]["route"] for one in office.looks("refusal.v1")] == ["/backchannel-logout"]


WRONG: dict[str, dict[str, Any]] = {
    "a nonce": {"nonce": "n"},
    "no event": {"events": {}},
    "events of another form": {"events": [LOGOUT_EVENT]},
    "another audience": {"aud": "payments"},
    "another issuer": {"iss": "http://elsewhere.example"},
    "expired": {"exp": 1},
    "old": {"iat": int(time.time()) - 3600},
    "of tomorrow": {"iat": int(time.time()) + 86_400},
    "no number": {"jti": None},
    "nobody": {"sub": None},
    "a person with NUL": {"sub": "demo-head\0"},
    "a person of 4,000 letters": {"sub": "a" * 4_000},
    "a number with NUL": {"jti": "a\0"},
    "a number of 4,000 letters": {"jti": "a" * 4_000},
    "a login with NUL": {"sid": "a\0"},
    "a login that is a number": {"sid": 7},
}


@pytest.mark.parametrize("why", WRONG)
def test_a_logout_token_that_is_not_one_ends_nothing_and_is_told(office: Office, why: str) -> None:
    head = office.browser("demo-head")
    assert send(office, signed(office, **WRONG[why])).status_code == 400
    assert head.json("/session")["who"]["id"] == "demo-head"
    assert len(office.looks("refusal.v1")) == 1


def test_other_tokens_and_forged_ones_end_nothing(office: Office) -> None:
    head = office.browser("demo-head")
    stranger = OKPKey.generate_key("Ed25519")
    forged = [
        signed(office, typ="at+jwt"),
        signed(office, typ="JWT"),
        signed(office, key=stranger),
        office.token("demo-head", "ui_gateway"),
        "",
    ]
    assert [send(office, token).status_code for token in forged] == [400] * 5
    assert head.json("/session")["who"]["id"] == "demo-head"
    assert len(office.looks("refusal.v1")) == 5


def signed(office: Office, typ: str = "logout+jwt", key: OKPKey | None = None, **changes: Any) -> str:
    """A logout token as the office's issuer signs it, with changes; None leaves a claim out."""
    own = OKPKey.import_key((office.issuer_folder / "keys" / "0001.pem").read_bytes())
    own.ensure_kid()
    now = int(time.time())
    claims = {
        "iss": office.issuer_url,
        "aud": "ui_gateway",
        "sub": "demo-head",
        "iat": now,
        "exp": now + 120,
        "jti": f"jti-{time.monotonic_ns()}",
        "events": {LOGOUT_EVENT: {}},
    }
    told = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode({"alg": "Ed25519", "typ": typ, "kid": own.kid}, told, key or own, algorithms=["Ed25519"])


def send(office: Office, token: str) -> requests.Response:
    """Send it as the provider does."""
    return requests.post(f"{office.url}/backchannel-logout", data={"logout_token": token}, timeout=30)
