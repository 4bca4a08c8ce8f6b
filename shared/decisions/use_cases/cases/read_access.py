"""Say that the caller may see a case, and what decides it: asked by another service in the person's name."""

from shared.access.records import Record
from shared.decisions.adapters.circumstances import require_case
from shared.decisions.adapters.scope import case_record
from shared.decisions.adapters.tables import DecisionTables
from shared.service_kit.unit_of_work import UnitOfWork


def read_access(work: UnitOfWork, tables: DecisionTables, case_no: str, purpose: str) -> Record:
    """Return whose case it is; the look is recorded.

    Raises:
        Problem: not-found.
    """
    require_case(work, tables, case_no)
    record = case_record(tables)(work, case_no=case_no)
    work.look("access", [record.subject], purpose)
    return record
