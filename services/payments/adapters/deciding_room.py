"""Whose case it is, asked of the room that decides it, in the name of the person who looks."""

from typing import Final

from sqlalchemy import select

from services.payments.adapters.tables import case_months
from shared.service_kit.access import OutOfScopeError, Record
from shared.service_kit.auth import exchange
from shared.service_kit.problems import Problem
from shared.service_kit.work import UnitOfWork

_ROOMS: Final = {"public_assistance": "case_management", "support_benefit": "support_benefits"}


def case_record(work: UnitOfWork, case_no: str) -> Record:
    """The record behind a case number; of a case that nobody decided, one that lies in no district.

    Raises:
        OutOfScopeError: the deciding room refuses the person: a colleague's district, a shielded person, a relative.
        Problem: unavailable where that room, or the identity provider, does not answer.
    """
    subject = f"case:{case_no}"
    programme = work.session.scalar(select(case_months.c.programme).where(case_months.c.case_no == case_no).limit(1))
    if programme is None or work.caller is None:
        return Record(subject)
    room = _ROOMS[programme]
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
