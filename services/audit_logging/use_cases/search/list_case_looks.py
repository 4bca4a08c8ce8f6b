"""The newest looks at one case, for those who answer for it; reading them is itself a look, and stands on no list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.audit_logging.adapters.log.openings import read_openings
from services.audit_logging.adapters.refill.refills import refills_of
from services.audit_logging.adapters.search.progress import SEARCH, what_was_passed_over
from services.audit_logging.adapters.search.search_index import Found, looks_into_case
from services.audit_logging.domain.search.case_looks import MOST, NEEDS, first_day, is_shown
from services.audit_logging.domain.search.search_entry import TOKYO
from services.audit_logging.use_cases.search.search_log import SHOWN
from shared.access.records import Record, may_see
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class CaseLook:
    """Who looked at what of the case, when, and why; `emergency`: through an emergency (緊急閲覧)."""

    at: datetime
    actor: str
    what: str
    purpose: str
    emergency: bool


@dataclass(frozen=True)
class CaseLooks:
    """The newest looks, and how many there are since the `first` day (Asia/Tokyo).

    `incomplete`: entries of these days may be missing, since they could not be read or were restored without words.
    """

    items: list[CaseLook]
    count: int
    first: date
    incomplete: bool


def list_case_looks(work: UnitOfWork, record: Record, purpose: str) -> CaseLooks:
    """Looks of people into this case, newest first.

    Looks with which the office examines its staff are left out, and so are those at what the reader may not know of.
    """
    first = first_day(work.clock.today())
    hidden = {what for what, permission in NEEDS.items() if not may_see(work, permission, record)}
    rows = work.connection.execute(looks_into_case(record.subject, first)).mappings().all()
    looks = list(_shown(work, rows, hidden))
    work.look("case_looks", [record.subject], purpose)
    return CaseLooks(looks[:MOST], len(looks), first, _incomplete(work, first))


def _shown(work: UnitOfWork, rows: Sequence[Found], hidden: set[str]) -> Iterator[CaseLook]:
    opened = read_openings(work.connection, [row["index"] for row in rows])
    for row in rows:
        purpose = opened[row["index"]].purpose if row["index"] in opened else ""
        if is_shown(row["what"], purpose, hidden):
            yield CaseLook(row["at"], row["actor"], row["what"], purpose, bool(row["break_glass"]))


def _incomplete(work: UnitOfWork, first: date) -> bool:
    refilled = [row["refilled_at"] for row in refills_of(work.connection)]
    passed = [row["passed_at"] for row in what_was_passed_over(work.connection, SHOWN) if row["task"] == SEARCH]
    return any(at.astimezone(TOKYO).date() >= first for at in (*refilled, *passed))
