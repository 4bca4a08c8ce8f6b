"""One's own sessions (ログイン中の端末): where one is logged in, and the end of those that one left open."""

from dataclasses import asdict
from uuid import UUID

from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from services.ui_gateway.sessions import session_store
from shared.service_kit.observability import telemetry
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import unit_of_work

pages = Pages()
SESSIONS = "/sessions"


@pages.get(SESSIONS, permission=None)
def show_sessions(request: PageRequest) -> PageResult:
    """The person's living sessions, the newest first."""
    with unit_of_work(request.gateway.runtime, request.actor, telemetry.current_correlation()) as work:
        living = session_store.living_sessions(work, request.actor, request.gateway.limits)
    values = {"living": living, "own": request.session.session_id}
    return PageResult(
        "sessions.html", values, {"items": [asdict(session) for session in living], "own": request.session.session_id}
    )


@pages.act("/sessions/end", permission=None, correlation=fresh)
def end_one(request: PageRequest) -> ActResult:
    """End one of the person's other sessions; ended already is as good."""
    try:
        session_id = UUID(request.sent_field("session_id"))
    except ValueError:
        raise Problem("invalid-input", field="session_id", detail="画面を開き直してください") from None
    with unit_of_work(request.gateway.runtime, request.actor, telemetry.current_correlation()) as work:
        if not session_store.is_of(work, session_id, request.actor):
            raise Problem("not-found", field="session_id", detail="本人のログインではありません")
        session_store.end_session(work, session_id, "person")
    return ActResult(SESSIONS, "ほかの端末のログインを終わらせました。", {"state": "ended"})
