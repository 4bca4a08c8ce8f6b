"""From facts to a verified folder: export over HTTP, then the independent verifier on what came."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from infra.one_machine.commands.audit_export import export
from infra.one_machine.problems import MachineError
from infra.verifier import __main__ as verifier
from infra.verifier.layout import resources
from services.audit_logging.worker import sign
from shared.service_kit.testing import Client, RunningService, make_token

pytestmark = pytest.mark.database
MakeFacts = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def token() -> str:
    return make_token("one_machine", ["service"], "audit_logging", "machine", scope="kurashi:log:read")


@pytest.fixture
def url(log: RunningService) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, log.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def verify(folder: Path, *more: str) -> int:
    return verifier.main(["verify", str(folder), "--key", str(folder / "key.pub"), *more])


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_an_exported_log_is_whole_and_grows(
    log: RunningService, make_facts: MakeFacts, url: str, token: str, tmp_path: Path
) -> None:
    folder = tmp_path / "audit"
    sign(log.runtime)
    assert export(url, token, folder) == 0
    assert verify(folder) == 0
    for first, count in ((1, 200), (201, 100), (301, 300)):
        kept = tmp_path / "kept"
        kept.write_bytes((folder / "checkpoint").read_bytes())
        log.deliver("payments", make_facts(count, first))
        sign(log.runtime)
        size = first + count - 1
        assert export(url, token, folder) == size
        assert files(folder) == {"checkpoint", "key.pub", *resources(size)}
        nothing_compared = first == 1  # an empty tree is the beginning of every other
        assert verify(folder, "--since", str(kept)) == int(nothing_compared)


def test_only_what_is_new_is_fetched(
    log: RunningService, make_facts: MakeFacts, url: str, token: str, tmp_path: Path
) -> None:
    log.deliver("payments", make_facts(260))
    sign(log.runtime)
    export(url, token, tmp_path)
    mark = b"kept as it was"
    (tmp_path / "tile/0/000").write_bytes(mark)
    log.deliver("payments", make_facts(260, 261))
    sign(log.runtime)
    export(url, token, tmp_path)
    assert (tmp_path / "tile/0/000").read_bytes() == mark


def test_a_log_smaller_than_the_export_is_refused(log: RunningService, url: str, token: str, tmp_path: Path) -> None:
    sign(log.runtime)
    (tmp_path / "checkpoint").write_text("kurashi/demo-ward\n7\nAAAA\n\n")
    with pytest.raises(MachineError, match="rolled back"):
        export(url, token, tmp_path)


def test_an_export_without_the_right_says_so(log: RunningService, url: str, tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="401"):
        export(url, "nonsense", tmp_path)
    caseworker = make_token("demo-caseworker", ["caseworker"], "audit_logging")
    with pytest.raises(MachineError, match="403"):
        export(url, caseworker, tmp_path)
    assert [look["type"] for look in log.looks()] == ["refusal.v1", "refusal.v1", "refusal.v1"]


def test_a_token_that_ends_on_the_way_is_renewed(log: RunningService, url: str, token: str, tmp_path: Path) -> None:
    sign(log.runtime)
    tokens = iter(["nonsense", token])
    assert export(url, lambda: next(tokens), tmp_path) == 0


def test_a_log_that_is_away_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="does not answer"):
        export("http://127.0.0.1:9", "token", tmp_path)


@pytest.fixture
def auditor(log: RunningService, make_facts: MakeFacts) -> Client:
    log.deliver("payments", make_facts(300))
    sign(log.runtime)
    return log.client(person="demo-auditor", roles=["auditor"])


def test_one_entry_is_proved_to_an_auditor(auditor: Client, tmp_path: Path) -> None:
    bundle = auditor.get("/log/tile/entries/000").content
    for name, content in (
        ("key.pub", auditor.get("/log/key.pub").content),
        ("proof", auditor.get("/log/proof/0").content),
        ("entry", bundle[2 : 2 + int.from_bytes(bundle[:2], "big")]),
    ):
        (tmp_path / name).write_bytes(content)
    assert json.loads((tmp_path / "entry").read_bytes())["number"] == 1
    assert verifier.main(["proof", str(tmp_path / "proof"), str(tmp_path / "entry")]) == 0
    assert auditor.get("/log/proof/300").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "0/001.p/45",
        "0/002",
        "1/001.p/1",
        "2/000.p/1",
        "8/000",
        "x/000",
        "0/0",
        "entries/001",
        "entries/001.p/45",
        "00/000",
    ],
)
def test_a_tile_that_the_log_does_not_hold_is_not_found(auditor: Client, path: str) -> None:
    assert auditor.get(f"/log/tile/{path}").status_code == 404


def test_static_files_say_how_long_they_hold(auditor: Client) -> None:
    assert "immutable" in auditor.get("/log/tile/0/000").headers["Cache-Control"]
    assert auditor.get("/log/tile/1/000.p/1").headers["Content-Type"] == "application/octet-stream"
    assert auditor.get("/log/checkpoint").headers["Cache-Control"] == "no-cache"
    assert auditor.get("/log/checkpoint").headers["Content-Type"] == "text/plain; charset=utf-8"
