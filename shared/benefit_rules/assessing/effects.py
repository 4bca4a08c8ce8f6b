"""What was entered and counted for nothing says so, each key in a warning of its own."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import compress
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from shared.benefit_rules.assessing.assessment import AssessmentWarning, Line
from shared.benefit_rules.households.household import COSTS, Household, Member
from shared.benefit_rules.rules.housing import least_of_a_small_room
from shared.benefit_rules.rules.work import Work


class Key(NamedTuple):
    """A key that may count for nothing.

    label: what staff call it. kinds: a line of one of these shows that it counted. why: why there may be none.
    """

    label: str
    kinds: tuple[str, ...]
    why: str


_NO_PUPIL, _NO_INCOME = "学校の区分による費用がない", "認定する収入がない"
_NO_ADDITION = "この世帯員に給付する額がない"

MEMBER_KEYS: Mapping[str, Key] = {
    "school": Key("学校", ("education.base", "occupational.high_school"), _NO_PUPIL),
    "disability": Key("障害者加算", ("addition.disability", "addition.lone_parent"), _NO_ADDITION),
    "severe_disability": Key("重度障害者加算", ("addition.severe_disability",), _NO_ADDITION),
    "care_by_family": Key("重度障害者家族介護料", ("addition.care_by_family",), _NO_ADDITION),
    "care_by_others": Key("重度障害者他人介護料", ("addition.care_by_others",), _NO_ADDITION),
    "maternity": Key("妊産婦加算", ("addition.maternity",), _NO_ADDITION),
    "home_patient": Key("在宅患者加算", ("addition.home_patient",), "居宅にいる者ではない"),
    "radiation": Key("放射線障害者加算", ("addition.radiation",), _NO_ADDITION),
    "care_premium": Key("介護保険料", ("addition.care_premium",), _NO_ADDITION),
    "lone_parent": Key("母子加算", ("addition.lone_parent",), "対象の児童がいない"),
    "spouse_support": Key("配偶者支援金", ("spouse_support",), "支援給付を受けない世帯である"),
    "new_employment": Key(
        "新規就労控除", ("deduction.new_employment",), "この控除を引く勤労収入が残らないか、支援給付である"
    ),
    "necessary_expenses": Key("必要経費", ("deduction.expenses",), "必要経費を引く勤労収入も年金も残らない"),
    "earned_income": Key("勤労収入", ("income.earned",), _NO_INCOME),
    "basic_pension": Key("老齢基礎年金", ("income.pension",), _NO_INCOME),
    "pension": Key("その他の年金", ("income.pension",), _NO_INCOME),
    "support_from_relatives": Key("仕送り", ("income.relatives",), _NO_INCOME),
    "other_income": Key("その他の収入", ("income.other",), _NO_INCOME),
    "occasional_income": Key("臨時的収入", ("income.occasional",), _NO_INCOME),
    "uncounted_income": Key("認定しない収入", ("income.uncounted",), _NO_INCOME),
}
HOUSEHOLD_KEYS: Mapping[str, Key] = {
    "rent": Key("家賃", ("housing.rent",), "住宅扶助を給付する者がいない"),
    "floor_area": Key("床面積", (), "一人の世帯の、特別基準によらない家賃の限度額だけに関わる"),
    "special_housing": Key("住宅扶助の特別基準", (), "家賃が通常の限度額を超えない"),
    "winter_special": Key("冬季加算の特別基準", ("livelihood.winter",), "冬季加算のない月か世帯である"),
    "care_cost": Key("介護の費用", (), "最低生活費を超える収入が残らない"),
    "medical_cost": Key("医療の費用", (), "最低生活費を超える収入が残らない"),
    "maternity_cost": Key("出産の費用", (), "最低生活費を超える収入が残らない"),
    "occupational_cost": Key("生業の費用", (), "最低生活費を超える収入が残らない"),
    "funeral_cost": Key("葬祭の費用", (), "最低生活費を超える収入が残らない"),
}
_KEYS_OF_MEMBER = tuple(MEMBER_KEYS.values())
_values_of_member, _values_of_household = attrgetter(*MEMBER_KEYS), attrgetter(*HOUSEHOLD_KEYS)
ALWAYS = frozenset(
    {
        *("id", "month", "programme", "prefecture", "municipality", "grade", "members"),
        *("birth_date", "age", "relation", "residence", "admitted", "separated"),
        *("from", "to", "starting", "assistance_since"),
    }
)
"""Keys that say who, where and when, and are read whatever they say."""


def without_effect(
    household: Household,
    members: Sequence[Member],
    lines: Sequence[Line],
    charged: Mapping[str, int],
    not_given: Collection[tuple[str | None, str | None]],
    work: Work,
    place: int,
) -> Iterator[AssessmentWarning]:
    """A warning for each key that counted for nothing.

    `members` are those who count in the household, `charged` is the yen borne of each cost, `not_given` the lines of
    which the residence said so already; `place` is that of the household in the block.
    """
    shown = defaultdict[str | None, set[str | None]](set)
    for kind, who in (*((line.kind, line.member) for line in lines), *not_given):
        shown[who].add(kind)
    of_household = shown[None]
    for member in members:
        of_member = shown[member.id] | of_household
        for key in compress(_KEYS_OF_MEMBER, _values_of_member(member)):
            if of_member.isdisjoint(key.kinds):
                yield _nothing(key, member.id)
    for name, key in compress(HOUSEHOLD_KEYS.items(), _values_of_household(household)):
        if not of_household.isdisjoint(key.kinds):
            continue
        if name in COSTS and (household.starting or charged.get(name.removesuffix("_cost"))):
            continue  # at the start a cost belongs to the need, whether it is charged or not
        if name == "floor_area" and len(members) == 1 and household.rent > 0 and not household.special_housing:
            continue
        if name == "special_housing" and any(_above_the_ordinary(line, work, place) for line in lines):
            continue
        yield _nothing(key, None)


def _nothing(key: Key, member: str | None) -> AssessmentWarning:
    addition = next((kind for kind in key.kinds if kind.startswith("addition.")), None)
    words = "算定額に表れない" if addition is None else "給付しない"
    return AssessmentWarning("no-effect", addition, member, f"{key.label}は{words}: {key.why}")


def _above_the_ordinary(line: Line, work: Work, place: int) -> bool:
    """Whether the line is of a rent above the ceiling that holds without the special standard."""
    if line.kind != "housing.rent":
        return False
    households, tables = work.households, work.tables
    row, room = households.place[place], int(households.room[place])
    ceiling = int(tables["housing.ceiling"].values[row, int(line.inputs["persons"])])
    if room:
        of_room = int(tables["housing.small_room_ceiling"].values[row, room - 1])
        at_least = int(least_of_a_small_room(np.array([ceiling]), np.array([room - 1]))[0])
        ceiling = min(ceiling, max(of_room, at_least))
    return int(line.inputs["rent"]) > ceiling
