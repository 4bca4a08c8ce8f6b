"""A clerk's files are looked at before anything runs: every fault in one go, in Japanese, grouped, and no value."""

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from infra.one_machine.problems import CallError
from infra.one_machine.ward import generate
from infra.one_machine.ward.files import WARD_FILES
from infra.one_machine.ward.input_check import InputReport, check_input
from infra.one_machine.ward.input_folder import case_numbers, count_households
from tests.ward.spoils import (
    ACCOUNTS,
    HOUSEHOLDS,
    MEMBERS,
    SENDER,
    Spoil,
    cell,
    cells,
    content,
    copied,
    doubled_line,
    encoded,
    missing,
    moved,
    rows_of,
    text,
    without_column,
    write,
)

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sound")
    generate(directory, households=40, seed=3)
    return directory


@pytest.fixture
def ward(sound: Path, tmp_path: Path) -> Path:
    """A copy of the sound ward, to be spoiled."""
    for name in WARD_FILES:
        (tmp_path / name).write_bytes((sound / name).read_bytes())
    return tmp_path


def look(directory: Path) -> InputReport:
    return check_input(directory, TODAY, is_new_office=True)


serial_dates = cell(MEMBERS, "birth_date", "29221", *range(2, 21))
BAD: dict[str, tuple[Spoil, str]] = {
    "Shift_JIS": (encoded(MEMBERS, "cp932"), "members.csv\n  Shift_JIS で保存されています"),
    "UTF-16": (encoded(MEMBERS, "utf-16"), "members.csv\n  UTF-16 で保存されています"),
    "workbook": (moved(MEMBERS, "members.xlsx"), "members.csv\n  このファイルがありません。members.xlsx は Excel"),
    "workbook in disguise": (content(MEMBERS, b"PK\x03\x04\x14\x00"), "members.csv\n  Excel のブックです"),
    "old workbook": (content(ACCOUNTS, b"\xd0\xcf\x11\xe0\xa1"), "accounts.csv\n  Excel のブックです"),
    "tabs": (text(MEMBERS, lambda whole: whole.replace(",", "\t")), "members.csv\n  1行目: タブで区切られています"),
    "semicolons": (text(SENDER, lambda whole: whole.replace(",", ";")), "セミコロンで区切られています"),
    "missing file": (missing(MEMBERS), "members.csv\n  このファイルがありません"),
    "missing accounts": (missing(ACCOUNTS), "accounts.csv\n  このファイルがありません"),
    "other name": (moved(ACCOUNTS, "Accounts.CSV"), "Accounts.CSV の名前を直してください"),
    "copy beside": (copied(MEMBERS, "members (1).csv"), "似た名前のファイルもあります（members (1).csv）"),
    "copy of Explorer's": (copied(MEMBERS, "members - コピー.csv"), "似た名前のファイルもあります"),
    "empty file": (content(ACCOUNTS, b""), "accounts.csv\n  1行目: ファイルが空です"),
    "header alone": (text(HOUSEHOLDS, lambda whole: whole.splitlines()[0] + "\n"), "世帯が1行もありません"),
    "no header": (
        text(MEMBERS, lambda whole: whole.partition("\n")[2]),
        "case_no（ケース番号）: 1行目: この列がありません",
    ),
    "missing column": (without_column(MEMBERS, "kana"), "kana（フリガナ）: 1行目: この列がありません"),
    "doubled column": (cell(MEMBERS, "kana", "name", 1), "name（氏名）: 1行目: 同じ列が二つあります"),
    "unknown column": (cell(HOUSEHOLDS, "rent", "yachin", 1), "6列目: 1行目: 決められた列の名前ではありません"),
    "cells too many": (text(HOUSEHOLDS, lambda whole: whole.replace(",東京都,", ",東京都,,", 1)), "セルが"),
    "open quote": (cell(MEMBERS, "name", '"架空', 3), "CSV として読めません"),
    "zeros eaten": (cell(ACCOUNTS, "bank_code", "1", 2, 3, 4), "bank_code（銀行コード）"),
    "serial dates": (serial_dates, "birth_date（生年月日）: 19行、例 2行目（2–20）: Excel の通し番号"),
    "slashes": (cell(MEMBERS, "birth_date", "1980/2/16"), "日付が YYYY-MM-DD の形ではありません"),
    "era": (cell(MEMBERS, "birth_date", "昭和55年2月16日"), "日付が YYYY-MM-DD の形ではありません"),
    "no such day": (cell(MEMBERS, "birth_date", "1979-02-30", 5), "birth_date（生年月日）: 5行目: 暦にない日です"),
    "not born": (cell(MEMBERS, "birth_date", "2030-01-01"), "生年月日が、支給する月より後"),
    "negative": (cell(HOUSEHOLDS, "rent", "-53700", 9), "rent（家賃）: 9行目: 負の数です"),
    "yen sign": (cell(HOUSEHOLDS, "rent", "53700円"), "円の整数ではありません"),
    "unknown word": (cell(MEMBERS, "relation", "世帯主"), "次のどれでもありません: self, spouse, child, other"),
    "empty name": (cell(MEMBERS, "name", ""), "name（氏名）: 2行目: 空です"),
    "外字": (cell(MEMBERS, "name", "架空\ue000"), "外字があります（U+E000）"),
    "kanji reading": (cell(MEMBERS, "kana", "架空"), "使えない文字があります"),
    "household twice": (doubled_line(HOUSEHOLDS), "同じ世帯がすでに 2行目にあります"),
    "person twice": (doubled_line(MEMBERS), "同じ制度の同じ人がすでに 2行目にいます"),
    "account twice": (doubled_line(ACCOUNTS), "同じものがすでに 2行目にあります"),
    "member of nobody": (cell(MEMBERS, "case_no", "77777777", 2), "この番号の世帯が households.csv にありません"),
    "no such city": (cell(HOUSEHOLDS, "municipality", "江戸区"), "この名称の市区町村はありません"),
    "other grade": (cell(HOUSEHOLDS, "grade", "3級地-2"), "市区町村の級地と違います"),
    "no such bank": (cells(ACCOUNTS, {"method": "bank", "bank_code": "9898"}), "この番号の銀行はありません"),
    "cash with account": (cell(ACCOUNTS, "method", "cash", 2, 3, 4), "窓口払いなのに値があります"),
    "holder": (cell(ACCOUNTS, "holder_kana", "カクウ漢字", 2, 3), "銀行のファイルに書けない文字があります"),
    "no sender": (missing(SENDER), "に口座払いがあるのに、その振込依頼人（事務所の口座）がありません"),
    "ended before": (cells(HOUSEHOLDS, {"from": "2026-05-01", "to": "2026-04-01"}), "開始日より前の日です"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_wrong_is_said_in_japanese_with_column_and_first_line(ward: Path, kind: str) -> None:
    spoil, expected = BAD[kind]
    spoil(ward)
    report = look(ward)
    assert report.faults
    assert expected in report.in_words()
    untranslated = [one for one in report.faults.listed if not re.search("[ぁ-んァ-ン一-龥]", one["message"])]
    assert untranslated == []


def test_a_sound_ward_has_neither_faults_nor_doubts(sound: Path) -> None:
    report = look(sound)
    assert (report.faults.total, report.doubts.total) == (0, 0), report.in_words()
    assert report.households == 61


def test_the_offices_own_account_is_needed_only_where_somebody_is_paid_into_an_account(ward: Path) -> None:
    (ward / SENDER).unlink()
    at_the_desk = {"method": "cash", "reason_no_account": "no_account"}
    at_the_desk |= dict.fromkeys(("bank_code", "branch_code", "account_type", "account_number", "holder_kana"), "")
    lines = len((ward / ACCOUNTS).read_text(encoding="utf-8").splitlines())
    for column, value in at_the_desk.items():
        cell(ACCOUNTS, column, value, *range(2, lines + 1))(ward)
    assert not look(ward).faults


def test_all_faults_of_all_files_are_told_in_one_go(ward: Path) -> None:
    encoded(MEMBERS, "cp932")(ward)
    for spoil in (
        cell(HOUSEHOLDS, "rent", "-1", 9),
        cell(HOUSEHOLDS, "municipality", "江戸区", 12),
        cells(ACCOUNTS, {"method": "bank", "bank_code": "9898"}),
        cell(SENDER, "sender_code", "1"),
    ):
        spoil(ward)
    (ward / MEMBERS).write_bytes((ward / MEMBERS).read_bytes().replace(b",self,", b",head,", 3))
    places = {(one["file"], one["column"]) for one in look(ward).faults.listed}
    assert places >= {
        (MEMBERS, ""),
        (MEMBERS, "relation"),
        (HOUSEHOLDS, "rent"),
        (HOUSEHOLDS, "municipality"),
        (ACCOUNTS, "bank_code"),
        (SENDER, "sender_code"),
    }


def test_a_fault_in_each_line_hides_no_other(tmp_path: Path) -> None:
    """Two thousand dates of Excel's are one line of the report, and what is wrong further below is told beside them."""
    generate(tmp_path, households=2000, seed=3)
    rows = rows_of(tmp_path / MEMBERS)
    for row in rows[1:]:
        row[rows[0].index("birth_date")] = "29221"
    rows[-1][rows[0].index("relation")] = "head"
    write(tmp_path / MEMBERS, rows)
    cell(ACCOUNTS, "account_type", "7", 9)(tmp_path)
    words = look(tmp_path).in_words()
    assert f"birth_date（生年月日）: {len(rows) - 1}行、例 2行目（2–{len(rows)}）: Excel" in words
    assert f"relation（続柄）: {len(rows)}行目" in words
    assert "account_type（預金種目）: 9行目" in words
    assert len(words.splitlines()) < 15


def test_a_member_who_cannot_be_read_makes_no_rule_speak_of_the_rest_of_the_household(ward: Path) -> None:
    rows = rows_of(ward / MEMBERS)
    first = next(row for row, after in pairwise(rows) if row[0] == after[0])
    first[rows[0].index("birth_date")] = "1979-02-30"
    write(ward / MEMBERS, rows)
    assert [one["column"] for one in look(ward).faults.listed] == ["birth_date"]


def test_doubts_stand_beside_faults_and_stop_nobody(ward: Path) -> None:
    rows = rows_of(ward / MEMBERS)
    rows[1][rows[0].index("maternity")] = "from_6_months"
    rows[1][rows[0].index("birth_date")] = "1930-05-01"
    write(ward / MEMBERS, rows)
    cell(HOUSEHOLDS, "rent", "9999999")(ward)
    cell(ACCOUNTS, "case_no", "12345678")(ward)
    report = look(ward)
    assert not report.faults, report.in_words()
    places = {(one["file"], one["line"], one["column"]) for one in report.doubts.listed}
    assert places >= {(MEMBERS, 2, "maternity"), (HOUSEHOLDS, 2, "rent"), (ACCOUNTS, 2, "case_no")}
    assert "妊産婦としては年齢が合いません" in report.in_words()


def test_a_patient_in_winter_is_doubted_as_one_who_cannot_be_assessed_and_stops_nobody(ward: Path) -> None:
    rows = rows_of(ward / MEMBERS)
    rows[1][rows[0].index("residence")] = "hospital"
    write(ward / MEMBERS, rows)
    report = look(ward)
    assert not report.faults, report.in_words()
    assert "取り込み、決定では「算定できない」と数えます（冬季加算 (入院患者)" in report.in_words()


@pytest.mark.parametrize(
    ("residence", "doubted"),
    [("home", False), ("free_low_cost_lodging", False), ("hospital", True), ("rescue_facility", True)],
)
def test_the_addition_of_a_patient_at_home_is_doubted_for_who_lives_elsewhere(
    ward: Path, residence: str, doubted: bool
) -> None:
    cell(MEMBERS, "home_patient", "1")(ward)
    cell(MEMBERS, "residence", residence)(ward)
    columns = {(doubt["line"], doubt["column"]) for doubt in look(ward).doubts.listed}
    assert ((2, "home_patient") in columns) == doubted


NO_HOUSEHOLD = "この番号の世帯が households.csv にありません"


@pytest.mark.parametrize(
    "spoil",
    [
        cell(HOUSEHOLDS, "rent", "53700円", 9, 12),
        cell(HOUSEHOLDS, "municipality", '"新宿区', 9),
        text(HOUSEHOLDS, lambda whole: whole.replace(",東京都,", ",東京都,,", 3)),
        cell(HOUSEHOLDS, "rent", "yachin", 1),
        doubled_line(HOUSEHOLDS),
        cell(MEMBERS, "birth_date", "1979-02-30", 5),
        encoded(HOUSEHOLDS, "cp932"),
    ],
)
def test_households_whose_lines_cannot_be_read_are_counted_and_their_accounts_are_no_doubt(
    ward: Path, spoil: Spoil
) -> None:
    sound = look(ward)
    spoil(ward)
    report = look(ward)
    assert report.faults
    assert report.in_words().startswith(f"{sound.households}世帯 {sound.persons}人、")
    assert NO_HOUSEHOLD not in report.in_words()


def test_an_account_of_no_line_is_a_doubt_although_other_lines_cannot_be_read(ward: Path) -> None:
    cell(HOUSEHOLDS, "rent", "53700円", 9)(ward)
    cell(ACCOUNTS, "case_no", "12345678", 2)(ward)
    assert [doubt["line"] for doubt in look(ward).doubts.listed if NO_HOUSEHOLD in doubt["message"]] == [2]


def test_a_case_number_whose_zeros_excel_ate_is_that_of_its_household() -> None:
    lines = b'\xef\xbb\xbfcase_no,rent\r\n1234567,"5\r\n,\r\n01234567,1\r\nx,1\r\n'
    numbers = case_numbers(lines)
    assert numbers == [1234567, 1234567, None]
    assert count_households(numbers) == 2


def test_no_value_of_a_person_is_told(ward: Path) -> None:
    for spoil in (
        cell(MEMBERS, "birth_date", "1981/02/16"),
        cell(MEMBERS, "kana", "秘密太郎", 3),
        cell(HOUSEHOLDS, "rent", "53700円"),
        cell(ACCOUNTS, "account_number", "98765"),
    ):
        spoil(ward)
    report = look(ward)
    told = report.in_words() + str(report.faults.listed)
    assert not any(value in told for value in ("1981", "秘密", "53700", "98765", "架空"))


def test_a_file_without_header_tells_nothing_of_its_first_person(ward: Path) -> None:
    text(MEMBERS, lambda whole: whole.partition("\n")[2])(ward)
    assert "架空" not in look(ward).in_words()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "がありません"),
        (lambda path: path.write_text("x"), "はファイルです"),
        (lambda path: path.mkdir(), "households.csv"),
    ],
)
def test_a_folder_that_is_none_is_a_wrong_call(tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    make(tmp_path / "ward")
    with pytest.raises(CallError, match=words):
        look(tmp_path / "ward")


def test_a_ward_saved_by_excel_is_sound(ward: Path) -> None:
    """With a byte order mark, CRLF, and rows of empty cells at the end."""
    for name in WARD_FILES:
        rows = rows_of(ward / name)
        write(ward / name, [*rows, [""] * len(rows[0])], "\r\n")
        (ward / name).write_bytes(b"\xef\xbb\xbf" + (ward / name).read_bytes())
    report = look(ward)
    assert not report.faults, report.in_words()
