"""Services on databases of their own, as the real migrations make them."""

import json
import os
import secrets
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import KeySet
from psycopg import sql
from sqlalchemy import Engine

from shared.service_kit.catalog import Catalog
from shared.service_kit.database.migrations import migrate
from shared.service_kit.encryption.wrapping import new_key
from shared.service_kit.processes.starting import prepare_sealing
from shared.service_kit.provisioning import provision
from shared.service_kit.runtime import Runtime
from shared.service_kit.service import Service
from shared.service_kit.settings import Settings
from shared.service_kit.streams import signing
from shared.service_kit.testing.database_reset import Made
from shared.service_kit.testing.service import RunningService
from shared.service_kit.testing.spans import spans
from shared.service_kit.testing.tokens import ISSUER, token_key

_QUICK = sql.SQL("ALTER ROLE {} SET synchronous_commit = off")
"""No test takes the power from the server: a commit need not wait for the disk, and is a commit to all who ask."""


class Services:
    """Opens services, each on a database as the migrations make it: a copy of a template, or one emptied after its use.

    One template a service and test process.
    """

    def __init__(self, admin_url: str, folder: Path) -> None:
        self._admin_url, self._folder = admin_url, folder
        self._prefix = f"kurashi_test_{os.getpid()}_{secrets.token_hex(2)}"
        self._templates: dict[Path, Made] = {}
        self._free: defaultdict[Path, list[str]] = defaultdict(list)
        self._open: list[tuple[Service, Runtime, str]] = []
        self._made: list[str] = []
        self._engines: dict[str, Engine] = {}
        self._keys: dict[str, signing.Signer] = {}
        self._sealing_key = new_key()
        self._producers = set(Catalog.load(Settings(env="test").catalog).services)

    def open(self, service: Service, **settings: Any) -> RunningService:
        """A service with a database of its own; ``settings`` override those of tests."""
        if service.folder not in self._templates:
            self._make_template(service)
        free = self._free[service.folder]
        name = free.pop() if free else self._copy(service)
        defaults = {
            "env": "test",
            "database_url": self._url(service, "runtime", name),
            "owner_database_url": self._url(service, "owner", name),
            "issuer_url": ISSUER,
            "issuer_jwks": json.dumps(KeySet([token_key]).as_dict(private=False)),
            "signing_key": self._pem(service.name),
            "sealing_keys": self._sealing_key,
            "producer_keys_file": self._public_keys(service),
            "files_dir": self._folder / f"{name}_{secrets.token_hex(4)}",
            "refusals_a_minute": 100_000,  # a test refuses a whole matrix in seconds
            "approvals_a_minute": 100_000,
        }
        return self.run(service, Settings(**{**defaults, **settings}), name)

    def run(self, service: Service, settings: Settings, name: str = "") -> RunningService:
        """A service with these settings on a database that is there."""
        runtime = service.runtime(settings)
        if engine := self._engines.get(settings.database_url):
            runtime.engine = engine
        prepare_sealing(service, runtime)
        self._open.append((service, runtime, name))
        spans().clear()
        return RunningService(service, runtime, self._keys)

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
                admin.execute(_QUICK.format(sql.Identifier(self._role(service, role))))
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
        for producer in {service.name, *self._producers}:
            signer = signing.Signer(self._pem(producer))
            raw = signing.raw_public_key(signer._key.public_key())
            known[producer] = {signer.key_id: base64.b64encode(raw).decode()}
        path = self._folder / "producer_keys.json"
        path.write_text(json.dumps(known))
        return path

    @contextmanager
    def for_a_while(self) -> Iterator["Services"]:
        """The same services, of which those opened meanwhile are closed at the end."""
        here = copy(self)
        here._open = []
        yield here
        for service, runtime, name in here._open:
            runtime.engine.dispose()
            if not name:
                continue
            with psycopg.connect(self._admin_url, dbname=name) as database:
                emptied = self._templates[service.folder].again(database)
            if emptied:  # its engine too is used again: to compile all statements anew takes longer than a test
                self._free[service.folder].append(name)
                self._engines[runtime.settings.database_url] = runtime.engine
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
