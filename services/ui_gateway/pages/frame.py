"""What every page has: a session, a trace of its own, its correlation, CSRF, problems in words, safe headers."""

import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request
from opentelemetry.trace import SpanKind

from services.ui_gateway.clients.identity import Identity
from services.ui_gateway.clients.rooms import Rooms
from services.ui_gateway.pages import words
from services.ui_gateway.pages.sessions import Session, find_session, renew_token
from shared.service_kit import Service, telemetry
from shared.service_kit.auth import ask_for_token
from shared.service_kit.problems import Problem
from shared.service_kit.work import UnitOfWork

RENEW_BEFORE = timedelta(minutes=3)
View = Callable[..., Any]


class Frame:
    """The gateway's blueprint with what its pages share."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.blueprint = Blueprint(
            "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
        )
        self.blueprint.after_request(self._protect)
        self.blueprint.register_error_handler(Problem, self._problem)
        self.blueprint.context_processor(lambda: {"demo": service.settings.demo, "session": g.get("session")})
        for name in ("yen", "month_words", "day_words", "instant_words", "state_words", "programme_words"):
            self.blueprint.add_app_template_filter(getattr(words, name), name)

    @cached_property
    def identity(self) -> Identity:
        """The identity provider."""
        return Identity(self.service.settings, self.service.token_verifier)

    @property
    def cookie(self) -> str:
        """The cookie's name; outside of a demo the browser itself demands HTTPS for it."""
        return "kurashi" if self.service.settings.demo else "__Host-kurashi"

    @property
    def cookie_options(self) -> dict[str, Any]:
        """How cookies are set."""
        return {"httponly": True, "samesite": "Lax", "secure": not self.service.settings.demo, "path": "/"}

    def work(self, actor: str = "service:ui_gateway") -> AbstractContextManager[UnitOfWork]:
        """A unit of work of this request."""
        return self.service.work(actor=actor, correlation=telemetry.current_correlation())

    def page(
        self, rule: str, permission: str | None = None, methods: tuple[str, ...] = ("GET",)
    ) -> Callable[[View], View]:
        """Declare a page for staff who are logged in; a POST has to carry the session's CSRF token."""

        def declare(view: View) -> View:
            def show(**parts: Any) -> Any:
                with self._span(rule, parts):
                    session = self._session()
                    if session is None:
                        return self._to_login()
                    g.session = session
                    if request.method == "POST":
                        self._demand_csrf(session)
                    if permission and not session.may(permission):
                        raise Problem("not-permitted", detail=f"必要な権限: {permission}")
                    return view(session, Rooms(self.service, session.token), **parts)

            self.blueprint.add_url_rule(rule, endpoint=view.__name__, view_func=show, methods=list(methods))
            return view

        return declare

    def open_page(self, rule: str) -> Callable[[View], View]:
        """Declare a page for everybody (login)."""

        def declare(view: View) -> View:
            def show(**parts: Any) -> Any:
                with self._span(rule, parts):
                    return view(**parts)

            self.blueprint.add_url_rule(rule, endpoint=view.__name__, view_func=show, methods=["GET"])
            return view

        return declare

    def _span(self, rule: str, parts: dict[str, Any]) -> AbstractContextManager[Any]:
        correlation = words.correlation_of(request.headers.get(telemetry.CORRELATION_HEADER, ""), parts.get("month"))
        return telemetry.span(
            f"{request.method} {rule}", kind=SpanKind.SERVER, new_trace=True, correlation=correlation or str(uuid4())
        )

    def _session(self) -> Session | None:
        cookie = request.cookies.get(self.cookie, "")
        if not cookie:
            return None
        with self.work() as work:
            session = find_session(work, cookie)
            if session and session.token_until - work.clock.now() < RENEW_BEFORE:
                self._renew(work, session)
                session = find_session(work, cookie)
        return session

    def _renew(self, work: UnitOfWork, session: Session) -> None:
        grant = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": session.token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "audience": self.service.name,
        }
        token, seconds = ask_for_token(self.service.settings, self.service.name, grant)
        renew_token(work, session, token, seconds)

    def _to_login(self) -> Response:
        if wants_json():
            raise Problem("not-authenticated", detail="ログインしてください")
        wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return as_response(redirect(f"/login?return_to={quote(wanted, safe='/')}", 303))

    def _demand_csrf(self, session: Session) -> None:
        given = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
        if not hmac.compare_digest(given.encode(), session.csrf.encode()):
            raise Problem("not-permitted", detail="画面を開き直して、もう一度操作してください", field="csrf")

    def _problem(self, problem: Problem) -> Response:
        if wants_json():
            answer = jsonify(problem.body())
            answer.content_type = "application/problem+json"
        else:
            answer = Response(render_template("problem.html", problem=problem), content_type="text/html; charset=utf-8")
        answer.status_code = problem.status
        return answer

    def _protect(self, answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; "
            f"frame-ancestors 'none'; form-action 'self' {self._form_target()}"
        ).strip()
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["X-Frame-Options"] = "DENY"
        if not request.path.startswith("/static/"):
            answer.headers["Cache-Control"] = "no-store"
        if not self.service.settings.demo:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return answer

    def _form_target(self) -> str:
        """Logging in from a form of ours ends at the provider; browsers check the redirect too."""
        return self.identity.origin if request.path == "/login" else ""


def wants_json() -> bool:
    """True where the caller asks for JSON (the command line)."""
    return request.accept_mimetypes.best == "application/json"


def as_response(answer: Any) -> Response:
    """A redirect as the response that it is."""
    assert isinstance(answer, Response)
    return answer


def idempotency_key() -> str:
    """The key of this act: of the header, else of the form, which had it when the page was drawn.

    Raises:
        Problem: idempotency-key-missing.
    """
    key = request.headers.get("Idempotency-Key") or request.form.get("idempotency_key", "")
    if not key:
        raise Problem("idempotency-key-missing", detail="画面を開き直して、もう一度操作してください")
    return key


def form_uuid(name: str) -> UUID:
    """An id from the form.

    Raises:
        Problem: invalid-input.
    """
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        raise Problem("invalid-input", field=name, detail="画面を開き直して、もう一度操作してください") from None
