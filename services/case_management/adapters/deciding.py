"""How this service decides: its tables, what public assistance gives (生活保護), and the register of residents."""

from typing import Final

from services.case_management.adapters import residents
from services.case_management.adapters.tables import decisions
from services.case_management.domain.household import household
from shared.benefit_rules.assessing import entries
from shared.decisions.domain.law import Law
from shared.decisions.use_cases.deciding import Deciding, Members

deciding: Final = Deciding(
    decisions,
    Law(entries.Law("public_assistance"), household),
    Members(
        sealed_fact=residents.RESIDENT_FACT,
        rows=residents.resident_rows,
        differing=residents.residents_that_differ,
        enter=residents.enter_residents,
        named=residents.residents_named,
    ),
)
"""Everybody in the household is covered; names live in this service for both laws."""
