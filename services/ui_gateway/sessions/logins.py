"""A login or a confirmation under way: what the browser that comes back has to bring, and what came of it."""

import secrets
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import delete, insert, select, update

from services.ui_gateway.sessions import cookies
from services.ui_gateway.sessions.tables import logins
from shared.service_kit.problems import Problem
from shared.service_kit.work import UnitOfWork

LONGEST = timedelta(minutes=10)
ANSWERED_AGAIN = timedelta(minutes=2)
"""How long a browser that comes back a second time (a double click) is told what came of the first."""


class PendingAct(BaseModel):
    """An act that was sent, and waits until its person confirms the hashes of what is approved."""

    session_id: UUID
    path: str
    fields: dict[str, str]
    key: str
    correlation: str
    sha256: list[str]


class Login(BaseModel):
    """State, nonce and PKCE verifier of one login, the page that was wanted, and the act that waits for it."""

    state: str
    nonce: str
    verifier: str
    back: str
    began: int
    act: PendingAct | None = None


class Outcome(BaseModel):
    """What came of a login or a confirmed act: where the browser goes next, or the problem it is shown.

    ``session`` is the cookie under which the session goes on: the browser may have thrown the first answer away.
    """

    session: str = Field("", repr=False)
    to: str = ""
    problem: dict[str, Any] | None = None

    @property
    def is_final(self) -> bool:
        """False while the act is still being done."""
        return bool(self.to or self.problem)


def begin_login(work: UnitOfWork, back: str, act: PendingAct | None = None) -> tuple[str, Login]:
    """Begin a login or, for an act, a confirmation; gives the browser's cookie for it."""
    cookie, now = cookies.new_cookie(), work.clock.now()
    login = Login(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        back=back,
        began=int(time.time()),
        act=act,
    )
    work.session.execute(
        insert(logins).values(
            cookie_sha256=cookies.fingerprint(cookie),
            sealed=cookies.seal(cookie, login.model_dump_json().encode()),
            began_at=now,
        ),
    )
    return cookie, login


def forget_old_logins(work: UnitOfWork) -> None:
    """Forget logins and confirmations that nobody came back for."""
    work.session.execute(delete(logins).where(logins.c.began_at < work.clock.now() - LONGEST))


def use_login(work: UnitOfWork, cookie: str) -> Login | None:
    """The login that this browser began, now used up; None where it came back with it before.

    Raises:
        Problem: not-authenticated where there is none, or it is too old.
    """
    now = work.clock.now()
    first = update(logins).where(_is(cookie), logins.c.used_at.is_(None), logins.c.began_at >= now - LONGEST)
    sealed = work.session.execute(first.values(used_at=now).returning(logins.c.sealed)).scalar_one_or_none()
    if sealed is None:
        used = select(logins.c.used_at).where(_is(cookie), logins.c.used_at >= now - ANSWERED_AGAIN)
        if work.session.execute(used).one_or_none() is None:
            raise Problem("not-authenticated", detail="ログインをはじめからやり直してください")
        return None
    return Login.model_validate_json(cookies.unseal(cookie, sealed))


def read_login(work: UnitOfWork, cookie: str) -> tuple[Login, Outcome]:
    """A login that was used, and what has come of it so far.

    Raises:
        Problem: not-authenticated where it is forgotten.
    """
    row = work.session.execute(select(logins.c.sealed, logins.c.outcome).where(_is(cookie))).one_or_none()
    if row is None:
        raise Problem("not-authenticated", detail="ログインをはじめからやり直してください")
    login = Login.model_validate_json(cookies.unseal(cookie, row.sealed))
    return login, Outcome.model_validate_json(cookies.unseal(cookie, row.outcome)) if row.outcome else Outcome()


def keep_outcome(work: UnitOfWork, cookie: str, outcome: Outcome) -> None:
    """Keep what came of a login, sealed with the secret of the browser that began it."""
    sealed = cookies.seal(cookie, outcome.model_dump_json().encode())
    work.session.execute(update(logins).where(_is(cookie)).values(outcome=sealed))


def _is(cookie: str) -> Any:
    return logins.c.cookie_sha256 == cookies.fingerprint(cookie)
