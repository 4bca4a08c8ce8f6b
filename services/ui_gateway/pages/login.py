"""Logging in and out."""

from typing import Any

from flask import jsonify, redirect, request

from services.ui_gateway.clients.rooms import Rooms
from services.ui_gateway.pages.frame import Frame, as_response
from services.ui_gateway.pages.sessions import Session, begin_login, begin_session, end_session, take_login
from shared.service_kit.problems import Problem

LOGIN_COOKIE = "kurashi_login"


def add(frame: Frame) -> None:
    """Add the pages."""

    @frame.open_page("/login")
    def login() -> Any:
        attempt = frame.identity.begin()
        wanted = request.args.get("return_to", "/")
        safe = wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else "/"
        with frame.work() as work:
            begin_login(work, attempt, safe)
        answer = as_response(redirect(frame.identity.address(attempt), 303))
        answer.set_cookie(LOGIN_COOKIE, attempt.state, max_age=600, **frame.cookie_options)
        return answer

    @frame.open_page("/callback")
    def callback() -> Any:
        state = request.args.get("state", "")
        with frame.work() as work:
            begun = take_login(work, state) if state and request.cookies.get(LOGIN_COOKIE) == state else None
        if begun is None or "code" not in request.args:
            raise Problem("not-authenticated", detail="ログインをやり直してください")
        attempt, return_to = begun
        person = frame.identity.redeem(request.args["code"], attempt)
        with frame.work() as work:
            cookie = begin_session(work, person)
        answer = as_response(redirect(return_to, 303))
        answer.delete_cookie(LOGIN_COOKIE, path="/")
        answer.set_cookie(frame.cookie, cookie, **frame.cookie_options)
        return answer

    @frame.page("/logout", methods=("POST",))
    def logout(session: Session, rooms: Rooms) -> Any:
        del rooms
        with frame.work(session.actor) as work:
            end_session(work, session, "person")
        answer = as_response(redirect("/", 303))
        answer.delete_cookie(frame.cookie, path="/")
        return answer

    @frame.page("/session")
    def who(session: Session, rooms: Rooms) -> Any:
        del rooms
        return jsonify(person=session.person, name=session.name, roles=sorted(session.roles), csrf=session.csrf)
