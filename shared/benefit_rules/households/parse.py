"""From the JSON object of one household to a Household; every fault names household, member, field and reason."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from numbers import Real
from typing import Any, TypeAlias, get_args

from shared.benefit_rules.columns import MAX_SIZE
from shared.benefit_rules.households.household import COSTS, Household, HouseholdError, Member, Residence
from shared.benefit_rules.law.places import GRADES, Places
from shared.money_and_time import days_in_month, first_day, last_day, parse_month

Reader: TypeAlias = Callable[[object], Any]

_MAX_YEN = 100_000_000
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text is needed")
    return value


def _yen(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MAX_YEN:
        raise ValueError("a whole number of yen from 0 to 100,000,000 is needed")
    return value


def _age(value: object) -> int:
    if type(value) is not int or not 0 <= value <= 130:
        raise ValueError("a whole number from 0 to 130 is needed")
    return value


def _area(value: object) -> Decimal:
    number = Decimal(str(value)) if isinstance(value, Real | Decimal) and not isinstance(value, bool) else None
    if number is None or not number.is_finite() or not 0 < number < 10_000:
        raise ValueError("square metres above 0 are needed")
    return number


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is needed")
    return value


def _day(value: object) -> date:
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        raise ValueError("a date YYYY-MM-DD is needed")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("there is no such day") from None


def _month(value: object) -> str:
    return parse_month(_text(value))


def _one_of(*allowed: str) -> Reader:
    def read(value: object) -> str:
        if value not in allowed:
            raise ValueError("one of " + ", ".join(allowed) + " is needed")
        return str(value)

    return read


_YEN_KEYS = (
    "care_premium",
    "earned_income",
    "necessary_expenses",
    "basic_pension",
    "pension",
    "support_from_relatives",
    "other_income",
    "occasional_income",
    "uncounted_income",
)
_MEMBER: Mapping[str, Reader] = {
    "id": _text,
    "birth_date": _day,
    "age": _age,
    "relation": _one_of("self", "spouse", "child", "other"),
    "residence": _one_of(*get_args(Residence)),
    "admitted": _day,
    "school": _one_of("primary", "junior_high", "high_school"),
    "disability": _one_of("a", "b"),
    "maternity": _one_of("under_6_months", "from_6_months", "after_birth"),
    "radiation": _one_of("current", "former"),
    **dict.fromkeys(
        (
            "severe_disability",
            "care_by_family",
            "care_by_others",
            "home_patient",
            "lone_parent",
            "new_employment",
            "spouse_support",
            "separated",
        ),
        _flag,
    ),
    **dict.fromkeys(_YEN_KEYS, _yen),
}
_HOUSEHOLD: Mapping[str, Reader] = {
    "id": _text,
    "month": _month,
    "programme": _one_of("public_assistance", "support_benefit"),
    "prefecture": _text,
    "municipality": _text,
    "grade": _one_of(*GRADES),
    "rent": _yen,
    "floor_area": _area,
    "from": _day,
    "to": _day,
    "assistance_since": _day,
    **dict.fromkeys(COSTS, _yen),
    **dict.fromkeys(("special_housing", "winter_special", "starting"), _flag),
}
MEMBER_KEYS, HOUSEHOLD_KEYS = frozenset(_MEMBER), frozenset(_HOUSEHOLD)
"""The keys that are read; `members` stands beside those of the household."""
_NULL_MEANS_NONE = ("birth_date", "age", "school", "disability", "maternity", "radiation", "prefecture", "municipality")
_NULL_ALSO = ("admitted", "grade", "floor_area", "from", "to", "assistance_since", *COSTS)


def read_household(entry: object, places: Places) -> Household:
    """The Household that a JSON object describes; HouseholdError at the first fault."""
    if not isinstance(entry, Mapping):
        raise HouseholdError(None, "wrong-form", None, "a household is a JSON object")
    id_ = entry.get("id") if isinstance(entry.get("id"), str) and entry.get("id") else None
    fields = _read_fields(id_, "", {k: v for k, v in entry.items() if k != "members"}, _HOUSEHOLD)
    for needed in ("id", "month", "members"):
        if needed not in entry:
            raise HouseholdError(id_, "missing", needed, "is required")
    members = _read_members(id_, entry["members"])
    grade = _grade(id_, fields, places)
    days = {"first": fields.pop("from", None), "last": fields.pop("to", None)}
    household = Household(**{**fields, **days, "grade": grade, "members": members})
    check_days(household, household.month)
    return household


def check_days(household: Household, month: str) -> None:
    """HouseholdError where `from` or `to` lies outside the month, `to` before `from`, or assistance begins later."""
    if household.assistance_since is not None:
        _check_since(household, household.assistance_since, month)
    if household.first is None and household.last is None:
        return
    first, last = household.first or first_day(month), household.last or last_day(month)
    if not first_day(month) <= first <= last_day(month):
        raise HouseholdError(household.id, "impossible", "from", "lies outside the month")
    if not first <= last <= last_day(month):
        raise HouseholdError(household.id, "impossible", "to", "lies outside the month, or before from")


def _check_since(household: Household, since: date, month: str) -> None:
    if since > last_day(month):
        raise HouseholdError(household.id, "impossible", "assistance_since", "lies after the month")
    if since > (household.first or household.last or since):
        raise HouseholdError(household.id, "contradiction", "assistance_since", "lies after the first day assessed")
    if household.starting and since < (household.first or first_day(month)):
        detail = "what starts in this month was not going on before"
        raise HouseholdError(household.id, "contradiction", "assistance_since", detail)


def days_on_assistance(household: Household, month: str) -> int:
    """How many days of the month the household is on assistance, 0 for the whole month."""
    if household.first is None and household.last is None:
        return 0
    first, last = household.first or first_day(month), household.last or last_day(month)
    days = (last - first).days + 1
    return 0 if days == days_in_month(month) else days


def _read_fields(
    id_: str | None, path: str, entry: Mapping[str, object], readers: Mapping[str, Reader]
) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, value in entry.items():
        reader = readers.get(key)
        if reader is None:
            raise HouseholdError(id_, "unknown-key", path + str(key)[:40], "no such key")
        if value is None and (key in _NULL_MEANS_NONE or key in _NULL_ALSO):
            continue
        try:
            fields[key] = reader(value)
        except ValueError as error:
            raise HouseholdError(id_, "wrong-value", path + key, str(error)) from None
    return fields


def _read_members(id_: str | None, entries: object) -> tuple[Member, ...]:
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_SIZE:
        raise HouseholdError(id_, "wrong-value", "members", f"a list of 1 to {MAX_SIZE} members is needed")
    read: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping):
            raise HouseholdError(id_, "wrong-form", f"members[{number}]", "a member is a JSON object")
        name = entry.get("id") if isinstance(entry.get("id"), str) else None
        path = f"members[{name or number}]."
        fields = _read_fields(id_, path, entry, _MEMBER)
        if "id" not in fields:
            raise HouseholdError(id_, "missing", path + "id", "is required")
        if fields["id"] in seen:
            raise HouseholdError(id_, "repeated", path + "id", "another member has the same id")
        if "age" not in fields and "birth_date" not in fields:
            raise HouseholdError(id_, "missing", path + "birth_date", "birth_date or age is required")
        seen.add(fields["id"])
        read.append(fields)
    members = [Member(**{"relation": _relation_left_out(read), **fields}) for fields in read]
    _check_relations(id_, members)
    return tuple(members)


def _relation_left_out(read: list[dict[str, Any]]) -> str:
    """Who has no relation is self where nobody else can be, else other, whatever the order of the members."""
    named = [fields.get("relation") for fields in read]
    return "self" if named.count(None) == 1 and "self" not in named else "other"


def _check_relations(id_: str | None, members: list[Member]) -> None:
    for relation in ("self", "spouse"):
        several = [member.id for member in members if member.relation == relation]
        if len(several) > 1:
            raise HouseholdError(id_, "contradiction", f"members[{several[1]}].relation", f"a second {relation}")
    for member in members:
        if member.admitted is not None and member.residence != "hospital":
            detail = "the day of admission belongs to who is in hospital"
            raise HouseholdError(id_, "contradiction", f"members[{member.id}].admitted", detail)
    lone = [member.id for member in members if member.lone_parent]
    if len(lone) > 1:
        raise HouseholdError(id_, "contradiction", f"members[{lone[1]}].lone_parent", "a second lone parent")


def _grade(id_: str | None, fields: dict[str, Any], places: Places) -> int:
    """The grade as given, or that of prefecture and municipality; both must agree where both are known."""
    prefecture, municipality = fields.get("prefecture"), fields.get("municipality")
    if prefecture is not None and not places.is_prefecture(prefecture):
        raise HouseholdError(id_, "wrong-value", "prefecture", "not the name of a prefecture")
    if municipality is not None and prefecture is None:
        raise HouseholdError(id_, "missing", "prefecture", "a municipality needs its prefecture")
    listed = places.grade(prefecture, municipality) if prefecture and municipality else None
    written = fields.pop("grade", None)
    if written is None and listed is None:
        named = municipality is not None
        detail = "no municipality of this name in the prefecture" if named else "grade, or prefecture and municipality"
        raise HouseholdError(id_, "missing", "municipality" if named else "grade", detail)
    if written is not None and listed is not None and GRADES.index(written) != listed:
        raise HouseholdError(id_, "contradiction", "grade", "the municipality has another grade")
    return GRADES.index(written) if written is not None else int(listed or 0)
