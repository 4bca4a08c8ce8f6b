"""The browser's part: checks what the client asks, shows the staff, and sends the chosen one back with a code."""

import time
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from infra.issuer.approval import asked_approval
from infra.issuer.codes import Grant
from infra.issuer.settings import Settings
from infra.issuer.staff import BY_ID, STAFF
from infra.issuer.state import state

pages = Blueprint("pages", __name__)
CARRIED = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge")
CARRIED_TOO = ("code_challenge_method", "acr_values", "authorization_details", "prompt", "max_age")
CHALLENGE_LENGTH = 43


@pages.get("/authorize")
def choose() -> AnyResponse:
    """Show the staff, each as a button; for a step-up what is approved, and the person who is asked alone."""
    asked = request.args
    if answer := _refusal(asked):
        return answer
    carried = {name: asked[name] for name in (*CARRIED, *CARRIED_TOO) if name in asked}
    approval, hint = asked_approval(asked), asked.get("login_hint", "")
    if approval:
        staff = [BY_ID[hint]] if hint in BY_ID else STAFF
        return _page("step_up.html", 200, staff=staff, carried=carried, approval=approval)
    return _page("login.html", 200, staff=STAFF, carried=carried, hint=hint)


@pages.post("/authorize")
def chosen() -> AnyResponse:
    """Send the chosen member of staff back to the client with a code."""
    asked = request.form
    if answer := _refusal(asked):
        return answer
    if "cancel" in asked:
        return _back(asked, error="access_denied")
    person = BY_ID.get(asked.get("login_hint", ""))
    if person is None:
        return _page("refused.html", 400, reason="選ばれた職員は登録されていません。")
    grant = Grant(
        asked["client_id"],
        asked["redirect_uri"],
        asked["code_challenge"],
        asked.get("nonce"),
        person,
        int(time.time()),
        asked_approval(asked),
    )
    return _back(asked, code=state().codes.issue(grant))


def _refusal(asked: Mapping[str, str]) -> AnyResponse | None:
    """Refuse on a page where the client cannot be trusted with an answer, otherwise at its address."""
    known = state().settings.redirect_uris.get(asked.get("client_id", ""), ())
    if asked.get("redirect_uri") not in known:
        return _page("refused.html", 400, reason="呼び出し元のシステム、または戻り先が登録されていません。")
    if asked.get("response_type") != "code":
        return _back(asked, error="unsupported_response_type")
    if asked.get("code_challenge_method") != "S256" or len(asked.get("code_challenge", "")) != CHALLENGE_LENGTH:
        return _back(asked, error="invalid_request", error_description="PKCE with S256 is required")
    if "none" in asked.get("prompt", "").split():
        return _back(asked, error="login_required")
    try:
        asked_approval(asked)
    except ValueError:
        return _back(asked, error="invalid_authorization_details")
    return None


def _back(asked: Mapping[str, str], **answer: str) -> AnyResponse:
    if "state" in asked:
        answer["state"] = asked["state"]
    address = asked["redirect_uri"]
    joint = "&" if urlsplit(address).query else "?"
    return redirect(f"{address}{joint}{urlencode(answer | {'iss': state().settings.url})}", 303)


def _page(template: str, status: int, **values: object) -> Response:
    answer = make_response(render_template(template, **values), status)
    answer.headers["Content-Security-Policy"] = content_security_policy(state().settings)
    return answer


def content_security_policy(settings: Settings) -> str:
    """Return the policy of the pages: own style, no script; the form may lead to the registered addresses."""
    parts = [urlsplit(uri) for uris in settings.redirect_uris.values() for uri in uris]
    addresses = {f"{part.scheme}://{part.netloc}" for part in parts}
    targets = " ".join(["'self'", *sorted(addresses)])
    return f"default-src 'none'; style-src 'self'; form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
