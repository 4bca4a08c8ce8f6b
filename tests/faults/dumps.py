"""A service's database as it was: dumped, and brought back while the office works."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

from infra.one_machine.processes.postgres import binaries


def dump(admin_url: str, folder: Path, databases: Iterable[str]) -> None:
    """Dump databases into a folder, in place of what they were before."""
    for name in databases:
        address = admin_url.rsplit("/", 1)[0] + f"/{name}"
        _run("pg_dump", "--format=custom", f"--file={folder / name}", address)


def restore(admin_url: str, folder: Path, database: str) -> None:
    """Bring one database back to its dump."""
    name = sql.Identifier(database)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
    _run("pg_restore", "--create", "--dbname", admin_url, str(folder / database))


def _run(program: str, *words: str) -> None:
    done = subprocess.run([binaries() / program, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr.strip()[:500]}")
