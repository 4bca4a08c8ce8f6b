"""A service as a test has it: its clients, what it published, pages of other services, its tasks."""

import json
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import text

from shared.service_kit.encryption.rotation import run_command
from shared.service_kit.observability import telemetry
from shared.service_kit.processes.application import make_app
from shared.service_kit.runtime import Runtime
from shared.service_kit.service import Service
from shared.service_kit.streams import history, numbering, signing
from shared.service_kit.streams.envelope import id_bytes
from shared.service_kit.subscriptions.consume import take_page
from shared.service_kit.subscriptions.subscription import Subscription
from shared.service_kit.testing.client import Client
from shared.service_kit.testing.spans import spans
from shared.service_kit.testing.tokens import make_token, stepped_up
from shared.service_kit.unit_of_work import unit_of_work

_ROUNDS = 20
_PROGRESS = (
    "SELECT job, job_id, state, sum(attempts), count(*) FROM chunks GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "SELECT count(*) FROM events WHERE stream = 'facts'",
)
_making_app = threading.Lock()


class RunningService:
    """A service on a database of its own."""

    def __init__(self, service: Service, runtime: Runtime, keys: dict[str, signing.Signer]) -> None:
        self.service, self.runtime = service, runtime
        self.clock = runtime.clock
        self._keys = keys
        self._numbers: dict[tuple[str, str], int] = {}
        self._histories: dict[tuple[str, str], dict[int, bytes]] = {}

    def client(
        self, person: str = "", roles: Sequence[str] = (), machine: str = "", *, step_up: bool = True, **claims: Any
    ) -> Client:
        """Somebody with a token; nobody where neither is named. ``claims``: what else the token says."""
        if not (person or machine):
            return Client(self.app, {})
        who, kind = (person, "person") if person else (machine, "machine")
        if machine:
            everything = " ".join(f"kurashi:{name.replace('.', ':')}" for name in self.runtime.permissions)
            claims = {"scope": everything, **claims}

        def token(**more: Any) -> str:
            return make_token(who, roles or ["service"], self.service.name, kind, **claims, **more)

        confirm = (lambda sha256: token(**stepped_up(sha256, at=self.clock.now()))) if person and step_up else None
        return Client(self.app, {"Authorization": f"Bearer {token()}"}, confirm)

    @cached_property
    def app(self) -> Any:
        """The HTTP application, made once: that takes longer than most requests."""
        with _making_app:
            return vars(self).get("app") or self.new_app()

    def new_app(self) -> Any:
        """The HTTP application of a process that starts now."""
        return make_app(self.service, self.runtime)

    def work(self, actor: str = "person:demo-caseworker", correlation: str = "") -> Any:
        """Open a unit of work."""
        return unit_of_work(self.runtime, actor=actor, correlation=correlation or str(uuid.uuid4()))

    def facts(self, type_: str = "") -> list[dict[str, Any]]:
        """What this service has published on its stream of facts, in order; of one type where it is named."""
        return self._published("facts", type_)

    def looks(self, type_: str = "") -> list[dict[str, Any]]:
        """What this service has published for the audit alone."""
        return self._published("looks", type_)

    def _published(self, stream: str, type_: str) -> list[dict[str, Any]]:
        with self.work() as work:
            numbering.positions(work.connection)
            rows = work.connection.execute(
                text("SELECT body FROM events WHERE stream = :stream ORDER BY number"),
                {"stream": stream},
            ).scalars()
            facts = [json.loads(body) for body in rows]
        return [fact for fact in facts if not type_ or fact["type"] == type_]

    def fact(self, type_: str, data: dict[str, Any], subject: str, **rest: Any) -> dict[str, Any]:
        """The envelope of a fact as another service would tell it."""
        return {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "type": type_,
            "source": "test",
            "subject": subject,
            "time": datetime.now(UTC).isoformat(),
            "actor": "person:demo-head",
            "correlation": str(uuid.uuid4()),
            "causation": None,
            "traceparent": "",
            "data": data,
            **rest,
        }

    def page(
        self,
        producer: str,
        facts: Sequence[dict[str, Any]],
        first: int,
        stream: str = "facts",
        epoch: str = "1",
        before: bytes | None = None,
    ) -> tuple[bytes, str, str]:
        """A signed page of another service: body, key id, signature.

        Args:
            before: the history before ``first``; without it that of the pages that were made before.
        """
        through = first + len(facts) - 1
        known = self._histories.setdefault((producer, stream), {0: history.BEGINNING})
        before = before or known.get(first - 1, history.BEGINNING)
        known |= dict(enumerate(history.histories(before, map(id_bytes, facts)), first - 1))
        body = json.dumps(
            {
                "producer": producer,
                "stream": stream,
                "epoch": epoch,
                "from": first,
                "through": through,
                "before": before.hex(),
                "facts": list(facts),
            },
        ).encode()
        signer = self._keys[producer]
        return body, signer.key_id, signer.sign(body)

    def deliver(self, producer: str, facts: Sequence[dict[str, Any]], stream: str = "facts") -> int:
        """Hand the next facts of a producer's stream to the subscription. Returns how many were applied."""
        first = self._numbers.get((producer, stream), 0) + 1
        self._numbers[producer, stream] = first + len(facts) - 1
        return self.take(producer, self.page(producer, facts, first, stream), stream)

    def take(self, producer: str, page: tuple[bytes, str, str], stream: str = "facts") -> int:
        """Hand any page, sound or not, to the subscription."""
        return take_page(self.runtime, self.subscription(producer, stream), *page)

    def subscription(self, producer: str, stream: str = "facts") -> Subscription:
        """The subscription to a producer's stream."""
        return next(own for own in self.service.subscriptions if own.is_of(producer, stream))

    def hand_in(self, **parts: Any) -> None:
        """Give the runtime other parts than its own: clients, a catalog, a signer."""
        for name, part in parts.items():
            if not hasattr(type(self.runtime), name):
                raise AttributeError(f"a runtime has no part {name}")
            setattr(self.runtime, name, part)

    def change_sealing(self, command: str, say: Callable[[str], object] = str) -> None:
        """Do what an operator does with the sealed columns: rotate, reseal, rewrap."""
        run_command(self.service.name, self.runtime.settings, self.service.sealed, command, say)

    def run_tasks(self) -> None:
        """Do every scheduled and every sent task, until no task is sent and no chunk changes."""
        before: object = None
        for _ in range(_ROUNDS):
            for every in self.service.schedule:
                every.task(self.runtime)
            while self.runtime.sent:
                name, ids = self.runtime.sent.pop(0)
                next(task for task in self.service.tasks if task.name == name)(self.runtime, **ids)
            now = self._progress()
            if now == before:
                return
            before = now
        raise AssertionError(f"work goes on after {_ROUNDS} rounds")

    def _progress(self) -> object:
        with self.work() as work:
            return [tuple(row) for statement in _PROGRESS for row in work.connection.execute(text(statement))]

    def spans(self) -> list[dict[str, Any]]:
        """The spans recorded in this process so far."""
        return [telemetry.span_as_json(span) for span in spans().get_finished_spans()]

    def execute(self, statement: str, **values: Any) -> list[Any]:
        """Look into the service's tables as its runtime role."""
        with self.work() as work:
            result = work.connection.execute(text(statement), values)
            return list(result.all()) if result.returns_rows else []
