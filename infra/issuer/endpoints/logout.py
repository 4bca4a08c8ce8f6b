"""Logging out: at the wish of the person (OpenID Connect RP-Initiated Logout 1.0), or of the office for a person."""

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from infra.issuer.clients import authenticated, shown
from infra.issuer.endpoints.authorize import content_security_policy
from infra.issuer.staff import BY_ID
from infra.issuer.state import state

endpoint = Blueprint("logout", __name__)
OFFICE = "one_machine"
"""The client that may end all logins of a person: the command line of this demonstration."""


@endpoint.route("/end_session", methods=["GET", "POST"])
def end_session() -> AnyResponse:
    """End the login that the hint names, tell its clients, and send the browser back where that is registered.

    The hint is the identity token, or the login's `sid` alone as `logout_hint`, so that no name is in an address.
    """
    asked = request.values
    claims = state().tokens.hinted(asked.get("id_token_hint", ""))
    sid = str(claims.get("sid", "")) or asked.get("logout_hint", "")
    client = str(claims.get("azp", "")) or asked.get("client_id", "")
    if sid:
        state().goodbye.tell(state().sessions.end(sid=sid))
    address = asked.get("post_logout_redirect_uri", "")
    if address not in state().settings.logged_out_uris.get(client, ()):
        answer = make_response(render_template("logged_out.html"))
        answer.headers["Content-Security-Policy"] = content_security_policy(state().settings)
        return answer
    query = urlencode({"state": asked["state"]}) if "state" in asked else ""
    return redirect(f"{address}{'&' if urlsplit(address).query else '?'}{query}" if query else address, 303)


@endpoint.post("/logins/end")
def end_logins() -> tuple[Response, int]:
    """End all logins of a person who may not act any more; the clients are told at once."""
    if authenticated(shown(), state().settings.clients) != OFFICE:
        return jsonify(error="invalid_client"), 401
    person = request.form.get("sub", "")
    if person not in BY_ID:
        return jsonify(error="invalid_request"), 400
    ended = state().sessions.end(person=person)
    state().goodbye.tell(ended)
    return jsonify(ended=len(ended)), 200
