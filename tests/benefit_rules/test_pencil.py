"""The columns against the pencil: two calculations that share no code agree on every household."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.benefit_rules import assess, parse_household
from tests.benefit_rules.households import STANDARDS, households
from tests.benefit_rules.pencil import payable

MONTHS = ["2026-10", "2026-12", "2027-02"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(households(months=("2026-10",)), min_size=1, max_size=15),
    st.sampled_from(["2026-10", "2026-12", "2027-02"]),
)
def test_columns_and_pencil_agree(entries: list[dict[str, Any]], month: str) -> None:
    moved = [
        {**entry, "id": f"h{place}", "month": month, **({"from": month + entry["from"][7:]} if "from" in entry else {})}
        for place, entry in enumerate(entries)
    ]
    found = assess([parse_household(entry) for entry in moved], STANDARDS, month)
    assert not found.refused.any()
    assert found.payable_yen.tolist() == [payable(entry) for entry in moved]
