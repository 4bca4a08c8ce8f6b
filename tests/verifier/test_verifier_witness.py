"""The witness co-signs what follows from what it saw, and nothing else; the verifier takes its word."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.verifier import __main__ as verifier
from infra.verifier.consistency import check_follows
from infra.verifier.fault import Fault
from infra.verifier.notes import WITNESS, Checkpoint, cosigned_at, parse_key
from infra.verifier.watch import Standing, look, refusals, standing
from infra.verifier.witness import Witness
from services.audit_logging.domain.log.checkpoint import LogKey, sign_checkpoint
from tests.audit_logging.log.memory_log import KEY, NOON, MemoryLog, naive_root, plain_leaf

PROJECT = Path(__file__).resolve().parents[2]
OTHER_KEY = LogKey(KEY.origin, Ed25519PrivateKey.from_private_bytes(bytes(32)))
Capsys = pytest.CaptureFixture[str]


def log_of(size: int, folder: Path, epoch: str = "e1", key: LogKey = KEY) -> Path:
    return MemoryLog(plain_leaf(i + 1, epoch=epoch) for i in range(size)).write(folder, key)


def run(capsys: Capsys, *call: str | Path) -> dict[str, Any]:
    status = verifier.main([*map(str, call), "--json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert status == (0 if answer["ok"] else 1)
    return answer


@pytest.fixture
def state(tmp_path: Path, capsys: Capsys) -> Path:
    """A witness that saw a log of 300 entries."""
    assert run(capsys, "witness", log_of(300, tmp_path / "first"), tmp_path / "state")["entries"] == 300
    return tmp_path / "state"


def test_a_log_that_grows_is_co_signed_and_the_verifier_sees_it(state: Path, tmp_path: Path, capsys: Capsys) -> None:
    for size in (300, 301, 512, 900):
        folder = log_of(size, tmp_path / "log")
        assert run(capsys, "witness", folder, state)["ok"]
        seen = state / "checkpoint"
        key = parse_key((state / "witness.pub").read_text(), WITNESS)
        assert cosigned_at(seen.read_bytes(), key, "seen") > NOON.timestamp() - 86_400 * 365
        more = ("--key", state / "log.pub", "--since", seen, "--witness", state / "witness.pub")
        assert run(capsys, "verify", folder, *more)["entries"] == size
    assert sorted(file.name for file in (state / "kept").iterdir()) == [f"{n:012}" for n in (300, 301, 512, 900)]


@pytest.mark.parametrize(
    ("size", "epoch", "problem"),
    [(299, "e1", "rolled-back"), (0, "e1", "rolled-back"), (300, "e2", "inconsistent"), (700, "e2", "inconsistent")],
)
def test_a_rollback_and_a_fork_are_named_and_not_co_signed(
    size: int, epoch: str, problem: str, state: Path, tmp_path: Path, capsys: Capsys
) -> None:
    before = (state / "checkpoint").read_bytes()
    assert run(capsys, "witness", log_of(size, tmp_path / "log", epoch), state)["problem"] == problem
    assert (state / "checkpoint").read_bytes() == before
    assert run(capsys, "witness", log_of(301, tmp_path / "next"), state)["ok"]


def test_a_back_dated_checkpoint_is_named(state: Path, tmp_path: Path, capsys: Capsys) -> None:
    log = MemoryLog(plain_leaf(i + 1) for i in range(310))
    folder = log.write(tmp_path / "log")
    note = sign_checkpoint(KEY, 310, log.root(), NOON - timedelta(seconds=1))
    (folder / "checkpoint").write_text(note)
    assert run(capsys, "witness", folder, state)["problem"] == "back-dated"
    since = ("--key", state / "log.pub", "--since", state / "checkpoint")
    assert run(capsys, "verify", folder, *since)["problem"] == "back-dated"


def test_another_key_is_named_even_when_it_lies_beside_the_log(state: Path, tmp_path: Path, capsys: Capsys) -> None:
    folder = log_of(310, tmp_path / "log", key=OTHER_KEY)
    assert run(capsys, "witness", folder, state)["problem"] == "key"
    assert run(capsys, "witness", folder, state, "--key", folder / "key.pub")["problem"] == "key"


def test_an_altered_tile_is_not_taken_for_a_fork(state: Path, tmp_path: Path, capsys: Capsys) -> None:
    folder = log_of(600, tmp_path / "log")
    (folder / "tile/1/000.p/2").write_bytes(bytes(64))
    assert run(capsys, "witness", folder, state)["problem"] == "tile"


def test_a_checkpoint_without_the_witness_is_refused(state: Path, tmp_path: Path, capsys: Capsys) -> None:
    folder = log_of(300, tmp_path / "log")
    own = ("verify", folder, "--key", state / "log.pub", "--witness", state / "witness.pub")
    assert run(capsys, *own)["problem"] == "witness"
    shutil.copy(state / "checkpoint", folder / "checkpoint")
    assert run(capsys, *own)["ok"]
    forged = (folder / "checkpoint").read_text().splitlines(keepends=True)
    forged[-1] = forged[-1][:-10] + ("A" if forged[-1][-10] != "A" else "B") + forged[-1][-9:]
    (folder / "checkpoint").write_text("".join(forged))
    assert run(capsys, *own)["problem"] == "signature"


def test_every_pair_of_sizes_follows_and_no_other_past_does(tmp_path: Path) -> None:
    dice = random.Random(9)
    log = MemoryLog(plain_leaf(i + 1) for i in range(1100))
    for new in (1, 2, 255, 256, 257, 700, 1024, 1100):
        folder = MemoryLog(log.leaves[:new]).write(tmp_path / str(new))
        head = Checkpoint("", new, naive_root(log.leaf_hashes[:new]), 0)
        for old in {0, 1, new, *(dice.randrange(new + 1) for _ in range(20))}:
            check_follows(folder, Checkpoint("", old, naive_root(log.leaf_hashes[:old]), 0), head)
            if old:
                with pytest.raises(Fault, match="fork"):
                    check_follows(folder, Checkpoint("", old, bytes(32), 0), head)


def test_a_witness_that_goes_on_waits_co_signs_refuses_and_says_so(tmp_path: Path) -> None:
    log, state = tmp_path / "log", tmp_path / "state"
    witness, seen = Witness(state), list[Standing]()
    for grow in (None, 300, 512, 299, 600):
        if grow:
            shutil.rmtree(log, ignore_errors=True)
            log_of(grow, log)
        seen.append(look(witness, log, None, seen[-1] if seen else None))
        assert standing(state) == seen[-1]
    assert [verdict.problem for verdict in seen] == ["waiting", None, None, "rolled-back", None]
    assert [verdict.entries for verdict in seen] == [None, 300, 512, None, 600]
    assert [verdict.refused for verdict in seen] == [False, False, False, True, False]
    assert refusals(state) == 1, "that it once refused stays"


def test_a_published_log_that_is_gone_is_no_log_that_is_not_there_yet(state: Path, tmp_path: Path) -> None:
    verdict = look(Witness(state), tmp_path / "nothing", None, None)
    assert (verdict.problem, verdict.refused) == ("file-missing", True)


@pytest.mark.parametrize(
    ("size", "status", "words"),
    [(302, 0, b"co-signs: 302"), (301, 0, b"ERROR witness sees nothing new"), (299, 1, b"REFUSED (rolled-back)")],
)
def test_the_witness_is_a_process_that_ends_when_it_is_asked_to(
    state: Path, tmp_path: Path, size: int, status: int, words: bytes
) -> None:
    folder = log_of(size, tmp_path / "log")
    ago, seen = int(time.time()) - 90, int(NOON.timestamp())
    (state / "standing.json").write_text(json.dumps(asdict(Standing(ago, ago, 301, seen, new_at=ago))))
    call = [sys.executable, "-m", "infra.verifier", "witness", str(folder), str(state), "--every", "0.2"]
    with subprocess.Popen(call, cwd=PROJECT, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert words in process.stderr.readline()
        process.terminate()
        assert process.wait(5) == status


def test_a_witness_that_looks_no_more_or_sees_nothing_new_is_found(state: Path) -> None:
    assert verifier.main(["witnessed", str(state)]) == 1, "it never looked by itself"
    now = int(time.time())
    for at, new_at, problem, status in (
        (now, now, None, 0),
        (now - 90, now - 90, None, 1),
        (now, now - 90, None, 1),
        (now, now, "inconsistent", 1),
    ):
        a_day_ahead = now + 86_400
        said = Standing(at=at, since=at, entries=300, signed_at=a_day_ahead, problem=problem, new_at=new_at)
        (state / "standing.json").write_text(json.dumps(asdict(said)))
        assert verifier.main(["witnessed", str(state), "--within", "60"]) == status
    (state / "standing.json").write_bytes(b'{"at": 1')
    assert verifier.main(["witnessed", str(state)]) == 1, "what a full disk left is no standing"


def test_a_log_is_as_fresh_as_the_witness_saw_it_change_whatever_time_it_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, state = tmp_path / "log", tmp_path / "state"
    witness, before, first = Witness(state), None, int(time.time())
    grown = MemoryLog(plain_leaf(i + 1) for i in range(300))
    for seconds, signed_at, holds in (
        (0, NOON, True),
        (50, NOON, True),
        (70, NOON, False),
        (80, NOON + timedelta(days=400), True),
        (150, NOON + timedelta(days=400), False),
    ):
        grown.write(log)
        (log / "checkpoint").write_text(sign_checkpoint(KEY, 300, grown.root(), signed_at))
        monkeypatch.setattr("infra.verifier.watch.time.time", lambda now=first + seconds: now)
        before = look(witness, log, None, before)
        assert before.holds(first + seconds, 60) is holds, seconds


def test_a_witness_with_no_service_to_keep_how_it_stands_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    folder, witness = log_of(300, tmp_path / "log"), Witness(tmp_path / "state")
    assert look(witness, folder, None, None).problem is None
    for module in ("watch", "witness"):
        monkeypatch.setattr(f"infra.verifier.{module}.write", full)
    assert look(witness, folder, None, None).problem == "unable"
    assert "cannot keep" in capsys.readouterr().err


def test_a_witness_signs_with_no_other_key_than_its_own(state: Path, tmp_path: Path, capsys: Capsys) -> None:
    other = Witness(tmp_path / "other")
    other.cosign(log_of(1, tmp_path / "one"))
    shutil.copy(tmp_path / "other/key.pem", state / "key.pem")
    assert run(capsys, "witness", log_of(301, tmp_path / "log"), state)["problem"] == "key"
