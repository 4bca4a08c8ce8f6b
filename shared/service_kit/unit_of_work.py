"""The unit of work: state and facts committed together, by the entry point, once."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid4

from psycopg import sql
from pydantic import ValidationError
from sqlalchemy import Connection, Table, text

from shared.service_kit.clock import Clock
from shared.service_kit.encryption.sealing import Sealed
from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.observability import telemetry
from shared.service_kit.problems import Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.streams.envelope import Envelope, FactData, ReceivedFact

_WRITE_FACTS: Final = text("""
    INSERT INTO outbox (stream, fact_id, subject, body)
    SELECT stream, fact_id, subject, body
    FROM ROWS FROM (
        json_to_recordset(CAST(:facts AS json)) AS (stream text, fact_id uuid, subject text, body text)
    ) WITH ORDINALITY AS written (stream, fact_id, subject, body, place)
    ORDER BY place
    RETURNING pg_notify('outbox', stream)""")
"""One statement however many there are; it wakes the relay at the commit, once for each stream."""


class UnitOfWork:
    """What a use case gets: a connection, who acts, the clock, and where to publish events and access-log entries."""

    def __init__(self, runtime: Runtime, connection: Connection, actor: str, correlation: str) -> None:
        self.runtime, self.connection, self.actor, self.correlation = runtime, connection, actor, correlation
        self.caller: Caller | None = None
        """Who sent the request; None in a task."""
        self.look_details: dict[str, Any] = {}
        """What the guard adds to the access-log entries of this request."""
        self._to_publish: list[tuple[str, Envelope]] = []
        self._later: list[tuple[str, dict[str, str]]] = []

    @property
    def clock(self) -> Clock:
        """The kit's clock."""
        return self.runtime.clock

    @property
    def traceparent(self) -> str:
        """The W3C traceparent of the current span, for rows of jobs."""
        return telemetry.traceparent()

    def fact(self, data: FactData, subject: str, caused_by: ReceivedFact | None = None) -> UUID:
        """Publish a business fact; it is written last, just before the commit.

        Args:
            subject: "run:…": facts of one subject stay in order even when one is parked.
            caused_by: the received fact behind it; gives causation and correlation.
        """
        return self._publish("facts", data, subject, caused_by)

    def look(self, what: str, subjects: Sequence[str], purpose: str) -> None:
        """Record that this answer shows records of persons; no entry, no answer.

        Raises:
            Problem: invalid-input where the contracts do not know the purpose.
        """
        about = {"what": what, "subjects": list(subjects), **self.look_details}
        look = self.checked_payload("look.v1", field="purpose", purpose=purpose, **about)
        self._publish("looks", look, f"look:{what}", None)

    def checked_payload(self, type_: str, *, field: str, **data: Any) -> Any:
        """The data of a fact, of which the caller of a route wrote ``field``: one of the codes that the type declares.

        Raises:
            Problem: invalid-input where it is none of them.
        """
        try:
            return self.runtime.fact_types[type_](**data)
        except ValidationError:
            raise Problem("invalid-input", field=field, detail="決められたコードから選んでください") from None

    def refusal(self, data: FactData) -> None:
        """Record a refusal on the stream for the audit alone."""
        self._publish("looks", data, "refusal", None)

    def audit_entry(self, data: FactData, subject: str) -> None:
        """Record something else for the audit alone: a login, a print, an export."""
        self._publish("looks", data, subject, None)

    def _publish(self, stream: str, data: FactData, subject: str, caused_by: ReceivedFact | None) -> UUID:
        if self.runtime.fact_types.get(data.TYPE) is not type(data):
            raise LookupError(f"{data.TYPE} is not among the fact types handed to {self.runtime.name}")
        envelope = Envelope(
            id=uuid4(),
            type=data.TYPE,
            source=self.runtime.name,
            subject=subject,
            time=self.clock.now(),
            actor=self.actor,
            correlation=caused_by.correlation if caused_by else self.correlation,
            causation=str(caused_by.id) if caused_by else None,
            traceparent=telemetry.traceparent(),
            data=data.model_dump(mode="json", by_alias=True),
        )
        self._to_publish.append((stream, envelope))
        return envelope.id

    def seal(self, sealed: Sealed, rows: Iterable[Mapping[Any, Any]]) -> list[dict[str, Any]]:
        """The rows with their sealed columns as they are written."""
        return self.runtime.sealer.seal(self.connection, sealed, rows)

    def unseal(self, sealed: Sealed, rows: Iterable[Mapping[Any, Any]]) -> list[dict[str, Any]]:
        """The rows with their sealed columns in the clear.

        Raises:
            NotOpened: a value was altered, moved or never sealed.
        """
        return self.runtime.sealer.open(self.connection, sealed, rows)

    def copy(self, table: Table, rows: Iterable[Sequence[object]], columns: Sequence[str] | None = None) -> int:
        """Write many rows with COPY in this transaction; dict and list values become JSON. Returns their number."""
        names = list(columns) if columns else [column.name for column in table.columns]
        target = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(map(sql.Identifier, names)),
        )
        driver: Any = self.connection.connection.driver_connection
        count = 0
        with telemetry.span(f"COPY {table.name}"), driver.cursor().copy(target) as stream:
            for row in rows:
                stream.write_row([_plain(value) for value in row])
                count += 1
        return count

    def wake(self, verb: str, **ids: str) -> None:
        """Send this service's task "service.verb" after the commit; the schedule finds it again should it be lost."""
        self._later.append((f"{self.runtime.name}.{verb}", ids))

    def mark(self) -> int:
        """Return a mark of what is to be published so far, for `forget_since`."""
        return len(self._to_publish)

    def forget_since(self, mark: int) -> None:
        """Publish nothing of what came after the mark: its effects were rolled back to a savepoint."""
        del self._to_publish[mark:]

    def _write_facts(self) -> None:
        if self._to_publish:
            written = [
                {"stream": stream, "fact_id": str(envelope.id), "subject": envelope.subject, "body": envelope.to_json()}
                for stream, envelope in self._to_publish
            ]
            self.connection.execute(_WRITE_FACTS, {"facts": json.dumps(written)})

    def _after_commit(self) -> None:
        for task, ids in self._later:
            self.runtime.send(task, ids)


def _plain(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


@contextmanager
def unit_of_work(runtime: Runtime, actor: str, correlation: str) -> Iterator[UnitOfWork]:
    """Open one transaction: everything in it, its events too, is committed at the end or not at all."""
    with _correlated(correlation), runtime.engine.connect() as connection:
        work = UnitOfWork(runtime, connection, actor, correlation)
        with connection.begin():
            yield work
            work._write_facts()
        work._after_commit()


@contextmanager
def owner_unit_of_work(runtime: Runtime) -> Iterator[UnitOfWork]:
    """Open a unit of work with the owner's login, for what the running service has no right to.

    Raises:
        RuntimeError: the owner's database is not named.
    """
    url = runtime.settings.owner_database_url
    if not url:
        raise RuntimeError("KURASHI_OWNER_DATABASE_URL is not set; this is for the owner of the database alone")
    owner = replace(runtime, settings=runtime.settings.model_copy(update={"database_url": url}))
    try:
        with unit_of_work(owner, actor=f"service:{runtime.name}", correlation=str(uuid4())) as work:
            yield work
    finally:
        owner.engine.dispose()


def _correlated(correlation: str) -> AbstractContextManager[object]:
    """Work that no request or page began has a span of its own, so that the journey shows it."""
    if not correlation or telemetry.current_correlation() == correlation:
        return nullcontext()
    return telemetry.span("work", correlation=correlation)
