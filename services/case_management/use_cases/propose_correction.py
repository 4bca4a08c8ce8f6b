"""Propose a correction of households on record: handed in whole, compared, nothing loaded (訂正)."""

from collections.abc import Sequence

from services.case_management.adapters.law import PROGRAMME
from services.case_management.adapters.residents import RESIDENT_FACT, residents_that_differ
from services.case_management.adapters.tables import decisions
from shared.decisions.api.schemas import ImportView
from shared.decisions.imports.rows import ImportRow
from shared.decisions.use_cases.imports import propose_correction as corrections
from shared.decisions.use_cases.imports.propose_import import ReadImport
from shared.service_kit.unit_of_work import UnitOfWork


def propose_correction(work: UnitOfWork, read: ReadImport) -> ImportView:
    """Keep what differs for approval, names of the register of residents too.

    Raises:
        Problem: import-faults.
    """

    def differing(rows: Sequence[ImportRow]) -> list[ImportRow]:
        return residents_that_differ(work, rows)

    return corrections.propose_correction(work, decisions, PROGRAMME, read, differing, RESIDENT_FACT)
