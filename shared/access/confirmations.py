"""Confirmations behind approvals (step-up): fresh, by the person, for exactly what is approved, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert as upsert

from shared.access.tables import step_ups
from shared.service_kit.clock import CLOCKS_APART
from shared.service_kit.identity.access_tokens import Caller, texts_of
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

STEP_UP: Final = "step-up"
APPROVAL: Final = "kurashi_approval"
FRESH: Final = timedelta(minutes=5)
"""How old a confirmation (step-up) may be."""


@dataclass(frozen=True)
class StepUp:
    """A fresh confirmation by the person (RFC 9470), bound to the hashes of what is approved (RFC 9396)."""

    id: str
    at: int
    approves: frozenset[str]

    @classmethod
    def of(cls, claims: Mapping[str, Any]) -> "StepUp | None":
        """The confirmation that a token carries; None where it is an ordinary one."""
        if claims.get("acr") != STEP_UP or not claims.get("step_up") or not isinstance(claims.get("auth_time"), int):
            return None
        details = claims.get("authorization_details")
        entries = [entry for entry in details if isinstance(entry, dict)] if isinstance(details, list) else []
        hashes = [texts_of(entry.get("sha256")) for entry in entries if entry.get("type") == APPROVAL]
        return cls(str(claims["step_up"]), claims["auth_time"], frozenset[str]().union(*hashes))


def use_step_up(work: UnitOfWork, caller: Caller, sha256: str) -> None:
    """Use the caller's confirmation for what ``sha256`` names; it serves once, even if two requests come at once.

    Raises:
        Problem: step-up-required where there is none, or it is too old, for something else, or used.
    """
    step_up, now = StepUp.of(caller.claims), work.clock.now()
    if step_up is None or sha256 not in step_up.approves:
        raise _step_up_required()
    if not -CLOCKS_APART <= _latest(work, now) - datetime.fromtimestamp(step_up.at, now.tzinfo) <= FRESH:
        raise _step_up_required()
    row = {"step_up_id": step_up.id, "sha256": sha256, "actor": work.actor, "at": now}
    used = work.connection.execute(upsert(step_ups).values(**row).on_conflict_do_nothing().returning(step_ups.c.at))
    if used.one_or_none() is None:
        raise _step_up_required()


def _latest(work: UnitOfWork, now: datetime) -> datetime:
    """The later of this clock and the provider's as its tokens tell it: a clock that went back makes nothing fresh."""
    newest = datetime.fromtimestamp(work.runtime.token_verifier.newest, now.tzinfo)
    return newest if now < newest <= now + CLOCKS_APART else now


def _step_up_required() -> Problem:
    asked: dict[str, Any] = {"acr_values": STEP_UP, "max_age": int(FRESH.total_seconds())}
    return Problem("step-up-required", detail="内容を確認し、もう一度本人確認をしてください", extra=asked)
