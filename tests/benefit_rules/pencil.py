"""The law of 2026-10 in 新宿区 as an officer would do it with a pencil: plain loops, figures written out, no columns.

It shares nothing with the rules but the households, so that an error would have to be made twice.
"""

from calendar import monthrange
from typing import Any

CLASS1 = ((3, 44_580), (6, 44_580), (12, 46_460), (18, 49_270), (65, 46_930), (75, 46_460), (999, 39_890))
CLASS2 = (27_790, 38_060, 44_730, 48_900, 49_180, 55_650)
PERCENT = (100, 87, 75, 66, 59, 58)
TRANSITIONAL = {  # by the first age of the band, persons 1 to 6
    0: (0, 0, 0, 0, 840, 0),
    3: (0, 0, 0, 0, 0, 0),
    6: (0, 0, 0, 0, 0, 0),
    12: (0, 0, 0, 730, 2_310, 1_780),
    18: (0, 0, 790, 2_270, 3_690, 3_130),
    20: (0, 0, 0, 740, 2_230, 1_680),
    41: (20, 0, 0, 0, 560, 0),
    60: (0, 0, 0, 0, 0, 0),
    65: (130, 0, 0, 0, 0, 0),
    70: (0, 0, 0, 0, 0, 0),
    75: (1_720, 0, 0, 0, 130, 0),
}
WINTER = (2_630, 3_730, 4_240, 4_580, 4_710, 5_010)
YEAR_END = (14_500, 23_640, 24_360, 27_410, 28_560, 32_490)
RENT = (53_700, 64_000, 69_800, 69_800, 69_800, 75_000)
FULL_BASIC_PENSION = {"born to 1956-04-01": 70_408, "born later": 70_608}
COSTS = ("care_cost", "medical_cost", "maternity_cost", "occupational_cost", "funeral_cost")
PUPIL = {"primary": 3_400, "junior_high": 5_300, "high_school": 7_300}

Person = dict[str, Any]


def payable(entry: dict[str, Any]) -> int | None:
    """Yen payable to a household of 1 to 6 persons in a month from 2026-10 to 2027-03.

    None where no pencil can say it: the winter addition of who is in hospital, care home or facility was never read.
    """
    supported = entry.get("programme") == "support_benefit"
    of_unit = [one for one in entry["members"] if not supported or one["relation"] in ("self", "spouse")]
    people = [{**person, **_ages(person, entry)} for person in of_unit]
    month = int(entry["month"][5:])
    if month in (11, 12, 1, 2, 3) and not all(_at_home(person) for person in people):
        return None
    whole = _livelihood_at_home(people, month) + _away(people) + _additions(people)
    of = monthrange(int(entry["month"][:4]), month)[1]
    first, last = (int(entry[key][8:]) if key in entry else day for key, day in (("from", 1), ("to", of)))
    prorated = whole * (last - first + 1) // of
    home = sum(map(_at_home, people))
    goes_on_into_january = month == 12 and "to" not in entry
    need = prorated + (YEAR_END[home - 1] if goes_on_into_january and home else 0)
    need += min(
        int(entry["rent"]),
        RENT[max(1, sum(_at_home(person) or person["residence"] == "hospital" for person in people)) - 1],
    )
    need += sum(PUPIL.get(str(one.get("school")), 0) for one in people)
    income = _income_of_support(people) if supported else _income(people)
    if entry.get("starting"):
        not_counted = 0 if supported else _basic_deduction(people) - _basic_deduction(people) * 7 // 10
        of_whole_month = need - prorated + whole
        if income + not_counted >= of_whole_month + sum(int(entry.get(cost) or 0) for cost in COSTS):
            return 0
    return max(0, need - income)


def _ages(person: Person, entry: dict[str, Any]) -> Person:
    """Of who goes on the age of 1 April, of who began since then that of the first day; a child is one by 1 April."""
    if "age" in person:
        return {"in_april": person["age"], "now": person["age"]}
    year, month = int(entry["month"][:4]), int(entry["month"][5:])
    april = f"{year if month > 3 else year - 1}-04-01"
    first = f"{entry['month']}-01"
    start = entry.get("assistance_since") or (entry.get("from", first) if entry.get("starting") else april)
    days = {"age": start if start > april else april, "in_april": april, "now": first}
    return {name: _birthdays(person["birth_date"], day) for name, day in days.items()}


def _birthdays(born: str, day: str) -> int:
    """Birthdays up to the day, which is one of them itself."""
    return sum(f"{year}{born[4:]}" <= day for year in range(int(born[:4]) + 1, int(day[:4]) + 1))


def _livelihood_at_home(people: list[Person], month: int) -> int:
    home = [person["age"] for person in people if _at_home(person)]
    if not home:
        return 0
    size = len(home) - 1
    first = sum(next(yen for below, yen in CLASS1 if age < below) for age in home) * PERCENT[size] // 100
    rounded = first if first % 10 == 0 else first + 10 - first % 10
    extra = sum(TRANSITIONAL[max(start for start in TRANSITIONAL if start <= age)][size] for age in home)
    return rounded + CLASS2[size] + 2_500 * len(home) + extra + (WINTER[size] if month in (11, 12, 1, 2, 3) else 0)


def _away(people: list[Person]) -> int:
    total = 0
    for one in people:
        if one.get("residence") == "hospital":
            total += 23_670 + 1_000
        if one.get("residence") == "care_home":
            total += 10_120 + 10_120 + 1_000
        if one.get("residence") == "rescue_facility":
            total += 65_680 + 2_500
        if one.get("residence") == "rehabilitation_facility":
            total += 69_590 + 2_500
    return total


def _at_home(person: Person) -> bool:
    """Under the standard of a home: also in 無料低額宿泊所 and 日常生活支援住居施設."""
    return person.get("residence") in (None, "free_low_cost_lodging", "daily_life_support_housing")


def _additions(people: list[Person]) -> int:
    young = [one for one in people if one["in_april"] <= 17 and one["relation"] in ("child", "other")]
    children = len(young)
    small_or_third = [
        one
        for number, one in enumerate(
            sorted(young, key=lambda child: (-child["in_april"], child.get("birth_date", ""), child["id"])), start=1
        )
        if (one["now"] < 3 and (len(people) > 3 or one.get("residence") == "hospital"))
        or (number >= 3 and one["now"] >= 3 and one["in_april"] <= 11)
    ]
    total = 10_190 * children
    for one in people:
        own = {"a": 27_460, "b": 18_300}.get(one.get("disability", ""), 0)
        if one in small_or_third:
            total += 4_330
        total += _lone_parent(people, own) if one.get("lone_parent") else own
    return total


def _lone_parent(people: list[Person], own: int) -> int:
    """What a lone parent has of 母子加算 and the `own` 障害者加算: the amount for one child is compared (第2章 9)."""
    (parent,) = (person for person in people if person.get("lone_parent"))
    relations = ("child", "other") if parent["relation"] in ("self", "spouse") else ("other",)
    brought_up = [
        person
        for person in people
        if person is not parent
        if person["relation"] in relations
        and (person["in_april"] <= 17 or (person.get("disability") and person["now"] < 20))
    ]
    if not brought_up:
        return own
    for_one, for_all = 18_800, (18_800, 23_600, 26_500, 29_400, 32_300)[len(brought_up) - 1]
    return max(own, for_one) + for_all - for_one


def _income(people: list[Person]) -> int:
    total = _other_income(people)
    total += sum(_left_of_pensions(person, _pensions(person)) for person in people)
    return total + _left_of_earnings(people, _first_earner(people))


def _first_earner(people: list[Person]) -> int:
    """The place of who leaves least of the earnings by being first; of equal ones who earns most."""
    return min(range(len(people)), key=lambda first: (_left_of_earnings(people, first), -_gross(people[first])))


def _basic_deduction(people: list[Person]) -> int:
    first = _first_earner(people)
    gross = [_gross(person) for person in people]
    return sum(min(_first(yen) if place == first else _further(yen), yen) for place, yen in enumerate(gross))


def _gross(person: Person) -> int:
    return _yen(person, "earned_income")


def _pensions(person: Person) -> int:
    return _yen(person, "basic_pension") + _yen(person, "pension")


def _left_of_pensions(person: Person, counted: int) -> int:
    """Less the necessary expenses that are more than the person's earnings."""
    return max(0, counted - max(0, _yen(person, "necessary_expenses") - _yen(person, "earned_income")))


def _left_of_earnings(people: list[Person], first: int) -> int:
    """What is left of the earnings when the person at this place is the first earner."""
    total = 0
    with_others = any(one["relation"] == "other" for one in people)
    for number, one in enumerate(people):
        gross = _yen(one, "earned_income")
        deducted = _first(gross) if number == first else _further(gross)
        deducted += 12_900 if one.get("new_employment") else 0
        if one["now"] < 20 and (with_others or one["relation"] not in ("self", "spouse")):
            deducted += 11_900
        total += max(0, gross - deducted - _yen(one, "necessary_expenses"))
    return total


def _income_of_support(people: list[Person]) -> int:
    total = _other_income(people)
    for one in people:
        full = FULL_BASIC_PENSION["born to 1956-04-01" if one["in_april"] >= 70 else "born later"]
        counted = _yen(one, "pension") + max(0, _yen(one, "basic_pension") - full)
        total += _left_of_pensions(one, counted - counted * 3 // 10)
        gross = _yen(one, "earned_income")
        total += max(0, gross - _yen(one, "necessary_expenses") - gross * 3 // 10)
    return total


def _other_income(people: list[Person]) -> int:
    regular = sum(_yen(one, "support_from_relatives") + _yen(one, "other_income") for one in people)
    return regular + max(0, sum(_yen(one, "occasional_income") for one in people) - 8_000)


def _yen(one: Person, key: str) -> int:
    return int(one.get(key, 0))


def _first(gross: int) -> int:
    return gross if gross < 15_200 else 15_200 if gross < 19_000 else 15_600 + (gross - 19_000) // 4_000 * 400


def _further(gross: int) -> int:
    return min(gross, 15_000) if gross < 43_000 else 15_300 + (gross - 43_000) // 4_000 * 340
