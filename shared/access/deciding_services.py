"""Whose case it is, asked of each service that decided it, in the name of the person who looks.

They are asked before the unit of work opens: no connection to the database waits for another service.
"""

from collections.abc import Sequence
from typing import Final

from shared.access.records import OutOfScopeError, Record
from shared.contracts.purposes import Purpose
from shared.service_kit.identity.access_tokens import Caller, exchange
from shared.service_kit.problems import Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import UnitOfWork

ASKED_FOR_NO_CASE: Final = "public_assistance"
"""Whose service is asked for a number that nobody decided: it is refused there and as late as any case elsewhere."""
_SERVICES: Final = {"public_assistance": "case_management", "support_benefit": "support_benefits"}


def ask_deciding_services(
    runtime: Runtime, caller: Caller, case_no: str, decided: Sequence[str], purpose: Purpose
) -> Record:
    """The record behind a case number, without a programme where it is no case at all.

    A deciding service is asked for every number, one that is no case too: nobody learns from the answer, or how long
    it takes, whether somebody else's number is one.

    Args:
        decided: the programmes under which it was decided. Where both laws decided under one number, both services
            have to let the person in: what is known of it is shown as one.
        purpose: why their records are looked into, in their logs.

    Raises:
        OutOfScopeError: a deciding service refuses the person: a colleague's district, a shielded person, a relative.
        Problem: unavailable where that service, or the identity provider, does not answer.
    """
    return [_ask(runtime, caller, case_no, law, decided, purpose) for law in decided or [ASKED_FOR_NO_CASE]][-1]


def asked_record(work: UnitOfWork, asked: Record, **of: object) -> Record:
    """The record that was asked for before the unit of work opened."""
    del work, of
    return asked


def _ask(
    runtime: Runtime, caller: Caller, case_no: str, programme: str, decided: Sequence[str], purpose: Purpose
) -> Record:
    subject, service = f"case:{case_no}", _SERVICES[programme]
    token = exchange(runtime.settings, runtime.name, caller.token, service)
    try:
        response = runtime.clients.client(service, token).get(f"/cases/{case_no}/access", {"purpose": purpose})
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
