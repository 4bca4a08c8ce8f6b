"""A filled form is never lost: with faults, refused by a service, or sent after its session had ended, it comes back.

It is shown on its own page, with what was typed. Only its person sends it again: nothing is done by its coming back.
"""

import re
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

import flask
from flask import redirect
from werkzeug.wrappers import Response

from services.ui_gateway.forms.form import AddressAsked, CameBack, Filled, FormFaults, next_key
from services.ui_gateway.routing.cookies import login_cookie, login_cookie_numbered, login_number, set_cookie
from services.ui_gateway.routing.gateway import Gateway
from services.ui_gateway.routing.meant_people import people_meant
from services.ui_gateway.routing.page_request import PageRequest, sent_fields
from services.ui_gateway.sessions import logins, session_store
from services.ui_gateway.sessions.logins import KeptForm, Login
from services.ui_gateway.sessions.session_store import StaffSession
from shared.service_kit.http.idempotency import FORM_OF_KEY, fresh_correlation
from shared.service_kit.observability import telemetry
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import unit_of_work

KEPT: Final = "kept"
"""The part of an address that names the login with which a filled form was kept."""
MENDABLE: Final = frozenset({400, 409, 412, 422})
"""Answers of a service that its person can do something about at the form; others have a page of their own."""
OTHER_LOGIN: Final = (
    "この入力は前のログインの画面から送られたため、まだ何も行われていません。内容を確かめて、もう一度送ってください"
)
LOGGED_IN_AGAIN: Final = (
    "ログインし直しました。入力した内容はまだ送られていません。内容を確かめて、もう一度送ってください"
)
ADDRESS_PLACED: Final = "住所の欄に町域まで入れました。まだ送られていません。番地などを続けて入力してください"
CHOOSE: Final = "だれのことかを、欄の下の一覧から選んでください"
_NUMBER: Final = re.compile(r"[0-9a-f]{16}")


def coming_back(request: PageRequest, problem: Problem) -> CameBack | None:
    """The form as it is shown again for this problem; None where the problem has a page of its own."""
    if problem.name == "not-permitted" and problem.field == "csrf":
        return CameBack(request.address, request.sent, _key(request.sent), on_top=(OTHER_LOGIN,))
    if isinstance(problem, AddressAsked):
        asked, fields = problem.towns, problem.filled.form.fields
        key, note = _key(request.sent), "" if asked.faults else ADDRESS_PLACED
        return CameBack(request.address, asked.sent, key, fields, asked.faults, towns=asked.towns, note=note)
    if isinstance(problem, FormFaults):
        return _came_back(request, problem.filled, _key(request.sent))
    if request.filled is not None and problem.status in MENDABLE:
        return _came_back(request, request.filled.refused(problem), next_key(_key(request.sent)))
    return None


def _came_back(request: PageRequest, filled: Filled, key: str) -> CameBack:
    fields = filled.form.fields
    people = people_meant(request, filled)
    faults = {**filled.faults, **{name: CHOOSE for name, hits in people.items() if hits.items}}
    return CameBack(request.address, request.sent, key, fields, faults, filled.on_top, people)


def _key(sent: Mapping[str, str]) -> str:
    """The key that the form carried; another where it was none."""
    key = sent.get("key", "")
    return key if FORM_OF_KEY.fullmatch(key) else str(uuid4())


def keep_for_login(gateway: Gateway, cookie: str, back: str) -> Response | None:
    """Keep a form whose session has ended, and send its person to log in; None for a browser that had no session.

    What was typed is sealed with a secret that this browser alone has, for as long as a login may take.
    """
    with unit_of_work(gateway.runtime, gateway.actor, fresh_correlation()) as work:
        actor = session_store.whose_ended(work, cookie)
        if actor is None:
            return None
        fields = {name: text for name, text in sent_fields().items() if name != "csrf"}
        form = KeptForm(actor=actor, address=flask.request.path, fields=fields)
        secret, login = logins.begin_login_with_form(work, form, back)
    url = gateway.provider.login_url(gateway.callback, login.state, login.nonce, login.verifier)
    answer = redirect(url, 303)
    set_cookie(gateway, answer, login_cookie(gateway, login.state), secret, int(logins.LONGEST.total_seconds()))
    return answer


def address_of_kept(login: Login) -> str:
    """The page of a kept form, once its person has logged in."""
    return f"{login.back}?{KEPT}={login_number(login.state)}"


def kept_form(gateway: Gateway, session: StaffSession) -> CameBack | None:
    """The form that was kept for this browser, this page and this person; None where there is none any more."""
    number = flask.request.args.get(KEPT, "")
    secret = flask.request.cookies.get(login_cookie_numbered(gateway, number), "") if _NUMBER.fullmatch(number) else ""
    if not secret:
        return None
    try:
        with telemetry.quiet(), unit_of_work(gateway.runtime, gateway.actor, fresh_correlation()) as work:
            login, _ = logins.read_login(work, secret)
    except Problem:
        return None
    form = login.form
    if form is None or form.actor != session.caller.actor or login.back != flask.request.path:
        return None
    return CameBack(form.address, form.fields, _key(form.fields), note=LOGGED_IN_AGAIN)
