"""The worked example of the docs: its yen are those that the rules give."""

import json
import re
from pathlib import Path

from shared.benefit_rules import Assessment, assess, load_standards, parse_household

PAGE = (Path(__file__).parents[3] / "docs/rules/worked-example.md").read_text(encoding="utf-8")


def test_the_worked_example_is_true() -> None:
    found_json = re.search(r"```json\n(.*?)```", PAGE, re.S)
    assert found_json is not None
    found = assess([parse_household(json.loads(found_json[1]))], load_standards(), "2026-12")[0]
    assert isinstance(found, Assessment)
    rows = {
        cells[1].strip(" *"): cells[-2].strip(" *")
        for cells in (row.split("|") for row in PAGE.splitlines())
        if len(cells) > 3
    }
    told = {
        name: int(yen.replace(",", "").replace("−", "-"))
        for name, yen in rows.items()
        if re.fullmatch(r"−?[\d,]+", yen)
    }
    by_kind: dict[str, int] = {}
    for line in found.lines:
        by_kind[line.kind] = by_kind.get(line.kind, 0) + line.yen
    assert told["第1類"] == by_kind["livelihood.class1"]
    assert told["第2類"] == by_kind["livelihood.class2"]
    assert told["特例加算"] == by_kind["livelihood.special"]
    assert told["経過的加算"] == by_kind.get("livelihood.transitional", 0)
    assert told["居宅の基準生活費"] == found.livelihood_body_yen
    assert told["冬季加算"] == by_kind["livelihood.winter"]
    assert told["期末一時扶助"] == by_kind["livelihood.year_end"]
    assert told["児童養育加算"] == by_kind["addition.child_rearing"]
    assert told["母子加算"] == by_kind["addition.lone_parent"]
    assert told["最低生活費"] == found.minimum_cost_yen
    assert told["就労収入"] == -by_kind["income.earned"]
    assert told["基礎控除(1人目)"] == -by_kind["deduction.basic"]
    assert told["実費控除"] == -by_kind["deduction.expenses"]
    assert told["収入充当額"] == found.countable_income_yen
    assert [told[name] for name in ("生活扶助", "住宅扶助", "教育扶助")] == list(found.benefits.values())[:3]
    assert told["計"] == found.payable_yen
