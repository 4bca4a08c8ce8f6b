"""A lock of the log held by another session, and what waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import psycopg

from shared.service_kit.database.locks import DECLARED
from shared.service_kit.testing import RunningService

_WAITING = b"SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
_SECONDS = 20


def waits_for(log: RunningService, name: str, act: Callable[[], object]) -> bool:
    """Do something while another session holds a lock of this name; True where it waits, and then ends."""
    doing = threading.Thread(target=act)
    with psycopg.connect(log.runtime.settings.owner_database_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (DECLARED[name].key,))
        doing.start()
        waited = False
        until = time.monotonic() + _SECONDS
        while doing.is_alive() and not waited and time.monotonic() < until:
            waited = other.execute(_WAITING).fetchone() is not None
            time.sleep(0.02)
    doing.join(_SECONDS)
    return waited and not doing.is_alive()
