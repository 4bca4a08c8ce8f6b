"""Export who could do what on a day (権限の一覧): as known then and as known today, with its emergencies."""

import hashlib
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from services.case_management.adapters import assignments as register
from services.case_management.adapters.access_matrix import keep_matrix, matrices_between
from services.case_management.adapters.access_views import (
    Access,
    AccessQuery,
    AccessRow,
    EmergencyRow,
    RestrictionRow,
    as_csv,
)
from services.case_management.adapters.assignments import Entry
from services.case_management.adapters.tables import decisions
from services.case_management.domain.access import Could, could
from shared.contracts.facts.case_management import AccessExported
from shared.decisions.use_cases.cases.read_restrictions import restrictions_on
from shared.service_kit.access import uses_between
from shared.service_kit.clock import end_of
from shared.service_kit.http.idempotency import Answer
from shared.service_kit.identity.access_tokens import exchange
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_EARLIEST: Final = date(2000, 1, 1)
"""Before any register; the first day of the calendar has no day before it."""
_OTHERS: Final[tuple[str, ...]] = ("support_benefits", "payments")
_ALSO_DECIDES: Final[str] = "support_benefits"


def export_access(work: UnitOfWork, query: AccessQuery) -> Answer:
    """The export as JSON or CSV; an entry of the audit with its SHA-256.

    Raises:
        Problem: invalid-input where the day is to come or before 2000; unavailable where another room does not tell its
            emergencies, since half of them would look like all.
    """
    if query.on > work.clock.today():
        raise Problem("invalid-input", field="on", detail="まだ来ていない日です")
    if query.on < _EARLIEST:
        raise Problem("invalid-input", field="on", detail="2000年より前の日は尋ねられません")
    access = _access(work, query.on)
    content = as_csv(access) if query.format == "csv" else access.model_dump_json().encode()
    rows = len(access.items) + len(access.emergencies) + len(access.restrictions)
    told = AccessExported(on=query.on, format=query.format, rows=rows, sha256=hashlib.sha256(content).hexdigest())
    work.audit_entry(told, subject="access")
    kinds = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
    name = f"access-{query.on}.{query.format}"
    return Answer(content, kinds[query.format], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _access(work: UnitOfWork, on: date) -> Access:
    first, last = end_of(on - timedelta(days=1)), end_of(on)
    keep_matrix(work)
    matrices = matrices_between(work, first, last)
    then, now = register.approved(work, last), register.approved(work)
    known_then, known_now = (could([entry.one for entry in known], on, matrices) for known in (then, now))
    entries = {entry.one.assignment_id: entry for entry in (*then, *now)}
    order = sorted(known_then | known_now, key=lambda one: (one.person, one.permission, one.role, str(one)))
    emergencies, restrictions = _emergencies(work, first, last), _restrictions(work, on)
    return Access(
        on=on,
        items=[_row(one, entries, on, then=one in known_then, today=one in known_now) for one in order],
        emergencies=[row for rows in emergencies.values() for row in rows],
        emergency_rooms=list(emergencies),
        restrictions=[row for rows in restrictions.values() for row in rows],
        restriction_rooms=list(restrictions),
    )


def _row(one: Could, entries: dict[UUID, Entry], on: date, *, then: bool, today: bool) -> AccessRow:
    """Days and people are those of the substitution where it is one."""
    entry = entries[one.substitution or one.assignment_id]
    given = entries[one.assignment_id].one
    stopped = [end.at for by in {entry.one, given} for end in by.ends if end.at_once and end.last_day == on]
    return AccessRow(
        person=one.person,
        role=one.role,
        permission=one.permission,
        scope=one.scope,
        districts=list(one.districts),
        programmes=list(one.programmes),
        stands_in_for=one.stands_in_for,
        valid_from=entry.one.valid_from,
        last_day=entry.one.last_day,
        ended_at=min(stopped, default=None),
        proposer=entry.proposer,
        approver=entry.approver or "",
        known_then=then,
        known_today=today,
    )


def _emergencies(work: UnitOfWork, first: datetime, last: datetime) -> dict[str, list[EmergencyRow]]:
    """The emergencies of that time by room: of this one, and of the others it knows, asked in the caller's name."""
    own = [EmergencyRow(room=work.service.name, **use.model_dump()) for use in uses_between(work, first, last)]
    span = {"first": first.isoformat(), "last": last.isoformat()}
    told = {room: _asked(work, room, "/break-glass", span) for room in _OTHERS if room in work.settings.peers}
    others = {room: [EmergencyRow.model_validate({"room": room, **use}) for use in told[room]] for room in told}
    return {work.service.name: own, **others}


def _restrictions(work: UnitOfWork, on: date) -> dict[str, list[RestrictionRow]]:
    """The restrictions of that day by room; none where the caller may not see them."""
    if work.caller is None or not work.caller.may("restriction.audit", work.service.permissions):
        return {}
    own = [asdict(held) for held in restrictions_on(work, decisions, on)]
    told = {work.service.name: own}
    if _ALSO_DECIDES in work.settings.peers:
        told[_ALSO_DECIDES] = _asked(work, _ALSO_DECIDES, "/restrictions", {"on": on.isoformat()})
    return {room: [RestrictionRow.model_validate({"room": room, **one}) for one in rows] for room, rows in told.items()}


def _asked(work: UnitOfWork, room: str, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
    """What another room lists, asked in the caller's name."""
    if work.caller is None:
        return []
    token = exchange(work.settings, work.service.name, work.caller.token, room)
    items: list[dict[str, Any]] = work.service.peers.peer(room, token).get(path, query)["items"]
    return items
