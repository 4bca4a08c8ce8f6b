"""Whose case it is: the services that decided what payments has of it say so."""

from sqlalchemy import select

from services.payments.adapters.tables import case_months, due
from shared.access.deciding_services import ask_deciding_services
from shared.access.emergencies import Emergency
from shared.access.records import Record
from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import unit_of_work


def ask_case_record(runtime: Runtime, caller: Caller, case_no: str, **of: object) -> Record:
    """The record behind a case number; raises as `ask_deciding_services`.

    Args:
        of: what else the request is about.
    """
    del of
    return ask_deciding_services(runtime, caller, case_no, _programmes(runtime, case_no), "payments")


def ask_emergency_record(runtime: Runtime, caller: Caller, body: Emergency) -> Record:
    """The record that somebody opens in an emergency (緊急閲覧); raises as `ask_case_record`."""
    kind, _, number = body.subject.partition(":")
    return ask_case_record(runtime, caller, number) if kind == "case" else Record(body.subject)


def _programmes(runtime: Runtime, case_no: str) -> list[str]:
    counted, owed = (select(table.c.programme).where(table.c.case_no == case_no) for table in (case_months, due))
    with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
        return sorted(work.connection.scalars(counted.union(owed)))
