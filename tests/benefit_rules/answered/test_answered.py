"""The page of answered shares is what the rules do today."""

from pathlib import Path

import pytest

from infra.one_machine.commands.bench_rules import synthetic_batch
from shared.benefit_rules import load_standards
from tests.benefit_rules.answered.page import Counted, count, in_grade, page
from tests.benefit_rules.households import STANDARDS


def test_the_page_of_answered_shares_is_current() -> None:
    again = "python -m tests.benefit_rules.answered.page > docs/rules/answered.md"
    assert Path("docs/rules/answered.md").read_text(encoding="utf-8") == page(), again


@pytest.mark.parametrize("grade", [0, 5])
def test_without_a_figure_that_everybody_needs_nobody_is_answered(grade: int) -> None:
    gap = {"from": "2026-10-01", "to": None, "unknown": "not read"}
    standards = load_standards({"series": {"livelihood.special.home": {"periods": [gap]}}})
    ward = in_grade(synthetic_batch(300, STANDARDS), grade, STANDARDS)
    assert count(ward, standards, "2026-10").shares[-1] < 5, "only who is in hospital or a care home alone"
    assert count(ward, STANDARDS, "2026-10").shares[-1] > 95


def test_a_size_of_household_is_counted_apart() -> None:
    """Before 2023-10 the rates of six persons are not known; those of five are."""
    counted: Counted = count(synthetic_batch(2_000, STANDARDS), STANDARDS, "2022-04")
    assert counted.shares[5] == 0
    assert min(counted.shares[:5]) > 95
    assert counted.refused["逓減率①"] > 0
