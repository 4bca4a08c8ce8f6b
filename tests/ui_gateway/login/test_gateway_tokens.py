"""What the identity provider, or somebody in its place, could send at a login; and what is left of an ended one."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OKPKey

from infra.issuer.login import choose_staff
from infra.issuer.tokens import LIFETIME_SECONDS, Tokens
from tests.ui_gateway.login.test_gateway_logout import send, signed
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database
TOMORROW = int(time.time()) + 86_400
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "stranger"})
CHANGES: dict[str, dict[str, Any]] = {
    "no nonce": {"nonce": None},
    "another nonce": {"nonce": "another"},
    "another audience": {"aud": "payments"},
    "two audiences and no party": {"aud": ["ui_gateway", "payments"], "azp": None},
    "another party": {"azp": "payments"},
    "another issuer": {"iss": "https://elsewhere.example"},
    "expired": {"exp": 1},
    "not valid yet": {"nbf": TOMORROW},
    "of tomorrow": {"iat": TOMORROW, "exp": TOMORROW + 300},
    "another person": {"sub": "demo-caseworker"},
    "nobody": {"sub": None},
    "a person with NUL": {"sub": "demo-head\0"},
    "a name with a character that nobody sees": {"name": "架空\u202e二郎"},
    "a name of a thousand letters": {"name": "架" * 1_000},
    "a login with a blank in its id": {"sid": "a b"},
    "a login of a list": {"sid": ["a"]},
}


@pytest.fixture
def office(lasting_office: Office) -> Office:
    """One for the file; who disturbs it takes an own one."""
    return lasting_office


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def told(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


def with_header(tokens: Tokens, token: str, **header: Any) -> str:
    """The same claims, signed by the issuer's own key under another header."""
    key = tokens._keys.signing
    head = {"alg": "Ed25519", "typ": "JWT", "kid": key.kid} | header
    return jwt.encode(head, told(token), key, algorithms=["Ed25519"])


def unsigned(kind: str, token: str) -> str:
    return f"{b64(json.dumps({'alg': 'none', 'typ': kind}).encode())}.{token.split('.')[1]}."


def by_public_key(tokens: Tokens, token: str) -> str:
    key = tokens._keys.signing
    start = f"{b64(json.dumps({'alg': 'HS256', 'typ': 'JWT', 'kid': key.kid}).encode())}.{token.split('.')[1]}"
    return f"{start}.{b64(hmac.new(key.as_pem(private=False), start.encode(), hashlib.sha256).digest())}"


def by_its_own_key(tokens: Tokens, token: str) -> str:
    del tokens
    head = {"alg": "Ed25519", "typ": "JWT", "kid": "stranger", "jwk": STRANGER.as_dict(private=False)}
    return jwt.encode(head, told(token), STRANGER, algorithms=["Ed25519"])


FORGED: dict[str, Callable[[Tokens, str], str]] = {
    "nothing": lambda tokens, token: "",
    "no signature": lambda tokens, token: unsigned("JWT", token),
    "HS256 with the public key": by_public_key,
    "a stranger's key beside it": by_its_own_key,
    "an access token's kind": lambda tokens, token: with_header(tokens, token, typ="at+jwt"),
    "a logout token's kind": lambda tokens, token: with_header(tokens, token, typ="logout+jwt"),
    "very long": lambda tokens, token: token + "A" * 9_000,
}


def refused(office: Office) -> None:
    """A login with what the provider sends now begins no session, and the refusal is told."""
    stranger, before = office.stranger(), office.gateway.execute("SELECT 1 FROM sessions")
    back = choose_staff(stranger.http, f"{office.url}/login", "demo-head")
    assert stranger.http.get(back, timeout=30).status_code == 401
    assert office.gateway.execute("SELECT 1 FROM sessions") == before
    (refusal,) = office.looks("refusal.v1")
    assert (refusal["data"]["route"], refusal["data"]["problem"]) == ("/callback", "not-authenticated")
    assert office.looks("login.v1") == []


@pytest.mark.parametrize("why", CHANGES)
def test_an_identity_token_that_says_something_else_begins_no_session(
    office: Office, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    true = Tokens.identity

    def changed(self: Tokens, *given: Any) -> str:
        said = {name: one for name, one in (told(true(self, *given)) | CHANGES[why]).items() if one is not None}
        return self._sign(said, kind="JWT")

    monkeypatch.setattr(Tokens, "identity", changed)
    refused(office)


@pytest.mark.parametrize("why", FORGED)
def test_a_forged_identity_token_begins_no_session(office: Office, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    true = Tokens.identity
    monkeypatch.setattr(Tokens, "identity", lambda self, *given: FORGED[why](self, true(self, *given)))
    refused(office)


def test_a_logout_token_that_is_forged_ends_nothing_and_is_told_with_its_reason(office: Office) -> None:
    head = office.browser("demo-head")
    good = signed(office)
    long = signed(office, padding="x" * 9_000)
    late = signed(office, nbf=TOMORROW)
    assert [send(office, token).status_code for token in (unsigned("logout+jwt", good), long, late)] == [400] * 3
    assert head.json("/session")["who"]["id"] == "demo-head"
    assert [one["data"]["why"] for one in office.looks("refusal.v1")] == ["form", "too_long", "not_yet"]


def test_what_an_ended_login_leaves_behind_is_a_token_of_five_minutes_at_most(office: Office) -> None:
    """Services verify tokens by themselves: this is the window, and it cannot be made longer."""
    own, service = office.token("demo-head", "ui_gateway"), office.token("demo-head", "payments")
    office.browser("demo-head")
    office.end_logins("demo-head")
    url = office.doors["payments"].url
    answer = requests.get(f"{url}/runs?month=2026-12", headers={"Authorization": f"Bearer {service}"}, timeout=30)
    assert answer.status_code != 401
    for token in (own, service):
        assert told(token)["exp"] - time.time() <= LIFETIME_SECONDS == 300
    for client, token in (("ui_gateway", own), ("payments", service)):
        asked = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "audience": "case_management",
        }
        basic = (client, office.secrets[client])
        assert requests.post(f"{office.issuer_url}/token", data=asked, auth=basic, timeout=30).status_code == 400
