"""A member of staff logs in, and services can trust the token they are then shown."""

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

from infra.issuer.codes import LIFETIME_SECONDS, Codes, Grant, challenge_of
from infra.issuer.login import LoginFailed, choose_staff, machine_token, person_token
from infra.issuer.sessions import Sessions
from infra.issuer.staff import BY_ID, STAFF, Staff
from shared.contracts.machines import MACHINES, scope
from shared.contracts.permissions import ROLES
from shared.service_kit.identity.access_tokens import exchange
from shared.service_kit.settings import Settings
from tests.issuer.running_issuer import RunningIssuer

VERIFIER = "v" * 64


def _claims(issuer: RunningIssuer, token: str) -> dict[str, object]:
    keys = KeySet.import_key_set(requests.get(f"{issuer.url}/jwks", timeout=5).json())
    return jwt.decode(token, keys, algorithms=["Ed25519"]).claims


def _authorize_url(issuer: RunningIssuer, **changes: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": issuer.client.client_id,
        "redirect_uri": issuer.client.redirect_uri,
        "scope": "openid",
        "state": "s1",
        "nonce": "n1",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }
    kept = {name: value for name, value in (asked | changes).items() if value}
    return f"{issuer.url}/authorize?{urlencode(kept)}"


def _code(issuer: RunningIssuer) -> str:
    with requests.Session() as browser:
        return parse_qs(urlsplit(choose_staff(browser, _authorize_url(issuer), "demo-head")).query)["code"][0]


def _redeem(issuer: RunningIssuer, code: str, **changes: str) -> requests.Response:
    grant = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": issuer.client.redirect_uri,
        "code_verifier": VERIFIER,
    }
    basic = (issuer.client.client_id, issuer.client.secret)
    return requests.post(f"{issuer.url}/token", data=grant | changes, auth=basic, timeout=5)


@pytest.mark.parametrize("person", STAFF, ids=lambda person: person.id)
def test_each_member_of_staff_gets_a_token_for_one_service_with_one_duty(issuer: RunningIssuer, person: Staff) -> None:
    claims = _claims(issuer, person_token(issuer.url, person.id, issuer.client, "payments"))

    assert (claims["sub"], claims["aud"], claims["kind"], claims["iss"]) == (
        person.id,
        "payments",
        "person",
        issuer.url,
    )
    assert claims["roles"] == list(person.roles)
    assert (claims["districts"], claims["programmes"]) == (list(person.districts), list(person.programmes))
    assert claims["acr"] == "login"
    assert claims["act"] == {"sub": "ui_gateway"}
    assert int(str(claims["exp"])) - int(str(claims["iat"])) == 300
    assert person.name.startswith("架空")


def test_each_role_has_its_member_of_staff_and_nobody_has_two_duties() -> None:
    duties = [role for person in STAFF for role in person.roles]
    assert len(duties) == len(STAFF)
    assert set(duties) == ROLES - {"service"}
    assert duties.count("administrator") == 2, "one proposes an assignment, the other approves it"
    assert len({person.id for person in STAFF}) == len({person.name for person in STAFF}) == len(STAFF)


def test_a_machine_gets_what_is_declared_for_it_and_no_more(issuer: RunningIssuer) -> None:
    payments = replace(issuer.client, client_id="payments", secret="payments-secret")
    claims = _claims(issuer, machine_token(issuer.url, payments, "case_management"))
    assert (claims["sub"], claims["kind"], claims["roles"]) == ("payments", "machine", ["service"])
    assert claims["scope"] == " ".join(map(scope, sorted(MACHINES["payments"]["case_management"])))
    for audience in ("audit_logging", "somebody_else", ""):
        with pytest.raises(LoginFailed, match="invalid_target"):
            machine_token(issuer.url, payments, audience)
    with pytest.raises(LoginFailed, match="invalid_client"):
        machine_token(issuer.url, replace(payments, secret="guessed"), "case_management")
    asked = {"grant_type": "client_credentials", "audience": "case_management", "scope": "kurashi:log:read"}
    more = requests.post(f"{issuer.url}/token", data=asked, auth=("payments", "payments-secret"), timeout=5)
    assert more.json() == {"error": "invalid_scope"}


def test_only_a_declared_client_exchanges_a_persons_token_and_only_for_a_service(issuer: RunningIssuer) -> None:
    own = _redeem(issuer, _code(issuer)).json()["access_token"]
    asked = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": own,
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
    }
    gateway, payments = (issuer.client.client_id, issuer.client.secret), ("payments", "payments-secret")
    for audience, basic, error in (
        ("payments", payments, "invalid_target"),
        ("one_machine", gateway, "invalid_target"),
    ):
        refused = requests.post(f"{issuer.url}/token", data=asked | {"audience": audience}, auth=basic, timeout=5)
        assert (refused.status_code, refused.json()) == (400, {"error": error})
    given = requests.post(f"{issuer.url}/token", data=asked | {"audience": "payments"}, auth=gateway, timeout=5)
    assert _claims(issuer, given.json()["access_token"])["aud"] == "payments"


def test_a_standard_client_logs_in_with_the_discovered_addresses(issuer: RunningIssuer) -> None:
    found = requests.get(f"{issuer.url}/.well-known/openid-configuration", timeout=5).json()
    client = issuer.client
    with OAuth2Session(
        client.client_id, client.secret, redirect_uri=client.redirect_uri, scope="openid", code_challenge_method="S256"
    ) as session:
        url, state = session.create_authorization_url(
            found["authorization_endpoint"], code_verifier=VERIFIER, nonce="n1"
        )
        with requests.Session() as browser:
            back = choose_staff(browser, url, "demo-treasurer")
        given = session.fetch_token(
            found["token_endpoint"], authorization_response=back, state=state, code_verifier=VERIFIER
        )
    identity = _claims(issuer, given["id_token"])
    assert (identity["sub"], identity["aud"], identity["nonce"]) == ("demo-treasurer", "ui_gateway", "n1")


def test_a_code_is_good_once(issuer: RunningIssuer) -> None:
    code = _code(issuer)
    assert _redeem(issuer, code).status_code == 200
    assert _redeem(issuer, code).json() == {"error": "invalid_grant"}


def test_a_login_is_renewed_by_the_client_it_was_given_to_and_by_no_other(issuer: RunningIssuer) -> None:
    given = _redeem(issuer, _code(issuer)).json()["refresh_token"]
    asked = {"grant_type": "refresh_token", "refresh_token": given}
    gateway, payments = (issuer.client.client_id, issuer.client.secret), ("payments", "payments-secret")
    renewed = [requests.post(f"{issuer.url}/token", data=asked, auth=gateway, timeout=5).json() for _ in range(2)]
    assert [_claims(issuer, one["access_token"])["sub"] for one in renewed] == ["demo-head"] * 2
    refused = requests.post(f"{issuer.url}/token", data=asked, auth=payments, timeout=5)
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})


def test_a_login_is_over_after_eight_hours() -> None:
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    token, login = sessions.begin("ui_gateway", BY_ID["demo-head"], at=0)
    now[0] = 8 * 3600 - 1
    assert sessions.login(token, "ui_gateway") == login
    now[0] = 8 * 3600
    assert sessions.login(token, "ui_gateway") is None


@pytest.mark.parametrize("change", [{"code_verifier": "w" * 64}, {"redirect_uri": "http://127.0.0.1:2/callback"}])
def test_a_stolen_code_is_worth_nothing(issuer: RunningIssuer, change: dict[str, str]) -> None:
    code = _code(issuer)
    assert _redeem(issuer, code, **change).json() == {"error": "invalid_grant"}
    assert _redeem(issuer, code).status_code == 400


def test_a_code_is_good_for_a_minute() -> None:
    now = [0.0]
    codes = Codes(lambda: now[0])
    grant = Grant("ui_gateway", "http://x/", challenge_of(VERIFIER), None, BY_ID["demo-head"])
    early, late = codes.issue(grant), codes.issue(grant)
    now[0] = LIFETIME_SECONDS - 1
    assert codes.redeem(early, "ui_gateway", "http://x/", VERIFIER) == grant
    now[0] = LIFETIME_SECONDS
    assert codes.redeem(late, "ui_gateway", "http://x/", VERIFIER) is None


@pytest.mark.parametrize("change", [{"client_id": "unknown"}, {"redirect_uri": "http://evil.example/"}])
def test_nobody_is_sent_to_an_address_that_is_not_registered(issuer: RunningIssuer, change: dict[str, str]) -> None:
    answer = requests.get(_authorize_url(issuer, **change), allow_redirects=False, timeout=5)
    assert answer.status_code == 400
    assert "登録されていません" in answer.text


@pytest.mark.parametrize("change", [{"code_challenge": ""}, {"code_challenge_method": "plain"}])
def test_without_pkce_there_is_no_login(issuer: RunningIssuer, change: dict[str, str]) -> None:
    answer = requests.get(_authorize_url(issuer, **change), allow_redirects=False, timeout=5)
    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert told["error"] == ["invalid_request"]
    assert told["state"] == ["s1"]


def test_a_token_cannot_be_exchanged_by_a_client_it_was_not_made_for(issuer: RunningIssuer) -> None:
    for_payments = person_token(issuer.url, "demo-head", issuer.client, "payments")
    asked = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": for_payments,
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": "payments",
    }
    basic = (issuer.client.client_id, issuer.client.secret)
    refused = requests.post(f"{issuer.url}/token", data=asked, auth=basic, timeout=5)
    assert refused.json() == {"error": "invalid_grant"}
    header, body, _ = for_payments.split(".")
    forged = requests.post(
        f"{issuer.url}/token", data=asked | {"subject_token": f"{header}.{body}.AAAA"}, auth=basic, timeout=5
    )
    assert forged.json() == {"error": "invalid_grant"}


def test_the_login_page_says_demo_and_runs_no_script(issuer: RunningIssuer) -> None:
    page = requests.get(_authorize_url(issuer), timeout=5)
    assert "DEMO" in page.text
    assert '<html lang="ja">' in page.text
    assert page.text.count("<button") == len(STAFF)
    assert "<script" not in page.text
    assert "style=" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "form-action 'self' http://127.0.0.1:1;" in policy
    style = page.text.split('href="', 1)[1].split('"', 1)[0]
    assert requests.get(f"{issuer.url}{style}", timeout=5).headers["Content-Type"].startswith("text/css")


def test_a_service_asks_once_in_half_a_minute_for_a_token_of_the_same_person(
    issuer: RunningIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(env="test", issuer_url=issuer.url, client_secret="payments-secret")
    head, other = (person_token(issuer.url, who, issuer.client, "payments") for who in ("demo-head", "demo-accountant"))
    first = exchange(settings, "payments", head, "case_management")
    assert exchange(settings, "payments", head, "case_management") == first
    assert _claims(issuer, first)["sub"] == "demo-head"
    assert _claims(issuer, exchange(settings, "payments", other, "case_management"))["sub"] == "demo-accountant"
    now = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + 31)
    assert exchange(settings, "payments", head, "case_management") != first
