"""The verifier fuzzed: `python -m tests.faults.fuzz --runs 20000 --seed S --json`.

Each run changes a few bytes of something that the verifier is given: the archive of an export, a file in it, a file of
a published log, a kept checkpoint, a key, a proof. It has to refuse in its own words: never by a traceback, and never
may it say that all holds. Of an archive alone it may, where every file in it still is what it was: a bit of its own
books says nothing. `tests.faults.tamper` attacks a log with meaning; here nothing is meant. Needs no server.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from infra.verifier import __main__ as verifier
from infra.verifier.witness import Witness
from services.audit_logging.domain.log.checkpoint import inclusion_note
from services.audit_logging.domain.log.proofs import inclusion_proof
from tests.audit_logging.log.memory_log import KEY, NOON, MemoryLog
from tests.faults.exported import exported, leaf_and_row

SIZE, ROWS = 300, 12
WORDS = "README.txt"
"""What nothing proves: it is for the reader."""


@dataclass(frozen=True)
class Given:
    """All that the verifier can be given, in one folder."""

    home: Path

    def call(self, command: str) -> list[str]:
        """The arguments of a command over it."""
        log, kept = str(self.home / "log"), str(self.home / "witness/kept")
        arguments = {
            "verify": [log, "--since", kept, "--witness", str(self.home / "witness/witness.pub")],
            "export": [str(self.home / "looks.zip")],
            "proof": [str(self.home / "proof"), str(self.home / "entry")],
            "witness": [log, str(self.home / "witness")],
        }
        return [command, *arguments[command], "--key", str(self.home / "log.pub")]


def give(home: Path) -> Given:
    """A log, what a witness kept of it, an export, a proof and the key."""
    made = [leaf_and_row(number) for number in range(SIZE)]
    log = MemoryLog([leaf for leaf, _ in made[: SIZE - 20]])
    log.write(home / "log")
    Witness(home / "witness").cosign(home / "log")
    log.append([leaf for leaf, _ in made[SIZE - 20 :]])
    log.write(home / "log")
    note = log.note()
    (home / "log/checkpoint").write_text(note)
    proof = inclusion_note(7, inclusion_proof(log.hashes, 7, SIZE), note)
    for name, data in (("proof", proof.encode()), ("entry", log.leaves[7]), ("log.pub", KEY.verifier_key.encode())):
        (home / name).write_bytes(data)
    (home / "looks.zip").write_bytes(exported(log, made, range(3, 3 + ROWS), NOON + timedelta(hours=1)))
    return Given(home)


def changed(data: bytes, dice: random.Random) -> bytes:
    """The same bytes but for a flipped bit, some that are lost, put in, repeated or exchanged, or a cut end."""
    at, length = dice.randrange(len(data)), dice.choice((1, 1, 2, 4, 16))
    end = min(len(data), at + length)
    there, kind = data[at:end], dice.randrange(8)
    if kind < 3:
        there = bytes([there[0] ^ 1 << dice.randrange(8)]) + there[1:]
    elif kind == 3:
        there = b""
    elif kind == 4:
        there += dice.randbytes(length)
    elif kind == 5:
        there += there
    elif kind == 6:
        there = dice.choice((b"\0", b"\xff", b"9" * 5_000, b"\x83\x65", b"[" * 5_000, b"\r", b"\n\n", b'"')) + there
    else:
        end = len(data)
        there = b""
    return data[:at] + there + data[end:]


def _in_archive(data: bytes, dice: random.Random) -> bytes:
    """One of the files in an archive is changed, and the archive made again around it, checksums and all."""
    with ZipFile(io.BytesIO(data)) as file:
        files = {name: file.read(name) for name in file.namelist()}
    name = dice.choice(sorted(files.keys() - {WORDS}))
    files[name] = changed(files[name], dice)
    made = io.BytesIO()
    with ZipFile(made, "w") as file:
        for one, content in files.items():
            file.writestr(one, content)
    return made.getvalue()


Target = tuple[str, Sequence[str], Callable[[bytes, random.Random], bytes]]
TARGETS: Mapping[str, Target] = {
    "archive": ("export", ["looks.zip"], changed),
    "file in archive": ("export", ["looks.zip"], _in_archive),
    "checkpoint": ("verify", ["log/checkpoint"], changed),
    "key": ("verify", ["log.pub", "log/key.pub", "witness/witness.pub"], changed),
    "kept": ("verify", ["witness/kept/*"], changed),
    "tile": ("verify", ["log/tile/*/0*", "log/tile/*/*/*"], changed),
    "proof": ("proof", ["proof", "entry"], changed),
    "key of a proof": ("proof", ["log.pub"], changed),
    "memory of the witness": ("witness", ["witness/checkpoint", "witness/log.pub"], changed),
    "seen by the witness": ("witness", ["log/checkpoint", f"log/tile/0/*.p/{SIZE % 256}"], changed),
}


def fuzz(given: Given, runs: int, seed: int) -> dict[str, Any]:
    """So many runs, each put right again after it; `failures` are tracebacks, and what should not have held."""
    refused: Counter[str] = Counter()
    alike, failures = 0, []
    for number in range(runs):
        target = [*TARGETS][number % len(TARGETS)]
        dice = random.Random(f"{seed}-{number}")
        said = _run(given, target, dice)
        alike += said == "alike"
        refused.update([target] if said == "refused" else [])
        if said not in ("refused", "alike"):
            failures.append({"seed": f"{seed}-{number}", "target": target, "said": said})
    counted = {"refused": sum(refused.values()), "alike": alike, "by_target": dict(sorted(refused.items()))}
    return {"ok": not failures, "runs": runs, "seed": seed, **counted, "failures": failures}


def _run(given: Given, target: str, dice: random.Random) -> str:
    command, patterns, change = TARGETS[target]
    path = dice.choice(sorted(one for pattern in patterns for one in given.home.glob(pattern) if one.is_file()))
    whole = path.read_bytes()
    state = {one: one.read_bytes() for one in (given.home / "witness").rglob("*") if one.is_file()}
    damaged = change(whole, dice)
    if damaged == whole:
        return "alike"
    path.write_bytes(damaged)
    try:
        held = verifier.main(given.call(command)) == 0
    except BaseException as error:  # a traceback, or an end without a verdict
        return f"{path.name}: {type(error).__name__}"
    finally:
        shutil.rmtree(given.home / "witness")
        for one, data in state.items():
            one.parent.mkdir(parents=True, exist_ok=True)
            one.write_bytes(data)
        path.write_bytes(whole)
    if not held:
        return "refused"
    if target == "archive":
        same = _contents(damaged) == _contents(whole)
    else:  # a key that is given may end with its line or without
        same = path.suffix == ".pub" and damaged.strip(b"\n") == whole.strip(b"\n")
    return "alike" if same else f"{path.name}: holds"


def _contents(archive: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(archive)) as file:
        return {name: file.read(name) for name in file.namelist()}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the campaign; 0 when every run was refused, or changed nothing that is said."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.fuzz", description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    call = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        began, told = time.perf_counter(), sys.stderr
        sys.stderr = io.StringIO()
        try:
            summary = fuzz(give(Path(home)), call.runs, call.seed)
        finally:
            sys.stderr = told
        summary["seconds"] = round(time.perf_counter() - began, 1)
    for target, count in summary["by_target"].items():
        print(f"{target:22} {count:6} refused", file=sys.stderr)
    print(f"{summary['refused']} of {summary['runs']} refused, {summary['alike']} said the same", file=sys.stderr)
    if call.json:
        print(json.dumps(summary, ensure_ascii=False))
    return 0 if summary["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
