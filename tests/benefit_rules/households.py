"""Invented households for the tests, by hand and by hypothesis."""

from typing import Any

from hypothesis import strategies as st

from shared.benefit_rules import Assessment, assess, load_standards, parse_household

STANDARDS = load_standards()
_WINTER_AWAY = {"from": "2026-10-01", "to": None, "trust": "confirmed", "source": "invented", "values": [1_000] * 6}
KNOWN_WINTER = load_standards(
    {
        "series": {
            name: {"periods": [_WINTER_AWAY]}
            for name in ("institution.winter.hospital", "institution.winter.care_home", "institution.facility_winter")
        }
    }
)
"""The standards as they will be when the winter addition of who is away is known: here an invented 1,000 yen."""


def member(id_: str = "m1", **fields: Any) -> dict[str, Any]:
    """A person of 46 at home, alone unless told otherwise."""
    entry: dict[str, Any] = {"id": id_, **fields}
    if "birth_date" not in fields:
        entry.setdefault("age", 46)
    return entry


def household(*members: dict[str, Any], month: str = "2026-10", **fields: Any) -> dict[str, Any]:
    """A household in 新宿区."""
    place = {"prefecture": "東京都", "municipality": "新宿区"}
    return {"id": "h1", "month": month, **place, "members": list(members) or [member()], **fields}


def assessed(*members: dict[str, Any], month: str = "2026-10", **fields: Any) -> Assessment:
    """The assessment of household(…); fails the test when it is refused."""
    found = assess([parse_household(household(*members, month=month, **fields))], STANDARDS, month)[0]
    assert isinstance(found, Assessment), found
    return found


def yen(found: Assessment, kind: str, member_id: str | None = None) -> int:
    """Σ of the lines of a kind."""
    return sum(line.yen for line in found.lines if line.kind == kind and member_id in (None, line.member))


AWAY = ("hospital", "care_home", "rescue_facility", "rehabilitation_facility")
LODGINGS = ("free_low_cost_lodging", "daily_life_support_housing")
_amounts = st.integers(0, 200_000)


@st.composite
def people(draw: st.DrawFn, place: int, may_be_away: bool) -> dict[str, Any]:
    """One member; the first is the head."""
    relation = (
        "self"
        if place == 0
        else draw(st.sampled_from(["child", "other", "spouse"] if place == 1 else ["child", "other"]))
    )
    age = draw(st.integers(18 if relation in ("self", "spouse") else 0, 100))
    entry: dict[str, Any] = {"id": f"m{place + 1}", "age": age, "relation": relation}
    if draw(st.booleans()):
        entry["earned_income"] = draw(_amounts)
        entry["new_employment"] = draw(st.booleans())
    if draw(st.booleans()):
        entry["necessary_expenses"] = draw(st.integers(0, 20_000))
    for key in ("basic_pension", "pension", "support_from_relatives", "other_income", "occasional_income"):
        if draw(st.integers(0, 4)) == 0:
            entry[key] = draw(_amounts)
    if draw(st.integers(0, 4)) == 0:
        entry["disability"] = draw(st.sampled_from(["a", "b"]))
    elif may_be_away and draw(st.integers(0, 6)) == 0:
        entry["residence"] = draw(st.sampled_from([*AWAY, *LODGINGS]))
    if 6 <= age <= 17:
        entry["school"] = "primary" if age < 12 else "junior_high" if age < 15 else "high_school"
    return entry


def _children_of(parent: dict[str, Any], members: list[dict[str, Any]]) -> int:
    relations = ("child", "other") if parent["relation"] in ("self", "spouse") else ("other",)
    return sum(
        person["age"] <= (19 if "disability" in person else 17)
        for person in members
        if person is not parent and person["relation"] in relations
    )


@st.composite
def households(
    draw: st.DrawFn,
    months: tuple[str, ...] = ("2026-10", "2026-12", "2027-02"),
    largest: int = 6,
    away: tuple[str, ...] = ("2026-10",),
) -> dict[str, Any]:
    """A household of 1 to `largest` persons that the tables of these months can assess.

    Somebody may live elsewhere in the months of `away`; in winter that is refused but in a lodging.
    """
    size, month = draw(st.integers(1, largest)), draw(st.sampled_from(months))
    members = [draw(people(place, month in away)) for place in range(size)]
    home = sum(person.get("residence") not in AWAY for person in members)
    entry = household(*members, month=month, rent=draw(st.integers(0, 90_000)))
    parent = draw(st.sampled_from(members))
    table_known = home < 3 or _children_of(parent, members) != 1
    if size > 1 and table_known and draw(st.integers(0, 3)) == 0 and "residence" not in parent:
        parent["lone_parent"] = True
    if draw(st.integers(0, 3)) == 0:
        entry["from"] = f"{entry['month']}-{draw(st.integers(1, 28)):02d}"
    if draw(st.integers(0, 5)) == 0:
        entry["to"] = f"{entry['month']}-28"
    if draw(st.integers(0, 5)) == 0:
        entry["programme"] = "support_benefit"
    if all(person.get("residence") in AWAY[1:] for person in members if person["relation"] in ("self", "spouse")):
        entry["rent"] = 0  # for how long a rent is met there was never read
    return entry
