"""The amounts that the ministry published for model households, to the yen."""

import json
from pathlib import Path

import pytest

from shared.benefit_rules import Assessment, assess, load_standards, parse_household

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases/official_households.jsonl").read_text().splitlines()
]
STANDARDS = load_standards()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['name']} {case['grade']}")
def test_livelihood_of_a_model_household(case: dict[str, object]) -> None:
    ages = case["ages"]
    assert isinstance(ages, list)
    members = [{"id": f"m{n}", "age": age, "relation": "other" if n else "self"} for n, age in enumerate(ages)]
    entry = {"id": "model", "month": case["month"], "grade": case["grade"], "prefecture": "東京都", "members": members}
    found = assess([parse_household(entry)], STANDARDS, str(case["month"]))[0]
    assert isinstance(found, Assessment)
    assert found.livelihood_body_yen == case["livelihood_body_yen"]
    assert sum(line.yen for line in found.lines) == found.payable_yen
