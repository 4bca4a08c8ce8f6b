"""Pays months of a small ward on a whole stack, and tells what came of it without ids and instants."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from infra.one_machine.processes.stack import Stack
from infra.one_machine.progress import PATIENCE_SECONDS, Steps
from infra.one_machine.staff.month import pay_month
from infra.one_machine.ward import generate
from infra.one_machine.ward.ward_input import WardInput, read_input

TODAY = date(2026, 11, 24)
MONTHS = ("2026-12", "2027-01", "2027-02", "2027-03")
POSTINGS = """
SELECT r.month, p.debit, p.credit, p.yen, p.posted_on FROM postings p JOIN runs r USING (run_id)
WHERE r.month = %s ORDER BY 1, 2, 3, 4, 5
"""
ORDERS = "SELECT case_no, kind, yen FROM orders WHERE month = %s ORDER BY 1, 2, 3"
TRANSFERS = """
SELECT t.case_no, t.channel, t.yen, t.state FROM transfers t JOIN runs r USING (run_id)
WHERE r.month = %s ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class Outcome:
    """What a month came to: bytes of its files by name, and rows of the ledger, orders and transfers."""

    files: dict[str, bytes]
    postings: list[tuple[Any, ...]]
    orders: list[tuple[Any, ...]]
    transfers: list[tuple[Any, ...]]


class Telling(Steps):
    """Steps that show nothing, and call somebody with the words of each step as it begins."""

    def __init__(self, told: Callable[[str], None] = lambda _: None, patience: float = PATIENCE_SECONDS) -> None:
        super().__init__(patience)
        self._told = told

    def say(self, words: str) -> None:
        """Tell what is being done now."""
        self._told(words)

    def waiting(self, words: str) -> None:
        """Show nothing."""
        del words

    @contextmanager
    def part(self, name: str, words: str) -> Iterator[None]:
        """Show nothing."""
        del name, words
        yield


def small_ward(directory: Path, households: int = 200, seed: int = 7) -> WardInput:
    """A ward that is paid within seconds."""
    generate(directory, households=households, seed=seed)
    return read_input(directory)


@contextmanager
def office_of(directory: Path) -> Iterator[Stack]:
    """A whole stack on a data folder, on the day before the months that are paid."""
    with Stack(directory, today=TODAY) as stack:
        yield stack


def paid(stack: Stack, ward: WardInput, month: str, told: Callable[[str], None] = lambda _: None) -> Outcome:
    """Pay a month, calling `told` at each step, and say what came of it."""
    pay_month(stack.office, ward, month, Telling(told))
    return outcome_now(stack.admin_url, stack.folders.files, month)


def outcome_now(admin_url: str, folder: Path, month: str) -> Outcome:
    """What a month has come to by now, whatever became of its run, with all files of the month in the folder."""
    files = {path.name: path.read_bytes() for path in sorted((folder / month).glob("*"))}
    with psycopg.connect(admin_url, dbname="kurashi_payments") as database:
        rows = [database.execute(query, (month,)).fetchall() for query in (POSTINGS, ORDERS, TRANSFERS)]
    return Outcome(files, *rows)
