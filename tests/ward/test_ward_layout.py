"""docs/data/ names every column that the services read, and no other; the generator writes all of them."""

import re
from datetime import date
from pathlib import Path

import pytest

from infra.one_machine.problems import MachineError
from infra.one_machine.ward import generate
from infra.one_machine.ward.column_texts import COLUMN_TEXTS
from infra.one_machine.ward.input_check import check_input
from infra.one_machine.ward.template import GUIDE_FILE, write_template
from services.payments.adapters.accounts.account_files import ACCOUNTS, SENDERS
from shared.contracts.ward_files import HOUSEHOLDS, MEMBERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "data" / "README.md"


def documented(file: str) -> dict[str, str]:
    """Column → whether it is required, from the table below the file's heading."""
    section = PAGE.read_text(encoding="utf-8").split(f"## {file}\n")[1].split("\n## ")[0]
    rows = (re.split(r"\s*\|\s*", line) for line in section.splitlines() if line.startswith("| `"))
    return {row[1].strip("`"): row[4] for row in rows}


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("households.csv", {one.name: one.required for one in HOUSEHOLDS}),
        ("members.csv", {one.name: one.required for one in MEMBERS}),
        ("accounts.csv", {one.name: one.required for one in ACCOUNTS}),
        ("sender.csv", {one.name: one.required for one in SENDERS}),
    ],
)
def test_the_page_describes_the_columns_as_they_are_read(file: str, columns: dict[str, bool]) -> None:
    assert {name: word == "yes" for name, word in documented(file).items()} == columns


def test_the_generator_writes_every_documented_column(tmp_path: Path) -> None:
    generate(tmp_path, households=1)
    for file in ("households.csv", "members.csv", "accounts.csv", "sender.csv"):
        header = (tmp_path / file).read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == list(documented(file))


def test_every_column_has_its_words_in_japanese() -> None:
    layouts = (HOUSEHOLDS, MEMBERS, ACCOUNTS, SENDERS)
    assert [list(columns) for columns in COLUMN_TEXTS.values()] == [[one.name for one in layout] for layout in layouts]


def test_the_template_is_read_by_the_services_and_overwrites_nothing(tmp_path: Path) -> None:
    written = write_template(tmp_path)
    assert {path.name for path in written} == {*COLUMN_TEXTS, GUIDE_FILE}
    faults = check_input(tmp_path, date(2026, 11, 24), is_new_office=True).faults
    assert [one["message"] for one in faults.listed] == ["世帯が1行もありません"]
    with pytest.raises(MachineError, match="はもうあります"):
        write_template(tmp_path)


def test_the_guide_of_the_template_marks_what_is_required(tmp_path: Path) -> None:
    write_template(tmp_path)
    guide = (tmp_path / GUIDE_FILE).read_text(encoding="utf-8-sig")
    assert "  * birth_date  生年月日: YYYY-MM-DD" in guide
    assert "    rent  家賃: 円（月額）" in guide
