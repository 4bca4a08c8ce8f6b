"""The log as the worker publishes it: whole at every moment, never back, never another; and its lag."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from infra.verifier.layout import resources
from infra.verifier.notes import parse_key
from infra.verifier.verify import verify_log
from services.audit_logging.adapters.log.object_store import AlteredError, Directory
from services.audit_logging.use_cases.log.sign_checkpoint import LogRewrittenError
from services.audit_logging.worker import publish, sign
from shared.service_kit.testing import RunningService
from tests.audit_logging.owner import as_owner

pytestmark = pytest.mark.database
MakeFacts = Callable[..., list[dict[str, Any]]]
NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(tmp_path / "audit"))
    return tmp_path / "audit"


def written(log: RunningService, make_facts: MakeFacts, count: int, first: int = 1) -> None:
    log.deliver("payments", make_facts(count, first))
    sign(log.runtime)


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def size(folder: Path, since: Path | None = None) -> int:
    return verify_log(folder, parse_key((folder / "key.pub").read_text()), since).checkpoint.size


def test_what_is_published_is_the_whole_log_and_grows(
    log: RunningService, make_facts: MakeFacts, folder: Path, tmp_path: Path
) -> None:
    published: dict[str, bytes] = {}
    for first, count in ((1, 200), (201, 100), (301, 300)):
        written(log, make_facts, count, first)
        publish(log.runtime)
        kept = shutil.copy(folder / "checkpoint", tmp_path / f"kept-{first}")
        assert size(folder, Path(kept)) == first + count - 1
        assert set(resources(first + count - 1)) <= files(folder).keys()
        for name, data in published.items():
            assert name == "checkpoint" or files(folder).get(name, data) == data
        published = files(folder)
    assert not list(folder.glob("tile/[0e]*/000.p"))


def test_an_older_checkpoint_can_still_be_read_when_its_partial_tiles_are_gone(
    log: RunningService, make_facts: MakeFacts, folder: Path
) -> None:
    written(log, make_facts, 200)
    publish(log.runtime)
    older = (folder / "checkpoint").read_bytes()
    written(log, make_facts, 400, 201)
    publish(log.runtime)
    (folder / "checkpoint").write_bytes(older)
    assert size(folder) == 200


def test_an_idle_log_says_every_second_that_it_is_as_it_was(
    log: RunningService, make_facts: MakeFacts, folder: Path
) -> None:
    log.clock.set(now=NOON)
    written(log, make_facts, 3)
    publish(log.runtime)
    before = files(folder)
    log.clock.set(now=NOON + timedelta(seconds=1))
    publish(log.runtime)
    after = files(folder)
    assert [name for name in before if before[name] != after[name]] == ["checkpoint"]
    assert verify_log(folder, parse_key(after["key.pub"].decode())).checkpoint.signed_at == NOON.timestamp() + 1
    publish(log.runtime)
    assert files(folder) == after


class Killed(Exception):
    """The process ended here."""


def test_a_publication_killed_at_any_point_is_whole_and_goes_on(
    log: RunningService, make_facts: MakeFacts, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(log, make_facts, 250)
    publish(log.runtime)
    put, left = Directory._put, 0

    def put_so_many(store: Directory, name: str, data: bytes) -> None:
        nonlocal left
        if left == 0:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.part").write_bytes(data[:5])
            raise Killed
        left -= 1
        put(store, name, data)

    monkeypatch.setattr(Directory, "_put", put_so_many)
    written(log, make_facts, 300, 251)
    for kills in range(100):
        left = kills % 3
        try:
            publish(log.runtime)
            break
        except Killed:
            assert size(folder) == 250
            if kills == 2:
                written(log, make_facts, 60, 551)
    assert kills > 5
    assert size(folder) == 610


def test_a_log_restored_behind_what_it_published_publishes_nothing(
    log: RunningService, make_facts: MakeFacts, folder: Path
) -> None:
    written(log, make_facts, 300)
    publish(log.runtime)
    published = files(folder)
    as_owner(log, "ALTER TABLE checkpoints DISABLE TRIGGER checkpoints_append_only")
    as_owner(log, "DELETE FROM checkpoints")
    as_owner(log, "ALTER TABLE entries DISABLE TRIGGER entries_append_only")
    as_owner(log, "ALTER TABLE openings DISABLE TRIGGER USER")
    as_owner(log, "DELETE FROM openings WHERE entry_index >= 280")
    as_owner(log, "DELETE FROM entries WHERE index >= 280")
    sign(log.runtime)
    with pytest.raises(LogRewrittenError, match="300 are published"):
        publish(log.runtime)
    assert files(folder) == published


def test_a_log_with_another_past_publishes_nothing(log: RunningService, make_facts: MakeFacts, folder: Path) -> None:
    written(log, make_facts, 10)
    publish(log.runtime)
    published = files(folder)
    as_owner(log, "ALTER TABLE checkpoints DISABLE TRIGGER checkpoints_append_only")
    as_owner(log, "DELETE FROM checkpoints")
    as_owner(log, "ALTER TABLE entries DISABLE TRIGGER entries_append_only")
    as_owner(log, "UPDATE entries SET leaf_hash = sha256(leaf_hash) WHERE index = 3")
    sign(log.runtime)
    with pytest.raises(LogRewrittenError, match="tree of 10"):
        publish(log.runtime)
    assert files(folder) == published


@pytest.mark.parametrize("name", ["checkpoint", "key.pub", "tile/0/000.p/20", "tile/entries/000.p/20"])
def test_a_file_that_the_log_did_not_write_stops_publication(
    log: RunningService, make_facts: MakeFacts, folder: Path, name: str
) -> None:
    written(log, make_facts, 10)
    publish(log.runtime)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"kurashi/demo-ward\n10\nother\n")
    written(log, make_facts, 10, 11)
    with pytest.raises(AlteredError):
        publish(log.runtime)
    assert (folder / name).read_bytes() == b"kurashi/demo-ward\n10\nother\n"


def test_a_publisher_that_comes_late_changes_nothing(tmp_path: Path) -> None:
    store = Directory(tmp_path)
    assert store.replace("checkpoint", b"1", None)
    assert store.replace("checkpoint", b"2", b"1")
    assert not store.replace("checkpoint", b"late", b"1")
    assert store.read("checkpoint") == b"2"


def lag(of: str = "published") -> float | None:
    return REGISTRY.get_sample_value("kurashi_log_lag_seconds", {"of": of})


def test_a_log_that_cannot_publish_alarms_after_a_minute_and_catches_up(
    log: RunningService, make_facts: MakeFacts, folder: Path
) -> None:
    log.clock.set(now=NOON)
    written(log, make_facts, 3)
    publish(log.runtime)
    shutil.move(folder / "tile", folder / "moved")
    (folder / "tile").write_text("no folder can be made here: the disk is as good as full")
    for seconds, alarms in ((60, 0), (61, 1)):
        log.clock.set(now=NOON + timedelta(seconds=seconds))
        written(log, make_facts, 2, seconds)
        with capture_logs() as said, pytest.raises(OSError, match="tile"):
            publish(log.runtime)
        assert lag() == seconds
        assert [line["event"] for line in said] == [*["log.lag"] * alarms, "log.publish"]
    (folder / "tile").unlink()
    shutil.move(folder / "moved", folder / "tile")
    publish(log.runtime)
    assert (size(folder), lag()) == (7, 0)


def test_a_log_whose_database_is_away_alarms_too(log: RunningService, make_facts: MakeFacts, folder: Path) -> None:
    log.clock.set(now=NOON)
    written(log, make_facts, 3)
    publish(log.runtime)
    away = log.service.runtime(log.runtime.settings.model_copy(update={"database_url": "postgresql://127.0.0.1:9/x"}))
    away.clock.set(now=NOON + timedelta(seconds=75))
    with capture_logs() as said, pytest.raises(Exception, match="port 9"):
        publish.body(away)  # the kit counts failures in that database before it begins
    late = [(line["of"], line["seconds"]) for line in said if line["event"] == "log.lag"]
    assert late == [("published", 75)]


def test_how_far_the_log_is_published_is_shown(log: RunningService, make_facts: MakeFacts, folder: Path) -> None:
    written(log, make_facts, 3)
    asked = log.client(machine="one_machine")
    assert asked.get("/log/positions").json["published"] == 0
    publish(log.runtime)
    assert asked.get("/log/positions").json["published"] == 3
