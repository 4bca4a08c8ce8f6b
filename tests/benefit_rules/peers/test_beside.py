"""Parts of a month, differences, 追加給付, one-off items, the explanation, other figures for the same households."""

from typing import Any

import pytest

from shared.benefit_rules import (
    Granted,
    HouseholdError,
    additional_items,
    additional_payment,
    assess_in_parts,
    compare,
    differences,
    explain,
    grant_one_off,
    load_standards,
    one_off_items,
    parse_household,
)
from tests.benefit_rules.households import KNOWN_WINTER, STANDARDS, assessed, household, member, yen


def test_a_child_born_inside_the_month() -> None:
    mother, baby = member("m1", age=30), member("m2", birth_date="2026-10-16", relation="child")
    alone = parse_household(household(mother, rent=53_700, to="2026-10-15"))
    both = parse_household(household(mother, baby, rent=53_700, **{"from": "2026-10-16"}))
    found = assess_in_parts([alone, both], STANDARDS, "2026-10")
    body1, body2 = assessed(mother).livelihood_body_yen, assessed(mother, baby).livelihood_body_yen
    assert found.benefits["livelihood"] == body1 * 15 // 31 + (body2 + 10_190) * 16 // 31
    assert found.benefits["housing"] == 53_700
    assert sum(line.yen for line in found.lines) == found.payable_yen == sum(found.benefits.values())
    assert {line.inputs["from"] for line in found.lines if line.kind == "livelihood.class1"} == {
        "2026-10-01",
        "2026-10-16",
    }


def test_hospital_from_the_middle_of_december_charges_income_once_and_year_end_once() -> None:
    at_home = member(age=70, pension=60_000)
    parts = [
        parse_household(household(at_home, month="2026-12", to="2026-12-10")),
        parse_household(household({**at_home, "residence": "hospital"}, month="2026-12", **{"from": "2026-12-11"})),
    ]
    found = assess_in_parts(parts, KNOWN_WINTER, "2026-12")
    assert found.countable_income_yen == 60_000
    assert yen(found, "livelihood.year_end") == 0
    assert [line.yen for line in found.lines if line.kind == "livelihood.winter"] == [2_630, 1_000]
    assert sum(line.yen for line in found.lines) == found.payable_yen


@pytest.mark.parametrize(("last_day", "amount"), [(None, 23_640), ("2026-12-30", 0), ("2026-12-31", 0)])
def test_the_year_end_of_december_in_parts_is_that_of_the_end_of_the_last_part(
    last_day: str | None, amount: int
) -> None:
    """A part that another one follows is no end of assistance: a spouse came on 11 December."""
    couple = [member(), member("m2", relation="spouse")]
    ends = {"to": last_day} if last_day else {}
    parts = [
        parse_household(household(member(), month="2026-12", to="2026-12-10")),
        parse_household(household(*couple, month="2026-12", **{"from": "2026-12-11"}, **ends)),
    ]
    assessment = assess_in_parts(parts, STANDARDS, "2026-12")
    assert yen(assessment, "livelihood.year_end") == amount
    assert [warning.type for warning in assessment.warnings].count("not-given") == (1 if last_day else 0)


def test_parts_that_leave_a_day_out_are_refused() -> None:
    first = parse_household(household(to="2026-10-10"))
    later = parse_household(household(**{"from": "2026-10-12"}))
    for parts in ([first, later], [later, first], []):
        with pytest.raises(HouseholdError):
            assess_in_parts(parts, STANDARDS, "2026-10")


def test_the_difference_of_a_pension_found_late() -> None:
    months = ("2025-02", "2025-03", "2026-04")
    before = [assessed(member(age=70), month=month) for month in months]
    after = [assessed(member(age=70, pension=20_000), month=month) for month in reversed(months)]
    found = differences(before, after)
    assert [(one.month, one.yen) for one in found] == [(month, -20_000) for month in months]
    for one in found:
        assert [(line.kind, line.yen) for line in one.lines] == [("income.pension", -20_000)]
        assert sum(line.yen for line in one.lines) == one.yen == one.after_yen - one.before_yen


def test_differences_of_other_months_or_households_are_refused() -> None:
    one, other = assessed(), assessed(month="2026-11")
    for before, after in (([one], [other]), ([one, one], [one, one]), ([one], [])):
        with pytest.raises(ValueError):
            differences(before, after)


@pytest.mark.parametrize(
    ("item", "month", "granted", "days", "extra"),
    [
        ("livelihood", "2013-07", 80_000, None, None),
        ("livelihood", "2013-08", 80_000, None, 640),
        ("livelihood", "2014-03", 80_001, None, 650),
        ("livelihood", "2014-04", 80_000, None, 1_280),
        ("livelihood", "2015-04", 80_000, None, 1_920),
        ("livelihood", "2015-04", 80_000, 10, 640),
        ("livelihood", "2018-09", 80_000, None, 1_920),
        ("livelihood", "2018-10", 80_000, None, None),
        ("year_end", "2013-12", 13_890, None, 340),
        ("year_end", "2014-06", 13_890, None, None),
        ("winter_home", "2015-10", 3_000, None, None),
        ("radiation", "2013-09", 40_000, None, None),
        ("radiation", "2013-10", 40_000, None, 320),
        ("disability", "2026-03", 26_810, None, 650),
        ("disability", "2026-04", 26_810, None, None),
    ],
)
def test_additional_payment_by_item_and_month(
    item: str, month: str, granted: int, days: int | None, extra: int | None
) -> None:
    lines = additional_payment([Granted(item, month, granted, days)])
    assert [line.yen for line in lines] == ([] if extra is None else [extra])


def test_additional_payment_is_a_sum_of_items_each_raised_to_10_yen() -> None:
    granted = [
        Granted(item, f"2016-{month:02d}", 26_810) for month in range(1, 13) for item in ("disability", "livelihood")
    ]
    assert sum(line.yen for line in additional_payment(granted)) == 24 * 650
    assert set(additional_items()) >= {"livelihood", "year_end", "under_20_deduction"}
    for wrong in ([Granted("cake", "2016-01", 1)], [granted[0], granted[0]], [Granted("livelihood", "2016-02", 1, 30)]):
        with pytest.raises(ValueError):
            additional_payment(wrong)


SHINJUKU: dict[str, Any] = {"prefecture": "東京都", "municipality": "新宿区"}


def test_one_off_items_up_to_their_limits() -> None:
    entry = grant_one_off(STANDARDS, "2027-04", "high_school_entry", 150_000)
    assert (entry.yen, entry.limit_yen, entry.need, entry.per) == (118_200, 118_200, "occupational", "entry")
    assert grant_one_off(STANDARDS, "2026-10", "high_school_class_fee", 1_500).yen == 1_500
    deposit = grant_one_off(
        STANDARDS, "2026-10", "deposit", 250_000, grade=0, prefecture="東京都", municipality="新宿区"
    )
    assert (deposit.yen, deposit.trust) == (209_400, "confirmed")
    for item, grade, municipality, limit in (
        ("deposit", 0, "新宿区", 75_000 * 3),
        ("deposit", 5, "檜原村", 57_000 * 3),
        ("lease_renewal", 2, "羽村市", 63_000),
    ):
        of: dict[str, Any] = {"grade": grade, "prefecture": "東京都", "municipality": municipality}
        grant = grant_one_off(STANDARDS, "2026-10", item, 250_000, persons=2, **of)
        assert (item, grant.yen, grant.trust) == (item, limit, "single")
    osaka: dict[str, Any] = {"grade": 0, "prefecture": "大阪府", "municipality": "大阪市"}
    grant = grant_one_off(STANDARDS, "2026-10", "deposit", 250_000, persons=2, **osaka)
    assert (grant.yen, grant.trust) == (56_000 * 3, "reconstructed")


def test_one_off_items_whose_figures_are_unknown_are_refused() -> None:
    refused = [
        {"item": "furniture", "month": "2026-10"},
        {"item": "primary_learning_support", "month": "2022-10"},
        {"item": "deposit", "month": "2026-10", "grade": 0, "prefecture": "大阪府"},
        {"item": "lease_renewal", "month": "2026-10", "grade": 4, "persons": 2},
        {"item": "funeral_adult", "month": "2025-10", "grade": 2},
        {"item": "deposit", "month": "2026-10"},
        {"item": "holiday", "month": "2026-10"},
    ]
    for call in refused:
        with pytest.raises(HouseholdError):
            grant_one_off(STANDARDS, asked_yen=1, **call)  # type: ignore[arg-type]
    assert "furniture" in one_off_items(STANDARDS)


def test_the_explanation_names_every_line_its_yen_and_every_doubt() -> None:
    found = assessed(member(residence="hospital", pension=90_000), member("m2", age=70, relation="spouse"), rent=64_000)
    text = explain(found)
    assert "令和8年10月分" in text
    for line in found.lines:
        assert f"{line.yen:,}円" in text
        assert line.basis in text
    for warning in found.warnings:
        assert warning.detail in text
    assert f"計 {found.payable_yen:,}円" in text


def test_what_another_standard_would_cost_by_type_of_household() -> None:
    dearer = load_standards(
        {"series": {"livelihood.special.home": {"periods": [
            {"from": "2026-10-01", "to": None, "trust": "confirmed", "source": "invented", "values": 3_500}]}}}
    )  # fmt: skip
    entries = [
        household(member(age=80)),
        household(member(age=80), member("m2", age=75, relation="spouse")),
        household(member(age=35, lone_parent=True), member("m2", age=8, relation="child")),
        household(member(disability="a")),
        household(member(), member("m2", relation="spouse", pension=400_000)),
        household(member(radiation="current")),
    ]
    households = [parse_household({**entry, "id": f"h{n}"}) for n, entry in enumerate(entries)]
    rows = {row.type: row for row in compare(households, STANDARDS, dearer, "2026-10")}
    assert {name: row.yen for name, row in rows.items()} == {
        "高齢者世帯 単身": 1_000,
        "高齢者世帯 複数": 2_000,
        "母子世帯": 2_000,
        "障害者・傷病者世帯": 1_000,
        "その他の世帯": 0,
    }
    assert (rows["その他の世帯"].households, rows["その他の世帯"].refused, rows["その他の世帯"].raised) == (2, 1, 0)
