"""The gateway's cookies, out of reach of scripts."""

import hashlib

from werkzeug.wrappers import Response

from services.ui_gateway.pages.gateway import Gateway


def session_cookie(gateway: Gateway) -> str:
    """The session's name; a browser keeps the prefix's promise: TLS, this host, whole site."""
    return "__Host-kurashi" if gateway.secure else "kurashi"


def login_cookie(gateway: Gateway, state: str) -> str:
    """The name of a login under way: each has its own, so that two tabs do not take each other's."""
    return f"{session_cookie(gateway)}-login-{hashlib.sha256(state.encode()).hexdigest()[:16]}"


def set_cookie(gateway: Gateway, answer: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie, for so many seconds or until the browser is closed."""
    answer.set_cookie(name, value, max_age=seconds, httponly=True, secure=gateway.secure, samesite="Lax", path="/")


def delete_cookie(gateway: Gateway, answer: Response, name: str) -> None:
    """Take a cookie away."""
    answer.delete_cookie(name, secure=gateway.secure, httponly=True, samesite="Lax")
