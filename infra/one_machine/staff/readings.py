"""What each service has taken of the others' streams, compared with what their producers tell, fact by fact."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from infra.one_machine.problems import MachineError
from infra.one_machine.processes.office import Office
from infra.one_machine.staff.invariants import Invariant, invariant

AT_ONCE: Final = 4
"""How many producers are asked side by side."""
AGAIN_SECONDS: Final = 0.2
Place = tuple[str, str | None]
"""Epoch and history (hex)."""


@dataclass(frozen=True)
class Reading:
    """How far one service has taken a stream of another, and what the producer itself has at that number."""

    reader: str
    producer: str
    stream: str
    number: int
    taken: Place
    told: Place | None
    """None where the producer has not come so far, or says nothing."""
    lost: int
    """Facts that it took and the producer lost in a restore, set down as such by an operator's act."""

    @property
    def holds(self) -> bool:
        """Both have the same facts up to the number."""
        return self.told is not None and self.taken == self.told and None not in self.taken

    def is_behind(self, told: Mapping[str, int]) -> bool:
        """Whether it has not read all that was told by then."""
        return self.number < told.get(f"{self.producer}.{self.stream}", 0)

    def __str__(self) -> str:
        return f"{self.reader} < {self.producer}.{self.stream}"


def readings(office: Office, told: Mapping[str, int], seconds: float) -> list[Reading]:
    """Every reading of every service, once none is behind what was told, or so many seconds are over.

    Args:
        told: how many facts there were before, by `service.stream`.

    Raises:
        MachineError: a service does not tell how far it has read.
    """
    latest = time.monotonic() + seconds
    while True:
        found = readings_now(office)
        if not any(one.is_behind(told) for one in found) or time.monotonic() > latest:
            return found
        time.sleep(AGAIN_SECONDS)


def readings_now(office: Office) -> list[Reading]:
    """Every reading of every service.

    Raises:
        MachineError: a service does not tell how far it has read.
    """
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        cursors = pool.map(lambda reader: _cursors(office, reader), office.urls)
        asked = [(reader, one) for reader, items in zip(office.urls, cursors, strict=True) for one in items]
        return list(pool.map(lambda one: _reading(office, *one), asked))


def _cursors(office: Office, reader: str) -> list[dict[str, Any]]:
    with office.client(reader) as client:
        answer = client.get("/events/cursors")
    if not answer.ok:
        raise MachineError(f"{reader} does not tell how far it has read (status {answer.status_code})")
    return list(answer.json()["items"])


def _reading(office: Office, reader: str, cursor: dict[str, Any]) -> Reading:
    producer, stream, number = cursor["producer"], cursor["stream"], int(cursor["number"])
    with office.client(producer) as client:
        answer = client.get("/events", stream=stream, after=str(number), most="1")
    page = answer.json() if answer.ok else None
    told = (page["epoch"], page["before"]) if page else None
    taken = cursor["epoch"], cursor["history"]
    return Reading(reader, producer, stream, number, taken, told, int(cursor["lost"]))


def readers_have_what_was_told(found: Sequence[Reading], told: Mapping[str, int]) -> Invariant:
    """What a service has taken of a stream is what its producer has, fact by fact, and all that was told by then."""
    figures: dict[str, int | str] = {}
    for one in found:
        figures[str(one)] = one.number if one.holds else f"another history at {one.number}"
        if one.holds and one.is_behind(told):
            figures[str(one)] = f"{one.number} of {told[f'{one.producer}.{one.stream}']}"
    ok = all(one.holds and not one.is_behind(told) for one in found)
    return invariant("readers have what their producers told", ok, figures)


def lost_to(found: Sequence[Reading], reader: str) -> int:
    """How many facts a service has that their restored producers no longer know."""
    return sum(one.lost for one in found if one.reader == reader)
