"""Five years of an office that has one month: its determinations and facts of before, and people of ended cases.

The month itself was loaded and determined by the services. What came before is written straight into the tables, as
copies of it: what is measured is how the office reads, not how the years went by.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from random import Random
from typing import Any, Final
from uuid import uuid4

import psycopg
from sqlalchemy import select

from infra.one_machine.folders import Folders
from infra.one_machine.processes.stack import Stack
from infra.one_machine.ward.people import Household, assisted_household
from services.case_management.adapters.residents import RESIDENTS
from services.case_management.adapters.tables import decisions, residents
from services.case_management.app import service
from shared.service_kit.runtime import Runtime
from shared.service_kit.settings import Settings
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

YEARS: Final = 5
_FIRST_CASE: Final = 20_000_000
_FIRST_PERSON: Final = 7_000_000_000
_BATCH: Final = 5_000
_MADE: Final = "md5({}::text || %(past)s)::uuid"
_COPIES: Final = {
    "collectives": ("collective_id", {"month": "%(past)s", "correlation": "correlation || %(past)s"}),
    "collective_proposals": ("collective_id", {}),
    "collective_approvals": ("collective_id", {}),
    "collective_completions": ("collective_id", {}),
    "determinations": ("determination_id", {"collective_id": _MADE.format("collective_id"), "month": "%(past)s"}),
    "determination_approvals": ("determination_id", {"month": "%(past)s"}),
    "determination_lines": ("determination_id", {}),
}
"""Tables of a month → their key, and what else differs in a copy for the month `past`."""
_NUMBERED: Final = "number"
"""A column that the database fills."""
_LINES: Final = ("determination_lines", "determination_lines_pkey", "PRIMARY KEY (determination_id, line_no)")
"""The largest table: its index is made at once, after its rows."""
_FACTS: Final = """
    INSERT INTO circumstances
        (case_no, person_no, fact, valid_from, recorded_at, recorded_by, reason, data)
    SELECT case_no, person_no, fact, day, day + interval '10 hours', 'person:demo-caseworker', 'declaration', data
    FROM circumstances, unnest(%s::date[]) AS day
    WHERE fact = %s AND import_id IS NOT NULL ORDER BY day, number"""


def add_history(stack: Stack, month: str) -> None:
    """Give every household of `month` the determinations of the five years before it, and its facts of these years."""
    own = (stack.folders.secrets / f"{service.name}_owner" / "kurashi_owner_database_url").read_text()
    database = str(psycopg.conninfo.conninfo_to_dict(own)["dbname"])
    url = psycopg.conninfo.make_conninfo(stack.admin_url, dbname=database)
    copies = [[name for name in _COPIES if name != _LINES[0]], [_LINES[0]]]
    with ThreadPoolExecutor(len(copies)) as pool:
        list(pool.map(partial(_copy_tables, url, _months_before(month)), copies))
    year = int(month[:4])
    springs = [date(past, 4, 1) for past in range(year - YEARS + 1, year + 1)]
    with _unchecked(url) as owner:
        owner.execute(_FACTS.encode(), [springs, "home"])
        owner.execute(_FACTS.encode(), [sorted([*springs, *(day.replace(month=10) for day in springs)]), "income"])
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")
        owner.execute("CHECKPOINT")


def _copy_tables(url: str, months: Sequence[str], tables: Sequence[str]) -> None:
    """Copy what the tables hold for each month, one month after the other as an office writes them."""
    with _unchecked(url) as owner:
        if _LINES[0] in tables:
            owner.execute(f"ALTER TABLE {_LINES[0]} DROP CONSTRAINT {_LINES[1]}".encode())
        for table in tables:
            owner.execute(f"CREATE TEMPORARY TABLE original_{table} AS TABLE {table}".encode())
        for past in months:
            for table in tables:
                owner.execute(_copy(owner, table).encode(), {"past": past})
        if _LINES[0] in tables:
            owner.execute(f"ALTER TABLE {_LINES[0]} ADD CONSTRAINT {_LINES[1]} {_LINES[2]}".encode())


@contextmanager
def _unchecked(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A transaction in which copies of what was checked are not checked again."""
    with psycopg.connect(url) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("SET maintenance_work_mem = '512MB'")
        yield owner


def _months_before(month: str) -> list[str]:
    last = int(month[:4]) * 12 + int(month[5:]) - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(last - YEARS * 12 + 1, last)]


def _copy(owner: psycopg.Connection[Any], table: str) -> str:
    key, differs = _COPIES[table]
    rows = owner.execute(
        b"SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        b"AND table_name = %s AND column_name <> %s ORDER BY ordinal_position",
        [table, _NUMBERED],
    )
    columns = [str(name) for (name,) in rows]
    values = {name: name for name in columns} | {key: _MADE.format(key)} | differs
    chosen = ", ".join(values[name] for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM original_{table}"  # noqa: S608


def runtime_of(folders: Folders) -> Runtime:
    """Return case_management as its own web process has it: with its key of sealed names."""
    own = folders.secrets / service.name
    return service.runtime(Settings(_secrets_dir=own, env="test"))


def add_people(folders: Folders, count: int, seed: int) -> None:
    """Enter so many people of cases that ended years ago, with sealed names as all others."""
    runtime, random = runtime_of(folders), Random(seed)  # noqa: S311 (people that can be drawn again, no secret)
    for first in range(0, count, _BATCH):
        part = [(number, assisted_household(random, 1)) for number in range(first, min(first + _BATCH, count))]
        with unit_of_work(runtime, actor=f"service:{service.name}", correlation=str(uuid4())) as work:
            _enter(work, part)
    runtime.engine.dispose()


def _enter(work: UnitOfWork, drawn: Sequence[tuple[int, Household]]) -> None:
    now, tables = datetime.now(UTC), decisions
    import_id = work.connection.scalars(select(tables.imports.c.import_id).limit(1)).one()
    names = [
        {"person_no": _person_no(number), "name": person.name.written, "kana": person.name.kana}
        | {"foreign_national": person.foreign, "import_id": import_id, "source_id": import_id}
        for number, household in drawn
        for person in household.members
    ]
    columns: tuple[str, ...] = ("person_no", "name", "kana", "foreign_national", "import_id", "recorded_at")
    sealed = work.seal(RESIDENTS, names)
    work.copy(residents, ([*(row[name] for name in columns[:-1]), now] for row in sealed), columns)
    cases = ((_case_no(number), import_id, now) for number, _ in drawn)
    work.copy(tables.cases, cases, ("case_no", "import_id", "recorded_at"))
    columns = ("case_no", "person_no", "fact", "valid_from", "valid_to", "data", "import_id", "recorded_at")
    facts = (row for number, household in drawn for row in _facts(number, household))
    work.copy(tables.circumstances, ((*row, import_id, now) for row in facts), columns)


def _facts(number: int, household: Household) -> Iterator[tuple[object, ...]]:
    case_no, days = _case_no(number), (date(2015, 4, 1), date(2019, 3, 31))
    yield case_no, None, "home", *days, {"prefecture": "東京都", "rent": household.rent}
    yield case_no, None, "charge", None, None, {"district": f"{number % 20 + 1:02}"}
    for person in household.members:
        facts = {"birth_date": person.birth_date.isoformat(), "relation": person.relation}
        yield case_no, _person_no(number), "person", *days, facts


def _case_no(number: int) -> str:
    return str(_FIRST_CASE + number)


def _person_no(number: int) -> str:
    return str(_FIRST_PERSON + number)


def case_numbers(folders: Folders) -> list[str]:
    """Return the numbers of all cases that are on assistance."""
    runtime, cases = runtime_of(folders), decisions.cases
    with unit_of_work(runtime, actor=f"service:{service.name}", correlation="") as work:
        rows = work.connection.scalars(
            select(cases.c.case_no).where(cases.c.case_no < _case_no(0)).order_by(cases.c.case_no)
        )
        numbers = list(rows)
    runtime.engine.dispose()
    return numbers
