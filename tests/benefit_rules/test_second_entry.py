"""A figure of the law for a coming month is entered twice, by two readings of its source; the two are compared."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shared.benefit_rules import Figure, load_standards
from tests.benefit_rules.households import STANDARDS

READ = date(2026, 9, 30)
"""What takes effect after this day was entered before its month came, when no office had yet paid by it."""
ENTRIES = tomllib.loads(Path(__file__).with_name("second_entry.toml").read_text(encoding="utf-8"))["figure"]


def coming(standards: Any = STANDARDS) -> dict[tuple[str, date], Figure]:
    """The figures with values that take effect after the standards were read."""
    return {
        (name, figure.first): figure
        for name, periods in standards.figures.items()
        for figure in periods
        if figure.first > READ and figure.in_force and figure.known
    }


def disagreements(figures: dict[tuple[str, date], Figure], entries: list[dict[str, Any]]) -> list[str]:
    """What stands in one of the two entries and not in the other, or otherwise there."""
    second = {(entry["series"], entry["from"]): entry for entry in entries if "differs" not in entry}
    one_sided = [f"{name} from {first}: entered once" for name, first in sorted(figures.keys() ^ second.keys())]
    both = figures.keys() & second.keys()
    return one_sided + [
        f"{key[0]} from {key[1]}: two values" for key in sorted(both) if not agrees(figures[key], second[key])
    ]


def agrees(figure: Figure, entry: dict[str, Any]) -> bool:
    """True where the second reading gives the same yen and, where it names one, the same last day."""
    if entry.get("last", figure.last) != figure.last:
        return False
    if "values" in entry:
        return bool((figure.values == np.array(entry["values"])).all())
    before = next(
        other for other in STANDARDS.figures[figure.name] if other.last and (figure.first - other.last).days == 1
    )
    sizes = slice(0, entry["sizes"])
    expected = np.maximum(0, before.values[..., sizes] - entry["less"])
    return bool((figure.values[..., sizes] == expected).all())


def test_each_figure_of_a_coming_month_is_entered_twice_and_both_agree() -> None:
    assert coming()
    assert disagreements(coming(), ENTRIES) == []


def test_a_figure_on_which_two_readings_differ_is_not_used() -> None:
    open_questions = [entry for entry in ENTRIES if "differs" in entry]
    assert open_questions
    for entry in open_questions:
        (then,) = (figure for figure in STANDARDS.figures[entry["series"]] if figure.first == entry["from"])
        assert not then.known, entry["differs"]


@pytest.mark.parametrize("yen", [2499, 2510, 25000])
def test_a_slip_of_the_hand_in_a_coming_figure_is_seen(yen: int) -> None:
    slip = {"from": "2026-10-01", "to": "2027-03-31", "trust": "single", "source": "typed", "values": yen}
    then = {"from": "2027-04-01", "to": None, "unknown": "not read"}
    slipped = load_standards({"series": {"livelihood.special.home": {"periods": [slip, then]}}})
    assert disagreements(coming(slipped), ENTRIES) == ["livelihood.special.home from 2026-10-01: two values"]


def test_a_new_figure_without_a_second_entry_is_seen() -> None:
    entries = [entry for entry in ENTRIES if entry["series"] != "livelihood.transitional"]
    assert disagreements(coming(), entries) == ["livelihood.transitional from 2026-10-01: entered once"]
