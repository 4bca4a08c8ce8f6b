"""The tables of docs/data/faults.md, from the rules of the files.

Write them again after a change: `PYTHONPATH=. .venv/bin/python -m tests.ward.faults_document`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.one_machine.ward.fault_texts import in_japanese
from tests.ward.faults_of_files import RULES

DOCUMENT: Final = Path(__file__).resolve().parents[2] / "docs" / "data" / "faults.md"
_HEAD: Final = """# What is wrong with a ward's files, and what to do

Every rule of the four files, with an example of what a clerk reads where it is broken. `--json` tells the rule in
English beside it. ◇ marks what a look at the files alone cannot see: a service tells it on import.
"""


def document() -> str:
    """Return the document as it has to be."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    for title, rules in RULES.items():
        yield from (f"## {title}", "", "| rule | the clerk reads | what to do |", "|---|---|---|")
        for rule in rules:
            says = f"{rule.says}{' ◇' if rule.held_by else ''}"
            yield f"| {_cell(says)} | {_cell(in_japanese(rule.says))} | {_cell(rule.remedy)} |"
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
