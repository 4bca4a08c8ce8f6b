"""Propose a correction of households on record: handed in whole, compared, nothing loaded (訂正)."""

from services.support_benefits.adapters.law import PROGRAMME
from services.support_benefits.adapters.tables import decisions
from shared.decisions.api.schemas import ImportView
from shared.decisions.use_cases.imports import propose_correction as corrections
from shared.decisions.use_cases.imports.propose_import import ReadImport
from shared.service_kit.unit_of_work import UnitOfWork


def propose_correction(work: UnitOfWork, read: ReadImport) -> ImportView:
    """Keep what differs for approval.

    Raises:
        Problem: import-faults.
    """
    return corrections.propose_correction(work, decisions, PROGRAMME, read)
