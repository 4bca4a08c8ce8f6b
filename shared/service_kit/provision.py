"""Makes databases, roles and keys of an office: one script for one machine, containers and the cloud.

Idempotent: what is there stays, so that a second start finds the same passwords and keys.
"""

import argparse
import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from psycopg import sql

from shared.service_kit.signing import key_id, raw_public_key
from shared.service_kit.wrapping import KEY_FILE, new_key

DATABASE_PREFIX = "kurashi_"
EXTRA_CLIENTS = ("one_machine",)
EXTRA_KEYS = {"audit_logging": ("kurashi_log_key",)}
"""Keys beside the page key: the log signs its checkpoints with one of its own."""


def provision(admin_url: str, folder: Path, services: Sequence[str], host: str, port: int) -> None:
    """Make what is missing: a database with two roles, keys and a client secret for each service.

    Args:
        admin_url: a superuser's URL of the cluster.
        folder: where secrets are written: ``<service>/``, ``<service>_owner/``, ``issuer/``, ``public/``.
        host, port: how the services reach the cluster.
    """
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for service in services:
            for role in ("owner", "runtime"):
                password = _kept(folder / f"{service}_{role}_password" / "password", lambda: secrets.token_urlsafe(32))
                make_role(admin, f"{service}_{role}", password)
                url = f"postgresql://{service}_{role}:{password}@{host}:{port}/{DATABASE_PREFIX}{service}"
                if role == "owner":
                    _write(folder / f"{service}_owner" / "kurashi_owner_database_url", url)
                else:
                    _write(folder / service / "kurashi_database_url", url)
            key = _kept(folder / service / KEY_FILE, new_key)
            _kept(folder / f"{service}_owner" / KEY_FILE, partial(str, key))
            make_database(admin, f"{DATABASE_PREFIX}{service}", f"{service}_owner", f"{service}_runtime")
    make_keys(folder, services)


def make_keys(folder: Path, services: Sequence[str]) -> None:
    """Signing keys, their public halves, client secrets and the issuer's list of clients."""
    public: dict[str, dict[str, str]] = {}
    clients: dict[str, str] = {}
    for service in services:
        raw = _public_half(_kept(folder / service / "kurashi_signing_key", _new_key))
        public[service] = {key_id(raw): base64.b64encode(raw).decode()}
        for name in EXTRA_KEYS.get(service, ()):
            _kept(folder / service / name, _new_key)
    for client in (*services, *EXTRA_CLIENTS):
        secret = _kept(folder / client / "kurashi_client_secret", lambda: secrets.token_urlsafe(32))
        clients[client] = hashlib.sha256(secret.encode()).hexdigest()
    _write(folder / "public" / "producer_keys.json", json.dumps(public, indent=1), mode=0o644)
    _write(folder / "issuer" / "clients.json", json.dumps(clients, indent=1))


def make_role(admin: psycopg.Connection, role: str, password: str) -> None:
    """A role that may log in and nothing else; its password is set anew where it exists."""
    known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = "ALTER" if known else "CREATE"
    statement = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}")
    admin.execute(statement.format(sql.SQL(verb), sql.Identifier(role), sql.Literal(password)))


def make_database(admin: psycopg.Connection, name: str, owner: str, runtime: str, template: str = "template0") -> None:
    """A database with UTF8 and the C collation, where only its two roles may connect and only the owner may make."""
    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
        statement = "CREATE DATABASE {} OWNER {} TEMPLATE {} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        admin.execute(sql.SQL(statement).format(*map(sql.Identifier, (name, owner, template))))
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    admin.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(*map(sql.Identifier, (name, owner, runtime))),
    )


def add_sealing_key(folder: Path, service: str) -> None:
    """Put a fresh key first in a service's key files: it wraps from its next start on, the others only unwrap."""
    fresh = new_key()
    for name in (service, f"{service}_owner"):
        path = folder / name / KEY_FILE
        _write(path, f"{fresh}\n{path.read_text(encoding='utf-8')}")


def _new_key() -> str:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _public_half(pem: str) -> bytes:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the kept signing key is not an Ed25519 key")
    return raw_public_key(key.public_key())


def _kept(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        _write(path, make())
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str, mode: int = 0o600) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.touch(mode=mode)
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def main(argv: Sequence[str] | None = None) -> None:
    """The command line of :func:`provision`."""
    parser = argparse.ArgumentParser(prog="python -m shared.service_kit.provision")
    parser.add_argument("--admin-url", default="", help="a superuser's URL; not needed with --new-sealing-key")
    parser.add_argument("--secrets", type=Path, required=True)
    parser.add_argument("--services", default="", help="names with commas between")
    parser.add_argument("--new-sealing-key", default="", metavar="SERVICE", help="only put a fresh key first")
    parser.add_argument("--database-host", default="127.0.0.1")
    parser.add_argument("--database-port", type=int, default=5432)
    given = parser.parse_args(argv)
    if given.new_sealing_key:
        add_sealing_key(given.secrets, given.new_sealing_key)
        return
    if not (given.admin_url and given.services):
        parser.error("--admin-url and --services are needed")
    provision(given.admin_url, given.secrets, given.services.split(","), given.database_host, given.database_port)


if __name__ == "__main__":
    main()
