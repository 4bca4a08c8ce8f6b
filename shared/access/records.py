"""Whose record may be seen or changed by whom. Routes say whose it is; this decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import select

from shared.access.grants import Grant, grants_of
from shared.access.tables import break_glass
from shared.contracts.permissions import SHIELDED
from shared.contracts.subjects import NUMBERED
from shared.service_kit.clock import CLOCKS_APART
from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

BARRED: Final = "barred"
SHIELD: Final = "shielded"
"""Codes for the audit: the record is of the caller's own family; it is a shielded one."""


@dataclass(frozen=True)
class Record:
    """Whose record a route is about: its subject ("case:…"), and what decides who may see it.

    ``barred`` are persons who never may: the record is their own or a relative's. ``entered_by`` is there while nobody
    is in charge of it yet: who entered it may go on with it.
    """

    subject: str
    district: str | None = None
    caseworker: str | None = None
    programme: str | None = None
    shielded: bool = False
    barred: frozenset[str] = field(default_factory=frozenset)
    entered_by: str | None = None


RecordOf = Callable[..., Record]
"""Gives the record of a route: called with the unit of work, the parts of the path and what was ``asked``."""


class OutOfScopeError(Problem):
    """The caller has the permission, but not for this record; ``why`` is a code for the audit."""

    def __init__(self, subject: str, why: str) -> None:
        super().__init__("out-of-scope", detail="担当外の記録です。緊急の場合は緊急閲覧を申し出てください")
        self.subject, self.why = subject if NUMBERED.fullmatch(subject) else "", why


def check_record(work: UnitOfWork, caller: Caller, permission: str, record: Record) -> None:
    """Let the caller at the record, or refuse.

    Raises:
        OutOfScopeError: barred, shielded, or out of every scope in which the caller has the permission, and no glass
            was broken for it.
    """
    why = _closed(work, caller, permission, record)
    opened = _living(work, caller, record.subject) if why else None  # asked of a barred one too: the same work for all
    if why == BARRED or (why and opened is None):
        raise OutOfScopeError(record.subject, why)
    work.look_details["break_glass"] = opened


def may_see(work: UnitOfWork, permission: str, record: Record) -> bool:
    """True where a list may name the record to the caller of this request; no emergency opens a list."""
    return work.caller is not None and not _closed(work, work.caller, permission, record)


def _closed(work: UnitOfWork, caller: Caller, permission: str, record: Record) -> str:
    """Why a record stays closed to the caller; empty where it does not."""
    permissions = work.runtime.permissions
    if caller.subject in record.barred:
        return BARRED
    if not _reaches(caller, grants_of(caller, permission, permissions), record):
        return "scope"
    if record.shielded and not _reaches(caller, grants_of(caller, SHIELDED, permissions), record):
        return SHIELD
    return ""


def _reaches(caller: Caller, grants: Sequence[Grant], record: Record) -> bool:
    return any(_within(grant, caller, record) for grant in grants)


def _within(grant: Grant, caller: Caller, record: Record) -> bool:
    """Districts of a role that names programmes too are those of these programmes."""
    scope, charge = grant.scope, grant.charge
    if record.entered_by == caller.subject:
        return True
    if scope == "own" and record.caseworker:
        return record.caseworker in {caller.subject, *charge.stands_in_for}
    if scope in ("own", "district"):
        return record.district in charge.districts and (not charge.programmes or record.programme in charge.programmes)
    if scope == "programme":
        return record.programme in charge.programmes
    return scope == "office"


def _living(work: UnitOfWork, caller: Caller, subject: str) -> UUID | None:
    now = work.clock.now()
    rows = select(break_glass.c.break_glass_id).where(
        break_glass.c.actor == caller.actor,
        break_glass.c.subject == subject,
        break_glass.c.until > now,
        break_glass.c.at <= now + CLOCKS_APART,  # opened while the clock was ahead by more: not for as long as that
    )
    return work.connection.scalar(rows.order_by(break_glass.c.until.desc()).limit(1))
