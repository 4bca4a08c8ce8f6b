"""What is broken on purpose: one change at a time, which still compiles, and never in words that nobody relies on."""

import pytest

from tests.mutation.breakages import breakages_of

CODE = '''
"""A text about > and SELECT."""
def due(yen: int, paid: int = 0) -> int:
    """Returns yen > 0."""
    if yen < paid and not paid == 3:
        raise ValueError(f"less than {paid}")
    log.info("paid", yen=1)
    書く("暮らし", yen - paid)
    return yen - paid
'''
SQL = '''
LOCK = """SELECT number FROM runs WHERE month <= :month AND ended IS NULL FOR UPDATE SKIP LOCKED"""
'''


def changes(source: str) -> set[tuple[str, str]]:
    return {(breakage.before, breakage.after) for breakage in breakages_of("due.py", source)}


def test_boundaries_conditions_refusals_statements_and_results_are_broken() -> None:
    assert changes(CODE) == {
        ("0", "1"),
        ("<", "<="),
        ("yen < paid and not paid == 3", "not (yen < paid and (not paid == 3))"),
        ("and", "or"),
        ("not paid == 3", "(paid == 3)"),
        ("==", "!="),
        ("3", "4"),
        ('raise ValueError(f"less than {paid}")', "pass"),
        ('書く("暮らし", yen - paid)', "pass"),
        ("-", "+"),
        ("yen - paid", "None"),
    }


@pytest.mark.parametrize(
    "change",
    [
        (" FOR UPDATE SKIP LOCKED", ""),
        (" SKIP LOCKED", ""),
        ("<=", "<"),
        ("AND", "OR"),
        ("IS NULL", "IS NOT NULL"),
    ],
)
def test_sql_loses_its_locks_boundaries_and_conditions(change: tuple[str, str]) -> None:
    assert change in changes(SQL)


def test_each_breakage_changes_one_place_and_keeps_its_name_when_lines_come_before_it() -> None:
    below = "import os\n\n" + CODE
    assert {breakage.key for breakage in breakages_of("due.py", CODE)} == {
        breakage.key for breakage in breakages_of("due.py", below)
    }
    for breakage in breakages_of("due.py", CODE):
        assert breakage.apply(CODE) == CODE[: breakage.start] + breakage.after + CODE[breakage.end :] != CODE
