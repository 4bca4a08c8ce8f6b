"""Work in chunks: a row taken FOR UPDATE SKIP LOCKED, one transaction a chunk; a crash frees it at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import insert, select, update

from shared.service_kit import liveness
from shared.service_kit.database.engine import is_transient
from shared.service_kit.jobs.failures import ENDED, failures_of
from shared.service_kit.jobs.tables import chunks
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import error_location
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

MOST_ATTEMPTS = 5
_PARKED_IDS: Final = UUID("3b0c6a51-62f4-5d0e-9c55-5b1f0a7d2e44")


@dataclass(frozen=True)
class Chunk:
    """A piece of a job; ``payload`` holds ids and ranges only."""

    job: str
    job_id: str
    seq: int
    payload: dict[str, Any]
    actor: str
    correlation: str
    traceparent: str


def plan_once(work: UnitOfWork, job: str, job_id: str) -> bool:
    """Plan a job of one chunk; False while one of it is open or parked. It may be planned again once that is done.

    The caller holds a lock on what the job is about, so that two workers do not plan it at once.
    """
    here = (chunks.c.job == job) & (chunks.c.job_id == job_id)
    rows = work.connection.execute(select(chunks.c.seq, chunks.c.state).where(here)).all()
    if any(row.state in ("open", "parked") for row in rows):
        return False
    plan(work, job, job_id, [{}], first=len(rows))
    return True


def plan(work: UnitOfWork, job: str, job_id: str, ranges: Sequence[dict[str, Any]], first: int = 0) -> None:
    """Cut a job into chunks, numbered from ``first`` on, in the transaction of the act that opens it."""
    rows = [
        {
            "job": job,
            "job_id": job_id,
            "seq": seq,
            "payload": payload,
            "actor": work.actor,
            "correlation": work.correlation,
            "traceparent": work.traceparent,
        }
        for seq, payload in enumerate(ranges, first)
    ]
    if rows:
        work.connection.execute(insert(chunks), rows)


def close(work: UnitOfWork, job: str, job_id: str) -> None:
    """Close a job that is not wanted any more; a chunk that is being done is waited for, and is the last."""
    work.connection.execute(update(chunks).where(chunks.c.job == job, chunks.c.job_id == job_id).values(state="closed"))


def work_off(
    runtime: Runtime,
    job: str,
    do: Callable[[UnitOfWork, Chunk], None],
    finish: Callable[[UnitOfWork, str], None] | None = None,
) -> int:
    """Do what is open of ``job``, chunk by chunk, until nothing is left here. Returns how many were done.

    Each chunk is a sign of life: a long job is no silent worker.

    Args:
        do: the use case of one chunk, in its own transaction.
        finish: called once, after all chunks of a job are done, in a transaction of its own.
    """
    done = 0
    while (chunk := _attempt(runtime, job)) is not None:
        liveness.note_task()
        done += _do(runtime, chunk, do)
    if finish:
        with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
            waiting = jobs(work, job, "done")
        for job_id in waiting:
            finishing = partial(_finish, runtime, job, job_id, finish)
            failures_of(runtime).attempt(f"finish {job}", finishing, subject=job_id)
    return done


def _finish(runtime: Runtime, job: str, job_id: str, finish: Callable[[UnitOfWork, str], None]) -> None:
    """Call ``finish`` once, in the transaction that closes the chunks; not while one is open or parked."""
    with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
        here = (chunks.c.job == job) & (chunks.c.job_id == job_id)
        rows = work.connection.execute(select(chunks).where(here).order_by(chunks.c.seq).with_for_update()).all()
        if not rows or any(row.state != "done" for row in rows):
            return
        work.correlation = rows[0].correlation
        links = [rows[0].traceparent]
        with telemetry.span(f"finish {job}", correlation=work.correlation, new_trace=True, links=links):
            finish(work, job_id)
            work.connection.execute(update(chunks).where(here).values(state="closed"))


def jobs(work: UnitOfWork, job: str, state: str = "open") -> list[str]:
    """Ids of the jobs of a kind with a chunk in ``state``."""
    ids = work.connection.execute(
        select(chunks.c.job_id).where(chunks.c.job == job, chunks.c.state == state).distinct(),
    )
    return list(ids.scalars())


def list_parked(work: UnitOfWork) -> list[dict[str, Any]]:
    """Chunks that failed too often, as the list of parked facts shows them; ``number`` is the chunk's place."""
    return [
        {
            "fact_id": str(_parked_id(row)),
            "producer": work.runtime.name,
            "stream": "chunks",
            "number": row.seq,
            "subject": f"{row.job}:{row.job_id}",
            "type": "chunk",
            "reason": row.error or ENDED,
            "parked_at": row.parked_at.isoformat() if row.parked_at else None,
        }
        for row in _parked(work)
    ]


def resume(work: UnitOfWork, parked_id: UUID) -> bool:
    """Open a parked chunk again, its attempts counted anew, and tell it; False where no chunk has that id."""
    for row in _parked(work):
        if _parked_id(row) == parked_id:
            afresh = {"state": "open", "attempts": 0, "parked_at": None}
            opened = update(chunks).where(_is(row), chunks.c.state == "parked").values(afresh)
            if not work.connection.execute(opened.returning(chunks.c.seq)).all():
                return False
            subject = f"{row.job}:{row.job_id}"
            payload = work.runtime.released_type(parked_id=parked_id, subject=subject, count=1)
            work.fact(payload, subject=f"parked:{parked_id}")
            return True
    return False


def _parked(work: UnitOfWork) -> Sequence[Any]:
    order = chunks.c.job, chunks.c.job_id, chunks.c.seq
    return work.connection.execute(select(chunks).where(chunks.c.state == "parked").order_by(*order)).all()


def _parked_id(row: Any) -> UUID:
    return uuid5(_PARKED_IDS, f"{row.job} {row.job_id} {row.seq}")


def _attempt(runtime: Runtime, job: str) -> Chunk | None:
    """Count the attempt first, in a committed row: a chunk that kills its worker is parked in the end."""
    with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
        row = work.connection.execute(
            select(chunks)
            .where(chunks.c.job == job, chunks.c.state == "open")
            .order_by(chunks.c.attempts, chunks.c.job_id, chunks.c.seq)
            .limit(1)
            .with_for_update(skip_locked=True),
        ).one_or_none()
        if row is None:
            return None
        state = _count_attempt(work, row)
    if state == "parked":
        return _attempt(runtime, job)
    return Chunk(row.job, row.job_id, row.seq, row.payload, row.actor, row.correlation, row.traceparent)


def _count_attempt(work: UnitOfWork, row: Any) -> str:
    """Count the next attempt, not again where a passing fault ended the last one here; returns the chunk's state."""
    if _key(row) in failures_of(work.runtime).passed:
        return "open"
    if row.attempts < MOST_ATTEMPTS:
        work.connection.execute(update(chunks).where(_is(row)).values(attempts=row.attempts + 1, error=ENDED))
        return "open"
    work.connection.execute(update(chunks).where(_is(row)).values(state="parked", parked_at=work.clock.now()))
    telemetry.CHUNKS_PARKED.labels(row.job).inc()
    log().error("chunk.parked", job=row.job, job_id=row.job_id, seq=row.seq)
    return "parked"


def _do(runtime: Runtime, chunk: Chunk, do: Callable[[UnitOfWork, Chunk], None]) -> int:
    try:
        with (
            telemetry.span(
                f"chunk {chunk.job}",
                correlation=chunk.correlation,
                new_trace=True,
                links=[chunk.traceparent],
                attributes={"kurashi.chunk": chunk.seq},
            ),
            unit_of_work(runtime, actor=f"service:{runtime.name}", correlation=chunk.correlation) as work,
        ):
            # Wait for a lock here: skipping it would take a neighbour's passing attempt for work, and two workers could
            # push each other's attempts up until the chunk is parked undone.
            taken = work.connection.execute(
                select(chunks.c.seq).where(_is(chunk), chunks.c.state == "open").with_for_update(),
            ).one_or_none()
            if taken is None:
                return 0
            do(work, chunk)
            work.connection.execute(update(chunks).where(_is(chunk)).values(state="done", error=None))
        failures_of(runtime).passed.discard(_key(chunk))
        return 1
    except Exception as error:
        if is_transient(error):
            failures_of(runtime).passed.add(_key(chunk))
            error.add_note(f"chunk {chunk.job}:{chunk.job_id}:{chunk.seq}")
            raise
        failures_of(runtime).passed.discard(_key(chunk))
        log().error("chunk.failed", job=chunk.job, job_id=chunk.job_id, seq=chunk.seq, why=error_location(error))
        with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation=chunk.correlation) as work:
            work.connection.execute(update(chunks).where(_is(chunk)).values(error=error_location(error)[:500]))
        return 0


def _key(chunk: Any) -> tuple[str, str]:
    return chunk.job, f"{chunk.job_id}:{chunk.seq}"


def _is(chunk: Any) -> Any:
    return (chunks.c.job == chunk.job) & (chunks.c.job_id == chunk.job_id) & (chunks.c.seq == chunk.seq)
