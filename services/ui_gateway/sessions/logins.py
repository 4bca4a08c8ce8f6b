"""A login under way: what the browser that comes back has to bring."""

import secrets
from datetime import timedelta

from pydantic import BaseModel
from sqlalchemy import delete, insert

from services.ui_gateway.sessions import cookies
from services.ui_gateway.sessions.tables import logins
from shared.service_kit.problems import Problem
from shared.service_kit.work import UnitOfWork

LONGEST = timedelta(minutes=10)


class Login(BaseModel):
    """State, nonce and PKCE verifier of one login, and the page that was wanted."""

    state: str
    nonce: str
    verifier: str
    back: str


def begin_login(work: UnitOfWork, back: str) -> tuple[str, Login]:
    """Begin a login; gives the browser's cookie for it."""
    cookie = cookies.new_cookie()
    login = Login(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        back=back,
    )
    now = work.clock.now()
    work.session.execute(delete(logins).where(logins.c.began_at < now - LONGEST))
    work.session.execute(
        insert(logins).values(
            cookie_sha256=cookies.fingerprint(cookie),
            sealed=cookies.seal(cookie, login.model_dump_json().encode()),
            began_at=now,
        ),
    )
    return cookie, login


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
