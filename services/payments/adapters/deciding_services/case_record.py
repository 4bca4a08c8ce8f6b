"""Whose case it is, asked of each service that decided it, in the name of the person who looks."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from services.payments.adapters.tables import case_months, due
from shared.access.records import OutOfScopeError, Record
from shared.service_kit.identity.access_tokens import exchange
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

ASKED_FOR_NO_CASE: Final = "public_assistance"
"""Whose service is asked for a number that nobody decided: it is refused there and as late as any case elsewhere."""
_SERVICES: Final = {"public_assistance": "case_management", "support_benefit": "support_benefits"}


def case_record(work: UnitOfWork, case_no: str) -> Record:
    """The record behind a case number.

    A deciding service is asked for every number, one that is no case too: nobody learns from the answer, or how long
    it takes, whether somebody else's number is one.

    Where both laws decided under one number, both services have to let the person in: what is paid is shown as one.

    Raises:
        OutOfScopeError: a deciding service refuses the person: a colleague's district, a shielded person, a relative.
        Problem: unavailable where that service, or the identity provider, does not answer.
    """
    decided = _programmes(work, case_no)
    return [_asked(work, case_no, programme, decided) for programme in decided or [ASKED_FOR_NO_CASE]][-1]


def _programmes(work: UnitOfWork, case_no: str) -> list[str]:
    counted, owed = (select(table.c.programme).where(table.c.case_no == case_no) for table in (case_months, due))
    return sorted(work.session.scalars(counted.union(owed)))


def _asked(work: UnitOfWork, case_no: str, programme: str, decided: Sequence[str]) -> Record:
    subject, service = f"case:{case_no}", _SERVICES[programme]
    if work.caller is None:
        return Record(subject)
    token = exchange(work.runtime.settings, work.runtime.name, work.caller.token, service)
    try:
        response = work.runtime.clients.client(service, token).get(f"/cases/{case_no}/access", {"purpose": "payments"})
    except Problem as problem:
        if problem.status == 404 and not decided:  # who sees the whole office learns that it is no case
            return Record(subject)
        if problem.status in (403, 404):
            raise OutOfScopeError(subject, service) from problem
        raise
    return Record(
        subject=subject,
        district=response["district"],
        caseworker=response["caseworker"],
        programme=programme,
        shielded=bool(response["shielded"]),
    )
