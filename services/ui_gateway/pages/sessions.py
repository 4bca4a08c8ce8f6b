"""One's own sessions (ログイン中の端末): where one is logged in, and the end of those that one left open."""

from dataclasses import asdict
from uuid import UUID

from services.ui_gateway.pages.door import Pages, fresh
from services.ui_gateway.pages.replies import Done, Shown
from services.ui_gateway.pages.visit import Visit
from services.ui_gateway.sessions import keeping
from shared.service_kit.observability import telemetry
from shared.service_kit.problems import Problem

pages = Pages()
SESSIONS = "/sessions"


@pages.get(SESSIONS)
def show_sessions(visit: Visit) -> Shown:
    """The person's living sessions, the newest first."""
    with visit.gateway.service.work(visit.actor, telemetry.current_correlation()) as work:
        living = keeping.living_sessions(work, visit.actor, visit.gateway.limits)
    values = {"living": living, "own": visit.session.session_id}
    return Shown("sessions.html", values, {"items": [asdict(one) for one in living], "own": visit.session.session_id})


@pages.act("/sessions/end", permission=None, correlation=fresh)
def end_one(visit: Visit) -> Done:
    """End one of the person's other sessions; ended already is as good."""
    try:
        session_id = UUID(visit.sent_field("session_id"))
    except ValueError:
        raise Problem("invalid-input", field="session_id", detail="画面を開き直してください") from None
    with visit.gateway.service.work(visit.actor, telemetry.current_correlation()) as work:
        if not keeping.is_of(work, session_id, visit.actor):
            raise Problem("not-found", field="session_id", detail="本人のログインではありません")
        keeping.end_session(work, session_id, "person")
    return Done(SESSIONS, "ほかの端末のログインを終わらせました。", {"state": "ended"})
