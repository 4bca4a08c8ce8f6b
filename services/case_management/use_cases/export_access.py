"""Export who could do what on a day (権限の一覧): as known then and as known today, with its emergencies."""

import hashlib
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from services.case_management.adapters import assignments as register
from services.case_management.adapters.access_export import (
    Access,
    AccessRow,
    EmergencyRow,
    RestrictionRow,
    as_csv,
)
from services.case_management.adapters.access_matrix import keep_matrix, matrices_between
from services.case_management.adapters.assignments import Entry
from services.case_management.adapters.other_services import ask_other_services, may_see_restrictions
from services.case_management.adapters.tables import decisions
from services.case_management.domain.access import Could, could
from shared.access.emergencies import uses_between
from shared.contracts.facts.case_management import AccessExported
from shared.decisions.use_cases.cases.read_restrictions import restrictions_on
from shared.service_kit.clock import end_of
from shared.service_kit.http.idempotency import Answer
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_EARLIEST: Final = date(2000, 1, 1)
"""Before any register; the first day of the calendar has no day before it."""


def export_access(work: UnitOfWork, on: date, format_: Literal["json", "csv"]) -> Answer:
    """Return the export as JSON or CSV; an entry of the audit with its SHA-256.

    Raises:
        Problem: invalid-input where the day is to come or before 2000; unavailable where another service does not
            report its emergencies, since half of them would look like all.
    """
    if on > work.clock.today():
        raise Problem("invalid-input", field="on", detail="まだ来ていない日です")
    if on < _EARLIEST:
        raise Problem("invalid-input", field="on", detail="2000年より前の日は尋ねられません")
    access = _access(work, on)
    content = as_csv(access) if format_ == "csv" else access.model_dump_json().encode()
    rows = len(access.items) + len(access.emergencies) + len(access.restrictions)
    event = AccessExported(on=on, format=format_, rows=rows, sha256=hashlib.sha256(content).hexdigest())
    work.audit_entry(event, subject="access")
    kinds = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
    name = f"access-{on}.{format_}"
    return Answer(content, kinds[format_], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _access(work: UnitOfWork, on: date) -> Access:
    first, last = end_of(on - timedelta(days=1)), end_of(on)
    # Asked before the first statement: until then the session holds no connection, and no transaction is open.
    others = ask_other_services(work.runtime, work.caller, on, first, last)
    keep_matrix(work)
    matrices = matrices_between(work, first, last)
    then, now = register.approved(work, last), register.approved(work)
    known_then, known_now = (could([entry.assignment for entry in known], on, matrices) for known in (then, now))
    entries = {entry.assignment.assignment_id: entry for entry in (*then, *now)}
    order = sorted(known_then | known_now, key=lambda use: (use.person, use.permission, use.role, str(use)))
    emergencies = {**_own_emergencies(work, first, last), **others.emergencies}
    restrictions = {**_own_restrictions(work, on), **others.restrictions}
    return Access(
        on=on,
        items=[_row(use, entries, on, then=use in known_then, today=use in known_now) for use in order],
        emergencies=[row for rows in emergencies.values() for row in rows],
        emergency_services=list(emergencies),
        restrictions=[row for rows in restrictions.values() for row in rows],
        restriction_services=list(restrictions),
    )


def _row(use: Could, entries: dict[UUID, Entry], on: date, *, then: bool, today: bool) -> AccessRow:
    """Days and people are those of the substitution where it is one."""
    entry = entries[use.substitution or use.assignment_id]
    assignment = entries[use.assignment_id].assignment
    stopped = [end.at for by in {entry.assignment, assignment} for end in by.ends if end.at_once and end.last_day == on]
    return AccessRow(
        person=use.person,
        role=use.role,
        permission=use.permission,
        scope=use.scope,
        districts=list(use.districts),
        programmes=list(use.programmes),
        stands_in_for=use.stands_in_for,
        valid_from=entry.assignment.valid_from,
        last_day=entry.assignment.last_day,
        ended_at=min(stopped, default=None),
        proposer=entry.proposer,
        approver=entry.approver or "",
        known_then=then,
        known_today=today,
    )


def _own_emergencies(work: UnitOfWork, first: datetime, last: datetime) -> dict[str, list[EmergencyRow]]:
    own = work.runtime.name
    return {own: [EmergencyRow(service=own, **use.model_dump()) for use in uses_between(work, first, last)]}


def _own_restrictions(work: UnitOfWork, on: date) -> dict[str, list[RestrictionRow]]:
    """The restrictions of that day; none where the caller may not see them."""
    own = work.runtime.name
    if not may_see_restrictions(work.runtime, work.caller):
        return {}
    return {own: [RestrictionRow(service=own, **asdict(row)) for row in restrictions_on(work, decisions, on)]}
