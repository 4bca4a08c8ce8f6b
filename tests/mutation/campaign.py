"""A campaign: breakages chosen by chance, each shown to the tests that run its line, each outcome kept at once."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.mutation.breakages import Breakage, breakages_under
from tests.mutation.coverage_map import CoverageMap
from tests.mutation.tree import Outcome, Tree

EQUIVALENT = Path(__file__).parent / "equivalent.jsonl"
"""Breakages that change nothing that anybody could see: path, function, what is changed into what, and why."""
SLACK, FACTOR = 20.0, 4.0
"""CPU seconds that any run may take, and how many times its usual ones on top, before it counts as hanging."""


@dataclass(frozen=True)
class Choice:
    """What is broken, and what may be spent on it."""

    packages: Sequence[str]
    limit: int
    seed: int
    seconds: float
    only: str = ""


def choose(root: Path, choice: Choice) -> list[Breakage]:
    """Return breakages chosen by chance, the same for the same files and seed; equivalent ones are not among them."""
    every = [one for one in breakages_under(root, choice.packages) if not why_equivalent(one)]
    every = [one for one in every if choice.only in one.path]
    random.Random(choice.seed).shuffle(every)
    return every[: choice.limit]


@cache
def _equivalent() -> dict[tuple[str, str, str, str], str]:
    rows = [json.loads(line) for line in EQUIVALENT.read_text().splitlines() if line.strip()]
    return {(row["path"], row["line"], row["before"], row["after"]): row["because"] for row in rows}


def why_equivalent(breakage: Breakage) -> str:
    """Return why nobody could notice a breakage; "" where somebody could."""
    return _equivalent().get((breakage.path, breakage.context, breakage.before, breakage.after), "")


def run(tree: Tree, covered: CoverageMap, breakages: Iterable[Breakage], seconds: float, kept: Path) -> None:
    """Show each breakage that `kept` does not know yet to the tests of its line, and keep what became of it."""
    known = {row["key"] for row in rows_of(kept)}
    for breakage in breakages:
        if breakage.key in known:
            continue
        row = {"key": breakage.key, **_as_row(breakage), **_show(tree, covered, breakage, seconds)}
        with kept.open("a") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(f"{row['outcome']:9} {breakage.path}:{breakage.line} {breakage.operator}: {row['by']}", flush=True)


def _show(tree: Tree, covered: CoverageMap, breakage: Breakage, seconds: float) -> dict[str, Any]:
    tests = covered.tests_of(breakage, seconds)
    if not tests:
        return {"outcome": "survived", "by": "no test runs this line", "tests": 0, "seconds": 0.0}
    with tree.broken(breakage):
        outcome = tree.run(tests, SLACK + FACTOR * seconds)
    if outcome.code is None:
        drop_databases(outcome)
    by = outcome.by if outcome.noticed else ""
    told = {"by": by, "tests": len(tests), "seconds": outcome.seconds}
    return {"outcome": "caught" if outcome.noticed else "survived", **told}


def drop_databases(outcome: Outcome) -> None:
    """Drop what tests that were ended from outside could not: the databases and roles that bear their process."""
    import os

    url = os.environ.get("KURASHI_TEST_DATABASE_URL")
    if not url:
        return
    prefix = f"kurashi_test_{outcome.process}_"
    with psycopg.connect(url, autocommit=True) as admin:
        for table, column, drop in (
            ("pg_database", "datname", "DROP DATABASE {} WITH (FORCE)"),
            ("pg_roles", "rolname", "DROP ROLE {}"),
        ):
            named = sql.SQL("SELECT {} FROM {} WHERE starts_with({}, %s)").format(
                sql.Identifier(column), sql.Identifier(table), sql.Identifier(column)
            )
            for (name,) in admin.execute(named, (prefix,)).fetchall():
                admin.execute(sql.SQL(drop).format(sql.Identifier(name)))


def _as_row(breakage: Breakage) -> dict[str, Any]:
    return {
        "path": breakage.path,
        "line": breakage.line,
        "function": breakage.function,
        "operator": breakage.operator,
        "context": breakage.context,
        "before": breakage.before,
        "after": breakage.after,
    }


def rows_of(kept: Path) -> Iterator[dict[str, Any]]:
    """Yield what is kept of a campaign."""
    if kept.exists():
        for line in kept.read_text().splitlines():
            yield json.loads(line)
