"""The gateway's cookies, out of reach of scripts."""

import hashlib
from typing import Final
from uuid import UUID, uuid4

from werkzeug.wrappers import Response

from services.ui_gateway.routing.gateway import Gateway
from services.ui_gateway.sessions import cookie_secrets

KNOWN_SECONDS: Final = 90 * 86_400
"""How long a browser is known after somebody logged in with it."""


def session_cookie(gateway: Gateway) -> str:
    """The session's name; a browser keeps the prefix's promise: TLS, this host, whole site."""
    return "__Host-kurashi" if gateway.secure else "kurashi"


def login_cookie(gateway: Gateway, state: str) -> str:
    """The name of a login under way: each has its own, so that two tabs do not take each other's."""
    return login_cookie_numbered(gateway, login_number(state))


def login_number(state: str) -> str:
    """What tells a login from others, in the name of its cookie: 16 hexadecimal digits."""
    return hashlib.sha256(state.encode()).hexdigest()[:16]


def login_cookie_numbered(gateway: Gateway, number: str) -> str:
    """The name of a login's cookie by its number."""
    return f"{session_cookie(gateway)}-login-{number}"


def browser_cookie(gateway: Gateway) -> str:
    """The name under which a browser shows that somebody has logged in with it before."""
    return f"{session_cookie(gateway)}-browser"


def known_browser(gateway: Gateway, value: str) -> str:
    """The browser's own number, by which its failed logins are counted; empty where nobody ever logged in with it."""
    try:
        return cookie_secrets.unsealed_cookie(gateway.secret_for("browser"), value).decode()
    except ValueError:
        return ""


def know_browser(gateway: Gateway, answer: Response, value: str) -> None:
    """Somebody has logged in: the browser has a number of its own from now on."""
    if not known_browser(gateway, value):
        number = cookie_secrets.sealed_cookie(gateway.secret_for("browser"), str(uuid4()).encode())
        set_cookie(gateway, answer, browser_cookie(gateway), number, KNOWN_SECONDS)


def message_cookie(gateway: Gateway) -> str:
    """The name under which a browser carries what an act did to the next page."""
    return f"{session_cookie(gateway)}-done"


def leave_message(gateway: Gateway, answer: Response, session_id: UUID, message: str) -> None:
    """Have the next page say what was done; each answer to a double click carries it, whichever the browser keeps."""
    if message:
        sealed = cookie_secrets.sealed_cookie(gateway.secret_for("done"), f"{session_id} {message}".encode())
        set_cookie(gateway, answer, message_cookie(gateway), sealed)


def message_of(gateway: Gateway, session_id: UUID, value: str) -> str:
    """The message that a browser carries for a page of this session; empty where there is none."""
    try:
        of, _, message = cookie_secrets.unsealed_cookie(gateway.secret_for("done"), value).decode().partition(" ")
    except ValueError:
        return ""
    return message if of == str(session_id) else ""


def set_cookie(gateway: Gateway, answer: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie, for so many seconds or until the browser is closed."""
    answer.set_cookie(name, value, max_age=seconds, httponly=True, secure=gateway.secure, samesite="Lax", path="/")


def delete_cookie(gateway: Gateway, answer: Response, name: str) -> None:
    """Take a cookie away."""
    answer.delete_cookie(name, secure=gateway.secure, httponly=True, samesite="Lax")
