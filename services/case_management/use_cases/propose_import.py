"""Propose an import of a ward's files: validated whole, every fault in one go, nothing loaded."""

from collections.abc import Mapping

from services.case_management.adapters.law import PROGRAMME, refused_cases
from services.case_management.adapters.residents import RESIDENT_FACT, resident_rows
from services.case_management.adapters.tables import decisions
from shared.decisions.adapters import imports
from shared.decisions.adapters.rules_check import refused_by_rules
from shared.decisions.adapters.views import ImportView
from shared.decisions.adapters.ward_csv import read_ward
from shared.money_and_time.months import month_of, next_month
from shared.service_kit.csv_import import raise_faults
from shared.service_kit.work import UnitOfWork


def propose_import(work: UnitOfWork, files: Mapping[str, bytes]) -> ImportView:
    """Keep the cases of public assistance and the residents of both laws for approval.

    Raises:
        Problem: import-faults: with each fault of both files, of what is on record in the caller's reach, and of every
            case that the rules cannot determine in the coming month.
    """
    cases, faults = read_ward(files)
    own = [case for case in cases if case.programme == PROGRAMME]
    known, subjects = imports.on_record(work, decisions, PROGRAMME, own)
    faults += known
    faults += refused_by_rules(own, refused_cases, next_month(month_of(work.clock.today())))
    raise_faults(faults, subjects)
    rows = [*imports.case_rows(own), *resident_rows(cases)]
    return imports.propose_import(work, decisions, files, own, rows, RESIDENT_FACT)
