"""Whose case it is: the services that decided it say so, as the log has it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from services.audit_logging.adapters.search.tables import search_entries, search_subjects
from shared.access.deciding_services import ask_deciding_services
from shared.access.records import Record
from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.problems import Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import unit_of_work

DETERMINED: Final = "determination.approved.v1"
_PROGRAMMES: Final = {"case_management": "public_assistance", "support_benefits": "support_benefit"}


def ask_case_record(runtime: Runtime, caller: Caller, case_no: str, **of: object) -> Record:
    """The record behind a case number; raises as `ask_deciding_services`.

    Args:
        of: what else the request is about.

    Raises:
        Problem: not-found for who sees the whole office, where it is no case.
    """
    del of
    record = ask_deciding_services(runtime, caller, case_no, _programmes(runtime, case_no), "casework")
    if record.programme is None:
        raise Problem("not-found", field="case_no", detail="このケースはありません")
    return record


def _programmes(runtime: Runtime, case_no: str) -> list[str]:
    """The laws that determined under this number, as far as the log has indexed."""
    same = search_entries.c.index == search_subjects.c.index
    rows = (
        select(search_entries.c.producer)
        .distinct()
        .join(search_subjects, same)
        .where(search_subjects.c.subject == f"case:{case_no}", search_entries.c.type == DETERMINED)
    )
    with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
        return sorted(_PROGRAMMES[producer] for producer in work.connection.scalars(rows) if producer in _PROGRAMMES)
