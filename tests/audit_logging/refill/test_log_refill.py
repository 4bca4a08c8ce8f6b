"""The log's database restored to an earlier day, and refilled from what the log had published."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from psycopg import sql
from sqlalchemy.exc import ProgrammingError

from infra.verifier.notes import WITNESS, parse_key
from infra.verifier.verify import verify_log
from infra.verifier.witness import Witness
from services.audit_logging.app import service
from services.audit_logging.domain.log.checkpoint import LogKey, sign_checkpoint
from services.audit_logging.domain.log.merkle import fold, leaf_hash, root
from services.audit_logging.domain.log.tiles import bundle, unbundle
from services.audit_logging.use_cases.log.sign_checkpoint import LogRewrittenError
from services.audit_logging.use_cases.refill import refill_log
from services.audit_logging.worker import index, publish, review, self_check, sign
from shared.service_kit.processes import commands
from shared.service_kit.streams import numbering
from shared.service_kit.subscriptions import locks, positions
from shared.service_kit.testing import RunningService, Services
from tests.audit_logging.acts import auditor, look
from tests.audit_logging.owner import as_owner

pytestmark = pytest.mark.database
WAITING = b"SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database()"
ROOT = Path(__file__).parents[3]
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


@dataclass
class Office:
    """A log with what its producers told, published and shown to a witness; its database can be brought back."""

    log: RunningService
    admin_url: str
    folder: Path
    state: Path
    told: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)

    def tell(self, producer: str, facts: list[dict[str, Any]], stream: str = "facts") -> None:
        """Facts that lie with their producer, whether the log takes them or not."""
        self.told.setdefault((producer, stream), []).extend(facts)

    def take(self) -> None:
        """Let the log take what follows its cursors, as it pulls by itself: the producers' facts and its own."""
        for (producer, stream), facts in self.told.items():
            after = self._after(producer, stream)
            if waiting := facts[after:]:
                self.log.take(producer, self.log.page(producer, waiting, after + 1, stream), stream)
        for stream in ("facts", "looks"):
            after = self._after(service.name, stream)
            with self.log.work() as work:
                numbering.positions(work.session)
                page = numbering.read_page(work.session, self.log.runtime.signer, service.name, stream, after)
            self.log.take(service.name, (page.body, page.key_id, page.signature), stream)

    def _after(self, producer: str, stream: str) -> int:
        cursor = positions.read_cursor(self.log.runtime, self.log.subscription(producer, stream))
        return cursor.number if cursor else 0

    def work_on(self) -> None:
        """What the worker does within seconds, and the witness after it."""
        self.take()
        for task in (sign, publish, index, review):
            task(self.log.runtime)
        Witness(self.state).cosign(self.folder)

    def a_day(self, first: int, count: int) -> None:
        """So many facts from one number on, three looks at a case, and a search in the log itself."""
        data = {"collective_id": "c1", "chunk": 1, "count": 50, "yen": 3_844_000, "sha256": "0" * 64}
        numbers = range(first, first + count)
        self.tell("payments", [self.log.fact("determinations.proposed.v1", data, f"case:{n:08}") for n in numbers])
        self.tell("ui_gateway", [look(self.log, "jiro", f"case:{first:08}") for _ in range(3)], "looks")
        auditor(self.log).get("/log/entries?purpose=review")
        self.work_on()

    def back_up(self, name: str = "backup") -> None:
        self._copy(f"{self.database}_{name}", self.database)

    def restore(self, name: str = "backup") -> None:
        self._copy(self.database, f"{self.database}_{name}")

    @property
    def database(self) -> str:
        return str(psycopg.conninfo.conninfo_to_dict(self.log.runtime.settings.database_url)["dbname"])

    def _copy(self, name: str, template: str) -> None:
        owner = psycopg.conninfo.conninfo_to_dict(self.log.runtime.settings.owner_database_url)["user"]
        self.log.runtime.engine.dispose()
        self.admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self.admin("CREATE DATABASE {} OWNER {} TEMPLATE {}", name, str(owner), template)

    def admin(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def refill(self, folder: Path | None = None) -> None:
        """As an operator runs it."""
        commands.run_process(self.log.service, self.log.runtime, ["refill", str(folder or self.folder)])

    @contextmanager
    def refilling(self) -> Iterator[subprocess.Popen[bytes]]:
        """A process of its own, with the settings that an operator gives it."""
        settings = self.log.runtime.settings
        named = {
            "KURASHI_ENV": "test",
            "KURASHI_SIGNING_KEY": settings.signing_key,
            "KURASHI_OWNER_DATABASE_URL": settings.owner_database_url,
        }
        command = [sys.executable, "-m", "services.audit_logging.app", "refill", str(self.folder)]
        with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **named}) as process:
            yield process

    def refused(self, *words: str, folder: Path | None = None) -> None:
        """It is refused with these words, and nothing has changed."""
        before = self.everything()
        with pytest.raises(SystemExit) as said:
            self.refill(folder)
        assert [word for word in words if word not in str(said.value)] == [], said.value
        assert self.everything() == before

    def everything(self) -> dict[str, Any]:
        """A digest of each table that a refill writes."""
        tables = [
            "entries",
            "openings",
            "tiles",
            "checkpoints",
            "refills",
            "cursors",
            "stream_heads",
            "outbox",
            "events",
        ]
        digest = "SELECT count(*), md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {} t"
        return {one: self.log.execute(digest.format(one)) for one in tables}

    def entries(self) -> list[bytes]:
        return [bytes(row.leaf) for row in self.log.execute("SELECT leaf FROM entries ORDER BY index")]

    def holds(self) -> int:
        """The verifier's word on what is published, against all that the witness kept; gives the entries."""
        key = parse_key((self.state / "log.pub").read_text())
        witness = parse_key((self.state / "witness.pub").read_text(), WITNESS)
        return verify_log(self.folder, key, self.state / "kept", witness).checkpoint.size

    def goes_on(self) -> None:
        """The next day is logged: every fact ever told is one entry, no stream has a gap, and the witness agrees."""
        self.a_day(len(self.told["payments", "facts"]) + 1, 60)
        assert self.holds() == len(self.entries())
        rows = self.log.execute("SELECT producer, stream, number, fact_id FROM entries ORDER BY 1, 2, 3")
        for (producer, stream), facts in self.told.items():
            taken = [(row.number, str(row.fact_id)) for row in rows if (row.producer, row.stream) == (producer, stream)]
            assert taken == [(number, fact["id"]) for number, fact in enumerate(facts, 1)]
        for stream in ("facts", "looks"):
            own = [row.number for row in rows if (row.producer, row.stream) == (service.name, stream)]
            assert own == list(range(1, len(own) + 1))


@pytest.fixture(scope="module")
def lived(services_of_file: Services, admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A log of three days; its database was backed up after the first."""
    home = tmp_path_factory.mktemp("lived")
    office = Office(services_of_file.open(service), admin_url, home / "audit", home / "witness")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KURASHI_PUBLISH_DIR", str(office.folder))
        office.log.clock.set(today=date(2026, 11, 24), now=MORNING)
        office.a_day(1, 300)
        office.back_up()
        office.a_day(301, 400)
        office.a_day(701, 100)
    office.leaves = office.entries()
    assert office.holds() == len(office.leaves) == 812
    yield office
    for name in ("backup", "later"):
        office.admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", f"{office.database}_{name}")


@pytest.fixture
def office(lived: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Its database is lost, and restored to the end of the first day; two days are published alone."""
    folder, state = (Path(shutil.copytree(one, tmp_path / one.name)) for one in (lived.folder, lived.state))
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(folder))
    lived.log.clock.set(today=date(2026, 11, 24), now=MORNING)
    office = replace(lived, folder=folder, state=state, told={one: [*facts] for one, facts in lived.told.items()})
    office.restore()
    return office


def test_a_restored_log_gets_back_what_it_had_published_and_goes_on(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.entries() == office.leaves[:304]
    for act in (office.take, lambda: publish(office.log.runtime)):
        with pytest.raises(LogRewrittenError, match="812 are published"):
            act()
    assert office.entries() == office.leaves[:304]
    office.refill()
    assert "refilled entries 304 to 811" in capsys.readouterr().out
    assert office.entries() == office.leaves
    office.goes_on()


def test_the_refill_is_an_act_in_the_log(office: Office) -> None:
    office.refill()
    office.work_on()
    (fact,) = office.log.facts("log.refilled.v1")
    assert (fact["data"]["first"], fact["data"]["last"]) == (304, 811)
    (hit,) = auditor(office.log).get("/log/entries?purpose=review&type=log.refilled.v1").json["hits"]
    assert (hit["index"], hit["actor"]) == (812, "service:audit_logging")


def test_what_the_log_told_of_itself_is_neither_told_nor_counted_twice(office: Office) -> None:
    office.refill()
    for case in ("told before the backup, logged after it", "told and logged after it", "never logged: nobody has it"):
        with office.log.work() as work:
            work.look("log_search", [f"case:{case}"], "review")
        if case == "told before the backup, logged after it":
            office.back_up("later")
        if case != "never logged: nobody has it":
            office.work_on()
    office.restore("later")
    office.refill()
    assert office.log.execute("SELECT published FROM stream_heads WHERE number > published") == []
    office.goes_on()


def test_a_database_made_anew_is_refilled_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refill_log, "BATCH", 100)
    office._copy(office.database, office.database.rpartition("_")[0] + "_template")
    assert office.entries() == []
    office.refill()
    assert office.entries() == office.leaves
    office.goes_on()


def test_a_second_refill_does_nothing(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.refill()
    before = office.everything()
    capsys.readouterr()
    office.refill()
    assert "nothing to refill" in capsys.readouterr().out
    assert office.everything() == before


@pytest.mark.parametrize("table", ["entries", "cursors", "refills"])
def test_a_refill_killed_at_any_point_is_done_again(office: Office, table: str) -> None:
    before = office.everything()
    with psycopg.connect(office.admin_url, dbname=office.database) as holding:
        holding.execute(f"LOCK TABLE {table} IN SHARE MODE".encode())
        with office.refilling() as process:
            while not holding.execute(WAITING + b" AND NOT granted").fetchone():
                assert process.poll() is None
                time.sleep(0.1)
            process.kill()
    assert office.everything() == before
    with office.refilling() as process:
        assert process.wait(60) == 0
    assert office.entries() == office.leaves
    office.goes_on()


def test_what_was_refilled_says_so_and_is_still_proved(office: Office) -> None:
    office.log.clock.set(now=MORNING + timedelta(days=1))
    office.refill()
    office.work_on()
    asked = auditor(office.log)
    entry = asked.get("/log/entries/500?purpose=review").json
    assert (entry["state"], entry["actor"], entry["data"]) == ("refilled", None, None)
    assert entry["words"].startswith("2026年11月25日に公開済みの記録から復元")
    assert asked.get("/log/entries/10?purpose=review").json["state"] == "readable"
    assert asked.get("/log/proof/500").status_code == 200
    found = asked.get("/log/looks?person=00000001&purpose=review").json
    assert [(one["first"], one["last"]) for one in found["refilled"]] == [(304, 811)]
    assert office.log.client(machine="one_machine").get("/figures").json["refilled"] == 508


def test_an_opening_that_somebody_took_from_the_rest_is_still_a_matter_to_look_into(office: Office) -> None:
    office.refill()
    as_owner(office.log, "ALTER TABLE openings DISABLE TRIGGER USER; DELETE FROM openings WHERE entry_index = 10")
    assert auditor(office.log).get("/log/entries/10?purpose=review").json["state"] == "missing"


@pytest.mark.parametrize("canary", ["in the backup", "after the backup"])
def test_the_daily_self_check_holds_and_counts_what_was_refilled(office: Office, canary: str) -> None:
    log = office.log
    office.refill()
    if canary == "in the backup":  # its entry will be among those that lost their openings
        self_check(log.runtime)
        office.back_up("later")
    else:
        office.back_up("later")
        self_check(log.runtime)
    office.work_on()
    office.restore("later")
    log.clock.set(now=MORNING + timedelta(hours=2))
    office.refill()
    self_check(log.runtime)
    assert log.execute("SELECT * FROM self_check_results") == []  # it gets its five minutes again
    office.work_on()
    log.clock.set(now=MORNING + timedelta(hours=2, minutes=5))
    office.work_on()
    self_check(log.runtime)
    (result,) = log.execute("SELECT faults, figures FROM self_check_results")
    assert (result.faults, result.figures["refilled"]) == ([], 510)


def test_only_the_owner_says_that_something_was_refilled_and_never_takes_it_back(office: Office) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        office.log.execute("INSERT INTO refills VALUES (0, 9, '', now())")
    office.refill()
    for change in ("UPDATE refills SET last = last", "DELETE FROM refills", "TRUNCATE refills", "DELETE FROM entries"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            as_owner(office.log, change)


# What is refused changes nothing.


def copy_of(office: Office, tmp_path: Path) -> Path:
    return Path(shutil.copytree(office.folder, tmp_path / "copy"))


def forged(bundle_file: Path, place: int) -> bytes:
    """Another entry in the place of one; gives its leaf hash."""
    leaves = unbundle(bundle_file.read_bytes())
    leaves[place] = leaves[place].replace(b'"payments"', b'"paiments"')
    bundle_file.write_bytes(bundle(leaves))
    return leaf_hash(leaves[place])


def test_a_forged_entry_is_named(office: Office, tmp_path: Path) -> None:
    copy = copy_of(office, tmp_path)
    forged(copy / "tile/entries/002", 20)
    office.refused("記録532", "entry 532", folder=copy)


def test_an_entry_forged_with_its_tile_is_found(office: Office, tmp_path: Path) -> None:
    copy = copy_of(office, tmp_path)
    tile = copy / "tile/0/002"
    hashes = bytearray(tile.read_bytes())
    hashes[20 * 32 : 21 * 32] = forged(copy / "tile/entries/002", 20)
    tile.write_bytes(hashes)
    office.refused("from entry 512 on", folder=copy)
    upper = copy / "tile/1/000.p/3"
    row = bytearray(upper.read_bytes())
    row[2 * 32 : 3 * 32] = fold([bytes(hashes[at : at + 32]) for at in range(0, 8192, 32)])
    upper.write_bytes(row)
    office.refused("infra.verifier verify", folder=copy)


def test_a_log_of_a_foreign_key_is_refused(office: Office, tmp_path: Path) -> None:
    """All made anew and signed, as by whoever can write to the bucket."""
    copy = copy_of(office, tmp_path)
    hashes = [leaf_hash(leaf) for leaf in office.leaves]

    def read(level: int, first: int, count: int) -> list[bytes]:
        row = hashes if level == 0 else [fold(hashes[at : at + 256]) for at in range(0, len(hashes) - 255, 256)]
        return row[first : first + count]

    foreign = LogKey("kurashi/demo-ward", Ed25519PrivateKey.generate())
    note = sign_checkpoint(foreign, len(hashes), root(read, len(hashes)), MORNING)
    (copy / "checkpoint").write_text(note)
    office.refused("署名", "not signed by this log's key", folder=copy)


def test_a_log_of_another_key_of_ours_refuses_what_this_one_published(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    monkeypatch.setenv("KURASHI_LOG_KEY", other.decode())
    office.refused("not signed by this log's key")


def test_a_copy_that_is_older_than_what_is_published_is_refused(office: Office, tmp_path: Path) -> None:
    copy = copy_of(office, tmp_path)
    office.refill()
    office.a_day(801, 10)
    office.restore()
    office.refused("古い写し", "too old", folder=copy)


def test_a_published_log_that_is_shorter_than_the_database_is_refused(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copy_of(office, tmp_path)
    office.refill()
    office.a_day(801, 10)
    monkeypatch.delenv("KURASHI_PUBLISH_DIR")
    office.refused("812件", "ends at 812 entries", folder=copy)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("checkpoint", "there is no checkpoint"),
        ("tile/entries/002", "entry 512 of the copy"),
        ("tile/0/002", "tile/0/002 is missing"),
        ("tile/1", "tile/1/000 is missing"),
    ],
)
def test_a_copy_of_which_something_is_missing_is_refused_and_says_what(
    office: Office, tmp_path: Path, gone: str, said: str
) -> None:
    copy = copy_of(office, tmp_path)
    shutil.rmtree(copy / gone) if (copy / gone).is_dir() else (copy / gone).unlink()
    office.refused(said, folder=copy)


def test_what_is_no_folder_is_refused(office: Office, tmp_path: Path) -> None:
    office.refused("refill DIR", folder=tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_restored_log_that_took_facts_anew_has_another_past(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KURASHI_PUBLISH_DIR")
    office.take()
    office.refused("記録304", "entry 304", "restore the database again")


def test_a_log_that_told_of_itself_after_it_was_restored_has_to_be_restored_again(office: Office) -> None:
    auditor(office.log).get("/log/entries?purpose=review")
    assert office.log.looks("look.v1")
    office.refused("looks", "restore the database again")


def test_a_refill_beside_a_worker_is_refused(office: Office) -> None:
    with psycopg.connect(office.log.runtime.settings.database_url, autocommit=True) as worker:
        worker.execute("SELECT pg_advisory_lock(%s)", (locks.SCHEDULE.key,))
        office.refused("ワーカー", "stop it first")
    office.refill()


def test_the_service_without_the_owners_login_cannot(office: Office) -> None:
    before = office.everything()
    settings = office.log.runtime.settings.model_copy(update={"owner_database_url": ""})
    with pytest.raises(RuntimeError, match="KURASHI_OWNER_DATABASE_URL"):
        commands.run_process(service, service.runtime(settings), ["refill", str(office.folder)])
    assert office.everything() == before
