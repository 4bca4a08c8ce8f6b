"""A login or a confirmation under way: what the browser that comes back has to bring."""

import secrets
import time
from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import delete, insert

from services.ui_gateway.sessions import cookies
from services.ui_gateway.sessions.tables import logins
from shared.service_kit.problems import Problem
from shared.service_kit.work import UnitOfWork

LONGEST = timedelta(minutes=10)


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


def use_login(work: UnitOfWork, cookie: str) -> Login:
    """The login that this browser began; it is used up.

    Raises:
        Problem: not-authenticated where there is none, or it is too old.
    """
    gone = delete(logins).where(logins.c.cookie_sha256 == cookies.fingerprint(cookie))
    row = work.session.execute(gone.returning(logins.c.sealed, logins.c.began_at)).one_or_none()
    if row is None or row.began_at < work.clock.now() - LONGEST:
        raise Problem("not-authenticated", detail="ログインをはじめからやり直してください")
    return Login.model_validate_json(cookies.unseal(cookie, row.sealed))
