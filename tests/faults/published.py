"""A real log, published as it grows and watched by a witness: what the tamper campaign attacks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import psycopg

from infra.verifier.witness import Witness
from services.audit_logging.adapters.log.log_key import load_log_key
from services.audit_logging.app import service
from services.audit_logging.domain.log.checkpoint import LogKey
from services.audit_logging.worker import publish, sign
from shared.service_kit.testing import RunningService, Services

STEPS = (90, 170, 256, 300, 410, 512, 530, 640)
"""The sizes at which the log was published; the witness saw all but the last but one."""


@dataclass(frozen=True)
class Row:
    """One entry as the database holds it."""

    leaf: bytes
    leaf_hash: bytes


@dataclass(frozen=True)
class Published:
    """The log's database, the folder it published at each size, and the witness's folder."""

    owner_url: str
    folder: Path
    older: dict[int, Path]
    state: Path
    key: LogKey

    @contextmanager
    def attacked(self) -> Iterator[psycopg.Connection]:
        """A connection of the owner with all triggers off; nothing that it does stays."""
        with psycopg.connect(self.owner_url) as connection:
            for table in ("entries", "openings", "tiles", "checkpoints"):
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
            connection.execute(b"ALTER TABLE openings DROP CONSTRAINT openings_entry_index_fkey")
            yield connection
            connection.rollback()


def publish_log_of_a_month(services: Services, home: Path) -> Published:
    """Fill a log on a real database step by step, each published and shown to the witness."""
    log, older = services.open(service), dict[int, Path]()
    folder, state, at = home / "audit", home / "witness", 0
    with patch.dict(os.environ, {"KURASHI_PUBLISH_DIR": str(folder)}):
        for size in STEPS:
            log.deliver("payments", [_fact(log, number) for number in range(at + 1, size + 1)])
            sign(log.runtime)
            publish(log.runtime)
            if size != STEPS[-2]:
                Witness(state).cosign(folder)
            older[size] = home / f"at-{size}"
            _copy(folder, older[size])
            at = size
        key = load_log_key(log.runtime.settings)
    log.runtime.engine.dispose()
    return Published(log.runtime.settings.owner_database_url, folder, older, state, key)


def _fact(log: RunningService, number: int) -> dict[str, object]:
    data = {"collective_id": f"c{number}", "chunk": number, "count": 50, "yen": 3_844_000, "sha256": "0" * 64}
    fact = log.fact("determinations.proposed.v1", data, f"case:{number:08}")
    return {**fact, "id": str(UUID(int=number))}


def _copy(folder: Path, to: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            (to / file.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            (to / file.relative_to(folder)).write_bytes(file.read_bytes())
