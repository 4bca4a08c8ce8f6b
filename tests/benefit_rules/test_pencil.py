"""The columns against the pencil: two calculations that share no code agree on every household."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.benefit_rules import Assessment, assess, parse_household
from tests.benefit_rules.households import STANDARDS, households
from tests.benefit_rules.pencil import COSTS, payable

BIRTHDAYS = ("03-31", "04-01", "04-02", "06-15", "09-30", "10-01", "10-02", "12-31", "01-01", "02-29")
"""On the days about which ages may turn."""

DAYS = {"from", "to"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(households(months=("2026-10",)), min_size=1, max_size=15),
    st.sampled_from(["2026-10", "2026-12", "2027-02"]),
)
def test_columns_and_pencil_agree(entries: list[dict[str, Any]], month: str) -> None:
    moved = [
        {**entry, "id": f"h{place}", "month": month, **{key: month + entry[key][7:] for key in DAYS & entry.keys()}}
        for place, entry in enumerate(entries)
    ]
    found = assess([parse_household(entry) for entry in moved], STANDARDS, month)
    yen = [
        None if refused else amount for refused, amount in zip(found.refused, found.payable_yen.tolist(), strict=True)
    ]
    assert yen == [payable(entry) for entry in moved]


@settings(max_examples=150, deadline=None)
@given(households(months=("2026-10", "2027-02"), largest=4), st.data())
def test_columns_and_pencil_agree_about_birthdays(entry: dict[str, Any], data: st.DataObject) -> None:
    """Whoever goes on or starts, with or without the day since when, and with costs, which belong to the need."""
    for person in entry["members"]:
        age, birthday = person.pop("age"), data.draw(st.sampled_from(BIRTHDAYS))
        year = 2025 - age - ((2025 - age) % 4 if birthday == "02-29" else 0)
        person["birth_date"] = f"{year}-{birthday}"
    first = entry.get("from", f"{entry['month']}-01")
    entry["assistance_since"] = data.draw(st.sampled_from([None, first, "2020-05-01", "2026-04-02", "2026-10-01"]))
    if (entry["assistance_since"] or first) == first:
        entry["starting"] = data.draw(st.booleans())
    for cost in data.draw(st.sets(st.sampled_from(COSTS), max_size=2)):
        entry[cost] = data.draw(st.integers(0, 90_000))
    (assessment,) = assess([parse_household(entry)], STANDARDS, entry["month"])
    if isinstance(assessment, Assessment):
        assert assessment.payable_yen == payable(entry)
