"""Logging in and out: OpenID Connect code flow with PKCE; the session of a browser."""

import re
from collections.abc import Callable
from uuid import uuid4

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from services.ui_gateway.pages.door import Pages, fresh, session_cookie
from services.ui_gateway.pages.gateway import Gateway
from services.ui_gateway.pages.replies import Done, Frame, Shown, as_page, as_problem
from services.ui_gateway.pages.visit import Visit
from services.ui_gateway.sessions import keeping, logins
from shared.service_kit.problems import Problem

pages = Pages()
_OWN_PATH = re.compile(r"/(?:[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)?")


@pages.get("/session")
def show_session(visit: Visit) -> Shown:
    """Who is logged in, and the CSRF token, for the command line."""
    identity = visit.session.identity
    who = {"id": identity.subject, "name": identity.name, "roles": identity.roles}
    body = {
        "who": who,
        "csrf": visit.session.csrf,
        "ends_at": visit.session.ends_at.isoformat(),
        "demo": visit.gateway.service.settings.demo,
    }
    return Shown("", {}, body)


@pages.act("/logout", permission=None, correlation=fresh)
def log_out(visit: Visit) -> Done:
    """End the session."""
    with visit.gateway.service.work(visit.actor, str(uuid4())) as work:
        keeping.end_session(work, visit.session.session_id, "person")
    return Done("/logout", "", {"state": "logged_out"})


def mount(blueprint: Blueprint, gateway: Gateway) -> None:
    """The pages before a session."""

    @blueprint.get("/login")
    def log_in() -> AnyResponse:
        return _careful(gateway, _sent_to_provider)

    @blueprint.get("/callback")
    def come_back() -> AnyResponse:
        return _careful(gateway, _come_back)

    @blueprint.get("/logout")
    def logged_out() -> AnyResponse:
        return _careful(gateway, _logged_out)


def _careful(gateway: Gateway, step: Callable[[Gateway], AnyResponse]) -> AnyResponse:
    try:
        return step(gateway)
    except Exception as error:
        return as_problem(error, Frame(gateway.service.settings.demo))


def _sent_to_provider(gateway: Gateway) -> AnyResponse:
    wanted = request.args.get("back", "/")
    back = wanted if _OWN_PATH.fullmatch(wanted) else "/"
    with gateway.service.work(gateway.actor, str(uuid4())) as work:
        cookie, login = logins.begin_login(work, back)
    url = gateway.provider.login_url(gateway.callback, login.state, login.nonce, login.verifier)
    answer = redirect(url, 303)
    _set_cookie(gateway, answer, _login_cookie(gateway), cookie, int(logins.LONGEST.total_seconds()))
    return answer


def _come_back(gateway: Gateway) -> AnyResponse:
    with gateway.service.work(gateway.actor, str(uuid4())) as work:
        login = logins.use_login(work, request.cookies.get(_login_cookie(gateway), ""))
    code = request.args.get("code", "")
    if not code or request.args.get("state") != login.state:
        raise Problem("not-authenticated", detail="ログインできませんでした。はじめからやり直してください")
    gateway.provider.check_answerer(request.args.get("iss", ""))
    identity = gateway.provider.redeem(code, gateway.callback, login.verifier, login.nonce)
    with gateway.service.work(f"person:{identity.subject}", str(uuid4())) as work:
        if former := keeping.find_session(work, request.cookies.get(session_cookie(gateway), ""), gateway.limits):
            keeping.end_session(work, former.session_id, "new_login")
        cookie = keeping.begin_session(work, identity)
    answer = redirect(login.back, 303)
    _set_cookie(gateway, answer, session_cookie(gateway), cookie, None)
    answer.delete_cookie(_login_cookie(gateway), secure=gateway.secure, httponly=True, samesite="Lax")
    return answer


def _logged_out(gateway: Gateway) -> AnyResponse:
    if gateway.session_of(request.cookies.get(session_cookie(gateway), "")):
        return redirect("/", 303)
    answer = as_page("logged_out.html", Frame(gateway.service.settings.demo))
    answer.delete_cookie(session_cookie(gateway), secure=gateway.secure, httponly=True, samesite="Lax")
    return answer


def _login_cookie(gateway: Gateway) -> str:
    return f"{session_cookie(gateway)}-login"


def _set_cookie(gateway: Gateway, answer: AnyResponse, name: str, value: str, seconds: int | None) -> None:
    answer.set_cookie(name, value, max_age=seconds, httponly=True, secure=gateway.secure, samesite="Lax", path="/")
