"""Tasks of the payments room: each finds its work in the database, opens the transaction, calls one use case."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from services.payments.adapters.file_folder import write_out
from services.payments.adapters.file_rows import LeasedFile, lease_file
from services.payments.adapters.run_rows import WaitingRun, locked_run
from services.payments.domain.run import STATES
from services.payments.use_cases.accept_disbursement import FILE_JOB
from services.payments.use_cases.cut_off_run import CUT_OFF_JOB, ORDER_JOB, cut_off_run, runs_to_cut_off
from services.payments.use_cases.hand_over_file import complete_run, hand_over_file
from services.payments.use_cases.make_file import make_file
from services.payments.use_cases.order_chunk import order_chunk
from services.payments.use_cases.propose_run import PROPOSE_JOB, propose_run, runs_to_propose
from shared.service_kit import Service, chunks, telemetry
from shared.service_kit.tasks import task
from shared.service_kit.work import UnitOfWork

ACTOR = "service:payments"


@task("payments.cut_off_runs")
def cut_off_runs(service: Service) -> None:
    """Cut off the runs whose producers we have read far enough, and go on to their orders."""
    _plan_each(service, "cut off run", CUT_OFF_JOB, runs_to_cut_off)
    chunks.work_off(service, CUT_OFF_JOB, _cut_off)


@task("payments.order_chunks")
def order_chunks(service: Service) -> None:
    """Make orders chunk by chunk, and propose the runs that have all of theirs."""
    chunks.work_off(service, ORDER_JOB, order_chunk, lambda work, run_id: None)
    _plan_each(service, "propose run", PROPOSE_JOB, runs_to_propose)
    chunks.work_off(service, PROPOSE_JOB, _propose)


@task("payments.make_files")
def make_files(service: Service) -> None:
    """Make the files of accepted runs, and hand over what is stored and not yet in the folder."""
    chunks.work_off(service, FILE_JOB, make_file, _complete)
    while True:
        with service.work(actor=ACTOR, correlation="") as work:
            leased = lease_file(work)
        if leased is None:
            return
        write_out(service.settings.files_dir, leased.name, leased.content, leased.sha256, leased.fence)
        with _act(service, "hand over file", leased) as work:
            hand_over_file(work, leased)


def _plan_each(service: Service, name: str, job: str, which: Callable[[UnitOfWork], list[WaitingRun]]) -> None:
    """Each run is a piece of work of its own: one that fails is parked where a person sees it, and stops no other."""
    with service.work(actor=ACTOR, correlation="") as work:
        waiting = which(work)
    for run in waiting:
        with _act(service, name, run) as work:
            locked_run(work, run.run_id, *STATES)
            chunks.plan_once(work, job, str(run.run_id))


@contextmanager
def _act(service: Service, name: str, behind: WaitingRun | LeasedFile) -> Iterator[UnitOfWork]:
    """A unit of work in the journey of the run behind it."""
    with (
        telemetry.span(name, correlation=behind.correlation, new_trace=True, links=[behind.traceparent]),
        service.work(actor=ACTOR, correlation=behind.correlation) as work,
    ):
        yield work


def _cut_off(work: UnitOfWork, chunk: chunks.Chunk) -> None:
    cut_off_run(work, UUID(chunk.job_id))
    work.later(order_chunks)


def _propose(work: UnitOfWork, chunk: chunks.Chunk) -> None:
    propose_run(work, UUID(chunk.job_id))


def _complete(work: UnitOfWork, run_id: str) -> None:
    complete_run(work, UUID(run_id))
