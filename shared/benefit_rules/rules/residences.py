"""Which line is given where: every line of the needs × every residence, declared once. The rules ask this table."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from shared.benefit_rules.columns import Codes, Flags
from shared.benefit_rules.households.batch import RESIDENCES
from shared.benefit_rules.kinds import KINDS

Answer: TypeAlias = Literal["given", "other_standard", "not_given"]

TITLES: Mapping[str, str] = {"home": "居宅", "hospital": "入院", "care_home": "介護施設"}
STANDARDS: Mapping[str, str] = {
    "home": "告示別表第1 第1章 1",
    "hospital": "告示別表第1 第3章 1",
    "care_home": "告示別表第1 第3章 2",
}
"""The article of the standard (基準生活費) under which one lives at a residence."""


class Cell(NamedTuple):
    """What a residence means for a line.

    given: with the amount of `figure` where the residence has one of its own ({home} stands for the figure of who lives
    at home). As long as that is not known the household is refused.
    other_standard: the line belongs to the standard of another residence; nobody asks for it here.
    not_given: whoever asks for it is told so with the `article`; `rule` names the rule behind it that was not read.
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


_AT_HOME_ALONE = (_GIVEN, _OTHER, _OTHER)
_EVERYWHERE = (_GIVEN, _GIVEN, _GIVEN)
_OWN_AMOUNT = _own("{home}.institution")
_LONE_PARENT = _own("addition.lone_parent.institution")
_NO_YEAR_END = _not("告示別表第1 第1章 1(2)ア")
_NO_HOME_PATIENT = _not("告示別表第1 第2章 4")

TABLE: Mapping[str, tuple[Cell, ...]] = {
    "livelihood.class1": _AT_HOME_ALONE,
    "livelihood.class2": _AT_HOME_ALONE,
    "livelihood.base1": _AT_HOME_ALONE,
    "livelihood.base2": _AT_HOME_ALONE,
    "livelihood.special": _EVERYWHERE,
    "livelihood.transitional": _AT_HOME_ALONE,
    "livelihood.winter": (_GIVEN, _own("institution.winter.hospital"), _own("institution.winter.care_home")),
    "livelihood.hospital": (_OTHER, _GIVEN, _OTHER),
    "livelihood.care_home": (_OTHER, _OTHER, _GIVEN),
    "livelihood.year_end": (_GIVEN, _NO_YEAR_END, _NO_YEAR_END),
    "addition.maternity": (_GIVEN, _not("告示別表第1 第2章 1", rule="maternity_in_hospital"), _GIVEN),
    "addition.disability": (_GIVEN, _OWN_AMOUNT, _OWN_AMOUNT),
    "addition.severe_disability": (_GIVEN, _OWN_AMOUNT, _OWN_AMOUNT),
    "addition.care_facility": (_OTHER, _OTHER, _GIVEN),
    "addition.home_patient": (_GIVEN, _NO_HOME_PATIENT, _NO_HOME_PATIENT),
    "addition.radiation": _EVERYWHERE,
    "addition.child_rearing": _EVERYWHERE,
    "addition.child_rearing_transitional": _EVERYWHERE,
    "addition.care_premium": _EVERYWHERE,
    "addition.lone_parent": (_GIVEN, _LONE_PARENT, _LONE_PARENT),
    "addition.lone_parent_transitional": (_GIVEN, _LONE_PARENT, _LONE_PARENT),
    "livelihood.proration": _EVERYWHERE,
    "housing.rent": (_GIVEN, _GIVEN, _own("housing.ceiling.institution")),
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


def refusals_to_tell(kind: str) -> dict[int, Cell]:
    """The residences, by code, at which whoever asks for the line is told that it is not given."""
    return {code: cell for code, cell in enumerate(TABLE[kind]) if cell.answer == "not_given"}


def why_not(kind: str, code: int) -> str:
    """The words of a warning: a line is not given at the residence of this code, and by which article."""
    return f"{TITLES[RESIDENCES[code]]}の者には{KINDS[kind].title}を給付しない ({TABLE[kind][code].article})"
