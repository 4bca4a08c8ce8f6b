"""A household as an officer describes it for one month. Yen are of that month; codes are those of `assess`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from shared.money_and_time import Month, first_day

Programme: TypeAlias = Literal["public_assistance", "support_benefit"]
Relation: TypeAlias = Literal["self", "spouse", "child", "other"]
Residence: TypeAlias = Literal[
    "home",
    "hospital",
    "care_home",
    "rescue_facility",
    "rehabilitation_facility",
    "free_low_cost_lodging",
    "daily_life_support_housing",
]
School: TypeAlias = Literal["primary", "junior_high", "high_school"]
Maternity: TypeAlias = Literal["under_6_months", "from_6_months", "after_birth"]


COSTS = ("care_cost", "medical_cost", "maternity_cost", "occupational_cost", "funeral_cost")
"""What income left over is charged to, in the order of 次官通知 第10."""


class HouseholdError(Exception):
    """A household that cannot be assessed. `detail` never repeats a value of the input.

    `field` is the path of what is wrong ("rent", "members[m1].birth_date"), or None for the whole.
    """

    def __init__(self, household: str | None, type_: str, field: str | None, detail: str) -> None:
        super().__init__(f"{household}: {type_}: {field}: {detail}")
        self.household = household
        self.type = type_
        self.field = field
        self.detail = detail

    @property
    def of_a_figure(self) -> bool:
        """Whether a figure of the standards is not known, named by its series, and nothing is wrong with the entry."""
        return self.type == "figure-refused" and "." in (self.field or "")

    def to_json(self) -> dict[str, object]:
        """The shape of a refused household in the output of `assess`."""
        return {"id": self.household, "error": {"type": self.type, "field": self.field, "detail": self.detail}}


@dataclass(frozen=True, slots=True)
class Member:
    """One person. `age`, where given, stands for the age on 1 April of the fiscal year and wins over `birth_date`.

    `residence` hospital or care home means for longer than one calendar month (局長通知 第7-2-(3)).
    `admitted` is the day, before the month, on which who is in hospital came there, None where it is not known.
    `separated` (世帯分離) leaves the person out of the unit. `uncounted_income` is income that is not counted.
    """

    id: str
    birth_date: date | None = None
    age: int | None = None
    relation: Relation = "self"
    residence: Residence = "home"
    admitted: date | None = None
    school: School | None = None
    disability: Literal["a", "b"] | None = None
    severe_disability: bool = False
    care_by_family: bool = False
    care_by_others: bool = False
    maternity: Maternity | None = None
    home_patient: bool = False
    radiation: Literal["current", "former"] | None = None
    care_premium: int = 0
    lone_parent: bool = False
    earned_income: int = 0
    necessary_expenses: int = 0
    new_employment: bool = False
    basic_pension: int = 0
    pension: int = 0
    support_from_relatives: int = 0
    other_income: int = 0
    occasional_income: int = 0
    uncounted_income: int = 0
    spouse_support: bool = False
    separated: bool = False


@dataclass(frozen=True, slots=True)
class Household:
    """One household in one month. `grade` is 0 (1級地-1) to 5 (3級地-2).

    `first`, `last`: the days on assistance inside the month, for the daily proration, None for the whole month.
    `starting` asks for the test of need at the start (要否判定). Income left over is charged to the costs in the order
    of COSTS (介護, 医療, 出産, 生業, 葬祭); where none is given, all of it is called co-payment.
    `assistance_since` is the day since when assistance goes on, None where it is not known.
    `winter_special`: the special winter standard (who cannot go out, or a child before the first birthday).
    """

    id: str
    month: Month
    members: tuple[Member, ...]
    grade: int
    programme: Programme = "public_assistance"
    prefecture: str | None = None
    municipality: str | None = None
    rent: int = 0
    floor_area: Decimal | None = None
    special_housing: bool = False
    winter_special: bool = False
    first: date | None = None
    last: date | None = None
    starting: bool = False
    assistance_since: date | None = None
    care_cost: int | None = None
    medical_cost: int | None = None
    maternity_cost: int | None = None
    occupational_cost: int | None = None
    funeral_cost: int | None = None

    def begun(self, month: Month) -> date | None:
        """The day on which assistance began, None where it is not known."""
        if self.assistance_since is None and self.starting:
            return self.first or first_day(month)
        return self.assistance_since
