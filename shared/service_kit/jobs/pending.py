"""Which jobs are under way, as conditions for the queries of services: their rows name the jobs."""

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, select

from shared.service_kit.jobs.tables import chunks


def is_pending(job: str, job_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a chunk of the job is open, or parked where a person has to look."""
    return _any(job, job_id, chunks.c.state.in_(("open", "parked")))


def is_unfinished(job: str, job_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that the job is pending, or all its chunks are done and it is not closed yet."""
    return _any(job, job_id, chunks.c.state != "closed")


def _any(job: str, job_id: ColumnElement[Any], state: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(chunks).where(chunks.c.job == job, chunks.c.job_id == cast(job_id, Text), state).exists()
