"""Places: the grade (級地) of a municipality, the winter zone of a prefecture, the row of the housing ceilings."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

_WARD = re.compile(r"[^市区\s0-9０-９]{1,5}区")
_COUNTY = re.compile(r".+郡(?=..*[町村]$)")
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_KEPT = 8_192
"""Ways of writing that are remembered; a ward has a few hundred, an input of nonsense any number."""
GRADES = ("1級地-1", "1級地-2", "2級地-1", "2級地-2", "3級地-1", "3級地-2")


class Places:
    """Looks up by prefecture and municipality together; a name of a municipality alone is not enough.

    A municipality is found as registers write it: with old or new characters, variation selectors, ヶ or ケ, blanks,
    with its prefecture or 郡 before it, or as a ward of a designated city. Where two may be meant none is found.
    """

    def __init__(self, data: Mapping[str, Any], housing: Sequence[str]) -> None:
        self._zones: Mapping[str, int] = data["winter_zone"]
        self._characters: Mapping[int, str] = str.maketrans(data["characters"])
        self._grades = {
            (prefecture, municipality): GRADES.index(grade)
            for prefecture, grades in data["grade_of_municipality"].items()
            for grade, municipalities in grades.items()
            for municipality in municipalities
        }
        self._by_absence = {
            (prefecture, municipality)
            for prefecture, municipalities in data["others"].items()
            for municipality in municipalities
        }
        self._named = self._by_plain_name((*self._grades, *self._by_absence))
        self._with_wards: Mapping[str, Mapping[str, str]] = {
            prefecture: {self._plain(city): city for city in cities}
            for prefecture, cities in data["designated_cities"].items()
        }
        self._housing = {place: row for row, place in enumerate(housing)}
        self._with_own_ceiling = {place.split(" ")[0] for place in housing if not place.endswith("級地")}
        self.official = lru_cache(_KEPT)(self._official)
        """The municipality as the lists write it, None where none or more than one is meant."""

    def _by_plain_name(self, listed: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
        named: dict[tuple[str, str], list[str]] = {}
        for prefecture, municipality in listed:
            named.setdefault((prefecture, self._plain(municipality)), []).append(municipality)
        return named

    def _official(self, prefecture: str, municipality: str) -> str | None:
        if (prefecture, municipality) in self._grades or (prefecture, municipality) in self._by_absence:
            return municipality
        plain = self._plain(municipality).removeprefix(self._plain(prefecture))
        for name in (plain, _COUNTY.sub("", plain)):
            if listed := self._named.get((prefecture, name)):
                return listed[0] if len(listed) == 1 else None
        for name, city in self._with_wards.get(prefecture, {}).items():
            if plain.startswith(name) and _WARD.fullmatch(plain.removeprefix(name)):
                return city
        return None

    def _plain(self, name: str) -> str:
        """Without what registers write in more than one way."""
        composed = _VARIATION_SELECTORS.sub("", unicodedata.normalize("NFKC", name))
        return "".join(composed.split()).translate(self._characters)

    def is_prefecture(self, prefecture: str) -> bool:
        """True for the 47 names as they are officially written (東京都, 北海道, …)."""
        return prefecture in self._zones

    def grade(self, prefecture: str, municipality: str) -> int | None:
        """0 (1級地-1) to 5; 5 for one of all municipalities that the list of grades does not name; else None."""
        official = self.official(prefecture, municipality)
        if official is None:
            return None
        return self._grades.get((prefecture, official), 5)

    def is_by_absence(self, prefecture: str, municipality: str) -> bool:
        """True where the grade is 3級地-2 only because the list of grades does not name the municipality."""
        return (prefecture, self.official(prefecture, municipality)) in self._by_absence

    def zone(self, prefecture: str) -> int:
        """1 (Ⅰ区) to 6 (Ⅵ区)."""
        return self._zones[prefecture]

    def housing_row(self, prefecture: str, municipality: str | None, grade: int) -> int | None:
        """The row of the housing ceilings: a city with ceilings of its own, else prefecture and 級地."""
        official = self.official(prefecture, municipality) if municipality else None
        own = self._housing.get(f"{prefecture} {official}") if official else None
        return own if own is not None else self._housing.get(_place(prefecture, grade))

    def may_have_own_ceiling(self, prefecture: str) -> bool:
        """True where some city of the prefecture has ceilings of its own, so that the municipality matters."""
        return prefecture in self._with_own_ceiling


def _place(prefecture: str, grade: int) -> str:
    return f"{prefecture} {grade // 2 + 1}級地"
