"""The log's database restored to an earlier day, and refilled from what the log had published."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
from services.audit_logging.domain.checkpoint import LogKey, sign_checkpoint
from services.audit_logging.domain.merkle import fold, leaf_hash, root
from services.audit_logging.domain.tiles import bundle, unbundle
from services.audit_logging.use_cases import refill_log
from services.audit_logging.use_cases.sign_checkpoint import LogRewrittenError
from services.audit_logging.worker import index, publish, review, self_check, sign
from shared.service_kit import processes, streams, subscriptions
from shared.service_kit.testing import Room, Rooms
from tests.audit_logging.acts import auditor, look
from tests.audit_logging.owner import as_owner

pytestmark = pytest.mark.database
Told = Callable[..., list[dict[str, Any]]]
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


@dataclass
class Office:
    """A log with what its producers told, published and shown to a witness; its database can be brought back."""

    log: Room
    folder: Path
    state: Path
    admin_url: str
    told: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)

    def tell(self, producer: str, facts: list[dict[str, Any]], stream: str = "facts") -> None:
        """Facts that lie with their producer, whether the log takes them or not."""
        self.told.setdefault((producer, stream), []).extend(facts)

    def take(self) -> int:
        """Let the log take what follows its cursors, as it pulls by itself: the producers' facts and its own."""
        return sum(self._pull(*stream) for stream in self.told) + sum(
            self._own(stream) for stream in ("facts", "looks")
        )

    def _pull(self, producer: str, stream: str) -> int:
        after = subscriptions.cursor_position(self.log.service, self.log.service.subscription(producer, stream))
        facts = self.told[producer, stream][after:]
        return self.log.take(producer, self.log.page(producer, facts, after + 1, stream), stream) if facts else 0

    def _own(self, stream: str) -> int:
        own = self.log.service.name
        after = subscriptions.cursor_position(self.log.service, self.log.service.subscription(own, stream))
        with self.log.work() as work:
            streams.positions(work.session)
            page = streams.read_page(work.session, self.log.service.signer, own, stream, after)
        return self.log.take(own, (page.body, page.key_id, page.signature), stream)

    def work_on(self) -> None:
        """What the worker does within seconds, and the witness after it."""
        self.take()
        for task in (sign, publish, index, review):
            task(self.log.service)
        Witness(self.state).cosign(self.folder)

    def back_up(self) -> None:
        self._make(self._name + "_backup", self._name)

    def restore(self) -> None:
        self._make(self._name, self._name + "_backup")

    def drop(self) -> None:
        self._admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._name + "_backup")

    @property
    def _name(self) -> str:
        return str(psycopg.conninfo.conninfo_to_dict(self.log.service.settings.database_url)["dbname"])

    def _make(self, name: str, template: str) -> None:
        owner = psycopg.conninfo.conninfo_to_dict(self.log.service.settings.owner_database_url)["user"]
        self.log.service.engine.dispose()
        self._admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._admin("CREATE DATABASE {} OWNER {} TEMPLATE {}", name, str(owner), template)

    def _admin(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def refill(self, folder: Path | None = None) -> None:
        """As an operator runs it."""
        processes.run_process(self.log.service, ["refill", str(folder or self.folder)])

    def refused(self, *words: str, folder: Path | None = None) -> None:
        """It is refused with these words, and nothing has changed."""
        before = self.everything()
        with pytest.raises(SystemExit) as said:
            self.refill(folder)
        assert [word for word in words if word not in str(said.value)] == [], said.value
        assert self.everything() == before

    def everything(self) -> dict[str, Any]:
        tables = (
            "entries",
            "openings",
            "tiles",
            "checkpoints",
            "cursors",
            "stream_heads",
            "outbox",
            "events",
            "refills",
        )
        counts = {one: self.log.execute(f"SELECT count(*), max(t::text) FROM {one} t") for one in tables}
        return {**counts, "cursors": self.log.execute("SELECT * FROM cursors ORDER BY 1, 2")}

    def leaves(self) -> list[bytes]:
        return [bytes(row.leaf) for row in self.log.execute("SELECT leaf FROM entries ORDER BY index")]

    def holds(self) -> int:
        """The verifier's word on what is published, against all that the witness kept; gives the entries."""
        key, witness = (
            parse_key((self.state / name).read_text(), kind)
            for name, kind in (("log.pub", 1), ("witness.pub", WITNESS))
        )
        return verify_log(self.folder, key, self.state / "kept", witness).checkpoint.size

    def each_once(self) -> None:
        """Every fact told is one entry, and no stream has a gap."""
        rows = self.log.execute(
            "SELECT producer, stream, number, fact_id FROM entries ORDER BY producer, stream, number"
        )
        for (producer, stream), facts in self.told.items():
            taken = [(row.number, str(row.fact_id)) for row in rows if (row.producer, row.stream) == (producer, stream)]
            assert taken == [(number, fact["id"]) for number, fact in enumerate(facts, 1)]
        for stream in ("facts", "looks"):
            own = [row.number for row in rows if (row.producer, row.stream) == ("audit_logging", stream)]
            assert own == list(range(1, len(own) + 1))


@pytest.fixture
def office(
    rooms: Rooms, log: Room, told: Told, tmp_path: Path, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """A log of some days, of which its database was backed up on one: the last days are lost with it."""
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(tmp_path / "audit"))
    office = Office(log, tmp_path / "audit", tmp_path / "witness", admin_url)
    log.clock.set(today=date(2026, 11, 24), now=MORNING)
    a_day(office, told, 1, 300)
    office.back_up()
    for first, count in ((301, 400), (701, 100)):
        a_day(office, told, first, count)
    yield office
    office.drop()


def a_day(office: Office, told: Told, first: int, count: int) -> None:
    log = office.log
    office.tell("payments", told(count, first))
    office.tell("ui_gateway", [look(log, "jiro", f"case:{first:08}") for _ in range(3)], "looks")
    auditor(log).get("/log/entries?purpose=review")
    office.work_on()


def test_a_restored_log_gets_back_what_it_had_published_and_goes_on(
    office: Office, told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    leaves, published = office.leaves(), office.holds()
    assert len(leaves) == published > 800
    office.restore()
    assert len(office.leaves()) < 310
    with pytest.raises(LogRewrittenError):
        publish(office.log.service)
    office.refill()
    assert "refilled entries 304 to 811" in capsys.readouterr().out
    assert office.leaves() == leaves
    a_day(office, told, 801, 60)
    assert office.holds() == len(office.leaves()) > published + 60
    office.each_once()
    (fact,) = office.log.facts("log.refilled.v1")
    assert (fact["data"]["first"], fact["data"]["last"]) == (304, published - 1)
    (hit,) = auditor(office.log).get("/log/entries?purpose=review&type=log.refilled.v1").json["hits"]
    assert (hit["index"] >= published, hit["actor"]) == (True, "service:audit_logging")


def test_what_the_log_told_of_itself_is_neither_told_twice_nor_counted_twice(office: Office, told: Told) -> None:
    with office.log.work() as work:  # told in time for the backup, numbered and logged after it
        work.look("log_search", ["case:00000001"], "review")
    office.back_up()
    with office.log.work() as work:
        work.look("log_search", ["case:00000002"], "review")
    office.work_on()
    with office.log.work() as work:  # never numbered: it is lost, nobody was shown that it was there
        work.look("log_search", ["case:00000003"], "review")
    office.restore()
    office.refill()
    a_day(office, told, 801, 5)
    office.each_once()
    office.holds()


def test_an_empty_database_is_refilled_too(office: Office, told: Told) -> None:
    leaves = office.leaves()
    office._make(office._name, office._name.rpartition("_")[0].rpartition("_audit")[0] + "_audit_logging_template")
    assert office.leaves() == []
    office.refill()
    assert office.leaves() == leaves
    a_day(office, told, 801, 5)
    office.each_once()
    office.holds()


def test_a_second_refill_does_nothing(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.restore()
    office.refill()
    before = office.everything()
    capsys.readouterr()
    office.refill()
    assert "nothing to refill" in capsys.readouterr().out
    assert office.everything() == before


class Killed(Exception):
    """The process ended here."""


@pytest.mark.parametrize("act", ["_write", "_go_on", "_tell"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_refill_killed_at_any_point_is_done_again(
    office: Office, told: Told, monkeypatch: pytest.MonkeyPatch, act: str, when: str
) -> None:
    leaves = office.leaves()
    office.restore()
    before = office.everything()
    done = getattr(refill_log, act)

    def killed(*given: Any) -> None:
        if when == "after":
            done(*given)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(refill_log, act, killed)
        patch.setattr(refill_log, "BATCH", 1)
        office.refill()
    assert office.everything() == before
    office.refill()
    assert office.leaves() == leaves
    a_day(office, told, 801, 5)
    office.each_once()
    office.holds()


def test_what_was_refilled_says_so_and_is_still_proved(office: Office) -> None:
    office.restore()
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
    office.restore()
    office.refill()
    as_owner(office.log, "ALTER TABLE openings DISABLE TRIGGER USER; DELETE FROM openings WHERE entry_index = 10")
    assert auditor(office.log).get("/log/entries/10?purpose=review").json["state"] == "missing"


@pytest.mark.parametrize("written", ["before the backup", "after the backup"])
def test_the_daily_self_check_holds_and_counts_what_was_refilled(office: Office, written: str) -> None:
    log = office.log
    if written == "before the backup":  # its entry is among those that lost their openings
        self_check(log.service)
        office.back_up()
        office.work_on()
    else:
        office.back_up()
        self_check(log.service)
        office.work_on()
    office.restore()
    log.clock.set(now=MORNING + timedelta(hours=2))
    office.refill()
    self_check(log.service)
    office.work_on()
    log.clock.set(now=MORNING + timedelta(hours=2, minutes=5))
    sign(log.service)
    publish(log.service)
    self_check(log.service)
    (result,) = log.execute("SELECT faults, figures FROM self_check_results")
    assert (result.faults, result.figures["refilled"] > 0) == ([], True)


def test_only_the_owner_says_that_something_was_refilled_and_never_takes_it_back(office: Office) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        office.log.execute("INSERT INTO refills VALUES (0, 9, '', now())")
    office.restore()
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
    office.restore()
    office.refused("記録532", "entry 532", folder=copy)


def test_an_entry_forged_with_its_tile_is_found(office: Office, tmp_path: Path) -> None:
    copy = copy_of(office, tmp_path)
    tile = copy / "tile/0/002"
    hashes = bytearray(tile.read_bytes())
    hashes[20 * 32 : 21 * 32] = forged(copy / "tile/entries/002", 20)
    tile.write_bytes(hashes)
    office.restore()
    office.refused("from entry 512 on", folder=copy)
    (upper,) = (copy / "tile/1/000.p").iterdir()
    row = bytearray(upper.read_bytes())
    row[2 * 32 : 3 * 32] = fold([bytes(hashes[at : at + 32]) for at in range(0, 8192, 32)])
    upper.write_bytes(row)
    office.refused("infra.verifier verify", folder=copy)


def test_a_log_of_a_foreign_key_is_refused(office: Office, tmp_path: Path) -> None:
    """All made anew and signed, as by whoever can write to the bucket."""
    copy = copy_of(office, tmp_path)
    hashes = [leaf_hash(leaf) for leaf in office.leaves()]

    def read(level: int, first: int, count: int) -> list[bytes]:
        row = hashes if level == 0 else [fold(hashes[at : at + 256]) for at in range(0, len(hashes) - 255, 256)]
        return row[first : first + count]

    foreign = LogKey("kurashi/demo-ward", Ed25519PrivateKey.generate())
    note = sign_checkpoint(foreign, len(hashes), root(read, len(hashes)), MORNING)
    (copy / "checkpoint").write_text(note)
    office.restore()
    office.refused("署名", "not signed by this log's key", folder=copy)


def test_a_log_of_another_key_of_ours_refuses_what_this_one_published(
    office: Office, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    monkeypatch.setenv("KURASHI_LOG_KEY", other.decode())
    office.restore()
    office.refused("not signed by this log's key")


def test_a_copy_that_is_older_than_what_is_published_is_refused(office: Office, told: Told, tmp_path: Path) -> None:
    copy = copy_of(office, tmp_path)
    a_day(office, told, 801, 10)
    office.restore()
    office.refused("古い写し", "too old", folder=copy)


def test_a_published_log_that_is_shorter_than_the_database_is_refused(
    office: Office, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copy_of(office, tmp_path)
    a_day(office, told, 801, 10)
    monkeypatch.delenv("KURASHI_PUBLISH_DIR")
    office.refused("812件", "ends at 812 entries", folder=copy)


@pytest.mark.parametrize("gone", ["checkpoint", "tile/entries/002", "tile/0/002", "tile/1"])
def test_a_copy_of_which_something_is_missing_is_refused(office: Office, tmp_path: Path, gone: str) -> None:
    copy = copy_of(office, tmp_path)
    shutil.rmtree(copy / gone) if (copy / gone).is_dir() else (copy / gone).unlink()
    office.restore()
    office.refused(folder=copy)


def test_what_is_no_folder_is_refused(office: Office, tmp_path: Path) -> None:
    office.refused("refill DIR", folder=tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_restored_log_that_took_facts_anew_has_another_past(office: Office) -> None:
    office.restore()
    office.take()
    first = len([leaf for leaf in office.leaves() if b'"number":301' not in leaf][:304])
    office.refused(f"記録{first}", "restore the database again")


def test_a_log_that_told_of_itself_after_it_was_restored_has_to_be_restored_again(office: Office) -> None:
    office.restore()
    auditor(office.log).get("/log/entries?purpose=review")
    assert office.log.looks("look.v1")
    office.refused("looks", "restore the database again")


def test_a_refill_beside_a_worker_is_refused(office: Office) -> None:
    office.restore()
    with psycopg.connect(office.log.service.settings.database_url, autocommit=True) as worker:
        worker.execute("SELECT pg_advisory_lock(hashtext('schedule'))")
        office.refused("ワーカー", "stop it first")
    office.refill()


def test_the_service_without_the_owners_login_cannot(office: Office) -> None:
    office.restore()
    before = office.everything()
    settings = office.log.service.settings.model_copy(update={"owner_database_url": ""})
    with pytest.raises(RuntimeError, match="KURASHI_OWNER_DATABASE_URL"):
        processes.run_process(service.configured(settings), ["refill", str(office.folder)])
    assert office.everything() == before
