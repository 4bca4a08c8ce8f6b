"""The log published into a bucket with object lock: AWS S3 as moto's server plays it, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer
from structlog.testing import capture_logs

from infra.verifier.notes import parse_key
from infra.verifier.verify import verify_log
from services.audit_logging.adapters.log import settings
from services.audit_logging.adapters.log.bucket import Bucket, NotLockedError
from services.audit_logging.adapters.log.object_store import AlteredError
from services.audit_logging.worker import publish, sign
from shared.service_kit.testing import RunningService

pytestmark = pytest.mark.database
MakeFacts = Callable[..., list[dict[str, Any]]]
NAME, PREFIX, YEARS = "ward-audit", "2026", 10
TILE = f"{PREFIX}/tile/0/000.p/3"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(server: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The bucket's owner, who made it as docs/containers.md says."""
    for name, value in {
        "AWS_ENDPOINT_URL_S3": server,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret
        "AWS_DEFAULT_REGION": "ap-northeast-1",
        "KURASHI_PUBLISH_BUCKET": NAME,
        "KURASHI_PUBLISH_PREFIX": PREFIX,
        "KURASHI_PUBLISH_YEARS": str(YEARS),
    }.items():
        monkeypatch.setenv(name, value)
    requests.post(f"{server}/moto-api/reset", timeout=10).raise_for_status()
    settings._bucket.cache_clear()
    owner = boto3.client("s3")
    make_bucket(owner, NAME, years=YEARS)
    return owner


def make_bucket(owner: Any, name: str, *, years: int = 0, mode: str = "COMPLIANCE") -> None:
    where = {"LocationConstraint": "ap-northeast-1"}
    owner.create_bucket(Bucket=name, CreateBucketConfiguration=where, ObjectLockEnabledForBucket=True)
    if years:
        rule = {"DefaultRetention": {"Mode": mode, "Years": years}}
        lock = {"ObjectLockEnabled": "Enabled", "Rule": rule}
        owner.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=lock)


def written(log: RunningService, make_facts: MakeFacts, count: int, first: int = 1) -> None:
    log.deliver("payments", make_facts(count, first))
    sign(log.runtime)
    publish(log.runtime)


def downloaded(s3: Any, folder: Path) -> Path:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=NAME, Prefix=f"{PREFIX}/"):
        for listed in page["Contents"]:
            file = folder / listed["Key"].removeprefix(f"{PREFIX}/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(s3.get_object(Bucket=NAME, Key=listed["Key"])["Body"].read())
    return folder


def versions(s3: Any, key: str) -> list[dict[str, Any]]:
    listing = s3.list_object_versions(Bucket=NAME, Prefix=key)
    return [version for version in listing.get("Versions", []) if version["Key"] == key]


def test_what_is_in_the_bucket_is_the_whole_log_and_grows(
    log: RunningService, make_facts: MakeFacts, s3: Any, tmp_path: Path
) -> None:
    for first, count in ((1, 200), (201, 100), (301, 300)):
        written(log, make_facts, count, first)
        folder = downloaded(s3, tmp_path / str(first))
        head = verify_log(folder, parse_key((folder / "key.pub").read_text())).checkpoint
        assert head.size == first + count - 1
    assert (folder / "tile/0/000.p/200").exists(), "a partial tile is locked and stays"
    assert len(versions(s3, f"{PREFIX}/checkpoint")) == 3


def test_nobody_deletes_or_changes_a_version_before_its_years_are_over(
    log: RunningService, make_facts: MakeFacts, s3: Any
) -> None:
    written(log, make_facts, 3)
    for name in ("checkpoint", "key.pub", "tile/0/000.p/3", "tile/entries/000.p/3"):
        (version,) = versions(s3, f"{PREFIX}/{name}")
        place = {"Bucket": NAME, "Key": f"{PREFIX}/{name}", "VersionId": version["VersionId"]}
        kept = s3.head_object(**place)
        assert kept["ObjectLockMode"] == "COMPLIANCE"
        assert (kept["ObjectLockRetainUntilDate"] - version["LastModified"]).days >= 365 * YEARS - 1
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.delete_object(**place)
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.delete_object(**place, BypassGovernanceRetention=True)


def test_an_object_that_somebody_wrote_over_stops_the_publication(
    log: RunningService, make_facts: MakeFacts, s3: Any
) -> None:
    written(log, make_facts, 3)
    published = s3.get_object(Bucket=NAME, Key=TILE)["Body"].read()
    s3.put_object(Bucket=NAME, Key=f"{PREFIX}/tile/0/000.p/5", Body=b"forged")
    with pytest.raises(AlteredError, match=r"000\.p/5"):
        written(log, make_facts, 2, 4)
    s3.put_object(Bucket=NAME, Key=TILE, Body=b"forged")
    first = versions(s3, TILE)[-1]
    assert s3.get_object(Bucket=NAME, Key=TILE, VersionId=first["VersionId"])["Body"].read() == published


def test_a_bucket_that_fails_does_not_hold_up_the_folder_and_is_measured_by_itself(
    log: RunningService, make_facts: MakeFacts, s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURASHI_PUBLISH_DIR", str(tmp_path))
    written(log, make_facts, 3)
    s3.put_object(Bucket=NAME, Key=f"{PREFIX}/checkpoint", Body=b"forged")
    with capture_logs() as said, pytest.raises(AlteredError):
        written(log, make_facts, 2, 4)
    assert ("log.publish", "published.bucket") in [(line["event"], line.get("of")) for line in said]
    assert verify_log(tmp_path, parse_key((tmp_path / "key.pub").read_text())).checkpoint.size == 5


def test_a_checkpoint_that_is_not_the_logs_stops_the_publication(
    log: RunningService, make_facts: MakeFacts, s3: Any
) -> None:
    written(log, make_facts, 3)
    s3.put_object(Bucket=NAME, Key=f"{PREFIX}/checkpoint", Body=b"kurashi/demo-ward\n3\nforged\n")
    with pytest.raises(AlteredError, match="checkpoint"):
        written(log, make_facts, 2, 4)


def test_who_loses_the_race_for_a_name_finds_out(s3: Any) -> None:
    first, other = Bucket(NAME, PREFIX, YEARS), Bucket(NAME, PREFIX, YEARS)
    first.create("tile/0/000", b"a")
    other.create("tile/0/000", b"a")
    with pytest.raises(AlteredError):
        other.create("tile/0/000", b"b")
    assert other.read("tile/0/000") == b"a"
    assert len(versions(s3, f"{PREFIX}/tile/0/000")) == 1


def test_a_late_writer_changes_no_checkpoint(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    early, late = Bucket(NAME, PREFIX, YEARS), Bucket(NAME, PREFIX, YEARS)
    assert early.replace("checkpoint", b"1", None)
    assert not late.replace("checkpoint", b"0", None)
    seen = late._get("checkpoint")
    assert early.replace("checkpoint", b"2", b"1")
    assert not late.replace("checkpoint", b"1b", b"1")
    monkeypatch.setattr(late, "_get", lambda _name: seen)
    assert not late.replace("checkpoint", b"1c", b"1"), "it looked before the other wrote, and wrote after"
    assert early.read("checkpoint") == b"2"
    assert len(versions(s3, f"{PREFIX}/checkpoint")) == 2


@pytest.mark.parametrize(("years", "mode"), [(0, ""), (9, "COMPLIANCE"), (10, "GOVERNANCE")])
def test_a_bucket_that_locks_too_little_is_refused(s3: Any, years: int, mode: str) -> None:
    make_bucket(s3, "other", years=years, mode=mode)
    with pytest.raises(NotLockedError):
        Bucket("other", PREFIX, YEARS)
