"""Tasks of the log, and the command that refills it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from services.audit_logging.adapters.log.log_key import load_log_key
from services.audit_logging.adapters.log.object_store import Directory, ObjectStore
from services.audit_logging.adapters.log.settings import published_bucket, published_folder
from services.audit_logging.use_cases.log.publish_log import publish_log
from services.audit_logging.use_cases.log.sign_checkpoint import sign_tree_head
from services.audit_logging.use_cases.log.watch_lag import taken_number, watch_index, watch_publication, watch_stream
from services.audit_logging.use_cases.refill.published_copy import NotRefilledError
from services.audit_logging.use_cases.refill.refill_log import refill_log
from services.audit_logging.use_cases.retention.approve_deletion import JOB
from services.audit_logging.use_cases.retention.delete_openings import delete_chunk, publish_notice
from services.audit_logging.use_cases.review.find_unusual import find_unusual
from services.audit_logging.use_cases.search.index_entries import index_entries
from services.audit_logging.use_cases.self_check.prepare_check import collect_reports, prepare_check
from services.audit_logging.use_cases.self_check.run_self_check import run_self_check
from shared.service_kit.jobs import chunks
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import Problem, error_location
from shared.service_kit.runtime import Runtime
from shared.service_kit.tasks import task
from shared.service_kit.unit_of_work import owner_unit_of_work, unit_of_work

ACTOR = "service:audit_logging"
BATCHES = 5
STORES = {"published": published_folder, "published.bucket": published_bucket}
"""Where the log is published, by the name under which its lag is measured."""


@task("audit_logging.sign")
def sign(runtime: Runtime) -> None:
    """Sign the tree head when the log has grown."""
    with unit_of_work(runtime, actor=ACTOR, correlation="") as work:
        sign_tree_head(work, load_log_key(runtime.settings))


@task("audit_logging.publish")
def publish(runtime: Runtime) -> None:
    """Publish what is signed into folder and bucket; one that fails does not hold up the other."""
    failed = list[Exception]()
    for of, opened in STORES.items():
        try:
            if store := opened():
                _publish(runtime, of, store)
        except Exception as error:
            log().error("log.publish", of=of, why=error_location(error))
            failed.append(error)
    if failed:
        raise failed[0]


def _publish(runtime: Runtime, of: str, store: ObjectStore) -> None:
    """Publish, and say how old the published checkpoint is, whatever came of it."""
    key = load_log_key(runtime.settings)
    try:
        with unit_of_work(runtime, actor=ACTOR, correlation="") as work:
            publish_log(work, key, store)
    finally:
        watch_publication(of, key, store, runtime.clock)


@task("audit_logging.watch")
def watch(runtime: Runtime) -> None:
    """Measure how long what the producers published has been waiting, and entries for index and review.

    A producer that does not answer is watched by its own.
    """
    with unit_of_work(runtime, actor=ACTOR, correlation="") as work:
        watch_index(work)
    for producer, stream in runtime.catalog.streams_of(runtime.name):
        if producer not in runtime.settings.peers:
            continue
        with unit_of_work(runtime, actor=ACTOR, correlation="") as work:
            taken = taken_number(work, producer, stream)
        try:
            watch_stream(runtime.clients.client(producer), stream, taken, runtime.clock)
        except Problem as problem:
            log().warning("log.watch", producer=producer, stream=stream, why=error_location(problem))


@task("audit_logging.index")
def index(runtime: Runtime) -> None:
    """Index what was appended, a few batches at a time; the next round goes on."""
    for _ in range(BATCHES):
        with unit_of_work(runtime, actor=ACTOR, correlation="") as work:
            passed = index_entries(work)
        if not passed:
            return


@task("audit_logging.delete")
def delete(runtime: Runtime) -> None:
    """Delete the openings of approved deletions, chunk by chunk, and publish the notice of each that is done."""
    chunks.work_off(runtime, JOB, delete_chunk, publish_notice)


@task("audit_logging.review")
def review(runtime: Runtime) -> None:
    """Find unusual looks in what was indexed, a batch a transaction."""
    for _ in range(BATCHES):
        with unit_of_work(runtime, actor=ACTOR, correlation="") as work:
            passed = find_unusual(work)
        if not passed:
            return


@task("audit_logging.self_check")
def self_check(runtime: Runtime) -> None:
    """Once a business day write a canary, then see that the log reads it back; others are asked in between."""
    key = load_log_key(runtime.settings)
    with unit_of_work(runtime, actor=ACTOR, correlation="") as work:
        prepared = prepare_check(work)
    if prepared is None:
        return
    reports = collect_reports(runtime, prepared, key, published_folder() or published_bucket())
    with unit_of_work(runtime, actor=ACTOR, correlation="") as work:
        run_self_check(work, key, prepared, reports)


def refill(runtime: Runtime, arguments: Sequence[str]) -> str:
    """`refill DIR`: give a restored log back what it had published, as a person with the owner's login.

    All or nothing: killed at any point, it is done again. Says what came back.

    Raises:
        SystemExit: it was refused; says why.
        RuntimeError: the owner's database is not named.
    """
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        raise SystemExit(
            "refill DIR: 公開された監査ログのフォルダを指定してください\nDIR is the folder of the published log"
        )
    published = [store for opened in STORES.values() if (store := opened())]
    try:
        with owner_unit_of_work(runtime) as work:
            done = refill_log(work, load_log_key(runtime.settings), Directory(Path(arguments[0])), published)
    except NotRefilledError as refused:
        raise SystemExit(f"{refused}") from refused
    if done is None:
        return "復元するものはありません / nothing to refill\n"
    own = ", ".join(f"{type_} {count}" for type_, count in sorted(done.own.items())) or "none"
    return f"refilled entries {done.first} to {done.last}, without their openings; of the log's own acts: {own}\n"
