"""The witness at work: it looks at a log every few seconds, co-signs or refuses, and says so.

How it stands is in `standing.json` of its folder after each look; each refusal begins a line of `refusals.jsonl`,
which stays when the log comes back.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.verifier.fault import Fault
from infra.verifier.notes import Checkpoint
from infra.verifier.witness import Witness, write

STANDING, REFUSALS = "standing.json", "refusals.jsonl"
LATE_SECONDS = 60
"""How old what is published may be, and after how long it is said again."""
WAITING = "waiting"
"""Nothing is published yet, and nothing was seen before."""


@dataclass(frozen=True)
class Standing:
    """What came of a look; times are seconds since 1970.

    Args:
        at: when it looked.
        since: when it first came to the same.
        entries: how many it co-signed; None where it did not.
        signed_at: when the log signed them: a log that publishes nothing more stays behind.
    """

    at: int
    since: int
    entries: int | None
    signed_at: int | None = None
    problem: str | None = None
    detail: str = ""

    @property
    def refused(self) -> bool:
        """Whether the log is refused."""
        return self.problem not in (None, WAITING)

    def holds(self, now: float, within: float) -> bool:
        """Whether it co-signed, lately, what the log had signed lately."""
        oldest = min(self.at, self.signed_at or 0)
        return self.problem is None and now - oldest <= within


def watch(witness: Witness, folder: Path, key: Path | None, every: float) -> int:
    """Look every so many seconds until SIGTERM or Ctrl-C; 1 when the log was refused at the last look, else 0."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    before, said = None, 0
    while True:
        now = look(witness, folder, key, before)
        changed = before is None or now.problem != before.problem
        late = before is not None and not now.holds(now.at, LATE_SECONDS)
        if changed or (late and now.at - said >= LATE_SECONDS):
            said = now.at
            print(_words(now), file=sys.stderr, flush=True)
        before = now
        if ended.wait(every):
            return int(now.refused)


def look(witness: Witness, folder: Path, key: Path | None, before: Standing | None) -> Standing:
    """Co-sign once, or refuse; what came of it is on the disk when this returns."""
    at, problem, detail = int(time.time()), None, ""
    head: Checkpoint | None = None
    try:
        head = witness.cosign(folder, key)
    except Fault as fault:
        problem, detail = fault.problem, fault.detail
        if not (folder / "checkpoint").exists() and not (witness.state / "checkpoint").exists():
            problem = WAITING
    except OSError as error:
        problem, detail = "unable", type(error).__name__
    same = before is not None and before.problem == problem
    since = before.since if before and same else at
    entries, signed_at = (head.size, head.signed_at) if head else (None, None)
    now = Standing(at, since, entries, signed_at, problem, detail)
    if now.refused and not same:
        with (witness.state / REFUSALS).open("a") as kept:
            kept.write(json.dumps(asdict(now)) + "\n")
    write(witness.state / STANDING, json.dumps(asdict(now)).encode())
    return now


def standing(state: Path) -> Standing | None:
    """How the witness of this folder stands; None where it has not looked yet."""
    try:
        return Standing(**json.loads((state / STANDING).read_bytes()))
    except FileNotFoundError:
        return None


def refusals(state: Path) -> int:
    """How often it began to refuse."""
    path = state / REFUSALS
    return len(path.read_text().splitlines()) if path.exists() else 0


def _words(now: Standing) -> str:
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now.at))
    if now.refused:
        return f"{when} ERROR witness REFUSED ({now.problem}): {now.detail}"
    if now.problem == WAITING:
        return f"{when} info witness waits: nothing is published yet"
    if not now.holds(now.at, LATE_SECONDS):
        ago = now.at - (now.signed_at or 0)
        return f"{when} ERROR witness sees nothing new: {now.entries} entries, signed {ago} s ago"
    return f"{when} info witness co-signs: {now.entries} entries"
