"""Standards as dated data: proved complete, traceable, and revised by data alone."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from shared.benefit_rules import FigureError, Trust, assess, load_standards, parse_household
from shared.benefit_rules.law.version import RULES_SHA256, hash_of, sources
from tests.benefit_rules.households import STANDARDS, household, member


def _change(name: str, *periods: dict[str, Any]) -> dict[str, Any]:
    return {"series": {name: {"periods": list(periods)}}}


def _period(first: str, last: str | None, values: Any, trust: str = "confirmed") -> dict[str, Any]:
    return {"from": first, "to": last, "trust": trust, "source": "invented for this test", "values": values}


def test_every_series_runs_from_2020_10_without_gap_or_overlap() -> None:
    for name, figures in STANDARDS.figures.items():
        assert figures[0].first == date(2020, 10, 1), name
        assert figures[-1].last is None, name
        for before, after in pairwise(figures):
            assert before.last is not None
            assert (after.first - before.last).days == 1, name


def test_each_figure_after_the_first_says_how_its_begin_is_known() -> None:
    for name, series in STANDARDS.series.items():
        for period in series["periods"][1:]:
            assert ("begins" in period) == ("unknown" not in period), (name, period["from"])


@pytest.mark.parametrize(("begins", "yen"), [("seen", 3_000), ("seen", 2_500), ("same", 3_000), ("guessed", 3_000)])
def test_no_figure_runs_backward_over_a_begin_that_was_not_read(begins: str, yen: int) -> None:
    """What was only seen in force stands behind a gap; what is taken as unchanged has the value of before."""
    later = {**_period("2026-12-01", None, yen), "begins": begins}
    with pytest.raises(FigureError, match=r"livelihood\.special\.home, from 2026-12-01"):
        load_standards(_change("livelihood.special.home", later))


@pytest.mark.parametrize(("begins", "yen"), [("read", 3_000), ("same", 2_500)])
def test_a_begin_that_was_read_and_a_value_that_stays_touch_what_stood_before(begins: str, yen: int) -> None:
    later = {**_period("2026-12-01", None, yen), "begins": begins}
    changed = load_standards(_change("livelihood.special.home", later))
    assert changed.tables("2026-12")["livelihood.special.home"].number == yen


def test_what_was_only_seen_in_force_stands_behind_a_gap() -> None:
    gap = {"from": "2026-12-01", "to": "2026-12-31", "unknown": "2,500 or 3,000"}
    later = {**_period("2027-01-01", None, 3_000), "begins": "seen"}
    changed = load_standards(_change("livelihood.special.home", gap, later))
    assert [changed.tables(month)["livelihood.special.home"].number for month in ("2026-11", "2027-01")] == [
        2_500,
        3_000,
    ]
    assert "livelihood.special.home" in changed.tables("2026-12").gaps


def test_every_figure_has_a_source_and_a_place_in_the_law() -> None:
    for figures in STANDARDS.figures.values():
        for figure in figures:
            assert figure.source
            assert figure.basis
            assert figure.title


def test_no_cell_from_memory_is_usable() -> None:
    cells = [
        (figure, figure.trusts.ravel(), figure.usable) for periods in STANDARDS.figures.values() for figure in periods
    ]
    assert any((trusts == Trust.MEMORY).any() for _, trusts, _ in cells)
    for _, trusts, usable in cells:
        assert ((trusts < Trust.MEMORY) == usable).all()


@pytest.mark.parametrize(
    "periods",
    [
        [_period("2027-04-01", "2027-05-31", 3000), _period("2027-07-01", None, 3000)],
        [_period("2027-04-01", "2027-06-30", 3000), _period("2027-06-01", None, 3000)],
        [_period("2027-04-02", None, 3000)],
        [_period("2027-04-01", "2027-12-31", 3000)],
        [_period("2027-04-01", None, 3000.5)],
        [_period("2027-04-01", None, [3000, 3000])],
        [_period("2027-04-01", None, 3000, trust="sure")],
    ],
    ids=["gap", "overlap", "not the first of a month", "no end", "half a yen", "wrong shape", "unknown trust"],
)
def test_a_wrong_data_file_is_refused(periods: list[dict[str, Any]]) -> None:
    with pytest.raises(FigureError, match=r"livelihood\.special\.home"):
        load_standards(_change("livelihood.special.home", *periods))


def test_a_series_that_no_rule_uses_is_refused() -> None:
    with pytest.raises(FigureError, match="no rule"):
        load_standards(_change("livelihood.christmas", _period("2027-04-01", None, 1)))


def test_next_years_revision_is_a_change_of_data_alone() -> None:
    """An invented revision of 2027-01: 第1類 + 1,000 yen in every cell, 特例加算 3,000 yen. No line of code changes."""
    class1 = STANDARDS.tables("2026-12")["livelihood.class1"].values + 1_000
    revised = load_standards(
        {
            "series": {
                "livelihood.class1": {"periods": [_period("2027-01-01", None, class1.tolist())]},
                "livelihood.special.home": {"periods": [_period("2027-01-01", None, 3_000)]},
            }
        }
    )
    one = parse_household(household(member(age=46), month="2026-12"))
    before, after = assess([one], revised, "2026-12")[0].to_json(), assess([one], revised, "2027-01")[0].to_json()
    assert before["livelihood_body_yen"] == 77_240
    assert after["livelihood_body_yen"] == 77_240 + 1_000 + 500
    assert str(after["standards"]).startswith("2027-01-01#")
    assert revised.sha256 != STANDARDS.sha256 == load_standards().sha256


def test_an_answer_names_the_figures_and_the_rules_that_made_it() -> None:
    """Other figures change the first hash alone; the second is that of the code."""
    other = load_standards(_change("livelihood.special.home", _period("2027-01-01", None, 3_000)))
    answers = [assess([parse_household(household())], each, "2026-10")[0].to_json() for each in (STANDARDS, other)]
    (day, now), (same_day, changed) = (str(answer["standards"]).split("#") for answer in answers)
    assert day == same_day == "2026-10-01"
    assert now == f"{STANDARDS.sha256[:12]}.{RULES_SHA256[:12]}"
    assert changed == f"{other.sha256[:12]}.{RULES_SHA256[:12]}"
    assert other.sha256 != STANDARDS.sha256


def test_any_change_of_the_code_of_the_rules_is_another_version() -> None:
    files = {"rules/income.py": b"a", "rules/housing.py": b"b"}
    assert hash_of(files) == hash_of(dict(reversed(files.items())))
    others = [
        {**files, "rules/income.py": b"c"},
        {"rules/income.py": b"a", "rules/houses.py": b"b"},
        {"rules/income.py": b"b", "rules/housing.py": b"a"},
        {"rules/income.py": b"a"},
    ]
    assert len({hash_of(each) for each in (files, *others)}) == 5


def test_the_version_of_the_rules_is_of_every_source_file_and_of_no_other() -> None:
    folders = Path("shared/benefit_rules"), Path("shared/money_and_time")
    files = {path.relative_to("shared").as_posix(): path for folder in folders for path in folder.rglob("*.py")}
    assert sources() == {name: path.read_bytes() for name, path in files.items()}
    assert hash_of(sources()) == RULES_SHA256


def test_the_reconstruction_rule_gives_every_transitional_cell_that_was_read() -> None:
    """経過的加算 = max(0, ((旧 − 新)/人数 − 特例加算) raised to 10 yen), sizes 1 to 5, all grades and ages."""
    old = STANDARDS.tables("2022-10")
    for month, special in (("2023-10", 1_000), ("2026-04", 1_500), ("2026-10", 2_500)):
        new = STANDARDS.tables(month)
        cells = [(g, b, n) for g in range(6) for b in range(11) for n in range(1, 6)]
        for cell in cells:
            assert new["livelihood.transitional"].values[cell] == _reconstructed(old, new, cell, special), (month, cell)


def _reconstructed(old: Any, new: Any, cell: tuple[int, int, int], special: int) -> int:
    grade, band, size = cell

    def formula(tables: Any, base: str) -> int:
        total = int(tables[base + ".class1"].values[grade, band]) * size * int(tables[base + ".size_rate"].values[size])
        class2 = tables[base + ".class2"].values
        return -(-(total // 10_000) // 10) * 10 + int(class2[grade, size] if class2.ndim == 2 else class2[size])

    first = -(-formula(old, "livelihood.base1") * 8_550 // 100_000) * 10
    before = max(first, formula(old, "livelihood.base2"))
    before += int(old["livelihood.transitional"].values[cell]) * size
    short = before - formula(new, "livelihood") - special * size
    return max(0, -(-short // (10 * size)) * 10)
