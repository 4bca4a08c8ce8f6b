"""What may be in a ward's files and seldom is right: told beside the faults, and stops nobody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from shared.benefit_rules.households.plausible import (
    HIGH_EARNINGS_YEN,
    HIGH_PENSION_YEN,
    HIGH_PREMIUM_YEN,
    HIGH_RENT_YEN,
    OLDEST,
    OLDEST_MOTHER,
    SCHOOL_AGES,
    YOUNGEST_MOTHER,
    YOUNGEST_SPOUSE,
    YOUNGEST_WORKER,
)
from shared.contracts.ward_files import AT_HOME_STANDARD, HOUSEHOLDS_FILE, MEMBERS_FILE
from shared.decisions.imports.ward_csv import WardCase
from shared.service_kit.csv_files import Fault

Cells = dict[str, Any]
_NOT_OF_A_MONTH: Final = "月額として高すぎます（年額ではありませんか）"


@dataclass(frozen=True, slots=True)
class _Doubt:
    column: str
    text: str
    holds: Callable[[Cells, int], bool]
    """Of the cells of a member, and the age in years."""


def _yen_above(column: str, most: int) -> Callable[[Cells, int], bool]:
    return lambda cells, age: (cells.get(column) or 0) > most


def _is_of_odd_school_age(cells: Cells, age: int) -> bool:
    first, last = SCHOOL_AGES.get(cells.get("school") or "", (0, OLDEST))
    return not first <= age <= last


_OF_MEMBERS: Final = (
    _Doubt("birth_date", "110歳を超えています", lambda cells, age: age > OLDEST),
    _Doubt(
        "maternity",
        "妊産婦としては年齢が合いません",
        lambda cells, age: bool(cells.get("maternity")) and not YOUNGEST_MOTHER <= age <= OLDEST_MOTHER,
    ),
    _Doubt("school", "学校と年齢が合いません", _is_of_odd_school_age),
    _Doubt(
        "relation",
        "配偶者としては若すぎます",
        lambda cells, age: cells.get("relation") == "spouse" and age < YOUNGEST_SPOUSE,
    ),
    _Doubt(
        "earned_income",
        "15歳になっていない人の勤労収入です",
        lambda cells, age: age < YOUNGEST_WORKER and bool(cells.get("earned_income")),
    ),
    _Doubt("earned_income", _NOT_OF_A_MONTH, _yen_above("earned_income", HIGH_EARNINGS_YEN)),
    _Doubt("basic_pension", _NOT_OF_A_MONTH, _yen_above("basic_pension", HIGH_PENSION_YEN)),
    _Doubt("pension", _NOT_OF_A_MONTH, _yen_above("pension", HIGH_PENSION_YEN)),
    _Doubt("care_premium", _NOT_OF_A_MONTH, _yen_above("care_premium", HIGH_PREMIUM_YEN)),
    _Doubt(
        "necessary_expenses",
        "必要経費が勤労収入と年金を超えています",
        lambda cells, age: (
            (cells.get("necessary_expenses") or 0)
            > sum(cells.get(income) or 0 for income in ("earned_income", "basic_pension", "pension"))
        ),
    ),
    _Doubt(
        "home_patient",
        "居宅でない人の在宅患者加算です",
        lambda cells, age: (
            bool(cells.get("home_patient")) and (cells.get("residence") or "home") not in AT_HOME_STANDARD
        ),
    ),
)


def doubts_of(case: WardCase, today: date) -> Iterator[Fault]:
    """Yield what is doubtful about a household and its members, on a day; never a value."""
    home = case.facts["home"]
    if (home.get("rent") or 0) > HIGH_RENT_YEN:
        yield _doubt(HOUSEHOLDS_FILE, case.line, "rent", "家賃として高すぎます（月額ですか）")
    if home.get("floor_area") and not 4 <= float(home["floor_area"]) <= 200:
        yield _doubt(HOUSEHOLDS_FILE, case.line, "floor_area", "床面積として小さすぎるか、大きすぎます")
    if case.valid_to and case.valid_to < today:
        yield _doubt(HOUSEHOLDS_FILE, case.line, "to", "保護がすでに終わっている世帯です")
    ages = {}
    for member in case.members:
        cells = {name: value for fact in ("person", "income") for name, value in member.facts[fact].items()}
        ages[member.line] = age = _age(date.fromisoformat(cells["birth_date"]), today)
        for doubt in _OF_MEMBERS:
            if doubt.holds(cells, age):
                yield _doubt(MEMBERS_FILE, member.line, doubt.column, doubt.text)
    yield from _children_older_than_the_head(case, ages)


def _children_older_than_the_head(case: WardCase, ages: dict[int, int]) -> Iterator[Fault]:
    relations = {member.line: member.facts["person"].get("relation") for member in case.members}
    heads = [ages[line] for line, relation in relations.items() if relation == "self"]
    for line, relation in relations.items():
        if relation == "child" and heads and ages[line] >= heads[0]:
            yield _doubt(MEMBERS_FILE, line, "birth_date", "子が世帯主より年上です")


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _doubt(file: str, line: int, column: str, text: str) -> Fault:
    return Fault(file, line, column, text, "doubt")
