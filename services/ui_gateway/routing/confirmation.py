"""An approval waits until its person has confirmed, at the identity provider, what is approved (step-up)."""

from flask import redirect
from werkzeug.wrappers import Response

from services.ui_gateway.clients.identity import Approval
from services.ui_gateway.routing.cookies import login_cookie, set_cookie
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.results import as_json, wants_json
from services.ui_gateway.sessions import logins
from services.ui_gateway.sessions.logins import PendingAct
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import unit_of_work

CHALLENGE = 'Bearer error="insufficient_user_authentication", acr_values="step-up", max_age="300"'


def ask_to_confirm(request: PageRequest, approval: Approval, correlation: str) -> Response:
    """Keep the act, and send its person to the provider; who asks for JSON gets the address (RFC 9470)."""
    gateway, session = request.gateway, request.session
    act = PendingAct(
        session_id=session.session_id,
        path=request.address,
        fields=dict(request.sent),
        key=request.key,
        correlation=correlation,
        sha256=approval.sha256,
    )
    with unit_of_work(gateway.runtime, request.actor, correlation) as work:
        cookie, login = logins.begin_confirmation(work, act)
    url = gateway.provider.confirm_url(
        gateway.callback, login.state, login.nonce, login.verifier, session.identity.subject, approval
    )
    answer = _confirm_at(url) if wants_json() else redirect(url, 303)
    seconds = int(logins.LONGEST.total_seconds())
    set_cookie(gateway, answer, login_cookie(gateway, login.state), cookie, seconds)
    return answer


def _confirm_at(url: str) -> Response:
    problem = Problem("step-up-required", detail="confirm_at で本人確認をしてください", extra={"confirm_at": url})
    answer = as_json(problem.body(), problem.status, "application/problem+json")
    answer.headers["WWW-Authenticate"] = CHALLENGE
    return answer
