"""An approval is confirmed by the person, for exactly these hashes, and for five minutes."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from infra.issuer.approval import Approval
from infra.issuer.codes import challenge_of
from infra.issuer.login import choose_staff, person_token, step_up_query
from tests.issuer.running_issuer import RunningIssuer

VERIFIER, HASH = "v" * 64, "5a" * 32
APPROVAL = Approval((HASH,), "令和8年12月分 一括決定 2件 <100,000円>")
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


def test_the_page_shows_what_is_approved_and_the_asked_person_alone(issuer: RunningIssuer) -> None:
    page = requests.get(_url(issuer), timeout=5)
    assert "令和8年12月分 一括決定 2件 &lt;100,000円&gt;" in page.text
    assert HASH in page.text
    assert "架空 二郎 として決裁する" in page.text
    assert "架空 一子" not in page.text
    assert "<script" not in page.text


def test_the_tokens_of_a_confirmation_are_bound_to_its_hashes_and_stay_so_in_exchange(issuer: RunningIssuer) -> None:
    given = _given(issuer)
    own, identity = _claims(issuer, given["access_token"]), _claims(issuer, given["id_token"])
    assert own["acr"] == identity["acr"] == "step-up"
    assert own["auth_time"] == identity["auth_time"]
    assert own["authorization_details"] == given["authorization_details"]
    assert own["authorization_details"] == [{"type": "kurashi_approval", "sha256": [HASH]}], "words are shown, not kept"
    assert own["exp"] - own["auth_time"] == 300
    assert "refresh_token" not in given

    exchanged = _claims(issuer, _exchange(issuer, given["access_token"])["access_token"])
    kept = ("sub", "acr", "auth_time", "authorization_details", "step_up", "exp")
    assert {name: exchanged[name] for name in kept} == {name: own[name] for name in kept}
    assert exchanged["aud"] == "payments"


def test_a_service_passes_no_confirmation_on_and_makes_no_token_last_longer(issuer: RunningIssuer) -> None:
    at_payments = _exchange(issuer, _given(issuer)["access_token"])["access_token"]
    asked = {
        "grant_type": EXCHANGE,
        "subject_token": at_payments,
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": "case_management",
    }
    answer = requests.post(f"{issuer.url}/token", data=asked, auth=("payments", "payments-secret"), timeout=5)
    passed_on = _claims(issuer, answer.json()["access_token"])
    assert (passed_on["sub"], passed_on["acr"]) == ("demo-head", "login")
    assert not {"step_up", "authorization_details"} & passed_on.keys()
    assert passed_on["exp"] <= _claims(issuer, at_payments)["exp"]


def test_two_confirmations_are_never_the_same(issuer: RunningIssuer) -> None:
    tokens = [person_token(issuer.url, "demo-head", issuer.client, "payments", [HASH]) for _ in range(2)]
    assert len({_claims(issuer, token)["step_up"] for token in tokens}) == 2


def test_an_ordinary_login_confirms_nothing(issuer: RunningIssuer) -> None:
    claims = _claims(issuer, person_token(issuer.url, "demo-head", issuer.client, "payments"))
    assert not {"step_up", "authorization_details"} & claims.keys()


def test_who_changes_their_mind_goes_back_with_nothing(issuer: RunningIssuer) -> None:
    fields = dict(parse_qs(urlsplit(_url(issuer)).query))
    sent = {name: values[0] for name, values in fields.items()} | {"cancel": "cancel"}
    answer = requests.post(f"{issuer.url}/authorize", data=sent, allow_redirects=False, timeout=5)
    assert _told(answer) == {"error": ["access_denied"], "state": ["s1"], "iss": [issuer.url]}


@pytest.mark.parametrize(
    "change",
    [
        {"authorization_details": ""},
        {"acr_values": ""},
        {"authorization_details": "{"},
        {"authorization_details": json.dumps([{"type": "other", "sha256": [HASH]}])},
        {"authorization_details": json.dumps([{"type": "kurashi_approval", "sha256": []}])},
        {"authorization_details": json.dumps([{"type": "kurashi_approval", "sha256": [HASH.upper()]}])},
        {"authorization_details": json.dumps([{"type": "kurashi_approval", "sha256": [HASH], "words": "w" * 401}])},
    ],
)
def test_a_step_up_and_its_details_belong_together_and_have_one_form(
    issuer: RunningIssuer, change: dict[str, str]
) -> None:
    answer = requests.get(_url(issuer, **change), allow_redirects=False, timeout=5)
    assert _told(answer)["error"] == ["invalid_authorization_details"]


def test_nobody_is_confirmed_unseen(issuer: RunningIssuer) -> None:
    answer = requests.get(_url(issuer, prompt="none"), allow_redirects=False, timeout=5)
    assert _told(answer)["error"] == ["login_required"]


def _url(issuer: RunningIssuer, **changes: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": issuer.client.client_id,
        "redirect_uri": issuer.client.redirect_uri,
        "state": "s1",
        "nonce": "n1",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
        **step_up_query("demo-head", APPROVAL),
    }
    return f"{issuer.url}/authorize?{urlencode({name: value for name, value in (asked | changes).items() if value})}"


def _given(issuer: RunningIssuer) -> dict[str, Any]:
    with requests.Session() as browser:
        code = parse_qs(urlsplit(choose_staff(browser, _url(issuer), "demo-head")).query)["code"][0]
    redirect_uri = issuer.client.redirect_uri
    return _ask(issuer, grant_type="authorization_code", code=code, redirect_uri=redirect_uri, code_verifier=VERIFIER)


def _exchange(issuer: RunningIssuer, token: str) -> dict[str, Any]:
    kind = "urn:ietf:params:oauth:token-type:access_token"
    return _ask(issuer, grant_type=EXCHANGE, subject_token=token, subject_token_type=kind, audience="payments")


def _ask(issuer: RunningIssuer, **grant: str) -> dict[str, Any]:
    basic = (issuer.client.client_id, issuer.client.secret)
    answer = requests.post(f"{issuer.url}/token", data=grant, auth=basic, timeout=5)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _claims(issuer: RunningIssuer, token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(requests.get(f"{issuer.url}/jwks", timeout=5).json())
    return jwt.decode(token, keys, algorithms=["Ed25519"]).claims


def _told(answer: requests.Response) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer.headers["Location"]).query)
