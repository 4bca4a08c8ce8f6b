"""A row of the privacy board, and the words by which an entry is found, at their edges."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.audit_logging.domain.search.access_row import MOST_SUBJECTS, AccessRow, access_row
from services.audit_logging.domain.search.search_entry import MOST_CHARACTERS, findable, search_entry

LEAF = {
    "time": "2026-11-24T15:00:00.000001Z",
    "producer": "payments",
    "stream": "looks",
    "correlation": "c",
    "type": "look.v1",
}
LOOKED = {"what": "case", "subjects": ["case:1"], "purpose": "payments", "break_glass": None}
OPENED = {"subject": "case:2", "reason": "danger", "break_glass_id": "b1"}


def row_of(subjects: int, actor: str = "person:a") -> AccessRow:
    many = [f"case:{number}" for number in range(subjects)]
    return access_row(7, LEAF, actor, {**LOOKED, "subjects": many})


def test_a_look_says_what_was_seen_of_whom_and_why() -> None:
    row = access_row(7, LEAF, "person:a", LOOKED)
    assert row.at == datetime(2026, 11, 24, 15, 0, 0, 1, tzinfo=UTC)
    assert (row.what, row.subjects, row.purpose, row.break_glass) == ("case", ("case:1",), "payments", "")
    assert row.cells()[:4] == ["7", "2026-11-25 00:00:00", "person:a", "look.v1"], "the day is that of Tokyo"


def test_an_emergency_names_its_record_its_reason_and_its_number() -> None:
    row = access_row(8, {**LEAF, "type": "break_glass.v1"}, "person:a", OPENED)
    assert (row.what, row.subjects, row.purpose, row.break_glass) == ("", ("case:2",), "danger", "b1")


def test_a_cell_names_five_hundred_and_says_how_many_more() -> None:
    assert row_of(MOST_SUBJECTS).cells()[5].split(" ")[-1] == f"case:{MOST_SUBJECTS - 1}"
    assert row_of(MOST_SUBJECTS + 1).cells()[5].split(" ")[-2:] == [f"case:{MOST_SUBJECTS - 1}", "…ほか1"]
    assert row_of(MOST_SUBJECTS + 12).cells()[5].split(" ")[-1] == "…ほか12"
    assert MOST_SUBJECTS == 500, "32,767 characters of a cell hold 500 subjects"


def test_no_cell_begins_like_a_formula() -> None:
    for sign in ("=", "+", "-", "@", "\t", "\r"):
        assert row_of(1, f"{sign}1+1").cells()[2] == f"'{sign}1+1"
    assert row_of(1, "1+1=2").cells()[2] == "1+1=2"


def test_a_word_that_fits_and_prints_is_found_as_it_stands() -> None:
    assert findable("x" * MOST_CHARACTERS) == "x" * MOST_CHARACTERS
    assert findable("x" * (MOST_CHARACTERS + 1)).startswith("x" * 135 + "…")
    assert findable("a\tb").startswith("ab…"), "short, but it does not print"


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_two_words_are_found_as_one_and_each_fits(word: str, other: str) -> None:
    assert len(findable(word)) <= MOST_CHARACTERS
    assert findable(word).isprintable()
    assert (findable(word) == findable(other)) == (word == other)


def test_an_entry_is_found_by_all_cases_that_it_names() -> None:
    cases = [{"case_no": "3", "other_case_no": "4"}]
    names = {"subjects": ["case:1", "person:2"], "lines": cases, "proposer": "person:b"}
    entry = search_entry(1, LEAF, "person:a", "run:9", names)
    assert entry.subjects == ("case:1", "case:3", "case:4", "person:2", "run:9", "staff:b")
    assert entry.cases == 3
    assert f"{entry.day:%Y-%m-%d}" == "2026-11-25"
