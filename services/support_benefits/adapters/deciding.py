"""How this service decides: its tables, and what support benefits give (支援給付, 平成6年法律第30号 14条)."""

from typing import Final

from services.support_benefits.adapters.tables import decisions
from services.support_benefits.domain.unit import unit
from shared.benefit_rules.assessing import entries
from shared.decisions.domain.law import Law
from shared.decisions.use_cases.deciding import Deciding

deciding: Final = Deciding(decisions, Law(entries.Law("support_benefit"), unit))
"""The unit of this law is covered; persons are known by number alone."""
