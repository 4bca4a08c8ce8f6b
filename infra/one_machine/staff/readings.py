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
    published: Place | None
    """None where the producer has not come so far, or says nothing."""
    lost: int
    """Facts that it took and the producer lost in a restore, set down as such by an operator's act."""

    @property
    def holds(self) -> bool:
        """Both have the same facts up to the number."""
        return self.published is not None and self.taken == self.published and None not in self.taken

    def is_behind(self, published: Mapping[str, int]) -> bool:
        """Whether it has not read all that was told by then."""
        return self.number < published.get(f"{self.producer}.{self.stream}", 0)

    def __str__(self) -> str:
        return f"{self.reader} < {self.producer}.{self.stream}"


def readings(office: Office, published: Mapping[str, int], seconds: float) -> list[Reading]:
    """Every reading of every service, once none is behind what was told, or so many seconds are over.

    Args:
        told: how many facts there were before, by `service.stream`.

    Raises:
        MachineError: a service does not tell how far it has read.
    """
    latest = time.monotonic() + seconds
    while True:
        readings_taken = readings_now(office)
        if not any(reading.is_behind(published) for reading in readings_taken) or time.monotonic() > latest:
            return readings_taken
        time.sleep(AGAIN_SECONDS)


def readings_now(office: Office) -> list[Reading]:
    """Every reading of every service.

    Raises:
        MachineError: a service does not tell how far it has read.
    """
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        cursors = pool.map(lambda reader: _cursors(office, reader), office.urls)
        asked = [(reader, cursor) for reader, items in zip(office.urls, cursors, strict=True) for cursor in items]
        return list(pool.map(lambda reader_and_cursor: _reading(office, *reader_and_cursor), asked))


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
    published = (page["epoch"], page["before"]) if page else None
    taken = cursor["epoch"], cursor["history"]
    return Reading(reader, producer, stream, number, taken, published, int(cursor["lost"]))


def readers_have_what_was_published(readings_taken: Sequence[Reading], published: Mapping[str, int]) -> Invariant:
    """What a service has taken of a stream is what its producer has, fact by fact, and all that was told by then."""
    figures: dict[str, int | str] = {}
    for reading in readings_taken:
        figures[str(reading)] = reading.number if reading.holds else f"another history at {reading.number}"
        if reading.holds and reading.is_behind(published):
            figures[str(reading)] = f"{reading.number} of {published[f'{reading.producer}.{reading.stream}']}"
    ok = all(reading.holds and not reading.is_behind(published) for reading in readings_taken)
    return invariant("readers have what their producers told", ok, figures)


def lost_to(readings_taken: Sequence[Reading], reader: str) -> int:
    """How many facts a service has that their restored producers no longer know."""
    return sum(reading.lost for reading in readings_taken if reading.reader == reader)
