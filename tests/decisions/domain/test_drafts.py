"""A determination's lines add up to its kinds, and equal content is an equal decision."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.benefit_rules.assessing.assessment import Assessment
from shared.benefit_rules.assessing.assessment import Line as AssessedLine
from shared.benefit_rules.households.household import HouseholdError
from shared.decisions.domain.determination import Draft, LinesDoNotAddUp, Refused
from shared.decisions.domain.law import Law

RECORD: dict[str, Any] = {"id": "00000001", "members": [{"id": "0000000001"}, {"id": "0000000002"}], "to": "2026-12-20"}
PERSONS = ("0000000001", "0000000002")


class Rules:
    """Rules that answer the same of every case."""

    def __init__(self, answer: Assessment | HouseholdError) -> None:
        self.answer = answer

    def with_ages(self, ages: str) -> "Rules":
        return self

    def reaches(self, month: str) -> bool:
        return True

    def assess(self, entries: Sequence[dict[str, Any]], month: str) -> list[Assessment | HouseholdError]:
        return [self.answer for _ in entries]

    def refused_within_a_year(self, entries: Sequence[dict[str, Any]], month: str) -> list[HouseholdError]:
        return [self.answer for _ in entries if isinstance(self.answer, HouseholdError)]


def assessment(benefits: dict[str, int], yen: list[int]) -> Assessment:
    inputs: dict[str, Any] = {"factor": Decimal("0.87"), "steps": (Decimal("1.0"), 2)}
    return Assessment(
        id="00000001",
        month="2026-12",
        standards="2026-10-01#abc",
        lines=tuple(AssessedLine("livelihood.class1", None, sum_, "別表第1", inputs, "confirmed") for sum_ in yen),
        livelihood_body_yen=0,
        minimum_cost_yen=0,
        countable_income_yen=0,
        payable_yen=sum(yen),
        benefits=benefits,
        copayment_yen=0,
        warnings=(),
    )


def decided(answer: Assessment | HouseholdError) -> Draft | Refused:
    (outcome,) = Law(Rules(answer), lambda record: PERSONS).assess([RECORD], "2026-12")
    return outcome


def drafted(benefits: dict[str, int], yen: list[int]) -> Draft:
    draft = decided(assessment(benefits, yen))
    assert isinstance(draft, Draft)
    return draft


def test_the_exact_figures_behind_a_line_are_kept_as_text_that_every_machine_hashes_alike() -> None:
    (line,) = drafted({"livelihood": 70_000}, [70_000]).lines
    assert line.inputs == {"factor": "0.87", "steps": ["1.0", 2]}


@given(st.lists(st.integers(-50_000, 200_000)), st.integers(0, 300_000), st.integers(0, 100_000), st.integers(-2, 2))
def test_lines_that_do_not_add_up_to_the_kinds_are_no_determination(
    lines: list[int], livelihood: int, housing: int, off: int
) -> None:
    benefits = {"livelihood": livelihood, "housing": housing}
    lines = [*lines, livelihood + housing - sum(lines) + off]
    if off:
        with pytest.raises(LinesDoNotAddUp):
            drafted(benefits, lines)
    else:
        assert drafted(benefits, lines).yen == livelihood + housing


def test_each_person_is_covered_for_each_kind_on_the_days_of_the_case() -> None:
    draft = drafted({"livelihood": 70_000, "housing": 50_000, "education": 0}, [120_000])
    assert [cover.as_fact() for cover in draft.covers] == [
        {"person_no": person, "need": need, "from": "2026-12-01", "to": "2026-12-20"}
        for person in PERSONS
        for need in ("housing", "livelihood")
    ]


def test_a_determination_of_nothing_names_its_kind_and_covers_nobody() -> None:
    draft = drafted({"livelihood": 0, "housing": 0}, [70_000, -70_000])
    assert dict(draft.kinds) == {"livelihood": 0}
    assert draft.covers == []


def test_a_kind_that_ends_is_named_at_zero_and_is_no_other_decision() -> None:
    draft = drafted({"livelihood": 70_000, "housing": 0}, [70_000])
    naming = draft.naming(["livelihood", "housing"])
    assert dict(naming.kinds) == {"livelihood": 70_000, "housing": 0}
    assert naming.sha256() == draft.sha256()


def test_standards_that_changed_for_others_alone_are_no_other_decision() -> None:
    draft = drafted({"livelihood": 70_000}, [70_000])
    assert replace(draft, standards="2027-04-01#def").sha256() == draft.sha256()
    assert replace(draft, covers=[]).sha256() != draft.sha256()


def test_a_kind_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        drafted({"livelihood": -1}, [-1])


def test_a_refusal_of_the_rules_names_the_field() -> None:
    refusal = HouseholdError("00000001", "missing", "prefecture", "rent needs the prefecture")
    assert decided(refusal) == Refused("00000001", "missing", "prefecture", "rent needs the prefecture")
