"""Every citation names an article that the notice (告示 別表第1) has; an applicant or a court may look it up."""

import re
from typing import Any

import pytest

from shared.benefit_rules.kinds import KINDS
from shared.benefit_rules.rules.residences import STANDARDS as STANDARD_AT
from shared.benefit_rules.rules.residences import TABLE
from tests.benefit_rules.households import STANDARDS, assessed, member

ARTICLES = {
    "第1章": {"1", "2", "2(1)ア", "2(1)イ", "2(2)ア", "1(1)", "1(1)ア", "1(1)イ", "1(2)ア", "4"},
    "第2章": {"1", "2", "2(3)", "3", "4", "5", "6", "7", "8", "9"},
    "第3章": {"", "1", "2"},
}
"""Chapters of 別表第1 and their articles, as far as lines and figures rest on them."""
CITED = re.compile(r"別表第1 (第[123]章) ?([^ ;(（]*(?:\([0-9]+\)[アイウエ]?)?)")


def cited(basis: str) -> list[tuple[str, str]]:
    """Chapter and article of each place of 別表第1 that a basis names."""
    return [(chapter, article) for chapter, article in CITED.findall(basis)]


def test_the_reading_of_a_citation() -> None:
    assert cited("告示別表第1 第1章 1(2)ア") == [("第1章", "1(2)ア")]
    assert cited("告示別表第1 第1章 4") == [("第1章", "4")]
    assert cited("別表第1 第3章") == [("第3章", "")]
    assert cited("次官通知 第8-3-(4)") == []


def test_every_line_and_figure_cites_an_article_that_is_there() -> None:
    bases = {name: kind.basis for name, kind in KINDS.items()}
    bases |= {name: figure.basis for name, figures in STANDARDS.figures.items() for figure in figures}
    bases |= {f"{kind} {cell.article}": cell.article for kind, row in TABLE.items() for cell in row}
    bases |= STANDARD_AT
    places_of = {name: cited(basis) for name, basis in bases.items() if "別表第1 " in basis}
    assert len(places_of) > 30
    assert all(places_of.values()), [name for name, places in places_of.items() if not places]
    wrong = {name: bases[name] for name, places in places_of.items() for c, a in places if a not in ARTICLES[c]}
    assert wrong == {}


def test_lines_whose_article_was_once_wrong() -> None:
    """Read in the notice's own structure on 2026-11-26, and in the question book (別冊問答集)."""
    for name, basis in {
        "livelihood.year_end": "告示別表第1 第1章 1(2)ア",
        "livelihood.transitional": "告示別表第1 第1章 1(2)ア",
        "livelihood.special": "告示別表第1 第1章 4",
        "addition.severe_disability": "告示別表第1 第2章 2(3)",
        "livelihood.proration": "別冊問答集 問7-13",
        "income.occasional": "次官通知 第8-3-(2)-エ-(イ)",
        "deduction.occasional": "次官通知 第8-3-(2)-エ-(イ)",
    }.items():
        assert KINDS[name].basis == basis


@pytest.mark.parametrize(
    ("residence", "article"),
    [
        ("home", "告示別表第1 第1章 4"),
        ("hospital", "告示別表第1 第3章"),
        ("care_home", "告示別表第1 第3章"),
        ("rescue_facility", "告示別表第1 第1章 4"),
    ],
)
def test_the_special_addition_cites_the_chapter_of_the_residence(residence: str, article: str) -> None:
    lines = assessed(member(residence=residence)).lines
    assert [line.basis for line in lines if line.kind == "livelihood.special"] == [article]


def test_a_year_end_that_is_not_given_cites_the_article_of_the_residence() -> None:
    """Who ends in December: at home 第1章 1(2)ア, in a facility 第1章 2(2)ア, and each of them only where it lives."""

    def withheld(*members: dict[str, Any], month: str = "2025-12") -> list[tuple[str | None, str]]:
        warnings = assessed(*members, month=month, to=f"{month}-31").warnings
        return [(each.member, cited(each.detail)[0][1]) for each in warnings if "期末一時扶助" in each.detail]

    facility: dict[str, Any] = {"residence": "rescue_facility", "age": 66}
    assert withheld(member(**facility)) == [("m1", "2(2)ア")]
    assert withheld(member()) == [(None, "1(2)ア")]
    assert withheld(member(), member("m2", relation="spouse", **facility)) == [(None, "1(2)ア"), ("m2", "2(2)ア")]
    assert withheld(member(), month="2026-10") == []
