"""Who lives in a household: sizes, ages, pensions and earnings in the proportions of a Tokyo ward.

Proportions: a ward of 8,676 households with 9,668 persons and its types of household and the age classes of
the yearly survey of recipients (被保護者調査), rounded. Ages are those on 1 April 2026. For now adults of 19 and over.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Final, Literal, TypeAlias

from infra.one_machine.ward.names import Name, family_name, foreign_resident, resident

Relation: TypeAlias = Literal["self", "spouse", "child", "other"]
AGES_ON: Final = date(2026, 4, 1)
YOUNGEST: Final = 19
FULL_PENSION_BEFORE_1956_04_02: Final = 70_408
FULL_PENSION: Final = 70_608
"""老齢基礎年金 満額 a month from 2026-04 (figures.md §5)."""
FIRST_RETURNEE, LAST_RETURNEE = date(1911, 4, 2), date(1946, 12, 31)
"""Birth dates of 特定中国残留邦人等 (平成6年法律第30号)."""

# share of households by their head's age: elderly 55 %, ill or disabled 25 %, others 20 % (some of them work)
_HEADS: Final = (
    (0.553, ((65, 69, 18), (70, 74, 23), (75, 79, 25), (80, 84, 20), (85, 89, 10), (90, 98, 4))),
    (0.252, ((25, 39, 18), (40, 49, 27), (50, 59, 36), (60, 64, 19))),
    (0.195, ((YOUNGEST, 24, 3), (25, 39, 19), (40, 49, 26), (50, 59, 34), (60, 64, 18))),
)
_EARNING: Final = (0.04, 0.09, 0.42)
_PENSION: Final = (0.52, 0.20, 0.01)
_FOREIGN: Final = 0.045
_RELATIVES: Final = 0.012
_OTHER_INCOME: Final = 0.015


@dataclass(frozen=True, slots=True)
class Person:
    """One person; yen are those of a month."""

    name: Name
    foreign: bool
    birth_date: date
    relation: Relation
    earned_income: int = 0
    necessary_expenses: int = 0
    basic_pension: int = 0
    pension: int = 0
    support_from_relatives: int = 0
    other_income: int = 0
    person_no: str = ""


@dataclass(slots=True)
class Household:
    """One household with its payee's way of being paid left to `accounts`."""

    programme: Literal["public_assistance", "support_benefit"]
    members: list[Person]
    rent: int = 0
    floor_area: str = ""
    case_no: str = field(default="")
    district: str = field(default="")


def assisted_household(random: Random, size: int) -> Household:
    """A household of public assistance (生活保護) of `size` adults."""
    kind = random.choices(range(3), [share for share, _ in _HEADS])[0]
    foreign, woman = random.random() < _FOREIGN, random.random() < 0.46
    family = family_name(random)
    head_age = _age(random, _HEADS[kind][1])
    head = _person(random, family, foreign, woman, "self", _born(random, head_age))
    members = [_with_income(random, head, kind, head_age)]
    if size > 1 and random.random() < 0.7:
        age = max(YOUNGEST, head_age + random.randint(-8, 6))
        spouse = _person(random, family, foreign, not woman, "spouse", _born(random, age))
        members.append(_with_income(random, spouse, 0 if age >= 65 else kind, age))
    while len(members) < size:
        members.append(_further_member(random, family, foreign, head_age))
    return Household("public_assistance", members)


def support_household(random: Random, size: int) -> Household:
    """A household of support benefits (支援給付): a returnee and, where two, the spouse, on the full basic pension."""
    family, woman = family_name(random), random.random() < 0.5
    days = (LAST_RETURNEE - date(1928, 1, 1)).days
    born = date(1928, 1, 1) + timedelta(random.randint(0, days))
    persons = [_person(random, family, False, woman, "self", born)]
    if size > 1:
        spouse_born = min(born + timedelta(random.randint(-1500, 5000)), date(1960, 12, 31))
        persons.append(_person(random, family, random.random() < 0.3, not woman, "spouse", spouse_born))
    return Household("support_benefit", [_on_full_pension(person) for person in persons])


def under_public_assistance(person: Person) -> Person:
    """The same person as the only member of a household of public assistance (二重受給)."""
    return replace(person, relation="self", basic_pension=0, pension=0)


def _on_full_pension(person: Person) -> Person:
    full = FULL_PENSION if person.birth_date >= date(1956, 4, 2) else FULL_PENSION_BEFORE_1956_04_02
    return replace(person, basic_pension=full)


def _further_member(random: Random, family: tuple[str, str], foreign: bool, head_age: int) -> Person:
    if head_age >= 45 and random.random() < 0.75:
        age, relation = random.randint(YOUNGEST, head_age - 22), "child"
    else:
        age, relation = random.randint(max(YOUNGEST, head_age - 15), head_age + 25), "other"
    kind = 0 if age >= 65 else random.choice((1, 2))
    born = _born(random, min(age, 98))
    chosen: Relation = "child" if relation == "child" else "other"
    return _with_income(random, _person(random, family, foreign, random.random() < 0.5, chosen, born), kind, age)


def _person(
    random: Random, family: tuple[str, str], foreign: bool, woman: bool, relation: Relation, born: date
) -> Person:
    name = foreign_resident(random) if foreign else resident(random, family, woman)
    return Person(name, foreign, born, relation)


def _with_income(random: Random, person: Person, kind: int, age: int) -> Person:
    basic = pension = earned = expenses = relatives = other = 0
    if random.random() < _PENSION[kind]:
        basic = random.randrange(12_000, 62_000) if random.random() < 0.85 else 0
        if not basic or random.random() < 0.3:
            pension = random.randrange(6_000, 48_000)
    if age > YOUNGEST and random.random() < _EARNING[kind]:
        earned = round(min(150_000, max(6_000, random.lognormvariate(10.9, 0.65))) / 10) * 10
        expenses = random.choice((0, 0, 3_200, 4_860, 6_500, 9_720)) if earned > 20_000 else 0
    if random.random() < _RELATIVES:
        relatives = random.choice((3_000, 5_000, 10_000, 20_000))
    if random.random() < _OTHER_INCOME:
        other = random.choice((1_500, 4_000, 8_000, 15_000))
    return replace(
        person,
        basic_pension=basic,
        pension=pension,
        earned_income=earned,
        necessary_expenses=expenses,
        support_from_relatives=relatives,
        other_income=other,
    )


def _age(random: Random, classes: tuple[tuple[int, int, int], ...]) -> int:
    first, last, _ = random.choices(classes, [weight for _, _, weight in classes])[0]
    return random.randint(first, last)


def _born(random: Random, age: int) -> date:
    """A birth date of somebody who is `age` on 1 April 2026 (born on 2 April to 1 April, 年齢計算ニ関スル法律)."""
    first = date(AGES_ON.year - age - 1, 4, 2)
    last = date(AGES_ON.year - age, 4, 1)
    return first + timedelta(random.randint(0, (last - first).days))
