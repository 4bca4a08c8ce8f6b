"""What one issuer process holds."""

import time
from dataclasses import dataclass, field

from flask import current_app

from infra.issuer.back_channel_logout import Goodbye
from infra.issuer.codes import Codes
from infra.issuer.keys import SigningKeys
from infra.issuer.sessions import Sessions
from infra.issuer.settings import Settings
from infra.issuer.tokens import Tokens


@dataclass(frozen=True)
class State:
    """Settings, keys, the makers of tokens and of logout tokens, codes and logins given out."""

    settings: Settings
    keys: SigningKeys
    tokens: Tokens
    goodbye: Goodbye
    codes: Codes = field(default_factory=lambda: Codes(time.monotonic))
    sessions: Sessions = field(default_factory=lambda: Sessions(time.monotonic))


def state() -> State:
    """Return the state of the application that answers."""
    kept = current_app.extensions["issuer"]
    if not isinstance(kept, State):
        raise TypeError("the application was not made by create_app")
    return kept
