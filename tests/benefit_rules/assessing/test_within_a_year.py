"""Who is refused in the coming months is told when a household is taken in, as far as the standards reach."""

from typing import Any

from shared.benefit_rules import load_standards
from shared.benefit_rules.assessing.entries import Law
from tests.benefit_rules.households import household

STANDARDS = load_standards()


def entry(**fields: Any) -> dict[str, Any]:
    """A household as a deciding service keeps it."""
    return {name: value for name, value in {**household(), **fields}.items() if name not in ("month", "programme")}


def law(**winter: Any) -> Law:
    """The law with another winter addition from February 2027 on."""
    newest = {**STANDARDS.series["livelihood.winter"]["periods"][-1], "from": "2027-02-01", "to": None, **winter}
    if "unknown" in winter:
        newest = {"from": "2027-02-01", "to": None, **winter}
    return Law("public_assistance", load_standards({"series": {"livelihood.winter": {"periods": [newest]}}}))


def fields_of(law: Law, month: str, *entries: dict[str, Any]) -> list[str | None]:
    return [error.field for error in law.refused_within_a_year(entries, month)]


def test_who_is_refused_in_winter_alone_is_told_in_summer() -> None:
    without = entry(prefecture=None, municipality=None, grade="1級地-1", rent=0)
    assert fields_of(Law("public_assistance", STANDARDS), "2026-05", entry(), without) == ["prefecture"]


def test_a_figure_from_memory_in_a_later_month_is_told_and_a_gap_is_not() -> None:
    period = {"trust": "memory"}
    assert fields_of(law(**period), "2026-12", entry()) == ["livelihood.winter"]
    assert fields_of(law(**period), "2026-01", entry()) == []
    assert fields_of(law(unknown="not told yet"), "2026-12", entry()) == []
