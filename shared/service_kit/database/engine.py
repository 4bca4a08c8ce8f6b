"""The engine of one service's database, and which of its faults are transient."""

import json
import time
from typing import Any, Final

import orjson
import psycopg
import sqlalchemy
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.service_kit.observability.statements import record_statements

_OPTIONS = (
    "-c timezone=UTC -c lock_timeout=30s -c statement_timeout=300s -c idle_in_transaction_session_timeout=60s "
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)
"""Nothing waits or works without end: long work goes in chunks, each far below these. A process that is stopped within
a transaction keeps its locks for a minute; one whose machine is gone for less."""
REST_SECONDS: Final = 0.1
"""A connection that was not used for so long may be gone; on a busy morning none rests so long."""
_USED: Final = "kurashi_used"
_CONNECTION = {
    "options": _OPTIONS,
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A database whose machine is gone is given up after half a minute, one that takes no connection after five seconds."""


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """An engine with parameters hidden from errors, statements recorded in spans, UTC and time-outs."""
    engine = sqlalchemy.create_engine(
        psycopg_url(url),
        pool_size=pool_size,
        max_overflow=10,
        hide_parameters=True,
        json_serializer=_dump,
        json_deserializer=orjson.loads,
        connect_args=_CONNECTION,
    )
    record_statements(engine)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _ping_after_rest)
    return engine


def _note_use(_connection: object, record: Any) -> None:
    record.info[_USED] = time.monotonic()


def _ping_after_rest(connection: Any, record: Any, _proxy: object) -> None:
    """A connection that had a rest is tried first: to try each one at each use costs as much as a statement."""
    if time.monotonic() - record.info.get(_USED, time.monotonic()) < REST_SECONDS:
        return
    try:
        connection.execute("")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error


def psycopg_url(url: str) -> str:
    """The same URL with the driver that we use."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


_TOO_LARGE = "54"
"""SQLSTATE class of what is beyond a limit of the program, as a word too long for an index: the driver calls it
operational, and it never goes away."""


def is_transient(error: BaseException) -> bool:
    """True for a fault that goes away by trying again: lost connection, deadlock, time-out, no free connection."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.Error) and (cause.sqlstate or "").startswith(_TOO_LARGE):
        return False
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, (OperationalError, InterfaceError, PoolTimeout, psycopg.OperationalError))
