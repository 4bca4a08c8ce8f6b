"""The pytest plugin: rooms on a real PostgreSQL built by the real migrations, tokens, pages, a clock by hand."""

import fcntl
import hashlib
import json
import os
import secrets
import tempfile
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from kombu import Connection
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from psycopg import sql
from sqlalchemy import text

from shared.service_kit import history, provision, signing, streams, subscriptions, telemetry
from shared.service_kit.catalog import Catalog
from shared.service_kit.envelope import id_bytes
from shared.service_kit.migrations import migrate
from shared.service_kit.relay import queue_for
from shared.service_kit.service import Service
from shared.service_kit.settings import Settings
from shared.service_kit.used_database import Made
from shared.service_kit.work import UnitOfWork
from shared.service_kit.wrapping import new_key

ADMIN_URL = "KURASHI_TEST_DATABASE_URL"
BROKER_URL = "KURASHI_TEST_BROKER_URL"
CATALOG = Path(__file__).parents[2] / "catalog.toml"
ISSUER = "https://issuer.test"
_ROUNDS = 20
_token_key = OKPKey.generate_key("Ed25519", {"kid": "test"})


def make_token(
    subject: str, roles: Sequence[str], audience: str, kind: str = "person", seconds: int = 300, **claims: Any
) -> str:
    """An access token as the identity provider would give it."""
    now = datetime.now(UTC)
    given = {
        "iss": ISSUER,
        "sub": subject,
        "aud": audience,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(seconds=seconds)).timestamp()),
        "jti": secrets.token_hex(8),
        "kind": kind,
        "roles": list(roles),
    }
    header = {"alg": "Ed25519", "kid": "test", "typ": "at+jwt"}
    return jwt.encode(header, {**given, **claims}, _token_key, algorithms=["Ed25519"])


def stepped_up(*sha256: str, at: datetime | None = None) -> dict[str, Any]:
    """The claims of a token by which a person confirmed what these hashes name."""
    return {
        "acr": "step-up",
        "step_up": secrets.token_hex(8),
        "auth_time": int((at or datetime.now(UTC)).timestamp()),
        "authorization_details": [{"type": "kurashi_approval", "sha256": list(sha256)}],
    }


class Reply:
    """An answer of a room to a test."""

    def __init__(self, response: Any) -> None:
        self.status_code: int = response.status_code
        self.content: bytes = response.data
        self.headers: Mapping[str, str] = response.headers

    @property
    def json(self) -> Any:
        """The answer's JSON."""
        return json.loads(self.content)


_making_app = threading.Lock()


def _app(service: Service) -> Any:
    """The application of a room, made once: that takes longer than most requests."""
    with _making_app:
        if "app_of_tests" not in service.__dict__:
            service.__dict__["app_of_tests"] = service.app()
        return service.__dict__["app_of_tests"]


class Client:
    """A person or service at a room's HTTP door; with ``confirm`` it steps up to what it approves, as a page does."""

    def __init__(self, service: Service, headers: dict[str, str], confirm: Callable[[str], str] | None = None) -> None:
        self._client = _app(service).test_client()
        self._headers, self._confirm = headers, confirm

    def get(self, path: str, headers: dict[str, str] | None = None) -> Reply:
        """Read."""
        return Reply(self._client.get(path, headers={**self._headers, **(headers or {})}))

    def post(
        self,
        path: str,
        json: Any = None,
        key: str | None = None,
        files: dict[str, bytes] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Write; without ``key`` a fresh Idempotency-Key is taken, with "" none is sent."""
        from io import BytesIO

        value = secrets.token_hex(16) if key is None else key
        confirmed = self._confirmed(json)
        sent = {**self._headers, **confirmed, **({"Idempotency-Key": value} if value else {}), **(headers or {})}
        if files is not None:
            data = {name: (BytesIO(content), name) for name, content in files.items()}
            return Reply(self._client.post(path, data=data, headers=sent))
        return Reply(self._client.post(path, json=json, headers=sent))

    def _confirmed(self, json: Any) -> dict[str, str]:
        if self._confirm is None or not isinstance(json, dict) or "sha256" not in json:
            return {}
        return {"Authorization": f"Bearer {self._confirm(json['sha256'])}"}


class Room:
    """A room on a database of its own."""

    def __init__(self, service: Service, keys: dict[str, signing.Signer]) -> None:
        self.service = service
        self.clock = service.clock
        self._keys = keys
        self._numbers: dict[tuple[str, str], int] = {}
        self._histories: dict[tuple[str, str], dict[int, bytes]] = {}

    def client(
        self, person: str = "", roles: Sequence[str] = (), machine: str = "", *, step_up: bool = True, **claims: Any
    ) -> Client:
        """Somebody with a token; nobody where neither is named. ``claims``: districts, programmes, scope …"""
        if not (person or machine):
            return Client(self.service, {})
        who, kind = (person, "person") if person else (machine, "machine")
        if machine:
            everything = " ".join(f"kurashi:{name.replace('.', ':')}" for name in self.service.permissions)
            claims = {"scope": everything, **claims}

        def token(**more: Any) -> str:
            return make_token(who, roles or ["service"], self.service.name, kind, **claims, **more)

        confirm = (lambda sha256: token(**stepped_up(sha256, at=self.clock.now()))) if person and step_up else None
        return Client(self.service, {"Authorization": f"Bearer {token()}"}, confirm)

    def work(self, actor: str = "person:demo-caseworker", correlation: str = "") -> Any:
        """Open a unit of work."""
        return self.service.work(actor=actor, correlation=correlation or str(uuid.uuid4()))

    def facts(self, type_: str = "") -> list[dict[str, Any]]:
        """What this room has told on its stream of facts, in order; of one type where it is named."""
        return self._told("facts", type_)

    def looks(self, type_: str = "") -> list[dict[str, Any]]:
        """What this room has told for the audit alone."""
        return self._told("looks", type_)

    def _told(self, stream: str, type_: str) -> list[dict[str, Any]]:
        with self.work() as work:
            streams.positions(work.session)
            rows = work.session.execute(
                text("SELECT body FROM events WHERE stream = :stream ORDER BY number"),
                {"stream": stream},
            ).scalars()
            told = [json.loads(body) for body in rows]
        return [fact for fact in told if not type_ or fact["type"] == type_]

    def fact(self, type_: str, data: dict[str, Any], subject: str, **rest: Any) -> dict[str, Any]:
        """The envelope of a fact as another room would tell it."""
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
        """A signed page of another room: body, key id, signature.

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
        """Hand the next facts of a producer's stream to the subscription. Gives how many were applied."""
        first = self._numbers.get((producer, stream), 0) + 1
        self._numbers[producer, stream] = first + len(facts) - 1
        return self.take(producer, self.page(producer, facts, first, stream), stream)

    def take(self, producer: str, page: tuple[bytes, str, str], stream: str = "facts") -> int:
        """Hand any page, sound or not, to the subscription."""
        return subscriptions.take_page(self.service, self.service.subscription(producer, stream), *page)

    def run_tasks(self) -> None:
        """Do every scheduled and every sent task, until no task is sent and no chunk changes."""
        before: object = None
        for _ in range(_ROUNDS):
            for every in self.service.schedule:
                every.task(self.service)
            while self.service.sent:
                one, ids = self.service.sent.pop(0)
                one(self.service, **ids)
            now = self._progress()
            if now == before:
                return
            before = now
        raise AssertionError(f"work goes on after {_ROUNDS} rounds")

    def _progress(self) -> object:
        with self.work() as work:
            return work.session.execute(
                text(
                    "SELECT job, job_id, state, sum(attempts), count(*) FROM chunks GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
                ),
            ).all(), len(self.facts())

    def spans(self) -> list[dict[str, Any]]:
        """The spans recorded in this process so far."""
        return [telemetry.span_as_json(span) for span in _spans().get_finished_spans()]

    def execute(self, statement: str, **values: Any) -> list[Any]:
        """Look into the room's tables as its runtime role."""
        with self.work() as work:
            result = work.session.execute(text(statement), values)
            return list(result.all()) if result.returns_rows else []


class Rooms:
    """Opens rooms, each on a database as the migrations make it: a copy of a template, or one emptied after its use.

    One template a room and test process.
    """

    def __init__(self, admin_url: str, folder: Path) -> None:
        self._admin_url, self._folder = admin_url, folder
        self._prefix = f"kurashi_test_{os.getpid()}_{secrets.token_hex(2)}"
        self._templates: dict[Path, Made] = {}
        self._free: defaultdict[Path, list[str]] = defaultdict(list)
        self._open: list[tuple[Service, str]] = []
        self._made: list[str] = []
        self._keys: dict[str, signing.Signer] = {}
        self._sealing_key = new_key()

    def open(self, service: Service, **settings: Any) -> Room:
        """A room with a database of its own; ``settings`` override those of tests."""
        if service.folder not in self._templates:
            self._make_template(service)
        free = self._free[service.folder]
        name = free.pop() if free else self._copy(service)
        given = {
            "env": "test",
            "database_url": self._url(service, "runtime", name),
            "owner_database_url": self._url(service, "owner", name),
            "issuer_url": ISSUER,
            "issuer_jwks": json.dumps(KeySet([_token_key]).as_dict(private=False)),
            "signing_key": self._pem(service.name),
            "sealing_keys": self._sealing_key,
            "producer_keys_file": self._public_keys(service),
            "files_dir": self._folder / f"{name}_{secrets.token_hex(4)}",
            "refusals_a_minute": 100_000,  # a test refuses a whole matrix in seconds
            "approvals_a_minute": 100_000,
        }
        opened = service.configured(Settings(**{**given, **settings}))
        opened.prepare_sealing()
        self._open.append((opened, name))
        _spans().clear()
        return Room(opened, self._keys)

    def _copy(self, service: Service) -> str:
        name = f"{self._prefix}_{service.name}_{len(self._made)}"
        roles = self._role(service, "owner"), self._role(service, "runtime")
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            provision.make_database(admin, name, *roles, template=self._template(service))
        self._made.append(name)
        return name

    def _make_template(self, service: Service) -> None:
        name = self._template(service)
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            for role in ("owner", "runtime"):
                provision.make_role(admin, self._role(service, role), "test")
            provision.make_database(admin, name, self._role(service, "owner"), self._role(service, "runtime"))
        self._made.append(name)
        owner = Settings(env="test", owner_database_url=self._url(service, "owner", name))
        migrate(service.folder / "migrations", owner)
        with psycopg.connect(self._admin_url, dbname=name) as template:
            self._templates[service.folder] = Made.read(template)

    def _template(self, service: Service) -> str:
        return f"{self._prefix}_{service.folder.name}_template"

    def _role(self, service: Service, role: str) -> str:
        return f"{self._prefix}_{service.name}_{role}"

    def _url(self, service: Service, role: str, name: str) -> str:
        info = psycopg.conninfo.conninfo_to_dict(self._admin_url)
        return f"postgresql://{self._role(service, role)}:test@{info['host']}:{info.get('port', 5432)}/{name}"

    def _pem(self, producer: str) -> str:
        path = self._folder / f"{producer}.pem"
        if not path.exists():
            key = Ed25519PrivateKey.generate()
            path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self._keys[producer] = signing.Signer(path.read_text())
        return path.read_text()

    def _public_keys(self, service: Service) -> Path:
        import base64

        known: dict[str, dict[str, str]] = {}
        for producer in {service.name, *service.catalog.services}:
            signer = signing.Signer(self._pem(producer))
            raw = signing.raw_public_key(signer._key.public_key())
            known[producer] = {signer.key_id: base64.b64encode(raw).decode()}
        path = self._folder / "producer_keys.json"
        path.write_text(json.dumps(known))
        return path

    @contextmanager
    def for_a_while(self) -> Iterator["Rooms"]:
        """The same rooms, of which those opened meanwhile are closed at the end."""
        here = copy(self)
        here._open = []
        yield here
        for service, name in here._open:
            service.engine.dispose()
            with psycopg.connect(self._admin_url, dbname=name) as database:
                emptied = self._templates[service.folder].again(database)
            if emptied:
                self._free[service.folder].append(name)
            else:
                self._drop(name)

    def close(self) -> None:
        """Drop everything of this process."""
        for name in self._made:
            self._drop(name)
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            for (role,) in admin.execute(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)",
                (self._prefix,),
            ).fetchall():
                admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))

    def _drop(self, name: str) -> None:
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


_exporter: InMemorySpanExporter | None = None


def _spans() -> InMemorySpanExporter:
    global _exporter
    if _exporter is None:
        _exporter = InMemorySpanExporter()
        telemetry.add_exporter(SimpleSpanProcessor(_exporter))
    return _exporter


@pytest.fixture(scope="session")
def admin_url() -> str:
    """A superuser's URL of the PostgreSQL that the tests may use."""
    url = os.environ.get(ADMIN_URL)
    if not url:
        pytest.fail(f"{ADMIN_URL} names no PostgreSQL; run the tests with ./kurashi test, which starts one")
    return url


@pytest.fixture
def broker_url() -> Iterator[str]:
    """A broker that the tests may use, one test of all processes at a time: its queues are the same for all."""
    url = os.environ.get(BROKER_URL)
    if not url:
        pytest.fail(f"{BROKER_URL} names no broker; run the tests with ./kurashi test, which starts one")
    name = f"kurashi-test-broker-{hashlib.sha256(url.encode()).hexdigest()[:16]}.lock"
    with (Path(tempfile.gettempdir()) / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _delete_queues(url)
        yield url


def _delete_queues(url: str) -> None:
    """What another test, or a process that it started, left in the queues of the subscriptions is nobody's.

    Declared first: in Redis kombu deletes no queue that this process has not declared.
    """
    with Connection(url) as broker:
        for name, room in Catalog.load(CATALOG).services.items():
            for subscription in room["subscriptions"]:
                queue = queue_for(name, *subscription.split("."))(broker.default_channel)
                queue.declare()
                queue.purge()
                queue.delete()


@pytest.fixture(scope="session")
def _all_rooms(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    rooms = Rooms(admin_url, tmp_path_factory.mktemp("rooms"))
    yield rooms
    rooms.close()


@pytest.fixture
def rooms(_all_rooms: Rooms) -> Iterator[Rooms]:
    """Opens rooms for this test."""
    with _all_rooms.for_a_while() as rooms:
        yield rooms


@pytest.fixture(scope="module")
def rooms_of_file(_all_rooms: Rooms) -> Iterator[Rooms]:
    """Opens rooms for all tests of a file: none may ask what another could have left or taken away."""
    with _all_rooms.for_a_while() as rooms:
        yield rooms


__all__ = ["Client", "Reply", "Room", "Rooms", "UnitOfWork", "make_token"]
