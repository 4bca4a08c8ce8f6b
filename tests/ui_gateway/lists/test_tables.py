"""A list is sorted as an index is, filtered by codes and days alone, cut into pages, and harmless as a file."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from services.ui_gateway.tables.columns import Code, Day, Number, Reading, Text
from services.ui_gateway.tables.csv_export import csv_of
from services.ui_gateway.tables.table import PAGE_ROWS, Listed, Table

TODAY = date(2026, 11, 24)
COLUMNS = (
    Reading("kana", "フリガナ", lambda row: row.kana),
    Text("name", "氏名", lambda row: row.name),
    Day("on", "期限", lambda row: row.on, filterable=True),
    Code("state", "状態", lambda row: row.state, labels={"over": "超過", "near": "間近"}, filterable=True),
    Number("count", "人数", lambda row: row.count, unit="人"),
)
TABLE = Table("caseload", "索引簿", *COLUMNS)


def row(kana: str, on: date | None = TODAY, state: str = "near", count: int = 1) -> Any:
    return SimpleNamespace(kana=kana, name=kana, on=on, state=state, count=count)


def asked(rows: list[Any], questions: Mapping[str, str], table: Table = TABLE, **more: Any) -> Listed:
    return table.as_asked(rows, "/caseload", questions, TODAY, **more)


def readings(listed: Listed) -> list[str]:
    return [item.kana for item in listed.shown]


def test_readings_stand_in_the_order_of_the_fifty_sounds() -> None:
    index = ["アオキ", "ウエダ", "カトウ", "ガトウ", "キヨタ", "キョタニ", "ハヤシ", "バンドウ", "ヨシダ", "ワタナベ"]
    rows = [row(kana) for kana in reversed(index)]
    assert readings(asked(rows, {"sort": "kana"})) == index
    assert readings(asked(rows, {"sort": "-kana"})) == index[::-1]


def test_what_a_line_lacks_comes_last_in_either_order() -> None:
    rows = [row("ア", None), row("イ", date(2026, 1, 1)), row("ウ", date(2026, 2, 1))]
    assert readings(asked(rows, {"sort": "on"})) == ["イ", "ウ", "ア"]
    assert readings(asked(rows, {"sort": "-on"})) == ["ウ", "イ", "ア"]


def test_codes_are_sorted_as_their_labels_stand_and_numbers_by_their_size() -> None:
    rows = [row("ア", state="near", count=10), row("イ", state="over", count=9)]
    assert readings(asked(rows, {"sort": "state"})) == ["イ", "ア"]
    assert readings(asked(rows, {"sort": "count"})) == ["イ", "ア"]


def test_without_a_question_the_lines_stand_as_the_service_gave_them() -> None:
    assert readings(asked([row("ウ"), row("ア"), row("イ")], {})) == ["ウ", "ア", "イ"]


def test_a_filter_takes_days_as_an_office_types_them_and_both_ends_count() -> None:
    rows = [row("ア", date(2026, 11, 1)), row("イ", date(2026, 11, 2)), row("ウ", date(2026, 11, 3)), row("エ", None)]
    assert readings(asked(rows, {"on_from": "R8.11.2", "on_to": "8.11.3"})) == ["イ", "ウ"]
    assert readings(asked(rows, {"on_to": "2026-11-01", "state": "over"})) == []
    assert readings(asked([*rows, row("オ", state="over")], {"state": "over"})) == ["オ"]


def test_what_is_filtered_is_said_in_words_for_paper_too() -> None:
    listed = asked([row("ア")], {"on_from": "R8.11.2", "state": "near"})
    assert listed.conditions == ["期限 令和8年11月2日〜", "状態 間近"]
    assert asked([row("ア")], {}).conditions == []


def test_every_question_that_cannot_be_read_is_named_at_once() -> None:
    questions = {"on_from": "あした", "state": "gone", "sort": "height", "page": "0x"}
    listed = asked([row("ア")], questions)
    assert list(listed.faults) == ["on", "state", "sort", "page"]
    assert readings(listed) == ["ア"], "it asks for nothing"


def test_a_name_is_never_filtered_for_it_would_stand_in_the_address() -> None:
    for kind in (Text, Reading):
        with pytest.raises(TypeError):
            kind("name", "氏名", lambda item: item.name, filterable=True)


def test_a_list_is_cut_into_pages_and_shown_whole_for_paper() -> None:
    rows = [row(f"ア{number}") for number in range(PAGE_ROWS + 1)]
    first, second = asked(rows, {}), asked(rows, {"page": "2"})
    assert (len(first.shown), len(second.shown), first.pages) == (PAGE_ROWS, 1, 2)
    assert asked(rows, {"page": "9"}).page == 2, "the list has become shorter since"
    whole = asked(rows, {"whole": "1"})
    assert (len(whole.shown), whole.pages) == (PAGE_ROWS + 1, 1)


def test_an_address_keeps_what_was_asked_and_turns_the_order_round() -> None:
    listed = asked([row("ア")], {"sort": "kana", "state": "near", "on_from": "R8.11.2"}, own={"district": "01"})
    kana = COLUMNS[0]
    assert listed.direction(kana) == "ascending"
    assert listed.sorted_by(kana) == "/caseload?district=01&on_from=2026-11-02&state=near&sort=-kana"
    assert listed.unfiltered() == "/caseload?district=01&sort=kana"


def test_of_several_lists_of_a_page_only_the_named_one_is_asked() -> None:
    tasks, notes = (Table(name, "x", *COLUMNS, beside=True) for name in ("tasks_due", "notes_unsigned"))
    questions = {"of": "notes_unsigned", "sort": "kana", "as": "csv"}
    listed = [asked([row("ア")], questions, table) for table in (tasks, notes)]
    assert [(item.sort, item.exported) for item in listed] == [("", False), ("kana", True)]
    assert "of=notes_unsigned" in listed[1].at()


def test_a_list_of_which_the_service_gave_the_first_lines_only_says_so() -> None:
    assert asked([row("ア")], {}, count=2).cut
    assert not asked([row("ア")], {}).cut


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_file_has_every_line_in_order_with_days_of_the_west() -> None:
    rows = [row(f"ア{number:03d}", state="over") for number in range(PAGE_ROWS + 5)]
    content = csv_of(asked(rows, {"sort": "-kana", "page": "2"}))
    assert content.startswith(b"\xef\xbb\xbf")
    head, first, *rest = cells(content)
    assert head == ["フリガナ", "氏名", "期限", "状態", "人数"]
    assert first == ["ア054", "ア054", "2026-11-24", "超過", "1"]
    assert len(rest) == PAGE_ROWS + 4


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_of_a_file_begins_as_a_formula_does(begins: str) -> None:
    line = cells(csv_of(asked([row(f"{begins}1+1")], {})))[1]
    assert line[:2] == [f"'{begins}1+1"] * 2


@pytest.mark.parametrize("name", ["𠮷" * 200, "<b>&\"'</b>", "ｶｸｳ\nﾀﾛｳ", "a,b;c"])
def test_odd_names_stand_in_a_file_as_they_are(name: str) -> None:
    assert cells(csv_of(asked([row(name)], {})))[1][0] == name


def test_two_columns_of_one_key_and_a_key_of_the_addresses_are_refused() -> None:
    for keys in (("a", "a"), ("page",)):
        with pytest.raises(TypeError):
            Table("cases", "x", *(Text(key, key, lambda item: item) for key in keys))


def test_pages_are_counted_from_one() -> None:
    assert asked([row("ア")], {"page": "0"}).faults == {"page": "ページは1からの数字です"}


def test_a_file_of_a_list_of_which_only_the_first_lines_are_known_says_so() -> None:
    rows = [row("ア"), row("イ")]
    assert "500件のうち、最初の2件だけ" in csv_of(asked(rows, {}, count=500)).decode("utf-8-sig").splitlines()[-1]
    assert "一部" not in csv_of(asked(rows, {})).decode("utf-8-sig")
