"""Logging in and out: OpenID Connect code flow with PKCE; the session of a browser."""

import hmac
import re
import time
from collections.abc import Callable
from typing import Final, cast
from uuid import uuid4

import flask
from flask import Blueprint, redirect
from werkzeug.wrappers import Response as AnyResponse

from services.ui_gateway.pages import labels
from services.ui_gateway.routing.cookies import (
    browser_cookie,
    delete_cookie,
    know_browser,
    known_browser,
    leave_message,
    login_cookie,
    message_cookie,
    session_cookie,
    set_cookie,
)
from services.ui_gateway.routing.gateway import Gateway
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, attempt_of, do_confirmed, fresh, record_refusal
from services.ui_gateway.routing.results import ActResult, Layout, PageResult, as_json, as_page, as_problem
from services.ui_gateway.routing.returned_forms import address_of_kept
from services.ui_gateway.sessions import back_channel_logouts, logins, session_store, staff_names
from services.ui_gateway.sessions.logins import Login, Outcome, PendingAct
from shared.service_kit.observability import telemetry
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import unit_of_work

pages = Pages()
PATIENCE_SECONDS: Final = 10.0
PAUSE_SECONDS: Final = 0.1
LONGEST_BACK: Final = 200
"""Characters of the page that is wanted after the login: a browser keeps no cookie above 4,096."""
CHANGED_MIND: Final = "本人確認を取りやめました。何も決裁されていません。"
REFUSED = frozenset({"not-authenticated", "not-permitted", "step-up-required", "incompatible-duties"})
_OWN_PATH = re.compile(r"/(?:[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)?")


@pages.get("/session", permission=None)
def show_session(request: PageRequest) -> PageResult:
    """Who is logged in, and the CSRF token, for the command line."""
    identity = request.session.identity
    who = {"id": identity.subject, "name": identity.name, "roles": identity.roles}
    body = {
        "who": who,
        "csrf": request.session.csrf,
        "ends_at": request.session.ends_at.isoformat(),
        "demo": request.gateway.runtime.settings.demo,
    }
    return PageResult("", {}, body)


@pages.act("/logout", permission=None, correlation=fresh)
def log_out(request: PageRequest) -> ActResult:
    """End the session here, then the login at the provider, where it can be reached."""
    gateway = request.gateway
    with unit_of_work(gateway.runtime, request.actor, str(uuid4())) as work:
        session_store.end_session(work, request.session.session_id, "person")
    try:
        end = gateway.provider.end_url(request.session.identity.sid, gateway.logged_out)
    except Problem:
        end = ""
    return ActResult(end or "/logout", "", {"state": "logged_out", "end_session": end})


def mount(blueprint: Blueprint, gateway: Gateway) -> None:
    """The pages before a session."""

    @blueprint.get("/login")
    def log_in() -> AnyResponse:
        return _careful(gateway, _sent_to_provider)

    @blueprint.get("/callback")
    def come_back() -> AnyResponse:
        return _careful(gateway, _counted)

    @blueprint.get("/logout")
    def logged_out() -> AnyResponse:
        return _careful(gateway, _logged_out)

    @blueprint.post("/backchannel-logout")
    def provider_logged_out() -> AnyResponse:
        return _careful(gateway, _provider_logged_out)


def _careful(gateway: Gateway, step: Callable[[Gateway], AnyResponse]) -> AnyResponse:
    try:
        return step(gateway)
    except Exception as error:
        return as_problem(_recorded(gateway, error), Layout(gateway.runtime.settings.demo))


def _recorded(gateway: Gateway, error: Exception) -> Exception:
    """The error, recorded for the audit where it is a refusal; that there are too many where it is only counted."""
    if isinstance(error, Problem) and error.name in REFUSED:
        try:
            record_refusal(gateway, attempt_of(None, flask.request.method, flask.request.path), error)
        except Problem as beyond:
            return beyond
    return error


def _sent_to_provider(gateway: Gateway) -> AnyResponse:
    requested = flask.request.args.get("back", "/")
    back = requested if _OWN_PATH.fullmatch(requested) and len(requested) <= LONGEST_BACK else "/"
    cookie, login = logins.begin_login(gateway.secret_for("login"), back, gateway.runtime.clock.now())
    url = gateway.provider.login_url(gateway.callback, login.state, login.nonce, login.verifier)
    answer = redirect(url, 303)
    set_cookie(gateway, answer, login_cookie(gateway, login.state), cookie, int(logins.LONGEST.total_seconds()))
    return answer


def _counted(gateway: Gateway) -> AnyResponse:
    """Failed logins are counted: of a browser in which somebody has logged in before by itself, of others together.

    A visitor behind the office's address bars by failing others who never logged in there, and nobody who did.
    """
    limits, source = gateway.runtime.rate_limits, flask.request.remote_addr or ""
    browser = known_browser(gateway, flask.request.cookies.get(browser_cookie(gateway), ""))
    limits.admit_login(source, browser)
    try:
        return _come_back(gateway)
    except Problem as problem:
        if problem.name in REFUSED:
            limits.login_failed(source, browser)
        raise


def _come_back(gateway: Gateway) -> AnyResponse:
    """The browser is back, with a code for the login, or for the confirmation, that it began."""
    state = flask.request.args.get("state", "")
    cookie = flask.request.cookies.get(login_cookie(gateway, state), "")
    with unit_of_work(gateway.runtime, gateway.actor, str(uuid4())) as work:
        login = logins.use_login(work, gateway.secret_for("login"), cookie)
    if login is None:
        return _come_back_again(gateway, cookie, state)
    if login.act:
        labels.acted_at(login.act.path)
    try:
        if login.act and flask.request.args.get("error") == "access_denied":
            return _changed_their_mind(gateway, cookie)
        _check_return(gateway, login, state)
        do = _confirmed if login.act else _logged_in
        return do(gateway, login, cookie, flask.request.args["code"])
    except Problem as problem:
        _keep(gateway, cookie, Outcome(problem=problem.body()))
        raise


def _changed_their_mind(gateway: Gateway, login_secret: str) -> AnyResponse:
    """Back to the page on which the act stands: nothing was done, and nothing went wrong."""
    session = gateway.session_of(flask.request.cookies.get(session_cookie(gateway), ""))
    if session is None:
        raise Problem("not-authenticated", detail="ログインし直してから、もう一度操作してください")
    to = labels.way_back() or "/"
    _keep(gateway, login_secret, Outcome(session=session.cookie, to=to, message=CHANGED_MIND))
    answer = redirect(to, 303)
    leave_message(gateway, answer, session.session_id, CHANGED_MIND)
    return answer


def _check_return(gateway: Gateway, login: Login, state: str) -> None:
    """Refuse what is no answer to this login.

    Raises:
        Problem: not-authenticated; unavailable.
    """
    if not flask.request.args.get("code") or not hmac.compare_digest(state.encode(), login.state.encode()):
        raise Problem("not-authenticated", detail="ログインできませんでした。はじめからやり直してください")
    gateway.provider.check_answerer(flask.request.args.get("iss", ""))


def _come_back_again(gateway: Gateway, cookie: str, state: str) -> AnyResponse:
    """A double click: the browser threw the first answer away, with its cookie; it is shown what came of it."""
    login, outcome = _outcome(gateway, cookie)
    if login.act:
        labels.acted_at(login.act.path)
    if not hmac.compare_digest(state.encode(), login.state.encode()):
        raise Problem("not-authenticated", detail="ログインできませんでした。はじめからやり直してください")
    session = gateway.session_of(outcome.session)
    if outcome.to:
        answer: AnyResponse = redirect(outcome.to, 303)
    else:
        still = Problem("unavailable", detail="まだ処理しています。しばらくしてから画面を開き直してください")
        problem = Problem.from_body(outcome.problem) if outcome.problem else still
        request = PageRequest(gateway, session, login.act) if session else None
        answer = as_problem(problem, Layout(gateway.runtime.settings.demo, request))
    if session:
        set_cookie(gateway, answer, session_cookie(gateway), outcome.session)
        leave_message(gateway, answer, session.session_id, outcome.message)
    return answer


def _outcome(gateway: Gateway, cookie: str) -> tuple[Login, Outcome]:
    """What came of a login, waited for while the first request still works on it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with telemetry.quiet(), unit_of_work(gateway.runtime, gateway.actor, str(uuid4())) as work:
            login, outcome = logins.read_login(work, cookie)
        if outcome.is_final or time.monotonic() > deadline:
            return login, outcome
        time.sleep(PAUSE_SECONDS)


def _keep(gateway: Gateway, cookie: str, outcome: Outcome) -> None:
    with unit_of_work(gateway.runtime, gateway.actor, str(uuid4())) as work:
        logins.keep_outcome(work, cookie, outcome)


def _logged_in(gateway: Gateway, login: Login, login_secret: str, code: str) -> AnyResponse:
    identity = gateway.provider.redeem(code, gateway.callback, login.verifier, login.nonce)
    with unit_of_work(gateway.runtime, f"person:{identity.subject}", str(uuid4())) as work:
        former_cookie = flask.request.cookies.get(session_cookie(gateway), "")
        if former := session_store.find_session(work, former_cookie, gateway.limits):
            session_store.end_session(work, former.session_id, "new_login")
        cookie = session_store.begin_session(work, identity)
        staff_names.keep_name(work, identity.subject, identity.name)
        to = address_of_kept(login) if login.form else login.back
        logins.keep_outcome(work, login_secret, Outcome(session=cookie, to=to))
    gateway.staff_names.forget()
    answer = redirect(to, 303)
    know_browser(gateway, answer, flask.request.cookies.get(browser_cookie(gateway), ""))
    set_cookie(gateway, answer, session_cookie(gateway), cookie)
    return answer


def _confirmed(gateway: Gateway, login: Login, login_secret: str, code: str) -> AnyResponse:
    """Do the act whose hashes the session's own person has confirmed; the session goes on under a new cookie."""
    act = cast(PendingAct, login.act)
    session = gateway.session_of(flask.request.cookies.get(session_cookie(gateway), ""))
    if session is None or session.session_id != act.session_id:
        raise Problem("not-authenticated", detail="ログインし直してから、もう一度操作してください")
    token = gateway.provider.confirmation(
        code, gateway.callback, login.verifier, login.nonce, session.identity.subject, act.sha256, login.began
    )
    with unit_of_work(gateway.runtime, f"person:{session.identity.subject}", act.correlation) as work:
        session = session_store.change_cookie(work, session)
        logins.keep_outcome(work, login_secret, Outcome(session=session.cookie))
    answer, outcome = do_confirmed(gateway, session, act, token)
    _keep(gateway, login_secret, outcome)
    set_cookie(gateway, answer, session_cookie(gateway), session.cookie)
    return answer


def _provider_logged_out(gateway: Gateway) -> AnyResponse:
    """The provider says that a login has ended (OpenID Connect Back-Channel Logout 1.0)."""
    try:
        token = gateway.provider.logout_token(flask.request.form.get("logout_token", ""))
    except Problem as problem:
        if problem.status != 401:
            raise
        problem.status = 400  # as the specification has it
        raise
    with unit_of_work(gateway.runtime, f"person:{token.subject}", str(uuid4())) as work:
        if not back_channel_logouts.take_once(work, token.jti):
            raise Problem("not-authenticated", status=400, detail="このログアウトの通知は、もう受け取りました")
        ended = session_store.end_logins(work, token.subject, token.sid)
    return as_json({"ended": ended})


def _logged_out(gateway: Gateway) -> AnyResponse:
    if gateway.session_of(flask.request.cookies.get(session_cookie(gateway), "")):
        return redirect("/", 303)
    answer = as_page("logged_out.html", Layout(gateway.runtime.settings.demo))
    for name in (session_cookie(gateway), message_cookie(gateway)):
        delete_cookie(gateway, answer, name)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
