"""Spans of SQL statements: a slow one has a span of its own, the others are counted on the span around them.

A page asks a dozen statements of a fraction of a millisecond. A span of each costs as much as the statement itself, and
drowns the one that is slow (docs/performance.md has the measurement).
"""

from time import time_ns
from typing import Any, Final

from opentelemetry.trace import SpanKind, StatusCode
from sqlalchemy import Engine, event

from shared.service_kit.observability import telemetry

SLOW_NS: Final = 10_000_000
"""A statement that took so long has a span of its own (10 ms): on a busy machine a quick one waits for its turn."""
_BEGAN: Final = "kurashi_began_ns"


def record_statements(engine: Engine) -> None:
    """Record the statements of an engine in the spans in which they are executed."""
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)
    event.listen(engine, "handle_error", _fail)


def _begin(connection: Any, *_: object) -> None:
    connection.info[_BEGAN] = time_ns()


def _end(connection: Any, _cursor: object, statement: str, *_: object) -> None:
    _record(connection, statement, StatusCode.UNSET)


def _fail(context: Any) -> None:
    if context.connection is not None and context.statement is not None:
        _record(context.connection, context.statement, StatusCode.ERROR)


def _record(connection: Any, statement: str, status: StatusCode) -> None:
    """What a failed statement says is not recorded: it may carry personal data."""
    began, ended = connection.info.pop(_BEGAN, None), time_ns()
    around = telemetry.statements()
    if began is None or around is None:
        return
    around.count += 1
    around.nanoseconds += ended - began
    if ended - began < SLOW_NS and status is StatusCode.UNSET:
        return
    database = str(connection.engine.url.database)
    span = telemetry.TRACER.start_span(
        f"{statement.split(maxsplit=1)[0]} {database}",
        kind=SpanKind.CLIENT,
        attributes={"db.system": "postgresql", "db.name": database, "db.statement": statement},
        start_time=began,
    )
    span.set_status(status)
    span.end(ended)
