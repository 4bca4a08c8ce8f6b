"""The witness at work: it looks at a log every few seconds, co-signs or refuses, and says so.

How it stands is in `standing.json` of its folder after each look; each refusal begins a line of `refusals.jsonl`,
which stays when the log comes back.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.verifier.fault import Fault
from infra.verifier.notes import Checkpoint
from infra.verifier.witness import Witness, write

STANDING, REFUSALS = "standing.json", "refusals.jsonl"
LATE_SECONDS = 60
"""How old what is published may be, and after how long it is said again."""
_ENDING = (signal.SIGTERM, signal.SIGINT)
WAITING = "waiting"
"""Nothing is published yet, and nothing was seen before."""


@dataclass(frozen=True)
class Standing:
    """What came of a look; times are seconds since 1970.

    Args:
        at: when it looked.
        since: when it first came to the same.
        entries: how many it co-signed; None where it did not.
        signed_at: when the log signed them, by its clock.
        new_at: when the witness, by its own clock, first saw them signed so: a log that publishes nothing more stays
            behind, whatever it says of the time.
    """

    at: int
    since: int
    entries: int | None
    signed_at: int | None = None
    problem: str | None = None
    detail: str = ""
    new_at: int | None = None

    @property
    def refused(self) -> bool:
        """Whether the log is refused."""
        return self.problem not in (None, WAITING)

    def holds(self, now: float, within: float) -> bool:
        """Whether it co-signed, lately, what was lately new; by the clock of the witness, never by that of the log."""
        oldest = min(self.at, self.new_at or 0)
        return self.problem is None and now - oldest <= within


def watch(witness: Witness, folder: Path, key: Path | None, every: float) -> int:
    """Look every so many seconds until SIGTERM or Ctrl-C; 1 when the log was refused at the last look, else 0."""
    # Blocked and waited for: a handler that set an event could be called while the event's own lock is held.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    for number in _ENDING:
        signal.signal(number, signal.SIG_DFL)  # one that is ignored by inheritance would never come
    seen, before, said = standing(witness.state), None, 0
    while True:
        now = look(witness, folder, key, before, seen)
        changed = before is None or now.problem != before.problem
        late = before is not None and not now.holds(now.at, LATE_SECONDS)
        if changed or (late and now.at - said >= LATE_SECONDS):
            said = now.at
            print(_words(now), file=sys.stderr, flush=True)
        before = seen = now
        if signal.sigtimedwait(_ENDING, every):
            return int(now.refused)


def look(
    witness: Witness, folder: Path, key: Path | None, before: Standing | None, seen: Standing | None = None
) -> Standing:
    """Co-sign once, or refuse; what came of it is on the disk when this returns, if there is room.

    Args:
        before: what came of the look before this one, since the witness was started.
        seen: how it stood, also before it was started: what it has seen is not new.
    """
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
    seen = before or seen
    known = seen is not None and (seen.entries, seen.signed_at) == (entries, signed_at)
    new_at = (seen.new_at if seen and known else at) if head else None
    now = Standing(at, since, entries, signed_at, problem, detail, new_at)
    try:
        _keep(witness.state, now, begins=now.refused and not same)
    except OSError as error:
        print(f"ERROR witness cannot keep how it stands ({type(error).__name__})", file=sys.stderr, flush=True)
    return now


def _keep(state: Path, now: Standing, *, begins: bool) -> None:
    if begins:
        with (state / REFUSALS).open("a") as kept:
            kept.write(json.dumps(asdict(now)) + "\n")
    write(state / STANDING, json.dumps(asdict(now)).encode())


def standing(state: Path) -> Standing | None:
    """How the witness of this folder stands; None where it has not looked yet, or nothing of ours stands there."""
    try:
        return Standing(**json.loads((state / STANDING).read_bytes()))
    except (FileNotFoundError, TypeError, ValueError):
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
        ago = now.at - (now.new_at or 0)
        return f"{when} ERROR witness sees nothing new: {now.entries} entries, seen first {ago} s ago"
    return f"{when} info witness co-signs: {now.entries} entries"
