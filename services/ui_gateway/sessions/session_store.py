"""Sessions: begun by a login, ended by the person, by idleness or by their age."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import bindparam, insert, select, update

from services.ui_gateway.clients.identity import Identity
from services.ui_gateway.sessions import cookie_secrets
from services.ui_gateway.sessions.tables import sessions
from services.ui_gateway.settings import GatewaySettings
from shared.contracts.facts.ui_gateway import Login, Logout
from shared.service_kit.clock import CLOCKS_APART
from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

TOUCH = timedelta(seconds=60)
"""How exactly the last request is known; a write at each request would tell nobody more."""
MOST_AT_ONCE = 500
"""Sessions that one sweep ends."""

_LIVING = select(sessions).where(
    sessions.c.cookie_sha256 == bindparam("fingerprint"),
    sessions.c.ended_at.is_(None),
)
"""The living session of a cookie: every request asks it."""


class _Kept(Identity):
    """What is sealed of a session: the person, and the token of its forms; an older session has none of its own."""

    csrf: str = Field("", repr=False)


@dataclass(frozen=True)
class StaffSession:
    """A session with the person whom the identity provider named."""

    session_id: UUID
    cookie: str = field(repr=False)
    identity: Identity = field(repr=False)
    ends_at: datetime
    csrf: str = field(repr=False)
    """What every form of this session carries; it stays when the cookie changes."""

    @property
    def caller(self) -> Caller:
        """The person as permissions know them."""
        return Caller(self.identity.subject, "person", frozenset(self.identity.roles))


@dataclass(frozen=True)
class LivingSession:
    """A session as its own person sees it; `seen_at` to the minute."""

    session_id: UUID
    began_at: datetime
    seen_at: datetime


def begin_session(work: UnitOfWork, identity: Identity) -> str:
    """Begin a session; returns the browser's cookie."""
    cookie, session_id, now = cookie_secrets.new_cookie(), uuid4(), work.clock.now()
    work.connection.execute(
        insert(sessions).values(
            session_id=session_id,
            cookie_sha256=cookie_secrets.fingerprint(cookie),
            actor=work.actor,
            sealed=_sealed(cookie, identity, cookie_secrets.csrf_token(cookie)),
            began_at=now,
            seen_at=now,
            sid=identity.sid or None,
        ),
    )
    work.audit_entry(Login(session_id=session_id), f"session:{session_id}")
    return cookie


def find_session(work: UnitOfWork, cookie: str, limits: GatewaySettings) -> StaffSession | None:
    """The living session of a cookie; one beyond its limits is ended here."""
    row = _row(work, cookie)
    if row is None:
        return None
    now = work.clock.now()
    if reason := _outlived(row, now, limits):
        end_session(work, row.session_id, reason)
        return None
    if now - row.seen_at > TOUCH:
        work.connection.execute(update(sessions).where(_is(row.session_id)).values(seen_at=now))
    return _staff_session(row, cookie, limits)


def lock_session(work: UnitOfWork, session: StaffSession, limits: GatewaySettings) -> StaffSession | None:
    """The session as it stands now, nobody else changing it until this work ends."""
    row = _row(work, session.cookie, lock=True)
    return _staff_session(row, session.cookie, limits) if row else None


def keep_identity(work: UnitOfWork, session: StaffSession, identity: Identity) -> None:
    """Keep renewed tokens."""
    sealed = _sealed(session.cookie, identity, session.csrf)
    work.connection.execute(update(sessions).where(_is(session.session_id)).values(sealed=sealed))


def change_cookie(work: UnitOfWork, session: StaffSession) -> StaffSession:
    """The same session under a new cookie, once its person has proved themselves again; the old one opens nothing.

    Raises:
        Problem: not-authenticated where the session has ended meanwhile.
    """
    cookie = cookie_secrets.new_cookie()
    values = {
        "cookie_sha256": cookie_secrets.fingerprint(cookie),
        "sealed": _sealed(cookie, session.identity, session.csrf),
    }
    living = update(sessions).where(_is(session.session_id), sessions.c.ended_at.is_(None))
    if work.connection.execute(living.values(values).returning(sessions.c.session_id)).one_or_none() is None:
        raise Problem("not-authenticated", detail="ログインし直してから、もう一度操作してください")
    return replace(session, cookie=cookie)


def end_session(work: UnitOfWork, session_id: UUID, reason: str) -> None:
    """End a session and forget its tokens; ended once, recorded once."""
    ending = update(sessions).where(_is(session_id), sessions.c.ended_at.is_(None))
    values = {"ended_at": work.clock.now(), "end_reason": reason, "sealed": b"", "message": None}
    if work.connection.execute(ending.values(values).returning(sessions.c.session_id)).one_or_none():
        work.audit_entry(Logout(session_id=session_id, reason=reason), f"session:{session_id}")


def end_logins(work: UnitOfWork, subject: str, sid: str) -> int:
    """End the sessions of one login of a person or, without ``sid``, of all of them; returns how many."""
    living = select(sessions.c.session_id).where(sessions.c.actor == f"person:{subject}", sessions.c.ended_at.is_(None))
    ids = work.connection.execute(living.where(sessions.c.sid == sid) if sid else living).scalars().all()
    for session_id in ids:
        end_session(work, session_id, "provider_logout")
    return len(ids)


def living_sessions(work: UnitOfWork, actor: str, limits: GatewaySettings) -> list[LivingSession]:
    """A person's sessions within their limits, the newest first."""
    living = select(sessions).where(sessions.c.actor == actor, sessions.c.ended_at.is_(None))
    rows = work.connection.execute(living.order_by(sessions.c.began_at.desc())).all()
    now = work.clock.now()
    return [LivingSession(r.session_id, r.began_at, r.seen_at) for r in rows if not _outlived(r, now, limits)]


def is_of(work: UnitOfWork, session_id: UUID, actor: str) -> bool:
    """True where the session is, or was, this person's."""
    owner = select(sessions.c.actor).where(_is(session_id))
    return work.connection.execute(owner).scalar_one_or_none() == actor


def whose_ended(work: UnitOfWork, cookie: str) -> str | None:
    """The person whose session this browser had until it ended; None where it had none, or it lives."""
    ended = select(sessions.c.actor).where(
        sessions.c.cookie_sha256 == cookie_secrets.fingerprint(cookie), sessions.c.ended_at.is_not(None)
    )
    return work.connection.execute(ended).scalar_one_or_none()


def end_outlived(work: UnitOfWork, limits: GatewaySettings) -> int:
    """End the sessions that nobody came back to; returns how many."""
    now = work.clock.now()
    beyond = (sessions.c.began_at < now - limits.longest) | (sessions.c.seen_at < now - limits.idle)
    beyond |= (sessions.c.began_at > now + CLOCKS_APART) | (sessions.c.seen_at > now + CLOCKS_APART)
    rows = work.connection.execute(
        select(sessions).where(sessions.c.ended_at.is_(None), beyond).limit(MOST_AT_ONCE)
    ).all()
    for row in rows:
        end_session(work, row.session_id, _outlived(row, now, limits))
    return len(rows)


def _row(work: UnitOfWork, cookie: str, *, lock: bool = False) -> Any:
    asked = _LIVING.with_for_update() if lock else _LIVING
    return work.connection.execute(asked, {"fingerprint": cookie_secrets.fingerprint(cookie)}).one_or_none()


def _outlived(row: Any, now: datetime, limits: GatewaySettings) -> str:
    """Why it is over; begun or seen while the clock was far ahead, it is as old as nobody knows."""
    if now - row.began_at > limits.longest or max(row.began_at, row.seen_at) > now + CLOCKS_APART:
        return "age"
    return "idle" if now - row.seen_at > limits.idle else ""


def _staff_session(row: Any, cookie: str, limits: GatewaySettings) -> StaffSession:
    kept = _Kept.model_validate_json(cookie_secrets.unseal(cookie, row.sealed))
    identity = Identity(**kept.model_dump(exclude={"csrf"}))
    csrf = kept.csrf or cookie_secrets.csrf_token(cookie)
    return StaffSession(row.session_id, cookie, identity, row.began_at + limits.longest, csrf)


def _sealed(cookie: str, identity: Identity, csrf: str) -> bytes:
    return cookie_secrets.seal(cookie, _Kept(**identity.model_dump(), csrf=csrf).model_dump_json().encode())


def _is(session_id: UUID) -> Any:
    return sessions.c.session_id == session_id
