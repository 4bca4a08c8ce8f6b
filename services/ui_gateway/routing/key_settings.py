"""How a person wants the keyboard in this browser: kept in a cookie of the browser, of which no service knows."""

from dataclasses import dataclass
from typing import Final

import flask
from werkzeug.wrappers import Response

from services.ui_gateway.routing.cookies import session_cookie, set_cookie
from services.ui_gateway.routing.gateway import Gateway

KEPT_SECONDS: Final = 365 * 86_400
_MOVES, _NO_LETTERS = "enter-moves", "no-letters"


@dataclass(frozen=True)
class KeySettings:
    """``enter_moves``: Enter goes to the next field. ``letters``: keys of one letter are shortcuts."""

    enter_moves: bool = False
    letters: bool = True


def key_settings(gateway: Gateway) -> KeySettings:
    """The settings of the browser that asks; those of a new one where it has none."""
    kept = flask.request.cookies.get(_cookie(gateway), "").split(".")
    return KeySettings(enter_moves=_MOVES in kept, letters=_NO_LETTERS not in kept)


def keep_key_settings(gateway: Gateway, answer: Response, keys: KeySettings) -> None:
    """Keep them in the browser, for a year from now."""
    words = [*([_MOVES] if keys.enter_moves else []), *([] if keys.letters else [_NO_LETTERS])]
    set_cookie(gateway, answer, _cookie(gateway), ".".join(["keys", *words]), KEPT_SECONDS)


def _cookie(gateway: Gateway) -> str:
    return f"{session_cookie(gateway)}-keys"
