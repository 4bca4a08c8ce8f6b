"""The layout of a ward's own CSV files for households and their members; docs/data/ describes it for people.

Every field of ``assess`` is a column; an empty cell means the default. Columns are grouped into the facts under which
the office records them: each fact has its own history.
"""

from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.assistance import PROGRAMMES

Form = Literal["text", "kana", "digits", "date", "yen", "flag", "choice", "area", "staff"]


@dataclass(frozen=True, slots=True)
class WardColumn:
    """One column: ``size`` is the greatest length of text or the number of digits; ``fact`` None is a key column."""

    name: str
    form: Form
    fact: str | None = None
    required: bool = False
    size: int = 0
    choices: tuple[str, ...] = ()


HOUSEHOLDS_FILE: Final = "households.csv"
MEMBERS_FILE: Final = "members.csv"
GRADES: Final = ("1級地-1", "1級地-2", "2級地-1", "2級地-2", "3級地-1", "3級地-2")
RESIDENCES: Final = (
    "home",
    "hospital",
    "care_home",
    "rescue_facility",
    "rehabilitation_facility",
    "free_low_cost_lodging",
    "daily_life_support_housing",
)
AT_HOME_STANDARD: Final = ("home", "free_low_cost_lodging", "daily_life_support_housing")
"""Residences whose people live under the standard of a home (居宅基準)."""

HOUSEHOLDS: Final = (
    WardColumn("case_no", "digits", required=True, size=8),
    WardColumn("programme", "choice", required=True, choices=PROGRAMMES),
    WardColumn("prefecture", "text", "home", size=4),
    WardColumn("municipality", "text", "home", size=40),
    WardColumn("grade", "choice", "home", choices=GRADES),
    WardColumn("rent", "yen", "home"),
    WardColumn("floor_area", "area", "home"),
    WardColumn("special_housing", "flag", "home"),
    WardColumn("from", "date"),
    WardColumn("to", "date"),
    WardColumn("district", "digits", "charge", size=2),
    WardColumn("caseworker", "staff", "charge", size=64),
)

MEMBERS: Final = (
    WardColumn("case_no", "digits", required=True, size=8),
    WardColumn("person_no", "digits", required=True, size=10),
    WardColumn("name", "text", "resident", required=True, size=100),
    WardColumn("kana", "kana", "resident", required=True, size=100),
    WardColumn("foreign", "flag", "resident"),
    WardColumn("birth_date", "date", "person", required=True),
    WardColumn("relation", "choice", "person", required=True, choices=("self", "spouse", "child", "other")),
    WardColumn("residence", "choice", "person", choices=RESIDENCES),
    WardColumn("school", "choice", "person", choices=("primary", "junior_high", "high_school")),
    WardColumn("disability", "choice", "person", choices=("a", "b")),
    WardColumn("maternity", "choice", "person", choices=("under_6_months", "from_6_months", "after_birth")),
    WardColumn("home_patient", "flag", "person"),
    WardColumn("radiation", "choice", "person", choices=("current", "former")),
    WardColumn("care_premium", "yen", "person"),
    WardColumn("lone_parent", "flag", "person"),
    WardColumn("earned_income", "yen", "income"),
    WardColumn("necessary_expenses", "yen", "income"),
    WardColumn("new_employment", "flag", "income"),
    WardColumn("basic_pension", "yen", "income"),
    WardColumn("pension", "yen", "income"),
    WardColumn("support_from_relatives", "yen", "income"),
    WardColumn("other_income", "yen", "income"),
)
BY_HAND: Final = (
    *(column for column in HOUSEHOLDS if column.fact == "home"),
    WardColumn("winter_special", "flag", "home"),
    *(
        WardColumn(f"{cost}_cost", "yen", "home")
        for cost in ("care", "medical", "maternity", "occupational", "funeral")
    ),
    *(column for column in MEMBERS if column.fact in ("person", "income")),
    WardColumn("admitted", "date", "person"),
    *(WardColumn(name, "flag", "person") for name in ("severe_disability", "care_by_family", "care_by_others")),
    *(WardColumn(name, "flag", "person") for name in ("spouse_support", "separated")),
    *(WardColumn(name, "yen", "income") for name in ("occasional_income", "uncounted_income")),
)
"""What staff record of a case by hand, one fact at a time: every key of ``assess``, also those that no file has."""
