"""The routing of pages: session, trace, CSRF token and permission come before each page; none can lack them."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flask
from flask import Blueprint, Response, current_app, redirect
from opentelemetry.trace import SpanKind
from werkzeug.wrappers import Response as AnyResponse

from services.ui_gateway.clients.identity import Approval
from services.ui_gateway.routing.confirmation import ask_to_confirm
from services.ui_gateway.routing.cookies import (
    delete_cookie,
    leave_message,
    message_cookie,
    message_of,
    session_cookie,
)
from services.ui_gateway.routing.gateway import Gateway
from services.ui_gateway.routing.key_settings import keep_key_settings
from services.ui_gateway.routing.page_request import PageRequest, sent_fields
from services.ui_gateway.routing.results import (
    ActResult,
    Download,
    Layout,
    PageResult,
    as_file,
    as_json,
    as_page,
    as_problem,
    wants_json,
)
from services.ui_gateway.routing.returned_forms import coming_back, keep_for_login, kept_form
from services.ui_gateway.sessions.logins import Outcome, PendingAct
from services.ui_gateway.sessions.session_store import StaffSession
from shared.service_kit.http.idempotency import fresh_correlation
from shared.service_kit.http.problem_responses import problem_of
from shared.service_kit.http.refusals import Attempt, publish_untold, refuse
from shared.service_kit.http.routing import approves
from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import ASK_ADMINISTRATOR, Problem

CSRF_HEADER = "Kurashi-Csrf"
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
Result = PageResult | ActResult | Download
Handler = Callable[..., Result]
Correlation = Callable[..., str]
Confirms = Callable[..., Approval]


@dataclass(frozen=True)
class Page:
    """One page or act: ``permission`` None opens it to everybody who is logged in.

    ``on`` is the page with the act's form, which comes back on it. ``most_bytes`` that a form with files may bring; 0:
    as many as any other form.
    """

    method: str
    path: str
    handler: Handler
    permission: str | None
    correlation: Correlation | None
    confirms: Confirms | None = None
    on: "Page | None" = None
    most_bytes: int = 0

    @property
    def acts(self) -> bool:
        """True where it changes something."""
        return self.method == "POST"

    @property
    def parts(self) -> set[str]:
        """The names of the parts of its address."""
        return set(_PART.findall(self.path))

    @property
    def endpoint(self) -> str:
        """Its name among the routes of the blueprint."""
        return f"{self.method.lower()}_{self.handler.__name__}"


class Pages:
    """The pages that one file declares; forms of its acts may stand on pages of the ``others`` too."""

    def __init__(self, *others: "Pages") -> None:
        self.pages: list[Page] = []
        self._others = others

    def get(self, path: str, *, permission: str | None) -> Callable[[Handler], Handler]:
        """Declare a page to look at."""
        return self._add(lambda handler: Page("GET", path, handler, permission, None))

    def act(
        self,
        path: str,
        *,
        permission: str | None,
        correlation: Correlation,
        confirms: Confirms | None = None,
        on: Handler | None = None,
        most_bytes: int = 0,
    ) -> Callable[[Handler], Handler]:
        """Declare an act.

        Args:
            correlation: ``(request, **parts)`` names the journey to which it belongs.
            confirms: ``(request, **parts)`` names what is approved; the person confirms it before the act is done.
            on: the page on which its form stands, declared above it: faults, and what was typed, come back there.
            most_bytes: that its form may bring with its files.
        """
        if approves(permission) != (confirms is not None):
            raise TypeError(f"{path}: an approval has `confirms`, and a permission that says so")
        page_of_form = self._page_of(on, path) if on else None
        return self._add(
            lambda handler: Page("POST", path, handler, permission, correlation, confirms, page_of_form, most_bytes)
        )

    def _page_of(self, handler: Handler, path: str) -> Page:
        declared = [*self.pages, *(page for other in self._others for page in other.pages)]
        page = next((page for page in declared if page.handler is handler and not page.acts), None)
        if page is None or not page.parts <= set(_PART.findall(path)):
            raise TypeError(f"{path}: its form stands on a page declared above it, whose address is within its own")
        return page

    def _add(self, page_of: Callable[[Handler], Page]) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            self.pages.append(page_of(handler))
            return handler

        return declare

    def mount(self, blueprint: Blueprint, gateway: Gateway) -> None:
        """Add the pages to the blueprint, each behind its checks."""
        for page in self.pages:
            _mount(blueprint, gateway, page)
            if page.confirms:
                gateway.confirmed_acts[f"{blueprint.name}.{page.endpoint}"] = page


def fresh(request: PageRequest, **parts: Any) -> str:
    """The correlation of an act that belongs to no journey."""
    return fresh_correlation()


def _mount(blueprint: Blueprint, gateway: Gateway, page: Page) -> None:
    def view(**parts: Any) -> AnyResponse:
        return _serve(gateway, page, parts)

    blueprint.add_url_rule(page.path, endpoint=page.endpoint, view_func=view, methods=[page.method])


def do_confirmed(gateway: Gateway, session: StaffSession, act: PendingAct, token: str) -> tuple[AnyResponse, Outcome]:
    """Do the act that its person has confirmed now; returns answer, and outcome for a browser that missed it."""
    endpoint, parts = current_app.create_url_adapter(flask.request).match(act.path, "POST")  # type: ignore[union-attr]
    page: Page = gateway.confirmed_acts[endpoint]
    request = PageRequest(gateway, session, act, token)
    try:
        with telemetry.span(f"POST {page.path}", correlation=act.correlation, kind=SpanKind.SERVER, new_trace=True):
            done = _guarded(request, page, dict(parts))
            if not isinstance(done, ActResult):
                raise TypeError(f"{page.path} is an act and shows no page")
            return _answer(request, page, done), Outcome(session=session.cookie, to=done.to, message=done.message)
    except Exception as error:
        problem = problem_of(error)
        answer = _refused_after_confirmation(request, page, dict(parts), problem)
        return answer, Outcome(session=session.cookie, problem=problem.body())


def _refused_after_confirmation(
    request: PageRequest, page: Page, parts: dict[str, Any], problem: Problem
) -> AnyResponse:
    """The act's form as it was filled, read without the confirmation, which was for the act alone; else the problem."""
    request.token, request.clients = "", {}
    try:
        if form := _shown_again(request, page, parts, problem):
            return form
    except Problem as unshown:
        log().warning("form.unshown", route=page.path, why=unshown.name)
    return as_problem(problem, Layout(request.gateway.runtime.settings.demo, request))


def _serve(gateway: Gateway, page: Page, parts: dict[str, Any]) -> AnyResponse:
    layout = Layout(gateway.runtime.settings.demo)
    if page.most_bytes:
        flask.request.max_content_length = page.most_bytes
    try:
        with telemetry.quiet():
            publish_untold(gateway.runtime)
            session = gateway.session_of(flask.request.cookies.get(session_cookie(gateway), ""))
        if session is None:
            return _nobody(gateway, page, parts)
        gateway.runtime.rate_limits.admit(session.caller.actor, machine=False)
        request = PageRequest(gateway, session)
        layout = Layout(gateway.runtime.settings.demo, request)
        correlation = _correlation(request, page, parts)
        name = f"{page.method} {page.path}"
        with telemetry.span(name, correlation=correlation, kind=SpanKind.SERVER, new_trace=True):
            return _served(request, page, parts, correlation)
    except Exception as error:
        return as_problem(error, layout)


def _served(request: PageRequest, page: Page, parts: dict[str, Any], correlation: str) -> AnyResponse:
    try:
        if page.confirms and not _refusal(request, page):
            return ask_to_confirm(request, page.confirms(request, **parts), correlation)
        if not page.acts:
            request.came_back = kept_form(request.gateway, request.session)
        return _answer(request, page, _guarded(request, page, parts))
    except Problem as problem:
        form = _shown_again(request, page, parts, problem)
        if form is None:
            raise
        return form


def _shown_again(request: PageRequest, page: Page, parts: dict[str, Any], problem: Problem) -> AnyResponse | None:
    """The page of the act's form with what was typed and what is wrong; None where the problem has its own page."""
    if page.on is None or wants_json() or _refusal(request, page.on):
        return None
    request.came_back = coming_back(request, problem)
    if request.came_back is None:
        return None
    own = {name: parts[name] for name in page.on.parts}
    try:
        return _answer(request, page.on, _guarded(request, page.on, own), problem.status)
    except Problem:  # the page cannot be shown either: what is wrong with the act is said
        return None


def _nobody(gateway: Gateway, page: Page, parts: dict[str, Any]) -> AnyResponse:
    if not page.acts and not wants_json():
        return redirect(f"/login?back={flask.request.path}", 303)
    problem = Problem("not-authenticated", detail="ログインしてから、もう一度操作してください")
    if page.acts:
        record_refusal(gateway, attempt_of(None, page.method, page.path, page.permission), problem)
    if page.on and not wants_json():
        back = flask.url_for(f"pages.{page.on.endpoint}", **{name: parts[name] for name in page.on.parts})
        if kept := keep_for_login(gateway, flask.request.cookies.get(session_cookie(gateway), ""), back):
            return kept
    raise problem


def _correlation(request: PageRequest, page: Page, parts: dict[str, Any]) -> str:
    """The page says to which journey it belongs, never the browser."""
    if page.correlation is None or _refusal(request, page):
        return fresh_correlation()
    with telemetry.quiet():
        return page.correlation(request, **parts)


def _guarded(request: PageRequest, page: Page, parts: dict[str, Any]) -> Result:
    if refusal := _refusal(request, page):
        attempt = attempt_of(request.session.caller, page.method, page.path, page.permission)
        record_refusal(request.gateway, attempt, refusal, telemetry.current_correlation())
        raise refusal
    return page.handler(request, **parts)


def _refusal(request: PageRequest, page: Page) -> Problem | None:
    """Why the page is refused: a foreign form, or a missing permission."""
    if page.acts and not request.act and not _own_form(request.session):
        return Problem("not-permitted", field="csrf", detail="画面を開き直してから、もう一度操作してください")
    if page.permission is not None and not request.may(page.permission):
        return Problem("not-permitted", detail=ASK_ADMINISTRATOR, extra={"permission": page.permission})
    return None


def _own_form(session: StaffSession) -> bool:
    token = flask.request.headers.get(CSRF_HEADER) or sent_fields().get("csrf", "")
    return hmac.compare_digest(token.encode(), session.csrf.encode())


def record_refusal(gateway: Gateway, attempt: Attempt, problem: Problem, correlation: str = "") -> None:
    """Record for the audit that the gateway itself refused.

    Raises:
        Problem: too-many-requests: this refusal is counted, not recorded one by one.
    """
    refuse(gateway.runtime, attempt, problem, correlation or fresh_correlation())


def attempt_of(caller: Caller | None, method: str, path: str, permission: str | None = None) -> Attempt:
    """What somebody tried, from the address of this request; nobody is known without a caller."""
    stranger = Caller("unknown", "person", frozenset())
    return Attempt(caller or stranger, flask.request.remote_addr or "", method, path, permission or "")


def _answer(request: PageRequest, page: Page, result: Result, status: int = 200) -> AnyResponse:
    if isinstance(result, ActResult):
        return _acted(request, result)
    if isinstance(result, Download):
        return as_file(result)
    if wants_json() or not result.template:
        return as_json(result.body)
    gateway, message = request.gateway, flask.request.cookies.get(message_cookie(request.gateway), "")
    layout = Layout(gateway.runtime.settings.demo, request, message_of(gateway, request.session.session_id, message))
    answer = as_page(result.template, layout, max(status, result.status), **result.values)
    if message:
        delete_cookie(gateway, answer, message_cookie(gateway))
    return answer


def _acted(request: PageRequest, done: ActResult) -> Response | AnyResponse:
    answer = as_json(done.body, done.status) if wants_json() else redirect(done.to, 303)
    if done.keys:
        keep_key_settings(request.gateway, answer, done.keys)
    if not wants_json():
        leave_message(request.gateway, answer, request.session.session_id, done.message)
    return answer
