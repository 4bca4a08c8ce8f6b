"""Households as columns: what the rules read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any, NamedTuple, get_args

import numpy as np

from shared.benefit_rules.columns import Codes, Column, Flags
from shared.benefit_rules.households.ages import Ages, day_that_counts, last_april
from shared.benefit_rules.households.household import COSTS, Household, HouseholdError, Member, Residence
from shared.benefit_rules.households.parse import check_days, days_on_assistance
from shared.benefit_rules.households.starts import months_begun
from shared.benefit_rules.law.places import Places
from shared.money_and_time import Month, age_on, first_day, last_day

RELATIONS = ("self", "spouse", "child", "other")
RESIDENCES: tuple[Residence, ...] = get_args(Residence)
SCHOOLS = (None, "primary", "junior_high", "high_school")
DISABILITIES = (None, "a", "b")
MATERNITIES = (None, "under_6_months", "from_6_months", "after_birth")
RADIATIONS = (None, "current", "former")


class MemberColumns(NamedTuple):
    """One cell per member, household after household. Codes are places in the tuples above; ages in years; yen.

    `age` is that of the day which counts for the standard livelihood, `age_in_april` that of the last 1 April, by
    which a child (児童) is one, `age_now` that of the first of the month. `seniority` is the place in the household by
    birth, the eldest 0, and of one day by `id`: where an order of persons matters it is this one. `stay` are the months
    begun since admission to hospital, 0 where the day is not known.
    """

    age: Codes
    age_in_april: Codes
    age_now: Codes
    seniority: Codes
    relation: Codes
    residence: Codes
    stay: Codes
    school: Codes
    disability: Codes
    maternity: Codes
    radiation: Codes
    severe_disability: Flags
    care_by_family: Flags
    care_by_others: Flags
    home_patient: Flags
    lone_parent: Flags
    new_employment: Flags
    spouse_support: Flags
    care_premium: Column
    earned_income: Column
    necessary_expenses: Column
    basic_pension: Column
    pension: Column
    support_from_relatives: Column
    other_income: Column
    occasional_income: Column
    uncounted_income: Column


class HouseholdColumns(NamedTuple):
    """One cell per household.

    `zone` 1–6 (0 unknown), `place` the row of the housing ceilings, `room` 1–3 for small rooms (0 none),
    `days` on assistance (0 the whole month), `ends` where assistance ends in it, the costs to which income left over is
    charged, and whether any was given.
    """

    grade: Codes
    zone: Codes
    place: Codes
    room: Codes
    rent: Column
    special_housing: Flags
    winter_special: Flags
    support: Flags
    starting: Flags
    days: Codes
    ends: Flags
    costs_given: Flags
    care_cost: Column
    medical_cost: Column
    maternity_cost: Column
    occupational_cost: Column
    funeral_cost: Column


@dataclass(frozen=True)
class Batch:
    """Households and members; `begins[i]` is the first member of household i, `begins[-1]` the number of members.

    `ages`: when those who go on receiving grow older in this office.
    """

    households: HouseholdColumns
    members: MemberColumns
    begins: Column
    ages: Ages = "yearly"

    def __len__(self) -> int:
        return len(self.begins) - 1

    def part(self, first: int, end: int) -> "Batch":
        """The households from `first` up to, not including, `end`."""
        low, high = int(self.begins[first]), int(self.begins[end])
        return Batch(
            HouseholdColumns._make(column[first:end] for column in self.households),
            MemberColumns._make(column[low:high] for column in self.members),
            self.begins[first : end + 1] - low,
            self.ages,
        )


_ADMITTED_IN_THE_MONTH = (
    "入院患者日用品費は入院の翌月から給付する。入院した月は在宅の者として入力すること (局長通知 第7-2-(3)-エ)"
)
_NOT_LIVING = "after the month, or over 130 years before"


def counted_members(household: Household) -> tuple[Member, ...]:
    """Who counts in the household: not who is separated (世帯分離); in 支援給付 only self and spouse."""
    members = household.members
    if any(member.separated for member in members):
        members = tuple(member for member in members if not member.separated)
    if household.programme == "support_benefit":
        members = tuple(member for member in members if member.relation in ("self", "spouse"))
    return members


def check(household: Household, places: Places, month: Month) -> None:
    """HouseholdError where the household cannot be assessed in this month."""
    check_days(household, month)
    if not counted_members(household):
        raise HouseholdError(household.id, "impossible", "members", "nobody is left who counts in the household")
    born_to = last_day(month)
    born_from = date(born_to.year - 130, 1, 1)
    for member in household.members:
        if member.admitted is not None:
            _check_admitted(household, member, member.admitted, month)
        if member.birth_date is not None and not born_from <= member.birth_date <= born_to:
            raise HouseholdError(household.id, "impossible", f"members[{member.id}].birth_date", _NOT_LIVING)
    _check_place(household, places)
    if household.prefecture is None and (household.rent > 0 or winter_may_matter(month)):
        raise HouseholdError(household.id, "missing", "prefecture", "winter or rent needs the prefecture")
    if household.rent > 0 and _place(household, places) is None:
        raise HouseholdError(household.id, "figure-refused", "rent", "no ceiling is known for this place")


def _check_admitted(household: Household, member: Member, admitted: date, month: Month) -> None:
    """Who comes to hospital inside the month lives under the standard of a home in it (局長通知 第7-2-(3)-エ)."""
    field = f"members[{member.id}].admitted"
    if admitted > last_day(month):
        raise HouseholdError(household.id, "impossible", field, "lies after the month")
    if member.birth_date is not None and admitted < member.birth_date:
        raise HouseholdError(household.id, "impossible", field, "lies before the birth")
    if admitted >= first_day(month):
        raise HouseholdError(household.id, "contradiction", field, _ADMITTED_IN_THE_MONTH)


def winter_may_matter(month: Month) -> bool:
    """Whether some zone has a winter addition (冬季加算) in the month."""
    return month[5:] not in ("05", "06", "07", "08", "09")


def _check_place(household: Household, places: Places) -> None:
    """A place that is not found, or not given where it matters, is never taken for another one."""
    prefecture, municipality = household.prefecture, household.municipality
    if prefecture is None:
        return
    if municipality is None and household.rent > 0 and places.may_have_own_ceiling(prefecture):
        detail = "a city of the prefecture has ceilings of its own: rent needs the municipality"
        raise HouseholdError(household.id, "missing", "municipality", detail)
    if municipality is not None and places.grade(prefecture, municipality) is None:
        detail = "no municipality of this name in the prefecture"
        raise HouseholdError(household.id, "wrong-value", "municipality", detail)


def make_batch(households: Sequence[Household], places: Places, month: Month, ages: Ages = "yearly") -> Batch:
    """The columns of households that passed check()."""
    units = [counted_members(household) for household in households]
    rows = [
        _household_row(household, len(unit), places, month) for household, unit in zip(households, units, strict=True)
    ]
    first = first_day(month)
    april = last_april(month)
    days = [day_that_counts(month, household.begun(month), ages) for household in households]
    people = [
        _member_row(member, seniority, day, april, first)
        for unit, day in zip(units, days, strict=True)
        for member, seniority in zip(unit, _seniority(unit, april), strict=True)
    ]
    begins = np.array([0, *accumulate(map(len, units))], np.int64)
    return Batch(
        HouseholdColumns(*_columns(rows, HouseholdColumns)),
        MemberColumns(*_columns(people, MemberColumns)),
        begins,
        ages,
    )


_IS_FLAG = {
    of: tuple(kind is Flags for kind in of.__annotations__.values()) for of in (HouseholdColumns, MemberColumns)
}


def _columns(rows: Sequence[tuple[int, ...]], of: type[HouseholdColumns] | type[MemberColumns]) -> list[Any]:
    table = np.ascontiguousarray(np.array(rows, np.int64).reshape(len(rows), len(_IS_FLAG[of])).T)
    flags = table != 0
    return [flags[place] if is_flag else table[place] for place, is_flag in enumerate(_IS_FLAG[of])]


def _place(household: Household, places: Places) -> int | None:
    if household.prefecture is None:
        return None
    return places.housing_row(household.prefecture, household.municipality, household.grade)


def _household_row(household: Household, size: int, places: Places, month: Month) -> tuple[int, ...]:
    place = _place(household, places) if household.rent else None
    costs = [getattr(household, name) for name in COSTS]
    return (
        household.grade,
        places.zone(household.prefecture) if household.prefecture else 0,
        -1 if place is None else place,
        _room(household.floor_area) if size == 1 else 0,
        household.rent,
        household.special_housing,
        household.winter_special,
        household.programme == "support_benefit",
        household.starting,
        days_on_assistance(household, month),
        household.last is not None,
        any(cost is not None for cost in costs),
        *(cost or 0 for cost in costs),
    )


def _room(area: Decimal | None) -> int:
    """Small rooms of a person alone (社援発0414第9号 別記7〜9): 1 to 15 ㎡, 2 to 10 ㎡, 3 to 6 ㎡."""
    if area is None or area > 15:
        return 0
    return 1 if area > 10 else 2 if area > 6 else 3


def _seniority(unit: Sequence[Member], april: date) -> Sequence[int]:
    """The place of each member by birth, then by id. Of who has an age, the last day on which this can be his age."""
    if len(unit) == 1:
        return (0,)
    keys = []
    for member in unit:
        by_age = member.birth_date if member.age is None else date(april.year - member.age, 4, 1)
        keys.append((by_age, member.birth_date or by_age, member.id))
    ranks = {key: rank for rank, key in enumerate(sorted(keys))}
    return [ranks[key] for key in keys]


def _member_row(member: Member, seniority: int, day: date, april: date, first: date) -> tuple[int, ...]:
    if member.age is not None:
        age = age_in_april = age_now = member.age
    else:
        assert member.birth_date is not None
        age_in_april, age_now = age_on(april, member.birth_date), age_on(first, member.birth_date)
        age = age_in_april if day == april else age_on(day, member.birth_date)
    return (
        age,
        age_in_april,
        age_now,
        seniority,
        RELATIONS.index(member.relation),
        RESIDENCES.index(member.residence),
        0 if member.admitted is None else months_begun(member.admitted, first),
        SCHOOLS.index(member.school),
        DISABILITIES.index(member.disability),
        MATERNITIES.index(member.maternity),
        RADIATIONS.index(member.radiation),
        member.severe_disability,
        member.care_by_family,
        member.care_by_others,
        member.home_patient,
        member.lone_parent,
        member.new_employment,
        member.spouse_support,
        member.care_premium,
        member.earned_income,
        member.necessary_expenses,
        member.basic_pension,
        member.pension,
        member.support_from_relatives,
        member.other_income,
        member.occasional_income,
        member.uncounted_income,
    )
