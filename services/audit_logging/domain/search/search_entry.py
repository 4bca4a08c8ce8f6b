"""What an entry can be found by: everybody and everything that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
LOOK, REFUSAL = "look.v1", "refusal.v1"
_NAMED = {"case_no": "case", "other_case_no": "case", "person_no": "person", "run_id": "run"}
_STAFF = frozenset({"proposer", "approver", "treasurer", "reviewer", "person", "stands_in_for", "concerned"})
_NO_SUBJECT = ("look:", "refusal")
MOST_CHARACTERS: Final = 200
"""How long a word in the index is at most: a longer one would not fit into a page of it."""
_HASH_CHARACTERS: Final = 64


@dataclass(frozen=True)
class SearchEntry:
    """One entry as the index keeps it; `cases` is how many cases it names."""

    index: int
    at: datetime
    producer: str
    stream: str
    type: str
    what: str
    actor: str
    correlation: str
    break_glass: str
    subjects: tuple[str, ...]

    @property
    def day(self) -> date:
        """The Asia/Tokyo date."""
        return self.at.astimezone(TOKYO).date()

    @property
    def cases(self) -> int:
        """How many cases it names: a look at a list names many."""
        return sum(subject.startswith("case:") for subject in self.subjects)


def search_entry(index: int, leaf: Mapping[str, Any], actor: str, subject: str, data: Mapping[str, Any]) -> SearchEntry:
    """What the entry at this index can be found by; `leaf` is its plain part, the rest its openings.

    The self-check makes it again from the openings and compares: who changes what is found by, has the index made anew.
    """
    return SearchEntry(
        index=index,
        at=datetime.strptime(leaf["time"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC),
        producer=findable(leaf["producer"]),
        stream=findable(leaf["stream"]),
        type=findable(leaf["type"]),
        what=findable(_what(leaf["type"], data)),
        actor=findable(actor),
        correlation=findable(leaf["correlation"]),
        break_glass=findable(str(data.get("break_glass") or data.get("break_glass_id") or "")),
        subjects=tuple(sorted({findable(named) for named in subjects_of(subject, data)})),
    )


def findable(word: str) -> str:
    """The word as an index can hold it: one that is too long, or has what cannot be printed, is shortened and hashed.

    So an entry is found by all else that it says, and no two words become one.
    """
    if len(word) <= MOST_CHARACTERS and word.isprintable():
        return word
    begins = "".join(
        character for character in word[: MOST_CHARACTERS - _HASH_CHARACTERS - 1] if character.isprintable()
    )
    return f"{begins}…{sha256(word.encode(errors='surrogatepass')).hexdigest()}"


def subjects_of(subject: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Everybody and everything that a fact names, each once: "case:…", "person:…" (residents), "staff:…", "run:…"."""
    own = [] if subject.startswith(_NO_SUBJECT) else [subject]
    return tuple(sorted({*own, *_named(data)} - {""}))


def _named(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _named(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _named(part, key)
    elif isinstance(value, str) and value:
        if key in ("subject", "subjects"):
            yield value
        elif key in _NAMED:
            yield f"{_NAMED[key]}:{value}"
        elif key in _STAFF:
            yield f"staff:{value.removeprefix('person:')}"


def _what(type_: str, data: Mapping[str, Any]) -> str:
    if type_ == LOOK:
        return str(data.get("what", ""))
    if type_ == REFUSAL:
        return ":".join(filter(None, (str(data.get("problem", "")), str(data.get("why", "")))))
    return ""
