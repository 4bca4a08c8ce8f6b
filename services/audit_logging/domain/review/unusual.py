"""Unusual looks (通常と異なる閲覧): which entries a reviewer should look into, and why. Pure.

The log does not know what somebody may see: the services refuse that themselves, and their refusals are here. These
rules find what was refused, and what was allowed and is still worth a question. Machines are never unusual; a list is
no look into a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low
from typing import Final

from services.audit_logging.domain.search.search_entry import LOOK, REFUSAL, TOKYO, SearchEntry

NIGHT: Final = (22, 6)
"""From this hour of Tokyo until before that one nobody works in the office by rule."""
OFTEN: Final = 3
"""Refusals out of scope on one day: one or two are a mistyped number."""
MANY: Final = 40
"""Cases looked into on one day: half of the 80 that one caseworker has (社会福祉法 第16条)."""
TIMES_USUAL: Final = 3
"""How many times the cases of the person's own median day."""
USUAL_DAYS: Final = 28
"""Days before a day in which the person's usual days lie."""
STRANGER_DAYS: Final = 30
"""Who looked at a shielded record so lately works on it."""

WHY: Final = {
    "break_glass": "緊急閲覧を使って担当外の記録を見た",
    "own_family": "本人または親族の記録を開こうとして拒まれた",
    "shielded_refused": "支援措置の対象者の記録を開こうとして拒まれた",
    "shielded": f"支援措置の対象者の記録を、過去{STRANGER_DAYS}日に見ていない職員が見た",
    "often_refused": f"担当外の記録を1日に{OFTEN}回以上開こうとして拒まれた",
    "night": f"夜間({NIGHT[0]}時から{NIGHT[1]}時まで)に記録を見た",
    "closed_day": "閉庁日に記録を見た",
    "many": f"1日に{MANY}世帯以上、かつ本人のふだんの{TIMES_USUAL}倍以上の世帯の記録を見た",
}
"""Every rule by its code, with what the reviewer reads."""

_REFUSED: Final = {"out-of-scope:barred": "own_family", "out-of-scope:shielded": "shielded_refused"}
OUT_OF_SCOPE: Final = "out-of-scope:scope"


@dataclass(frozen=True)
class Unusual:
    """Entries that one rule found together; whatever has the same rule and key is the same finding."""

    rule: str
    key: str
    day: date
    actor: str
    subject: str
    entries: tuple[int, ...]


@dataclass(frozen=True)
class DailyActivity:
    """A person's day: entries of refusals out of scope, entries of looks into cases, how many cases those were, and
    how many cases each of the person's usual days had.
    """

    actor: str
    day: date
    refused: tuple[int, ...]
    looks: tuple[int, ...]
    cases: int
    usual: Sequence[int]


def of_entry(entry: SearchEntry, is_open: Callable[[date], bool], *, stranger: bool) -> Iterator[Unusual]:
    """What is unusual about one entry by itself.

    Args:
        is_open: whether the office is open on a day.
        stranger: it looked into a shielded case that its person does not work on.
    """
    if not is_person(entry.actor):
        return
    if entry.break_glass:
        yield _found("break_glass", entry.break_glass, entry, _record(entry))
    if entry.type == REFUSAL and entry.what in _REFUSED:
        yield _found(_REFUSED[entry.what], f"{entry.actor} {entry.day} {_record(entry)}", entry, _record(entry))
    if stranger:
        yield _found("shielded", f"{entry.actor} {entry.day} {_record(entry)}", entry, _record(entry))
    if entry.type == LOOK and at_night(entry):
        yield _found("night", f"{entry.actor} {entry.day}", entry)
    if entry.type == LOOK and not is_open(entry.day):
        yield _found("closed_day", f"{entry.actor} {entry.day}", entry)


def of_day(activity: DailyActivity) -> Iterator[Unusual]:
    """What is unusual about a person's day as far as it is known."""
    key = f"{activity.actor} {activity.day}"
    if len(activity.refused) >= OFTEN:
        yield Unusual("often_refused", key, activity.day, activity.actor, "", activity.refused)
    if activity.cases >= max(MANY, TIMES_USUAL * usual(activity.usual)):
        yield Unusual("many", key, activity.day, activity.actor, "", activity.looks)


def usual(days: Sequence[int]) -> int:
    """How many cases a usual day of a person has; 0 for somebody new."""
    return median_low(days) if days else 0


def at_night(entry: SearchEntry) -> bool:
    """Whether an entry was made at night in Tokyo."""
    hour = entry.at.astimezone(TOKYO).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]


def is_person(actor: str) -> bool:
    """Whether a person acted; what machines do in the month's run is no look of anybody."""
    return actor.startswith("person:")


def looks_into(entry: SearchEntry) -> bool:
    """Whether it is a look into one case: a list shows many, and the log itself shows looks."""
    return entry.type == LOOK and entry.cases == 1 and entry.producer != "audit_logging"


def _found(rule: str, key: str, entry: SearchEntry, subject: str = "") -> Unusual:
    return Unusual(rule, key, entry.day, entry.actor, subject, (entry.index,))


def _record(entry: SearchEntry) -> str:
    """The case that it is about, or else the first that it names."""
    cases = [subject for subject in entry.subjects if subject.startswith("case:")]
    return next(iter([*cases, *entry.subjects]), "")
