"""Places: the grade (級地) of a municipality, the winter zone of a prefecture, the row of the housing ceilings."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_WARD = re.compile(r"[^市区\s0-9０-９]{1,5}区")
GRADES = ("1級地-1", "1級地-2", "2級地-1", "2級地-2", "3級地-1", "3級地-2")


class Places:
    """Looks up by prefecture and municipality together; a name of a municipality alone is not enough."""

    def __init__(self, data: Mapping[str, Any], housing: Sequence[str], special: Sequence[str]) -> None:
        self._zones: Mapping[str, int] = data["winter_zone"]
        self._grades = {
            (prefecture, _plain(municipality)): GRADES.index(grade)
            for prefecture, grades in data["grade_of_municipality"].items()
            for grade, municipalities in grades.items()
            for municipality in municipalities
        }
        self._by_absence = {
            (prefecture, _plain(municipality))
            for prefecture, municipalities in data["others"].items()
            for municipality in municipalities
        }
        self._also_written: Mapping[str, Mapping[str, str]] = data["also_written"]
        self._with_wards: Mapping[str, Sequence[str]] = data["designated_cities"]
        self._housing = {place: row for row, place in enumerate(housing)}
        self._special = {place: row for row, place in enumerate(special)}
        self._with_own_ceiling = {place.split(" ")[0] for place in housing if not place.endswith("級地")}

    def is_prefecture(self, prefecture: str) -> bool:
        """True for the 47 names as they are officially written (東京都, 北海道, …)."""
        return prefecture in self._zones

    def grade(self, prefecture: str, municipality: str) -> int | None:
        """0 (1級地-1) to 5; 5 for one of all municipalities that the list of grades does not name; else None."""
        grade = self._grades.get((prefecture, _plain(self._listed(prefecture, municipality))))
        return 5 if grade is None and self.is_by_absence(prefecture, municipality) else grade

    def _listed(self, prefecture: str, municipality: str) -> str:
        """As the lists write it: a ward of a designated city (横浜市西区) is that city."""
        for city in self._with_wards.get(prefecture, ()):
            if municipality.startswith(city) and _WARD.fullmatch(municipality.removeprefix(city)):
                return city
        return self._also_written.get(prefecture, {}).get(municipality, municipality)

    def is_by_absence(self, prefecture: str, municipality: str) -> bool:
        """True where the grade is 3級地-2 only because the list of grades does not name the municipality."""
        return (prefecture, _plain(municipality)) in self._by_absence

    def zone(self, prefecture: str) -> int:
        """1 (Ⅰ区) to 6 (Ⅵ区)."""
        return self._zones[prefecture]

    def housing_row(self, prefecture: str, municipality: str | None, grade: int) -> int | None:
        """The row of the ordinary ceilings: a city with ceilings of its own, else prefecture and 級地."""
        listed = self._listed(prefecture, municipality) if municipality else None
        own = self._housing.get(f"{prefecture} {listed}") if listed else None
        return own if own is not None else self._housing.get(_place(prefecture, grade))

    def special_row(self, prefecture: str, grade: int) -> int:
        """The row of the special and small-room ceilings; the last one holds no figure."""
        return self._special.get(_place(prefecture, grade), len(self._special))

    def may_have_own_ceiling(self, prefecture: str) -> bool:
        """True where some city of the prefecture has ceilings of its own, so that the municipality matters."""
        return prefecture in self._with_own_ceiling


def _plain(municipality: str) -> str:
    """鎌ヶ谷市 and 鎌ケ谷市 are written either way."""
    return municipality.replace("ヶ", "ケ")


def _place(prefecture: str, grade: int) -> str:
    return f"{prefecture} {grade // 2 + 1}級地"
