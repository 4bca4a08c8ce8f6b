"""Sessions of the staff: one row each, found by the hash of a cookie, ended by logout, idleness or age."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Column, DateTime, MetaData, Table, Text, delete, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from services.ui_gateway.clients.identity import Attempt, LoggedIn
from shared.contracts.facts import Login, Logout
from shared.contracts.permissions import PERMISSIONS
from shared.service_kit.work import UnitOfWork

metadata = MetaData()
sessions = Table(
    "sessions",
    metadata,
    Column("session_id", PG_UUID(as_uuid=True), primary_key=True),
    Column("cookie_sha256", Text, nullable=False, unique=True),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("token", Text, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("token_until", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)
logins = Table(
    "logins",
    metadata,
    Column("state", Text, primary_key=True),
    Column("verifier", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("return_to", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
LOGIN_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Session:
    """Who is at the page."""

    session_id: UUID
    person: str
    name: str
    roles: frozenset[str]
    token: str
    csrf: str
    token_until: datetime

    @property
    def actor(self) -> str:
        """As facts name who acts."""
        return f"person:{self.person}"

    def may(self, permission: str) -> bool:
        """True where a role of this person has the permission; the rooms decide for themselves again."""
        return bool(self.roles & PERMISSIONS[permission])


def begin_login(work: UnitOfWork, attempt: Attempt, return_to: str) -> None:
    """Keep what the callback has to match; old attempts go."""
    work.session.execute(delete(logins).where(logins.c.at < work.clock.now() - LOGIN_WITHIN))
    work.session.execute(
        insert(logins).values(
            state=attempt.state,
            verifier=attempt.verifier,
            nonce=attempt.nonce,
            return_to=return_to,
            at=work.clock.now(),
        ),
    )


def take_login(work: UnitOfWork, state: str) -> tuple[Attempt, str] | None:
    """The attempt of a callback and where to go afterwards; each serves once."""
    row = work.session.execute(delete(logins).where(logins.c.state == state).returning(logins)).one_or_none()
    if row is None or row.at < work.clock.now() - LOGIN_WITHIN:
        return None
    return Attempt(row.state, row.verifier, row.nonce), row.return_to


def begin_session(work: UnitOfWork, person: LoggedIn) -> str:
    """Begin a session and tell it. Gives the cookie's value; only its hash is kept."""
    cookie, now = secrets.token_urlsafe(32), work.clock.now()
    session_id = uuid4()
    work.session.execute(
        insert(sessions).values(
            session_id=session_id,
            cookie_sha256=_hash(cookie),
            person=person.caller.subject,
            name=person.name,
            roles=sorted(person.caller.roles),
            token=person.caller.token,
            csrf=secrets.token_urlsafe(32),
            began_at=now,
            seen_at=now,
            token_until=now + timedelta(seconds=person.seconds),
        ),
    )
    work.actor = person.caller.actor
    work.fact(Login(session_id=session_id), subject=f"session:{session_id}")
    return cookie


def find_session(work: UnitOfWork, cookie: str) -> Session | None:
    """The session of a cookie, seen now; one that was idle or open too long is ended and told."""
    row = work.session.execute(
        select(sessions).where(sessions.c.cookie_sha256 == _hash(cookie), sessions.c.ended_at.is_(None)),
    ).one_or_none()
    if row is None:
        return None
    now = work.clock.now()
    session = Session(row.session_id, row.person, row.name, frozenset(row.roles), row.token, row.csrf, row.token_until)
    if now - row.seen_at > IDLE or now - row.began_at > LONGEST or now >= row.token_until:
        end_session(work, session, "limit")
        return None
    work.session.execute(update(sessions).where(sessions.c.session_id == row.session_id).values(seen_at=now))
    return session


def renew_token(work: UnitOfWork, session: Session, token: str, seconds: int) -> None:
    """Keep the fresh token of a session that is in use."""
    until = work.clock.now() + timedelta(seconds=seconds)
    work.session.execute(
        update(sessions).where(sessions.c.session_id == session.session_id).values(token=token, token_until=until),
    )


def end_session(work: UnitOfWork, session: Session, reason: str) -> None:
    """End a session and tell why; its token goes with it."""
    work.session.execute(
        update(sessions).where(sessions.c.session_id == session.session_id).values(ended_at=work.clock.now(), token=""),
    )
    work.actor = session.actor
    work.fact(Logout(session_id=session.session_id, reason=reason), subject=f"session:{session.session_id}")


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
