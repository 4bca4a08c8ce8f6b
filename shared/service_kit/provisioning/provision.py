"""Makes databases, roles and keys of an office: one script for one machine, containers and the cloud.

Idempotent: what is there stays, so that a second start finds the same passwords and keys.
"""

import argparse
import secrets
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql

from shared.service_kit.encryption.wrapping import KEY_FILE, new_key
from shared.service_kit.provisioning import key_files

DATABASE_PREFIX = "kurashi_"
CHANGES = {
    "new_sealing_key": key_files.add_sealing_key,
    "new_page_key": key_files.change_page_key,
    "new_client_secret": key_files.change_client_secret,
    "forget_former": key_files.forget_former,
}
"""What an operator may do to one service's keys while it runs (docs/security/keys.md)."""


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
                password = key_files.kept(
                    folder / f"{service}_{role}_password" / "password", lambda: secrets.token_urlsafe(32)
                )
                make_role(admin, f"{service}_{role}", password)
                url = f"postgresql://{service}_{role}:{password}@{host}:{port}/{DATABASE_PREFIX}{service}"
                if role == "owner":
                    key_files.write(folder / f"{service}_owner" / "kurashi_owner_database_url", url)
                else:
                    key_files.write(folder / service / "kurashi_database_url", url)
            key = key_files.kept(folder / service / KEY_FILE, new_key)
            key_files.kept(folder / f"{service}_owner" / KEY_FILE, partial(str, key))
            make_database(admin, f"{DATABASE_PREFIX}{service}", f"{service}_owner", f"{service}_runtime")
    key_files.make_keys(folder, services)


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


def main(argv: Sequence[str] | None = None) -> None:
    """The command line of :func:`provision`."""
    parser = argparse.ArgumentParser(prog="python -m shared.service_kit.provisioning.provision")
    parser.add_argument("--admin-url", default="", help="a superuser's URL; not needed to change one key")
    parser.add_argument("--secrets", type=Path, required=True)
    parser.add_argument("--services", default="", help="names with commas between")
    for name in CHANGES:
        parser.add_argument(f"--{name.replace('_', '-')}", default="", metavar="SERVICE", help="do this alone")
    parser.add_argument("--database-host", default="127.0.0.1")
    parser.add_argument("--database-port", type=int, default=5432)
    args = parser.parse_args(argv)
    requested = [(change, service) for name, change in CHANGES.items() if (service := getattr(args, name))]
    for change, service in requested:
        change(args.secrets, service)
    if requested:
        return
    if not (args.admin_url and args.services):
        parser.error("--admin-url and --services are needed")
    provision(args.admin_url, args.secrets, args.services.split(","), args.database_host, args.database_port)


if __name__ == "__main__":
    main()
