"""The token endpoint: authorization code, refresh, client credentials, token exchange (RFC 6749, RFC 8693)."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from infra.issuer.clients import EXCHANGES, PAGES, authenticated, scopes_of, shown
from infra.issuer.sessions import Login
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
    client = authenticated(shown(), state().settings.clients)
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
        content = grant(client, request.form)
    except Refused as refusal:
        return jsonify(error=str(refusal)), 400
    answer = jsonify({"token_type": "Bearer", "expires_in": LIFETIME_SECONDS, **content})
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200


def _by_code(client: str, asked: Mapping[str, str]) -> dict[str, Any]:
    held = state()
    grant = held.codes.redeem(
        asked.get("code", ""), client, asked.get("redirect_uri", ""), asked.get("code_verifier", "")
    )
    if grant is None:
        raise Refused("invalid_grant")
    if grant.approval:
        confirmed = Login(grant.person, grant.at, approval=grant.approval, step_up=secrets.token_urlsafe(16))
        return _given(confirmed, client, grant.nonce)
    refresh, login = held.sessions.begin(client, grant.person, grant.at)
    return {**_given(login, client, grant.nonce), "refresh_token": refresh}


def _given(login: Login, client: str, nonce: str | None) -> dict[str, Any]:
    """Tokens of a login or, with its details (RFC 9396), of a confirmation, which cannot be renewed."""
    tokens = state().tokens
    content = {
        "access_token": tokens.for_person(login, client, client),
        "expires_in": tokens.seconds_of(login),
        "id_token": tokens.identity(login, client, nonce),
        "scope": "openid",
    }
    return content | ({"authorization_details": login.approval.details()} if login.approval else {})


def _renewed(client: str, asked: Mapping[str, str]) -> dict[str, Any]:
    login = state().sessions.login(asked.get("refresh_token", ""), client)
    if login is None:
        raise Refused("invalid_grant")
    tokens = state().tokens
    return {"access_token": tokens.for_person(login, client, client), "expires_in": tokens.seconds_of(login)}


def _for_machine(client: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """Give a machine what is declared for it at this service, or the part of it that it asks for."""
    audience = asked.get("audience", "")
    declared, requested = scopes_of(client, audience), asked.get("scope", "").split()
    if not declared:
        raise Refused("invalid_target")
    if not set(requested) <= set(declared):
        raise Refused("invalid_scope")
    scopes = requested or declared
    return {"access_token": state().tokens.for_machine(client, audience, scopes), "scope": " ".join(scopes)}


def _exchanged(client: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """Give the client a person's token for another service, against the token that the person gave the client."""
    audience = asked.get("audience", "")
    if audience not in EXCHANGES.get(client, ()) or audience not in state().settings.clients:
        raise Refused("invalid_target")
    if asked.get("subject_token_type") != ACCESS_TOKEN:
        raise Refused("invalid_request")
    login = state().tokens.login_of(asked.get("subject_token", ""), client)
    if login is None or state().sessions.is_ended(login.sid):
        raise Refused("invalid_grant")
    login = login.for_a_page() if client in PAGES else login.for_a_service()
    access = state().tokens.for_person(login, audience, client)
    return {"access_token": access, "issued_token_type": ACCESS_TOKEN, "expires_in": state().tokens.seconds_of(login)}
