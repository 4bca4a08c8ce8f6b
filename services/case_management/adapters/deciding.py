"""How this service decides: its tables, what public assistance gives (生活保護), and the register of residents."""

from typing import Final

from services.case_management.adapters import residents
from services.case_management.adapters.cases_of_people import may_become_member
from services.case_management.adapters.tables import decisions
from services.case_management.domain.household import household
from shared.benefit_rules.assessing import entries
from shared.decisions.domain.law import Law
from shared.decisions.use_cases.deciding import Deciding, Members

FIRST_OWN_CASE: Final = 80_000_001
LAST_OWN_CASE: Final = 89_999_999
"""Case numbers that the desk gives itself: a ward's files number their households outside of it, without asking."""
deciding: Final = Deciding(
    decisions,
    Law(entries.Law("public_assistance"), household),
    Members(
        sealed_fact=residents.RESIDENT_FACT,
        rows=residents.resident_rows,
        misnamed=residents.residents_misnamed,
        differing=residents.residents_that_differ,
        enter=residents.enter_residents,
        named=residents.residents_named,
        may_join=may_become_member,
    ),
    range(FIRST_OWN_CASE, LAST_OWN_CASE + 1),
)
"""Everybody in the household is covered; names live in this service for both laws."""
