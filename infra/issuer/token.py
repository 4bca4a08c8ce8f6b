"""The token endpoint: authorization code, refresh, client credentials, token exchange (RFC 6749, RFC 8693)."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from infra.issuer.clients import authenticated
from infra.issuer.state import state
from infra.issuer.tokens import LIFETIME_SECONDS

endpoint = Blueprint("token", __name__)
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105


class Refused(Exception):  # the protocol's word
    """The request is refused with an error code of RFC 6749."""


@endpoint.post("/token")
def token() -> tuple[Response, int]:
    """Give tokens to a client that proves itself."""
    client = authenticated(request.authorization, state().settings.clients)
    if client is None:
        answer, status = jsonify(error="invalid_client"), 401
        answer.headers["WWW-Authenticate"] = 'Basic realm="token"'
        return answer, status
    grants = {
        "authorization_code": _by_code,
        "refresh_token": _renewed,
        "client_credentials": _for_machine,
        EXCHANGE: _exchanged,
    }
    try:
        grant = grants.get(request.form.get("grant_type", ""))
        if grant is None:
            raise Refused("unsupported_grant_type")
        given = grant(client, request.form)
    except Refused as refusal:
        return jsonify(error=str(refusal)), 400
    answer = jsonify({"token_type": "Bearer", "expires_in": LIFETIME_SECONDS, **given})
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200


def _by_code(client: str, asked: Mapping[str, str]) -> dict[str, Any]:
    held = state()
    grant = held.codes.redeem(
        asked.get("code", ""), client, asked.get("redirect_uri", ""), asked.get("code_verifier", "")
    )
    if grant is None:
        raise Refused("invalid_grant")
    return {
        "access_token": held.tokens.for_person(grant.person, client, client),
        "id_token": held.tokens.identity(grant.person, client, grant.nonce),
        "refresh_token": held.sessions.begin(client, grant.person),
        "scope": "openid",
    }


def _renewed(client: str, asked: Mapping[str, str]) -> dict[str, Any]:
    person = state().sessions.person(asked.get("refresh_token", ""), client)
    if person is None:
        raise Refused("invalid_grant")
    return {"access_token": state().tokens.for_person(person, client, client)}


def _for_machine(client: str, asked: Mapping[str, str]) -> dict[str, Any]:
    return {"access_token": state().tokens.for_machine(client, _audience(asked))}


def _exchanged(client: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """Give the client a person's token for another service, against the token that the person gave the client."""
    if asked.get("subject_token_type") != ACCESS_TOKEN:
        raise Refused("invalid_request")
    person = state().tokens.person_of(asked.get("subject_token", ""), client)
    if person is None:
        raise Refused("invalid_grant")
    access = state().tokens.for_person(person, _audience(asked), client)
    return {"access_token": access, "issued_token_type": ACCESS_TOKEN}


def _audience(asked: Mapping[str, str]) -> str:
    audience = asked.get("audience", "")
    if audience not in state().settings.clients:
        raise Refused("invalid_target")
    return audience
