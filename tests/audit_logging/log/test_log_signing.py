"""Checkpoints of the running log: when one is signed, and when none is signed any more."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from structlog.testing import capture_logs

from infra.verifier.notes import Checkpoint, open_checkpoint, parse_key
from infra.verifier.witness import Witness
from services.audit_logging.adapters.log.log_key import load_log_key
from services.audit_logging.adapters.log.object_store import Directory
from services.audit_logging.domain.log.merkle import EMPTY_ROOT
from services.audit_logging.use_cases.log.sign_checkpoint import IDLE, LogRewrittenError
from services.audit_logging.use_cases.log.watch_lag import watch_publication
from services.audit_logging.worker import publish, sign
from shared.service_kit.testing import RunningService
from tests.audit_logging.locks import waits_for
from tests.audit_logging.log.memory_log import naive_root
from tests.audit_logging.owner import as_owner

pytestmark = pytest.mark.database
MakeFacts = Callable[..., list[dict[str, Any]]]
NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def sizes(log: RunningService) -> list[int]:
    return [row.size for row in log.execute("SELECT size FROM checkpoints ORDER BY id")]


def newest(log: RunningService) -> Checkpoint:
    auditor = log.client(person="demo-auditor", roles=["auditor"])
    key = parse_key(auditor.get("/log/key.pub").content.decode())
    return open_checkpoint(auditor.get("/log/checkpoint").content, key, "checkpoint")


def test_an_empty_log_is_signed_too(log: RunningService) -> None:
    sign(log.runtime)
    assert (newest(log).size, newest(log).root) == (0, EMPTY_ROOT)


def test_the_log_is_signed_when_it_has_grown(log: RunningService, make_facts: MakeFacts) -> None:
    for first in (1, 101, 201):
        log.deliver("payments", make_facts(100, first))
        sign(log.runtime)
        sign(log.runtime)
    assert sizes(log) == [100, 200, 300]
    hashes = [bytes(row.leaf_hash) for row in log.execute("SELECT leaf_hash FROM entries ORDER BY index")]
    assert (newest(log).size, newest(log).root) == (300, naive_root(hashes))


def test_an_idle_log_is_signed_again_every_minute_with_a_new_time(log: RunningService, make_facts: MakeFacts) -> None:
    log.clock.set(now=NOON)
    log.deliver("payments", make_facts(3))
    sign(log.runtime)
    log.clock.set(now=NOON + timedelta(seconds=59))
    sign(log.runtime)
    assert sizes(log) == [3]
    log.clock.set(now=NOON + timedelta(seconds=60))
    sign(log.runtime)
    assert sizes(log) == [3, 3]
    assert newest(log).signed_at == NOON.timestamp() + 60


def test_two_processes_sign_one_after_the_other(log: RunningService, make_facts: MakeFacts) -> None:
    log.deliver("payments", make_facts(3))
    assert waits_for(log, "audit_logging.sign", lambda: sign(log.runtime))
    assert sizes(log) == [3]


def test_a_published_checkpoint_is_not_older_than_the_one_before_it_though_the_clock_goes_back(
    log: RunningService, make_facts: MakeFacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(tmp_path))
    seen = []
    for seconds, first in ((0, 1), (30, 0), (5, 4)):
        log.clock.set(now=NOON + timedelta(seconds=seconds))
        if first:
            log.deliver("payments", make_facts(3, first))
        sign(log.runtime)
        publish(log.runtime)
        seen.append(Witness(tmp_path / "witness").cosign(tmp_path))
    assert [head.size for head in seen] == [3, 3, 6]
    assert [head.signed_at - NOON.timestamp() for head in seen] == [0, 30, 30]


def test_a_checkpoint_never_goes_back_in_time_after_a_clock_that_was_ahead(
    log: RunningService, make_facts: MakeFacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(tmp_path))
    witness, seen, sizes_seen = Witness(tmp_path / "witness"), [], []
    steps = [(600, True), (0, True), (1, False), (2, True), *((second, False) for second in range(3, 43))]
    for count, (seconds, grows) in enumerate(steps):
        log.clock.set(now=NOON + timedelta(seconds=seconds))
        if grows:
            log.deliver("payments", make_facts(3, 1 + 3 * count))
        sign(log.runtime)
        publish(log.runtime)
        head = witness.cosign(tmp_path)
        seen.append(head.signed_at)
        sizes_seen.append(head.size)
    assert seen == sorted(seen)
    assert sizes_seen == [3, 6, 6] + [9] * 41
    moved = len(set(seen[4:]))
    assert 3 <= moved <= 6, "an unchanged log shows that it lives, and its time is caught up with"


def test_the_lag_of_what_is_published_grows_also_where_it_was_signed_ahead(
    log: RunningService, make_facts: MakeFacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(tmp_path))
    log.deliver("payments", make_facts(3))
    log.clock.set(now=NOON + timedelta(days=1))
    sign(log.runtime)
    publish(log.runtime)
    log.clock.set(now=NOON)
    key, store = load_log_key(log.runtime.settings), Directory(tmp_path)
    assert watch_publication("published", key, store, log.clock) == 0
    log.clock.set(now=NOON + timedelta(seconds=90))
    with capture_logs() as said:
        assert watch_publication("published", key, store, log.clock) == 90
    assert [line["event"] for line in said] == ["log.lag"]


def test_the_figures_are_those_of_the_signed_tree(log: RunningService, make_facts: MakeFacts) -> None:
    log.clock.set(now=NOON)  # nothing waits for the index, however slow the machine is
    log.deliver("payments", make_facts(5))
    sign(log.runtime)
    log.deliver("payments", make_facts(2, 6))
    figures = log.client(machine="one_machine").get("/figures?month=2026-12").json
    tree = {"entries": 7, "size": 5, "root": b64encode(newest(log).root).decode()}
    index = {"index_lag": 0, "index_missing": 0, "passed_over": 0, "parked": 0}
    checked = {"self_check": "none", "self_check_day": "", "self_check_faults": []}
    assert figures == {**tree, **index, **checked, "refilled": 0}


def test_a_key_of_its_own_and_the_name_of_the_office_are_taken(
    log: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    before = log.client(machine="one_machine").get("/log/key.pub").content
    monkeypatch.setenv("KURASHI_LOG_KEY", pem.decode())
    monkeypatch.setenv("KURASHI_OFFICE", "kita-ward")
    sign(log.runtime)
    assert newest(log).origin == "kurashi/kita-ward"
    assert log.client(machine="one_machine").get("/log/key.pub").content != before


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE entries SET leaf_hash = sha256(leaf_hash) WHERE index = 270",
        "DELETE FROM openings; DELETE FROM entries WHERE index >= 3",
        "DELETE FROM openings; DELETE FROM entries",
        "UPDATE tiles SET root = sha256(root)",
    ],
    ids=["entry changed", "tail cut", "emptied", "tile changed"],
)
def test_a_log_rewritten_below_the_service_is_never_signed_again(
    forgery: str, log: RunningService, make_facts: MakeFacts
) -> None:
    log.deliver("payments", make_facts(300))
    sign(log.runtime)
    as_owner(log, f"{disarm()} {forgery}")
    log.clock.set(now=datetime.now(UTC) + IDLE)
    with pytest.raises((LogRewrittenError, LookupError)):
        sign(log.runtime)
    assert sizes(log) == [300]


def disarm() -> str:
    return "".join(f"ALTER TABLE {table} DISABLE TRIGGER USER; " for table in ("entries", "openings", "tiles"))
