"""The tamper campaign: `python -m tests.faults.tamper --runs 1000 --seed S --json`.

Each run attacks a published log in one way drawn from its seed; the independent verifier, with the true key and the
checkpoints that the witness kept, has to find it and to name the first bad entry, the first missing index, the file or
the key. Needs KURASHI_TEST_DATABASE_URL.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.verifier.fault import Fault
from infra.verifier.notes import WITNESS, parse_key
from infra.verifier.verify import verify_log, verify_proof
from services.audit_logging.domain.log.checkpoint import inclusion_note
from services.audit_logging.domain.log.merkle import fold, leaf_hash
from services.audit_logging.domain.log.proofs import inclusion_proof
from shared.service_kit.testing import Services
from shared.service_kit.testing.plugin import ADMIN_URL
from tests.faults.attacks import (
    CHANGES,
    Attack,
    back_date_checkpoint,
    flip_bit,
    in_database,
    replace_key,
    roll_back,
)
from tests.faults.published import Published, publish_log_of_a_month

ON_FILES = {
    "roll_back": roll_back,
    "back_date_checkpoint": back_date_checkpoint,
    "replace_key": replace_key,
    "flip_bit": flip_bit,
}
KINDS = (*CHANGES, *ON_FILES, "forge_proof")


def campaign(log: Published, runs: int, seed: int, home: Path) -> dict[str, Any]:
    """Attack so many times; `failures` are what was not found, or not named."""
    found: Counter[str] = Counter()
    named: Counter[str] = Counter()
    failures: list[dict[str, object]] = []
    for number in range(runs):
        one = f"{seed}-{number}"
        attack, fault = run(log, KINDS[number % len(KINDS)], random.Random(one), home / one)
        if fault is None or not names(attack, fault):
            said = None if fault is None else f"{fault.problem}: {fault}"
            failures.append({"seed": one, "kind": attack.kind, "depth": attack.depth, "said": said})
        else:
            found[attack.kind] += 1
            named[fault.problem] += 1
    return {
        "ok": not failures,
        "runs": runs,
        "seed": seed,
        "found": sum(found.values()),
        "by_attack": dict(sorted(found.items())),
        "by_finding": dict(sorted(named.items())),
        "failures": failures,
    }


def run(log: Published, kind: str, dice: random.Random, folder: Path) -> tuple[Attack, Fault | None]:
    """One attack, and what the verifier says."""
    key = parse_key((log.state / "log.pub").read_text())
    witness = parse_key((log.state / "witness.pub").read_text(), WITNESS)
    try:
        if kind == "forge_proof":
            return _forged_proof(log, dice)
        attack = in_database(kind, dice, log, folder) if kind in CHANGES else ON_FILES[kind](dice, log, folder)
        verify_log(folder, key, log.state / "kept", witness)
    except Fault as fault:
        return attack, fault
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return attack, None


def names(attack: Attack, fault: Fault) -> bool:
    """Whether the finding names what was done: the key, the file, or the first bad or missing index."""
    if attack.key:
        return fault.problem == "key"
    if attack.first_bad is None:
        return attack.file in (fault.file, None) or fault.entry is not None
    if fault.problem == "inconsistent":
        first, last = _range(fault)
        return first <= attack.first_bad <= last
    if attack.kind == "insert" and fault.problem == "gap" and fault.entry is not None:
        # Of two entries with one number the log cannot say which was there first: the finding names the second.
        return attack.first_bad in (fault.entry - 1, fault.entry)
    return fault.entry == attack.first_bad


def _range(fault: Fault) -> tuple[int, int]:
    words = str(fault).partition(": entry ")[2].split()
    return int(words[0]), int(words[2])


def _forged_proof(log: Published, dice: random.Random) -> tuple[Attack, Fault | None]:
    """A proof for another entry, of another place, or with a hash, a line or a bit that is not its own."""
    leaves = _leaves(log)
    hashes = [leaf_hash(leaf) for leaf in leaves]

    def read(level: int, first: int, count: int) -> list[bytes]:
        row = hashes
        for _ in range(level):
            row = [fold(row[i : i + 256]) for i in range(0, len(row) - 255, 256)]
        return row[first : first + count]

    index, other = dice.sample(range(len(leaves)), 2)
    path = inclusion_proof(read, index, len(leaves))
    entry, claimed = leaves[index], index
    depth = dice.choice(["entry", "index", "hash", "shorter", "longer", "swapped"])
    at = dice.randrange(len(path) - 1)
    if depth == "entry":
        entry = leaves[other]
    elif depth == "index":
        claimed = other
    elif depth == "hash":
        path[at] = dice.randbytes(32)
    elif depth == "shorter":
        del path[at]
    elif depth == "longer":
        path.insert(at, dice.randbytes(32))
    else:
        path[at], path[at + 1] = path[at + 1], path[at]
    note = inclusion_note(claimed, path, (log.folder / "checkpoint").read_text())
    attack = Attack("forge_proof", depth, claimed)
    try:
        verify_proof(note.encode(), entry, parse_key((log.state / "log.pub").read_text()))
    except Fault as fault:
        return attack, fault
    return attack, None


def _leaves(log: Published) -> list[bytes]:
    with log.attacked() as connection:
        return [bytes(leaf) for (leaf,) in connection.execute(b"SELECT leaf FROM entries ORDER BY index").fetchall()]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the campaign; 0 when everything was found and named."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.tamper", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        services = Services(os.environ[ADMIN_URL], Path(home))
        try:
            log = publish_log_of_a_month(services, Path(home))
            began = time.perf_counter()
            summary = campaign(log, given.runs, given.seed, Path(home) / "runs")
            summary["seconds"] = round(time.perf_counter() - began, 1)
        finally:
            services.close()
    for kind, count in summary["by_attack"].items():
        print(f"{kind:22} {count:5} found and named", file=sys.stderr)
    print(f"{summary['found']} of {summary['runs']} mutations found, seed {summary['seed']}", file=sys.stderr)
    if given.json:
        print(json.dumps(summary, ensure_ascii=False))
    return 0 if summary["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
