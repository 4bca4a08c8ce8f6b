"""Which line is given where: every line of the needs × every residence, declared once. The rules ask this table."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from shared.benefit_rules.columns import Codes, Flags
from shared.benefit_rules.households.batch import RESIDENCES
from shared.benefit_rules.kinds import KINDS

Answer: TypeAlias = Literal["given", "other_standard", "not_given"]

TITLES: Mapping[str, str] = {
    "home": "居宅",
    "hospital": "入院",
    "care_home": "介護施設",
    "rescue_facility": "救護施設",
    "rehabilitation_facility": "更生施設",
    "free_low_cost_lodging": "無料低額宿泊所",
    "daily_life_support_housing": "日常生活支援住居施設",
}
_AT_HOME, _FACILITY = "告示別表第1 第1章 1", "告示別表第1 第1章 2"
STANDARDS: Mapping[str, str] = {
    "home": _AT_HOME,
    "hospital": "告示別表第1 第3章 1",
    "care_home": "告示別表第1 第3章 2",
    "rescue_facility": _FACILITY,
    "rehabilitation_facility": _FACILITY,
    "free_low_cost_lodging": _AT_HOME,
    "daily_life_support_housing": _AT_HOME,
}
"""The article of the standard (基準生活費) under which one lives at a residence."""


class Cell(NamedTuple):
    """What a residence means for a line.

    given: with the amount of `figure` where the residence has one of its own ({home} stands for the figure of who lives
    at home). As long as that is not known the household is refused.
    other_standard: the line belongs to the standard of another residence; nobody asks for it here.
    not_given: whoever asks for it is told so with the `article`. `rule` names the rule behind it that was not read.
    """

    answer: Answer
    figure: str = ""
    article: str = ""
    rule: str = ""


_GIVEN = Cell("given")
_OTHER = Cell("other_standard")


def _own(figure: str) -> Cell:
    return Cell("given", figure=figure)


def _not(article: str, rule: str = "") -> Cell:
    return Cell("not_given", article=article, rule=rule)


def _row(at_home: Cell, hospital: Cell, care_home: Cell, facility: Cell) -> tuple[Cell, ...]:
    """救護施設 and 更生施設 have one standard; who lives in a lodging lives under that of a home."""
    return (at_home, hospital, care_home, facility, facility, at_home, at_home)


_AT_HOME_ALONE = _row(_GIVEN, _OTHER, _OTHER, _OTHER)
_FACILITY_ALONE = _row(_OTHER, _OTHER, _OTHER, _GIVEN)
_EVERYWHERE = _row(_GIVEN, _GIVEN, _GIVEN, _GIVEN)
_LIKE_AT_HOME = Cell("given", rule="additions_in_facilities")
_ALSO_IN_FACILITIES = _row(_GIVEN, _GIVEN, _GIVEN, _LIKE_AT_HOME)
_OWN_AMOUNT = _own("{home}.institution")
_LONE_PARENT = _own("addition.lone_parent.institution")
_NO_YEAR_END = _not("告示別表第1 第1章 1(2)ア")
_NO_HOME_PATIENT = _not("告示別表第1 第2章 4")
_FED_IN_HOSPITAL = _not("告示別表第1 第2章 1", rule="maternity_in_hospital")
_PATIENT_IN_WINTER, _CARE_HOME_IN_WINTER = _own("institution.winter.hospital"), _own("institution.winter.care_home")
_RENT_KEPT = _own("housing.ceiling.institution")

TABLE: Mapping[str, tuple[Cell, ...]] = {
    "livelihood.class1": _AT_HOME_ALONE,
    "livelihood.class2": _AT_HOME_ALONE,
    "livelihood.base1": _AT_HOME_ALONE,
    "livelihood.base2": _AT_HOME_ALONE,
    "livelihood.special": _EVERYWHERE,
    "livelihood.transitional": _AT_HOME_ALONE,
    "livelihood.winter": _row(_GIVEN, _PATIENT_IN_WINTER, _CARE_HOME_IN_WINTER, _OTHER),
    "livelihood.hospital": _row(_OTHER, _GIVEN, _OTHER, _OTHER),
    "livelihood.care_home": _row(_OTHER, _OTHER, _GIVEN, _OTHER),
    "livelihood.facility": _FACILITY_ALONE,
    "livelihood.facility_winter": _FACILITY_ALONE,
    "livelihood.facility_year_end": _FACILITY_ALONE,
    "livelihood.year_end": _row(_GIVEN, _NO_YEAR_END, _NO_YEAR_END, _OTHER),
    "addition.maternity": _row(_GIVEN, _FED_IN_HOSPITAL, _GIVEN, _LIKE_AT_HOME),
    "addition.disability": _row(_GIVEN, _OWN_AMOUNT, _OWN_AMOUNT, _OWN_AMOUNT),
    "addition.severe_disability": _row(_GIVEN, _OWN_AMOUNT, _OWN_AMOUNT, _OWN_AMOUNT),
    "addition.care_by_family": _row(_GIVEN, _OWN_AMOUNT, _OWN_AMOUNT, _OWN_AMOUNT),
    "addition.care_by_others": _row(_GIVEN, _OWN_AMOUNT, _OWN_AMOUNT, _OWN_AMOUNT),
    "addition.care_facility": _row(_OTHER, _OTHER, _GIVEN, _OTHER),
    "addition.home_patient": _row(_GIVEN, _NO_HOME_PATIENT, _NO_HOME_PATIENT, _NO_HOME_PATIENT),
    "addition.radiation": _ALSO_IN_FACILITIES,
    "addition.child_rearing": _ALSO_IN_FACILITIES,
    "addition.child_rearing_transitional": _ALSO_IN_FACILITIES,
    "addition.care_premium": _ALSO_IN_FACILITIES,
    "addition.lone_parent": _row(_GIVEN, _LONE_PARENT, _LONE_PARENT, _LONE_PARENT),
    "addition.lone_parent_transitional": _row(_GIVEN, _LONE_PARENT, _LONE_PARENT, _LONE_PARENT),
    "livelihood.proration": _EVERYWHERE,
    "housing.rent": _row(_GIVEN, _GIVEN, _RENT_KEPT, _RENT_KEPT),
    "education.base": _EVERYWHERE,
    "occupational.high_school": _EVERYWHERE,
}
"""Cells in the order of RESIDENCES. The residence is that of the member whose line it is (母子加算: of the parent)."""


def _amounts(cells: tuple[Cell, ...]) -> tuple[tuple[str, Flags], ...]:
    figures = dict.fromkeys(cell.figure for cell in cells if cell.answer == "given")
    return tuple(
        (figure, np.array([cell.answer == "given" and cell.figure == figure for cell in cells])) for figure in figures
    )


GIVEN: Mapping[str, Flags] = {
    kind: np.array([cell.answer == "given" for cell in cells]) for kind, cells in TABLE.items()
}
"""By the code of the residence: whether the line is given there."""
AMOUNTS: Mapping[str, tuple[tuple[str, Flags], ...]] = {kind: _amounts(cells) for kind, cells in TABLE.items()}
"""Each figure of a line, "" for that of who lives at home, and by the code of the residence whether it holds there."""
EVERYWHERE = frozenset(kind for kind, cells in TABLE.items() if set(cells) == {_GIVEN})
"""Lines for which the residence does not matter."""


def as_at_home(kind: str, residence: Codes) -> Flags:
    """Whether each residence has the line with the amount of who lives at home."""
    flags: Flags = dict(AMOUNTS[kind])[""].take(residence)
    return flags


def to_say(kind: str) -> dict[int, Cell]:
    """The residences, by code, of which something is to be said: the line is not given, or by a rule not read."""
    return {code: cell for code, cell in enumerate(TABLE[kind]) if cell.article or cell.rule}


def why_not(kind: str, code: int) -> str:
    """The words of a warning: a line is not given at the residence of this code, and by which article."""
    return f"{TITLES[RESIDENCES[code]]}の者には{KINDS[kind].title}を給付しない ({TABLE[kind][code].article})"
