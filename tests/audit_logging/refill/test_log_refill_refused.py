"""A refill that is refused: it says why, and nothing has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.audit_logging.app import service
from services.audit_logging.domain.log.checkpoint import LogKey, sign_checkpoint
from services.audit_logging.domain.log.merkle import fold, leaf_hash, root
from services.audit_logging.domain.log.tiles import bundle, unbundle
from shared.service_kit.processes import commands
from shared.service_kit.subscriptions import locks
from tests.audit_logging.acts import auditor
from tests.audit_logging.refill.restored_office import MORNING, Office

pytestmark = pytest.mark.database


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


def test_a_log_that_published_of_itself_after_it_was_restored_has_to_be_restored_again(office: Office) -> None:
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
