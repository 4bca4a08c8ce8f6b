"""A service's database as it was: dumped before a month, and brought back while the office works."""

import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from infra.one_machine.postgres import binaries
from tests.faults.scene import DATABASES, Scene


def dump_all(scene: Scene) -> None:
    """Dump the databases of all services."""
    for name in DATABASES:
        _run("pg_dump", "--format=custom", f"--file={_dump(scene, name)}", _address(scene, name))


def restore(scene: Scene, database: str) -> None:
    """Bring one database back to its dump."""
    name = sql.Identifier(database)
    with psycopg.connect(scene.host.admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
    _run("pg_restore", "--create", "--dbname", scene.host.admin_url, str(_dump(scene, database)))


def _dump(scene: Scene, database: str) -> Path:
    return scene.dumps / f"{database}.dump"


def _address(scene: Scene, database: str) -> str:
    return scene.host.admin_url.rsplit("/", 1)[0] + f"/{database}"


def _run(program: str, *words: str) -> None:
    done = subprocess.run([binaries() / program, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr.strip()[:500]}")
