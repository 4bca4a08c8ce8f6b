"""CSV files handed in by people: what is passed over, what is a fault, and that neither has no end."""

import tracemalloc
from collections.abc import Callable

import pytest

from shared.service_kit.csv_files import MOST_FAULTS, MOST_LINE_BYTES, Column, Faults, Place, Sheet, code, text
from shared.service_kit.problems import Problem

COLUMNS = (Column("number", code(3)), Column("name", text(10)), Column("note", text(10), required=False))


def sheet(data: bytes) -> tuple[Sheet, Faults]:
    faults = Faults()
    return Sheet("some.csv", data, COLUMNS, faults), faults


def refusal(act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value


def places(problem: Problem) -> list[tuple[int, str]]:
    return [(fault["line"], fault["column"]) for fault in problem.extra["faults"]]


def test_lines_of_commas_that_a_spreadsheet_leaves_behind_are_passed_over() -> None:
    read, faults = sheet(b"number,name,note\r\n,,\r\n001,x,\r\n,,\r\n\r\n002,y,z\r\n" + b",,\r\n" * 5000)
    assert [(row.line, row.values) for row in read.rows()] == [
        (3, {"number": "001", "name": "x", "note": None}),
        (6, {"number": "002", "name": "y", "note": "z"}),
    ]
    assert not faults


def test_faults_are_counted_to_a_thousand_and_the_rest_is_not_read() -> None:
    read, _ = sheet(b"number,name\n" + b"x,\n" * 400_000)
    problem = refusal(lambda: list(read.rows()))
    assert len(problem.extra["faults"]) == MOST_FAULTS
    assert problem.detail.startswith("1000 件以上")
    assert problem.entry == ("import.refused.v1", {"counts": {"form": MOST_FAULTS}, "more": True, "subjects": []})


def test_a_header_of_a_million_columns_is_not_read_to_its_end() -> None:
    wide, faults = sheet(b"number,name," + b"," * 1_000_000)
    assert list(wide.rows()) == []
    assert places(refusal(faults.refuse)) == [(1, "")]
    names = ",".join(f"c{n}" for n in range(9_000))
    assert len(places(refusal(lambda: sheet(names.encode())))) == MOST_FAULTS


def test_a_line_has_an_end() -> None:
    read, faults = sheet(b"number,name\n001,x\n002," + b"y" * MOST_LINE_BYTES + b"\n003,z\n")
    assert [row.line for row in read.rows()] == [2]
    assert places(refusal(faults.refuse)) == [(3, "")]


def test_a_byte_that_is_no_utf_8_is_named_by_its_line_and_place() -> None:
    read, faults = sheet(b"number,name\n001,x\n002,\x83J\n")
    assert [row.line for row in read.rows()] == [2]
    assert places(refusal(faults.refuse)) == [(3, "byte 5")]


def test_a_line_is_read_again_from_its_place() -> None:
    read, _ = sheet("\ufeffnumber,name\n001,架空\n002,花子\n".encode())
    places = [place for place, _ in read.lines()]
    assert [read.row_at(place) for place in reversed(places)] == list(reversed(list(read.rows())))
    assert places[0] == Place(2, 15)


def test_what_is_read_line_by_line_is_not_kept() -> None:
    data = b"number,name,note\n" + b"001,name,note\n" * 50_000
    tracemalloc.start()
    read, _ = sheet(data)
    count = sum(1 for _ in read.rows())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 50_000
    assert peak < 1_000_000, "kept whole it is more than ten times as much; other threads of the tests take some too"
