"""Whose case it is, asked of each room that decided it, in the name of the person who looks."""

from typing import Final

from sqlalchemy import select

from services.payments.adapters.tables import case_months, due
from shared.service_kit.access import OutOfScopeError, Record
from shared.service_kit.auth import exchange
from shared.service_kit.problems import Problem
from shared.service_kit.work import UnitOfWork

_ROOMS: Final = {"public_assistance": "case_management", "support_benefit": "support_benefits"}


def case_record(work: UnitOfWork, case_no: str) -> Record:
    """The record behind a case number; of a case that nobody decided, one that lies in no district.

    Where both laws decided under one number, both rooms have to let the person in: what is paid is shown as one.

    Raises:
        OutOfScopeError: a deciding room refuses the person: a colleague's district, a shielded person, a relative.
        Problem: unavailable where that room, or the identity provider, does not answer.
    """
    told = [_told(work, case_no, programme) for programme in _programmes(work, case_no)]
    return told[-1] if told else Record(f"case:{case_no}")


def _programmes(work: UnitOfWork, case_no: str) -> list[str]:
    found = [select(table.c.programme).where(table.c.case_no == case_no) for table in (case_months, due)]
    return sorted(work.session.scalars(found[0].union(found[1])))


def _told(work: UnitOfWork, case_no: str, programme: str) -> Record:
    subject, room = f"case:{case_no}", _ROOMS[programme]
    if work.caller is None:
        return Record(subject)
    token = exchange(work.settings, work.service.name, work.caller.token, room)
    try:
        told = work.service.peers.peer(room, token).get(f"/cases/{case_no}/access", {"purpose": "payments"})
    except Problem as problem:
        if problem.status in (403, 404):
            raise OutOfScopeError(subject, room) from problem
        raise
    return Record(
        subject=subject,
        district=told["district"],
        caseworker=told["caseworker"],
        programme=programme,
        shielded=bool(told["shielded"]),
    )
