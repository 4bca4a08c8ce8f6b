"""Imports of a ward's files (取込)."""

from uuid import UUID

from services.case_management.adapters.law import PROGRAMME
from services.case_management.adapters.tables import decisions
from services.case_management.use_cases.propose_correction import propose_correction
from services.case_management.use_cases.propose_import import propose_import, read_import
from shared.decisions.adapters.import_state import get_import
from shared.decisions.api.schemas import Approve, ImportView, Withdraw
from shared.decisions.use_cases.imports.approve_import import approve_import
from shared.decisions.use_cases.imports.list_imports import ImportList, list_imports
from shared.decisions.use_cases.imports.propose_import import ReadImport
from shared.decisions.use_cases.imports.withdraw_import import withdraw_import
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("imports")


@routes.post("/imports", permission="import.propose", upload=read_import, status=201)
def propose(work: UnitOfWork, files: ReadImport) -> ImportView:
    """Propose households.csv and members.csv; nothing is loaded yet."""
    return propose_import(work, files)


@routes.post("/corrections", permission="import.propose", upload=read_import, status=201)
def correct(work: UnitOfWork, files: ReadImport) -> ImportView:
    """Propose a correction of households on record, whole in both files; it is approved as every import is."""
    return propose_correction(work, files)


@routes.post("/imports/<import_id>/approval", permission="import.approve", status=202, approval=True)
def approve(work: UnitOfWork, import_id: UUID, body: Approve) -> ImportView:
    """Approve an import by its hash; it is loaded next: ask how far it is."""
    return approve_import(work, decisions, PROGRAMME, import_id, body.sha256)


@routes.post("/imports/<import_id>/withdrawal", permission="import.withdraw")
def withdraw(work: UnitOfWork, import_id: UUID, body: Withdraw) -> ImportView:
    """Take an import back before it is approved (取下げ), or return it to its proposer (差戻し)."""
    return withdraw_import(work, decisions, import_id, body)


@routes.get("/imports", permission="determination.read")
def list_all(work: UnitOfWork) -> ImportList:
    """All imports that wait, with what they would change, then the newest."""
    return list_imports(work, decisions, PROGRAMME)


@routes.get("/imports/<import_id>", permission="determination.read")
def read(work: UnitOfWork, import_id: UUID) -> ImportView:
    """One import."""
    return get_import(work, decisions, import_id)
