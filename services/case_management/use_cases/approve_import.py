"""Approve an import by its hash, as another person, and load it in one transaction."""

from uuid import UUID

from services.case_management.adapters.law import PROGRAMME
from services.case_management.adapters.residents import enter_residents
from services.case_management.adapters.tables import decisions
from shared.decisions.adapters import imports
from shared.decisions.adapters.views import ImportView
from shared.service_kit.work import UnitOfWork


def approve_import(work: UnitOfWork, import_id: UUID, sha256: str) -> ImportView:
    """Load cases and circumstances, and enter the residents of both laws into the register.

    Raises:
        Problem: not-found, wrong-state, same-person, content-moved.
    """
    view = imports.approve_import(work, decisions, PROGRAMME, import_id, sha256)
    enter_residents(work, import_id)
    return view
