"""Whose case it is, asked of each service that decided it, in the name of the person who looks.

They are asked before the unit of work opens: no connection to the database waits for another service.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from services.payments.adapters.tables import case_months, due
from shared.access.emergencies import Emergency
from shared.access.records import OutOfScopeError, Record
from shared.service_kit.identity.access_tokens import Caller, exchange
from shared.service_kit.problems import Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

ASKED_FOR_NO_CASE: Final = "public_assistance"
"""Whose service is asked for a number that nobody decided: it is refused there and as late as any case elsewhere."""
_SERVICES: Final = {"public_assistance": "case_management", "support_benefit": "support_benefits"}


def ask_case_record(runtime: Runtime, caller: Caller, case_no: str, **of: object) -> Record:
    """The record behind a case number.

    A deciding service is asked for every number, one that is no case too: nobody learns from the answer, or how long
    it takes, whether somebody else's number is one.

    Where both laws decided under one number, both services have to let the person in: what is paid is shown as one.

    Args:
        of: what else the request is about.

    Raises:
        OutOfScopeError: a deciding service refuses the person: a colleague's district, a shielded person, a relative.
        Problem: unavailable where that service, or the identity provider, does not answer.
    """
    del of
    decided = _programmes(runtime, case_no)
    return [_ask(runtime, caller, case_no, programme, decided) for programme in decided or [ASKED_FOR_NO_CASE]][-1]


def ask_emergency_record(runtime: Runtime, caller: Caller, body: Emergency) -> Record:
    """The record that somebody opens in an emergency (緊急閲覧); raises as `ask_case_record`."""
    kind, _, number = body.subject.partition(":")
    return ask_case_record(runtime, caller, number) if kind == "case" else Record(body.subject)


def asked_record(work: UnitOfWork, asked: Record, **of: object) -> Record:
    """The record that was asked for before the unit of work opened."""
    del work, of
    return asked


def _programmes(runtime: Runtime, case_no: str) -> list[str]:
    counted, owed = (select(table.c.programme).where(table.c.case_no == case_no) for table in (case_months, due))
    with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
        return sorted(work.connection.scalars(counted.union(owed)))


def _ask(runtime: Runtime, caller: Caller, case_no: str, programme: str, decided: Sequence[str]) -> Record:
    subject, service = f"case:{case_no}", _SERVICES[programme]
    token = exchange(runtime.settings, runtime.name, caller.token, service)
    try:
        response = runtime.clients.client(service, token).get(f"/cases/{case_no}/access", {"purpose": "payments"})
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
