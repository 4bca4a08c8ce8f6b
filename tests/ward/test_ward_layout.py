"""docs/data/ names every column that the services read, and no other; the generator writes all of them."""

import re
from pathlib import Path

import pytest

from infra.one_machine.ward import generate
from services.payments.adapters.account_files import ACCOUNTS, SENDERS
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
