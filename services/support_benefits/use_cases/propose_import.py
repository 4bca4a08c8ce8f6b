"""Propose an import of a ward's files: validated whole, every fault in one go, nothing loaded."""

from collections.abc import Mapping
from functools import partial

from services.support_benefits.adapters.law import PROGRAMME, refused_cases
from services.support_benefits.adapters.tables import decisions
from shared.decisions.api.schemas import ImportView
from shared.decisions.imports.rules_check import refused_by_rules
from shared.decisions.use_cases.imports import propose_import as imports
from shared.money_and_time.months import month_of, next_month
from shared.service_kit import Service
from shared.service_kit.unit_of_work import UnitOfWork


def read_import(service: Service, files: Mapping[str, bytes]) -> imports.ReadImport:
    """The cases of support benefits, with each fault that the files themselves show; of persons the number alone.

    Faults are those of both files and of every case that the rules cannot determine in the coming month or
    within a year from it.
    """
    coming = next_month(month_of(service.clock.today()))
    return imports.read_import(files, PROGRAMME, partial(refused_by_rules, check=refused_cases, month=coming))


def propose_import(work: UnitOfWork, read: imports.ReadImport) -> ImportView:
    """Keep what was read for approval.

    Raises:
        Problem: import-faults: those of reading, and what is on record in the caller's reach.
    """
    return imports.propose_import(work, decisions, PROGRAMME, read)
