"""A ward's own files: every fault by file, line and column in one go, without the value; nothing loaded."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from infra.one_machine.commands.summary import in_words, summarise
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.stack import Stack
from infra.one_machine.progress import Steps
from infra.one_machine.staff.acts import Acts
from infra.one_machine.staff.figures import figures_of
from infra.one_machine.staff.month import pay_month, propose_ward
from infra.one_machine.ward import generate
from infra.one_machine.ward.ward_input import InputFaults, WardInput, read_input
from tests.faults.months import office_of
from tests.stack.kurashi import kurashi

pytestmark = pytest.mark.stack
MONTH = "2026-12"
Spoil = Callable[[list[list[str]]], None]
Place = tuple[str, int, str]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sound")
    generate(directory, households=30, seed=3)
    return directory


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with office_of(tmp_path_factory.mktemp("office")) as stack:
        yield stack


def cell(line: int, column: str, value: str) -> Spoil:
    def spoil(rows: list[list[str]]) -> None:
        rows[line - 1][rows[0].index(column)] = value

    return spoil


def renamed(column: str, name: str) -> Spoil:
    return cell(1, column, name)


def doubled(line: int) -> Spoil:
    return lambda rows: rows.append(list(rows[line - 1]))


def spoiled(ward: WardInput, file: str, *spoils: Spoil, encoding: str = "utf-8") -> WardInput:
    rows = [line.split(",") for line in ward.files[file].decode().splitlines()]
    for spoil in spoils:
        spoil(rows)
    text = "".join(",".join(row) + "\n" for row in rows)
    return WardInput({**ward.files, file: text.encode(encoding)})


def faults_of(stack: Stack, ward: WardInput) -> set[Place]:
    with closing(Acts(stack.office, MONTH)) as acts, pytest.raises(InputFaults) as caught:
        propose_ward(acts, ward, Steps())
    return {(one["file"], one["line"], one["column"]) for one in caught.value.faults}


def is_empty(stack: Stack) -> bool:
    households = [
        figures_of(stack.office, service)["households"] for service in ("case_management", "support_benefits")
    ]
    return households == [0, 0] and figures_of(stack.office, "payments")["orders"] == 0


SECOND_HOUSEHOLDER = """
INSERT INTO circumstances (case_no, person_no, fact, recorded_at, data, import_id)
SELECT case_no, '0000009999', fact, recorded_at, data, import_id FROM circumstances
WHERE fact = 'person' AND data ->> 'relation' = 'self' ORDER BY number LIMIT 1
"""
BAD = [
    ("households.csv", (renamed("rent", "yachin"),), ("households.csv", 1, "column 6")),
    ("members.csv", (cell(5, "birth_date", "1979-02-30"),), ("members.csv", 5, "birth_date")),
    ("accounts.csv", (cell(2, "bank_code", "9898"), cell(2, "method", "bank")), ("accounts.csv", 2, "bank_code")),
    ("households.csv", (cell(9, "rent", "-53700"),), ("households.csv", 9, "rent")),
    ("households.csv", (doubled(4),), ("households.csv", 53, "case_no")),
]


@pytest.mark.parametrize(("file", "spoils", "place"), BAD, ids=lambda one: one if isinstance(one, str) else "")
def test_a_fault_is_told_by_file_line_and_column_and_nothing_is_loaded(
    stack: Stack, sound: Path, file: str, spoils: tuple[Spoil, ...], place: Place
) -> None:
    assert place in faults_of(stack, spoiled(read_input(sound), file, *spoils))
    assert is_empty(stack)


@pytest.mark.parametrize("file", ["members.csv", "accounts.csv"])
def test_shift_jis_is_told_by_its_first_byte(stack: Stack, sound: Path, file: str) -> None:
    faults = faults_of(stack, spoiled(read_input(sound), file, encoding="shift_jis"))
    assert any(one[:2] == (file, 2) and one[2].startswith("byte ") for one in faults)
    assert is_empty(stack)


def test_a_missing_file_is_told(stack: Stack, sound: Path) -> None:
    files = {name: data for name, data in read_input(sound).files.items() if name != "members.csv"}
    assert ("members.csv", 0, "") in faults_of(stack, WardInput(files))
    assert is_empty(stack)


def test_the_sound_ward_is_paid_after_all_its_spoiled_copies(stack: Stack, sound: Path) -> None:
    run = pay_month(stack.office, read_input(sound), MONTH, Steps())
    assert run["state"] == "files_made"
    assert figures_of(stack.office, "case_management")["households"] == 30


def test_another_input_for_a_begun_month_is_refused(stack: Stack, sound: Path, tmp_path: Path) -> None:
    pay_month(stack.office, read_input(sound), MONTH, Steps())
    generate(tmp_path, households=30, seed=4)
    with pytest.raises(MachineError, match="another input"):
        pay_month(stack.office, read_input(tmp_path), MONTH, Steps())


def test_a_household_that_the_rules_refuse_later_stops_nobody_else_and_is_named(stack: Stack, sound: Path) -> None:
    pay_month(stack.office, read_input(sound), MONTH, Steps())
    with psycopg.connect(stack.admin_url, dbname="kurashi_case_management") as database:
        database.execute(SECOND_HOUSEHOLDER)
    month = "2027-01"
    run = pay_month(stack.office, read_input(sound), month, Steps())
    (refused,) = run["refused"]
    assert run["state"] == "files_made"
    figures = figures_of(stack.office, "case_management", month)
    assert (figures["on_assistance"], figures["determined"], figures["refused"]) == (30, 29, 1)
    told = summarise(stack.office, run, {})
    assert (told["ok"], told["refused"]) == (False, [refused])
    assert "every case could be determined (1 not)" in told["problem"]
    assert f"refused  {refused['case_no']} (case_management)" in in_words(told)


def test_the_command_tells_all_faults_at_once_without_values(sound: Path, tmp_path: Path) -> None:
    ward = spoiled(read_input(sound), "households.csv", cell(9, "rent", "-53700"), doubled(4))
    ward = spoiled(ward, "members.csv", cell(5, "birth_date", "1979-02-30"))
    ward = spoiled(ward, "accounts.csv", cell(3, "bank_code", "9898"), cell(3, "method", "bank"))
    ward = spoiled(ward, "sender.csv", renamed("sender_code", "code"))
    bad, office = tmp_path / "bad", tmp_path / "office"
    bad.mkdir()
    for name, data in ward.files.items():
        (bad / name).write_bytes(data)
    said = kurashi(office, "run", "--input", str(bad), "--approve-as-demo", "--once")
    assert said.status == 1
    places = {(one["file"], one["line"], one["column"]) for one in said.answer["faults"]}
    assert places >= {
        ("households.csv", 9, "rent"),
        ("households.csv", 53, "case_no"),
        ("members.csv", 5, "birth_date"),
        ("accounts.csv", 3, "bank_code"),
        ("sender.csv", 1, "sender_code"),
    }
    assert re.search(r"^  rent（家賃）: 9行目: 負の数です", said.aside, re.MULTILINE)
    assert not any(value in said.aside + str(said.answer) for value in ("53700", "1979-02-30", "9898", "架空"))

    said = kurashi(office, "run", "--input", str(sound), "--once")
    assert said.status == 0, said.aside
    assert said.answer["stopped"] == "before approval"
