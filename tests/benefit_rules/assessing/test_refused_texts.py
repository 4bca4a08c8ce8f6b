"""Whoever asks for the explanation of a household that is refused reads it in Japanese, whatever is wrong with it."""

import ast
import re
from pathlib import Path

import pytest

from shared.benefit_rules import HouseholdError, assess, parse_household, refused_in_japanese
from shared.benefit_rules.households import batch, parse
from tests.benefit_rules.households import STANDARDS, household, member

ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,}")

PARTS = ("one of ", " is needed", "a second 1")
"""What is put together with codes; test_errors and the household below show the whole."""


def details(source: str) -> list[str]:
    """What is raised, or kept for it, with 1 in place of each variable."""
    kept = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Raise, ast.Assign))]
    texts = [text for node in kept for text in ast.walk(node) if isinstance(text, (ast.Constant, ast.JoinedStr))]
    inside = {part for text in texts if isinstance(text, ast.JoinedStr) for part in text.values}
    whole = [written(text) for text in texts if text not in inside]
    return [text for text in whole if ENGLISH.search(text) and text not in PARTS]


def written(text: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(text, ast.Constant):
        return str(text.value)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in text.values)


@pytest.mark.parametrize("module", [parse, batch])
def test_every_reason_of_a_refusal_has_its_japanese(module: object) -> None:
    all_details = details(Path(str(module.__file__)).read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    assert len(all_details) > 5
    left = [text for text in all_details if ENGLISH.search(refused_in_japanese(HouseholdError("h", "x", None, text)))]
    assert left == []


def refused(entry: dict[str, object]) -> str:
    try:
        answer = assess([parse_household(entry)], STANDARDS, "2026-10")[0]
    except HouseholdError as error:
        answer = error
    assert isinstance(answer, HouseholdError)
    return refused_in_japanese(answer)


def test_it_names_the_household_the_entry_and_the_person_in_the_words_of_the_office() -> None:
    assert refused(household(rent=-1)) == (
        "世帯 h1 は算定できない\n  ・家賃: 0から100,000,000までの円の整数を入力すること\n"
    )
    second = [member(relation="spouse"), member("m2", relation="spouse")]
    assert refused(household(*second)) == "世帯 h1 は算定できない\n  ・続柄 (m2): 配偶者が二人いる\n"
    assert "  ・居所 (m1): 次のどれかを入力すること: home, " in refused(household(member(residence="prison")))
    assert "  ・入院の日 (m1): 入院患者日用品費は入院の翌月から" in refused(
        household(member(residence="hospital", admitted="2026-10-15"))
    )
    assert refused(household(member(radiation="current"))).startswith(
        "世帯 h1 は算定できない\n  ・放射線障害者加算 (現罹患者, 元罹患者): この月の額を確かめていない"
    )
    line = HouseholdError(None, "wrong-form", None, "line 2 is not UTF-8: it looks like UTF-16; save the file as UTF-8")
    assert refused_in_japanese(line) == (
        "この行は算定できない\n  ・2行目は文字コードが UTF-16 らしい。UTF-8 で保存すること\n"
    )
