"""Tasks of the payments service: each finds its work in the database, opens the transaction, calls one use case."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from prometheus_client import Gauge

from services.payments.adapters.files.file_folder import discard, place, prepare
from services.payments.adapters.files.file_rows import (
    LeasedFile,
    WaitingFile,
    lease_file,
    mark_prepared,
    take_file,
    waiting_files,
)
from services.payments.adapters.files.standings import HAND_OVER, WRONG, FileRow, files_of, standing_of, unknown_files
from services.payments.adapters.runs.run_rows import WaitingRun, locked_run
from services.payments.domain.run import STATES
from services.payments.use_cases.files.hand_over_file import complete_run, hand_over_file
from services.payments.use_cases.files.make_file import make_file
from services.payments.use_cases.files.read_back_file import read_back_file
from services.payments.use_cases.runs.accept_disbursement import FILE_JOB
from services.payments.use_cases.runs.cut_off_run import CUT_OFF_JOB, ORDER_JOB, cut_off_run, runs_to_cut_off
from services.payments.use_cases.runs.order_chunk import order_chunk
from services.payments.use_cases.runs.propose_run import PROPOSE_JOB, propose_run, runs_to_propose
from shared.service_kit.jobs import chunks
from shared.service_kit.jobs.failures import failures_of
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import ContentError
from shared.service_kit.runtime import Runtime
from shared.service_kit.tasks import task
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

ACTOR = "service:payments"
FILES_NOT_AS_STORED = Gauge(
    "kurashi_files_not_as_stored", "Bank files that were altered or are gone from the folder", []
)
FILES_UNKNOWN = Gauge("kurashi_files_unknown", "Files in the treasurer's folder that were not made here", [])


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run that the worker takes: what it does with a piece of it, and which runs wait for it.

    Attributes:
        waiting: the runs to which the step is due; each is then a piece of work of its own: one that fails is parked
            where a person sees it, and stops no other. None where an earlier step has cut the work into pieces.
        finish: called once all pieces of a run are done.
    """

    name: str
    job: str
    do: Callable[[UnitOfWork, chunks.Chunk], None]
    waiting: Callable[[UnitOfWork], list[WaitingRun]] | None = None
    finish: Callable[[UnitOfWork, str], None] | None = None


def _cut_off(work: UnitOfWork, chunk: chunks.Chunk) -> None:
    cut_off_run(work, UUID(chunk.job_id))
    work.wake("order_chunks")


def _propose(work: UnitOfWork, chunk: chunks.Chunk) -> None:
    propose_run(work, UUID(chunk.job_id))


CUT_OFF: Final = Step("cut off run", CUT_OFF_JOB, _cut_off, waiting=runs_to_cut_off)
ORDER: Final = Step("order", ORDER_JOB, order_chunk, finish=lambda work, run_id: None)
PROPOSE: Final = Step("propose run", PROPOSE_JOB, _propose, waiting=runs_to_propose)
"""A run's steps between its opening and its approval, in this order; where each leads says ``domain/run.py``."""


@task("payments.cut_off_runs")
def cut_off_runs(runtime: Runtime) -> None:
    """Cut off the runs whose producers we have read far enough, and go on to their orders."""
    _take_step(runtime, CUT_OFF)


@task("payments.order_chunks")
def order_chunks(runtime: Runtime) -> None:
    """Make orders chunk by chunk, and propose the runs that have all of theirs."""
    _take_step(runtime, ORDER)
    _take_step(runtime, PROPOSE)


@task("payments.make_files")
def make_files(runtime: Runtime) -> None:
    """Make the files of accepted runs, and hand over what is stored and not yet in the folder."""
    chunks.work_off(runtime, FILE_JOB, make_file, _complete)
    with unit_of_work(runtime, actor=ACTOR, correlation="") as work:
        waiting = waiting_files(work)
    for file in waiting:
        failures_of(runtime).attempt(HAND_OVER, partial(_hand_over, runtime, file), subject=file.subject)


def _hand_over(runtime: Runtime, file: WaitingFile) -> None:
    """Prepare the file, note that it is prepared, place it, note that it is placed: each kept before the next begins.

    The transaction around it keeps other workers off, and is let go by a crash; a worker that is stopped until its
    transaction was ended for it, and then goes on, has nothing left to place.
    """
    folder = runtime.settings.files_dir
    with _act(runtime, "hand over file", file) as work:
        if not take_file(work, file):
            return
        with unit_of_work(runtime, actor=ACTOR, correlation=file.correlation) as step:
            leased = lease_file(step, file)
        if leased is None:
            return
        prepared = leased.prepared or _prepare(runtime, file, leased)
        again = leased.issue > 1
        place(folder, leased.name, prepared, leased.sha256, len(leased.content), again=again)
        hand_over_file(work, leased)


def _prepare(runtime: Runtime, file: WaitingFile, leased: LeasedFile) -> int:
    prepare(runtime.settings.files_dir, leased.name, leased.fence, leased.content)
    with unit_of_work(runtime, actor=ACTOR, correlation=file.correlation) as step:
        if mark_prepared(step, leased):
            return leased.fence
    discard(runtime.settings.files_dir, leased.name, leased.fence)
    raise ContentError("overtaken-by-another-worker")


@task("payments.read_back")
def read_back(runtime: Runtime) -> None:
    """Read every file that was handed over where it lies; what is altered or gone is published, counted and alarmed.

    Files that were not made here are counted and alarmed.
    """
    with unit_of_work(runtime, actor=ACTOR, correlation="") as work:
        unknown = len(unknown_files(work, None))
        files = [file for file in files_of(work) if file.written_at]
    FILES_UNKNOWN.set(unknown)
    if unknown:
        log().error("file.unknown", count=unknown)
    standings = {file: standing_of(runtime.settings.files_dir, file) for file in files}
    FILES_NOT_AS_STORED.set(sum(standing in WRONG for standing in standings.values()))
    for file, standing in standings.items():
        if standing != (file.noted or "as_stored"):
            with _act(runtime, "read back file", file) as work:
                read_back_file(work, file, standing)
        if standing in WRONG:
            log().error("file.not_as_stored", run=str(file.run_id), programme=file.programme, standing=standing)


def _take_step(runtime: Runtime, step: Step) -> None:
    """Plan the step for each run that waits for it, and do what is planned."""
    if step.waiting:
        with unit_of_work(runtime, actor=ACTOR, correlation="") as work:
            waiting = step.waiting(work)
        for run in waiting:
            with _act(runtime, step.name, run) as work:
                locked_run(work, run.run_id, *STATES)
                chunks.plan_once(work, step.job, str(run.run_id))
    chunks.work_off(runtime, step.job, step.do, step.finish)


@contextmanager
def _act(runtime: Runtime, name: str, behind: WaitingRun | WaitingFile | FileRow) -> Iterator[UnitOfWork]:
    """A unit of work in the journey of the run behind it."""
    with (
        telemetry.span(name, correlation=behind.correlation, new_trace=True, links=[behind.traceparent]),
        unit_of_work(runtime, actor=ACTOR, correlation=behind.correlation) as work,
    ):
        yield work


def _complete(work: UnitOfWork, run_id: str) -> None:
    complete_run(work, UUID(run_id))
