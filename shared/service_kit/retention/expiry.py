"""Clear copies go when their period is over (保存期間): numbered events, kept answers, words, what was parked.

Once a day, in chunks, each a transaction that publishes what went. What may go, the database decides (`retention.ddl`).
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from shared.service_kit.retention.tables import readers, retention_periods
from shared.service_kit.runtime import Runtime
from shared.service_kit.streams.envelope import STREAMS
from shared.service_kit.tasks import task
from shared.service_kit.unit_of_work import UnitOfWork, owner_unit_of_work, unit_of_work

DAY: Final = 24 * 60 * 60
AT_MOST: Final = 5_000
"""Rows of one kind that one transaction expires; of events, of one stream."""


@task("kit.expire")
def expire(runtime: Runtime) -> None:
    """Expire what is over, chunk by chunk; a second start goes on where the first one ended."""
    while True:
        with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
            gone = expire_chunk(work)
        if max(gone.values(), default=0) < AT_MOST:
            return


def expire_chunk(work: UnitOfWork, at_most: int = AT_MOST) -> dict[str, int]:
    """Expire of each kind so many rows at most, and publish how many of each went, where any did."""
    _expect_every_reader(work)
    work.connection.execute(select(func.note_clock()))
    doors = select(retention_periods.c.name).where(
        func.to_regprocedure("expire_" + retention_periods.c.name + "(integer)").is_not(None)
    )
    names = work.connection.scalars(doors.order_by(retention_periods.c.name)).all()
    gone = {name: int(work.connection.scalar(select(getattr(func, f"expire_{name}")(at_most))) or 0) for name in names}
    counts = {name: count for name, count in gone.items() if count}
    if counts:
        work.correlation = work.correlation or str(uuid4())
        work.fact(work.runtime.fact_types["copies.expired.v1"](counts=counts), subject="retention")
    return gone


def note_reader(work: UnitOfWork, stream: str, after: int) -> None:
    """Note how far a subscriber has come: who asks for what follows a number has committed what leads up to it.

    One that was restored asks for less, and is noted so: nothing that it needs goes any more.
    """
    caller = work.caller
    if caller is None or caller.kind == "person" or caller.subject not in _subscribers(work, stream):
        return
    here = (readers.c.stream == stream) & (readers.c.reader == caller.subject)
    if work.connection.scalar(select(readers.c.number).where(here)) != after:
        row = {"stream": stream, "reader": caller.subject, "number": after, "at": work.clock.now()}
        moved = {"number": after, "at": row["at"]}
        work.connection.execute(
            upsert(readers).values(row).on_conflict_do_update(index_elements=["stream", "reader"], set_=moved)
        )


def _expect_every_reader(work: UnitOfWork) -> None:
    """A subscriber that never asked has taken nothing."""
    rows = [
        {"stream": stream, "reader": reader, "number": 0, "at": work.clock.now()}
        for stream in STREAMS
        for reader in _subscribers(work, stream)
    ]
    work.connection.execute(upsert(readers).values(rows).on_conflict_do_nothing())


def _subscribers(work: UnitOfWork, stream: str) -> list[str]:
    return work.runtime.catalog.subscribers(work.runtime.name, stream)


def months_of(connection: Connection, name: str) -> int | None:
    """Return how many months this service keeps what has that name; None until the office sets it."""
    months: int | None = connection.scalar(select(retention_periods.c.months).where(retention_periods.c.name == name))
    return months


def set_period(runtime: Runtime, arguments: Sequence[str]) -> str:
    """``keep NAME MONTHS``: the office's own period, set with the owner's login, and published. Says what holds.

    Raises:
        RuntimeError: the owner's database is not named.
        ValueError: the service keeps nothing of that name, or the months are outside what the office may set.
    """
    name, months = arguments[0], int(arguments[1])
    with owner_unit_of_work(runtime) as work:
        before = _refuse_outside_range(work, name, months)
        set_to = update(retention_periods).where(retention_periods.c.name == name).values(months=months)
        work.connection.execute(set_to)
        payload = work.runtime.fact_types["retention.set.v1"](name=name, months=months, before=before)
        work.fact(payload, subject=f"retention:{name}")
    return f"{name}: {months} months (before: {before or 'not set'})\n"


def _refuse_outside_range(work: UnitOfWork, name: str, months: int) -> int | None:
    row: Any = work.connection.execute(
        select(retention_periods).where(retention_periods.c.name == name).with_for_update()
    ).one_or_none()
    if row is None:
        raise ValueError(f"this service keeps nothing named {name}")
    if months < row.least or (row.most is not None and months > row.most):
        raise ValueError(f"{name}: the office sets {row.least} to {row.most or 'any number of'} months")
    before: int | None = row.months
    return before
