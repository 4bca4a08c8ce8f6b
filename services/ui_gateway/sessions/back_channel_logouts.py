"""Logout tokens of the identity provider: each is taken once."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.ui_gateway.sessions.tables import logout_tokens
from shared.service_kit.unit_of_work import UnitOfWork

REMEMBERED = timedelta(hours=1)
"""Longer than a logout token is good."""


def take_once(work: UnitOfWork, jti: str) -> bool:
    """True the first time."""
    row = {"jti": jti, "until": work.clock.now() + REMEMBERED}
    taken = insert(logout_tokens).values(row).on_conflict_do_nothing().returning(logout_tokens.c.jti)
    return work.connection.execute(taken).one_or_none() is not None


def forget_old(work: UnitOfWork) -> None:
    """Forget tokens that are long expired."""
    work.connection.execute(delete(logout_tokens).where(logout_tokens.c.until < work.clock.now()))
