"""A log whose database can be backed up, restored to an earlier day, and refilled from what it had published."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from infra.verifier.notes import WITNESS, parse_key
from infra.verifier.verify import verify_log
from infra.verifier.witness import Witness
from services.audit_logging.app import service
from services.audit_logging.worker import index, publish, review, sign
from shared.service_kit.processes import commands
from shared.service_kit.streams import numbering
from shared.service_kit.subscriptions import positions
from shared.service_kit.testing import RunningService
from tests.audit_logging.acts import auditor, look

ROOT = Path(__file__).parents[3]
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


@dataclass
class Office:
    """A log with what its producers have, published and shown to a witness; its database can be brought back."""

    log: RunningService
    admin_url: str
    folder: Path
    state: Path
    produced: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)

    def produce(self, producer: str, facts: list[dict[str, Any]], stream: str = "facts") -> None:
        """Facts that lie with their producer, whether the log takes them or not."""
        self.produced.setdefault((producer, stream), []).extend(facts)

    def take(self) -> None:
        """Let the log take what follows its cursors, as it pulls by itself: the producers' facts and its own."""
        for (producer, stream), facts in self.produced.items():
            after = self._after(producer, stream)
            if waiting := facts[after:]:
                self.log.take(producer, self.log.page(producer, waiting, after + 1, stream), stream)
        for stream in ("facts", "looks"):
            after = self._after(service.name, stream)
            with self.log.work() as work:
                numbering.positions(work.connection)
                page = numbering.read_page(work.connection, self.log.runtime.signer, service.name, stream, after)
            self.log.take(service.name, (page.body, page.key_id, page.signature), stream)

    def _after(self, producer: str, stream: str) -> int:
        cursor = positions.read_cursor(self.log.runtime, self.log.subscription(producer, stream))
        return cursor.number if cursor else 0

    def work_on(self) -> None:
        """What the worker does within seconds, and the witness after it."""
        self.take()
        for task in (sign, publish, index, review):
            task(self.log.runtime)
        Witness(self.state).cosign(self.folder)

    def a_day(self, first: int, count: int) -> None:
        """So many facts from one number on, three looks at a case, and a search in the log itself."""
        data = {"collective_id": "c1", "chunk": 1, "count": 50, "yen": 3_844_000, "sha256": "0" * 64}
        numbers = range(first, first + count)
        self.produce("payments", [self.log.fact("determinations.proposed.v1", data, f"case:{n:08}") for n in numbers])
        self.produce("ui_gateway", [look(self.log, "jiro", f"case:{first:08}") for _ in range(3)], "looks")
        auditor(self.log).get("/log/entries?purpose=review")
        self.work_on()

    def back_up(self, name: str = "backup") -> None:
        self._copy(f"{self.database}_{name}", self.database)

    def restore(self, name: str = "backup") -> None:
        self._copy(self.database, f"{self.database}_{name}")

    @property
    def database(self) -> str:
        return str(psycopg.conninfo.conninfo_to_dict(self.log.runtime.settings.database_url)["dbname"])

    def _copy(self, name: str, template: str) -> None:
        owner = psycopg.conninfo.conninfo_to_dict(self.log.runtime.settings.owner_database_url)["user"]
        self.log.runtime.engine.dispose()
        self.admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self.admin("CREATE DATABASE {} OWNER {} TEMPLATE {}", name, str(owner), template)

    def admin(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def refill(self, folder: Path | None = None) -> None:
        """As an operator runs it."""
        commands.run_process(self.log.service, self.log.runtime, ["refill", str(folder or self.folder)])

    @contextmanager
    def refilling(self) -> Iterator[subprocess.Popen[bytes]]:
        """A process of its own, with the settings that an operator gives it."""
        settings = self.log.runtime.settings
        named = {
            "KURASHI_ENV": "test",
            "KURASHI_SIGNING_KEY": settings.signing_key,
            "KURASHI_OWNER_DATABASE_URL": settings.owner_database_url,
        }
        command = [sys.executable, "-m", "services.audit_logging.app", "refill", str(self.folder)]
        with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **named}) as process:
            yield process

    def refused(self, *words: str, folder: Path | None = None) -> None:
        """It is refused with these words, and nothing has changed."""
        before = self.everything()
        with pytest.raises(SystemExit) as said:
            self.refill(folder)
        assert [word for word in words if word not in str(said.value)] == [], said.value
        assert self.everything() == before

    def everything(self) -> dict[str, Any]:
        """A digest of each table that a refill writes."""
        tables = [
            "entries",
            "openings",
            "tiles",
            "checkpoints",
            "refills",
            "cursors",
            "stream_heads",
            "outbox",
            "events",
        ]
        digest = "SELECT count(*), md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {} t"
        return {table: self.log.execute(digest.format(table)) for table in tables}

    def entries(self) -> list[bytes]:
        return [bytes(row.leaf) for row in self.log.execute("SELECT leaf FROM entries ORDER BY index")]

    def holds(self) -> int:
        """The verifier's word on what is published, against all that the witness kept; gives the entries."""
        key = parse_key((self.state / "log.pub").read_text())
        witness = parse_key((self.state / "witness.pub").read_text(), WITNESS)
        return verify_log(self.folder, key, self.state / "kept", witness).checkpoint.size

    def goes_on(self) -> None:
        """The next day is logged: every fact produced is one entry, no stream has a gap, and the witness agrees."""
        self.a_day(len(self.produced["payments", "facts"]) + 1, 60)
        assert self.holds() == len(self.entries())
        rows = self.log.execute("SELECT producer, stream, number, fact_id FROM entries ORDER BY 1, 2, 3")
        for (producer, stream), facts in self.produced.items():
            taken = [(row.number, str(row.fact_id)) for row in rows if (row.producer, row.stream) == (producer, stream)]
            assert taken == [(number, fact["id"]) for number, fact in enumerate(facts, 1)]
        for stream in ("facts", "looks"):
            own = [row.number for row in rows if (row.producer, row.stream) == (service.name, stream)]
            assert own == list(range(1, len(own) + 1))
