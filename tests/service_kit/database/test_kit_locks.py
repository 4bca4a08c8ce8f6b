"""Advisory locks: no two declared ones meet, and no key that a caller chooses meets one of ours."""

from __future__ import annotations

import importlib
import re
from itertools import islice, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from shared.service_kit.catalog import Catalog
from shared.service_kit.database import locks
from shared.service_kit.http.idempotency import Key, find
from shared.service_kit.settings import Settings
from shared.service_kit.testing import RunningService, Services
from tests.service_kit.toy.app import service

ROOT = Path(__file__).resolve().parents[3]
SERVICES = sorted(Catalog.load(Settings(env="test").catalog).services)
OURS = ("shared", "services", "infra")


def declared() -> dict[str, locks.Lock]:
    for name in SERVICES:
        importlib.import_module(f"services.{name}.app")
    return locks.DECLARED


def test_no_two_declared_locks_have_the_same_key() -> None:
    by_name = declared()
    assert len({lock.key for lock in by_name.values()}) == len(by_name) > 10
    with pytest.raises(ValueError, match="meets another"):
        locks.declare(next(iter(by_name)))


def test_every_lock_is_declared_and_none_has_32_bits() -> None:
    takes = re.compile(r"pg_(try_)?advisory|hashtext")
    files = (path for folder in OURS for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
    taking = {str(path.relative_to(ROOT)) for path in files if takes.search(path.read_text(encoding="utf-8"))}
    assert taking == {"shared/service_kit/database/locks.py", "shared/service_kit/processes/schedule.py"}


@given(st.text(), st.text())
def test_what_a_caller_chooses_never_meets_a_lock_of_ours(actor: str, chosen: str) -> None:
    keys = locks.DECLARED["kit.keys"]
    assert keys.by_callers
    assert keys.each(f"{actor}:{chosen}").key < 0
    assert all(lock.each(chosen).key >= 0 for lock in locks.DECLARED.values() if not lock.by_callers)


@pytest.mark.database
def test_the_database_makes_the_same_keys(services: Services) -> None:
    running = services.open(service)
    of = ["", "person:demo-head", "2026-12", "暮らし"]
    key = locks.key_in_sql("assignments", "k").replace("::", r"\:\:")
    each = "FROM unnest(CAST(:of AS text[])) WITH ORDINALITY n (k, i) ORDER BY i"
    rows = running.execute(f"SELECT {key} {each}", of=of)
    assert [row[0] for row in rows] == [locks.Lock("assignments", name).key for name in of]


@pytest.mark.database
@pytest.mark.parametrize("name", SERVICES)
def test_no_function_of_a_database_takes_a_lock_of_32_bits(services: Services, name: str) -> None:
    running = services.open(importlib.import_module(f"services.{name}.app").service)
    assert running.execute("SELECT proname FROM pg_proc WHERE prosrc LIKE '%hashtext(%'") == []


@pytest.mark.database
def test_two_keys_that_32_bits_cannot_tell_apart_do_not_wait_for_each_other(services: Services) -> None:
    running = services.open(service)
    first, second = twins(running)
    with running.work() as first_work:
        find(first_work, Key(first, "person:a", ""))
        with running.work() as second_work:
            second_work.connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
            find(second_work, Key(second, "person:a", ""))


def twins(running: RunningService) -> tuple[str, str]:
    """Two keys whose 32 bits are the same, found by trying some hundred thousand."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    tried = ["".join(start) + "-key-of-mine" for start in islice(product(letters, repeat=4), 300_000)]
    rows = running.execute(
        "SELECT min(k), max(k) FROM unnest(CAST(:tried AS text[])) k"
        " GROUP BY hashtext('key:person:a:' || k) HAVING count(*) > 1 LIMIT 1",
        tried=tried,
    )
    return str(rows[0][0]), str(rows[0][1])


@pytest.mark.database
def test_the_same_key_waits_for_itself(services: Services) -> None:
    running = services.open(service)
    with running.work() as first_work, running.work() as second_work:
        find(first_work, Key("a-key-of-mine", "person:a", ""))
        second_work.connection.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"), second_work.connection.begin_nested():
            find(second_work, Key("a-key-of-mine", "person:a", ""))
