"""A login or a confirmation under way: what the browser that comes back has to bring, and what came of it."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.ui_gateway.sessions import cookie_secrets
from services.ui_gateway.sessions.tables import logins
from shared.service_kit.clock import CLOCKS_APART
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

LONGEST = timedelta(minutes=10)
NOT_UNDER_WAY: Final = (
    "このログインは期限が切れたか、すでに使われたか、別のブラウザーのものです。もう一度ログインしてください"
)
"""What a browser is told that comes back from the provider with a login that nobody waits for."""
ANSWERED_AGAIN = timedelta(minutes=2)
"""How long a browser that comes back a second time (a double click) is shown what came of the first."""


class PendingAct(BaseModel):
    """An act that was sent, and waits until its person confirms the hashes of what is approved."""

    session_id: UUID
    path: str
    fields: dict[str, str]
    key: str
    correlation: str
    sha256: list[str]


class KeptForm(BaseModel):
    """A form that was sent after its session had ended: whose session it was, and what was sent to which address."""

    actor: str
    address: str
    fields: dict[str, str]


class Login(BaseModel):
    """State, nonce and PKCE verifier of one login, the page that was wanted, and what waits for it."""

    state: str
    nonce: str
    verifier: str
    back: str
    began: int
    act: PendingAct | None = None
    form: KeptForm | None = None


class _Begun(BaseModel):
    """What a login's cookie carries: little, since a browser that opens many tabs at once sends them all back."""

    seed: str
    back: str
    began: int

    def login(self, secret: str) -> Login:
        """The login, its secrets drawn from the seed by ours."""
        state, nonce, verifier = (
            cookie_secrets.drawn(secret, f"{name} {self.seed}") for name in ("state", "nonce", "pkce")
        )
        return Login(state=state, nonce=nonce, verifier=verifier, back=self.back, began=self.began)


class Outcome(BaseModel):
    """What came of a login or a confirmed act: the next page and what it says, or the problem that is shown.

    ``session`` is the cookie under which the session goes on: the browser may have thrown the first answer away.
    """

    session: str = Field("", repr=False)
    to: str = ""
    message: str = ""
    problem: dict[str, Any] | None = None

    @property
    def is_final(self) -> bool:
        """False while the act is still being done."""
        return bool(self.to or self.problem)


def begin_login(secret: str, back: str, now: datetime) -> tuple[str, Login]:
    """Begin a login; returns the browser's cookie for it, which carries the login itself.

    Nothing is kept before the browser comes back: however often somebody only knocks, it costs nobody else anything.
    """
    begun = _Begun(seed=secrets.token_urlsafe(16), back=back, began=int(now.timestamp()))
    return cookie_secrets.sealed_cookie(secret, begun.model_dump_json().encode()), begun.login(secret)


def begin_confirmation(work: UnitOfWork, act: PendingAct) -> tuple[str, Login]:
    """Begin a confirmation by the person of a session; returns the browser's cookie for it, and keeps the act."""
    return _begin_kept(work, "/", {"act": act})


def begin_login_with_form(work: UnitOfWork, form: KeptForm, back: str) -> tuple[str, Login]:
    """Begin a login at whose end a filled form is shown again; returns the browser's cookie, and keeps the form.

    For a browser that has had a session: nobody else makes anything be kept here.
    """
    return _begin_kept(work, back, {"form": form})


def _begin_kept(work: UnitOfWork, back: str, kept: dict[str, BaseModel]) -> tuple[str, Login]:
    cookie, now = cookie_secrets.new_cookie(), int(time.time())
    login = _Begun(seed=secrets.token_urlsafe(16), back=back, began=now).login(cookie).model_copy(update=kept)
    work.connection.execute(insert(logins).values(_row(cookie, login, work.clock.now())))
    return cookie, login


def _row(cookie: str, login: Login, began_at: datetime) -> dict[str, Any]:
    sealed = cookie_secrets.seal(cookie, login.model_dump_json().encode())
    return {"cookie_sha256": cookie_secrets.fingerprint(cookie), "sealed": sealed, "began_at": began_at}


def forget_old_logins(work: UnitOfWork) -> None:
    """Forget logins and confirmations that nobody came back for."""
    work.connection.execute(delete(logins).where(logins.c.began_at < work.clock.now() - LONGEST))


def use_login(work: UnitOfWork, secret: str, cookie: str) -> Login | None:
    """The login that this browser began, now used up; None where it came back with it before.

    Raises:
        Problem: not-authenticated where there is none, or it is too old.
    """
    now = work.clock.now()
    if cookie.startswith(cookie_secrets.SEALED):
        _keep_from_now_on(work, secret, cookie)
    lately = logins.c.began_at.between(now - LONGEST, now + CLOCKS_APART)
    first = update(logins).where(_is(cookie), logins.c.used_at.is_(None), lately)
    sealed = work.connection.execute(first.values(used_at=now).returning(logins.c.sealed)).scalar_one_or_none()
    if sealed is None:
        used = select(logins.c.used_at).where(_is(cookie), logins.c.used_at >= now - ANSWERED_AGAIN)
        if work.connection.execute(used).one_or_none() is None:
            raise Problem("not-authenticated", detail=NOT_UNDER_WAY)
        return None
    return Login.model_validate_json(cookie_secrets.unseal(cookie, sealed))


def _keep_from_now_on(work: UnitOfWork, secret: str, cookie: str) -> None:
    """The browser came back: from now on it is known here that the login is used, and what came of it."""
    try:
        login = _Begun.model_validate_json(cookie_secrets.unsealed_cookie(secret, cookie)).login(secret)
    except ValueError:
        raise Problem("not-authenticated", detail=NOT_UNDER_WAY) from None
    row = _row(cookie, login, datetime.fromtimestamp(login.began, UTC))
    work.connection.execute(upsert(logins).values(row).on_conflict_do_nothing())


def read_login(work: UnitOfWork, cookie: str) -> tuple[Login, Outcome]:
    """A login that was used, and what has come of it so far.

    Raises:
        Problem: not-authenticated where it is forgotten.
    """
    row = work.connection.execute(select(logins.c.sealed, logins.c.outcome).where(_is(cookie))).one_or_none()
    if row is None:
        raise Problem("not-authenticated", detail=NOT_UNDER_WAY)
    login = Login.model_validate_json(cookie_secrets.unseal(cookie, row.sealed))
    return login, Outcome.model_validate_json(cookie_secrets.unseal(cookie, row.outcome)) if row.outcome else Outcome()


def keep_outcome(work: UnitOfWork, cookie: str, outcome: Outcome) -> None:
    """Keep what came of a login, sealed with the secret of the browser that began it."""
    sealed = cookie_secrets.seal(cookie, outcome.model_dump_json().encode())
    work.connection.execute(update(logins).where(_is(cookie)).values(outcome=sealed))


def _is(cookie: str) -> Any:
    return logins.c.cookie_sha256 == cookie_secrets.fingerprint(cookie)
