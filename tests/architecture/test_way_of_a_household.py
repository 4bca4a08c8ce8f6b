"""The way of a household through the program can be read as docs/architecture.md lists it, and stays short."""

import ast
import re
from typing import Final

from tests.architecture.source import ROOT

TITLE: Final = "## The way of a household"
MOST_STAYS, MOST_RETURNS = 180, 18


def visits() -> list[tuple[str, list[str]]]:
    """The files in the order in which they are read, each with the functions and classes that are read there."""
    _, _, below = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").partition(TITLE)
    section, _, _ = below.partition("\n## ")
    entries = re.findall(r"^\d+\. (.*(?:\n   .*)*)", section, re.MULTILINE)
    named = [re.findall(r"`([^`]+)`", entry) for entry in entries]
    return [(file, names) for file, *names in named]


def test_each_file_of_the_way_holds_what_is_read_there() -> None:
    missing = []
    for file, names in visits():
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        held = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        missing += [f"{file}: {name}" for name in names if name not in held]
    assert missing == [], "docs/architecture.md names what is called otherwise now"


def test_the_way_is_as_short_as_it_says() -> None:
    files = [file for file, _ in visits()]
    stays = sum(max(1, len(names)) for _, names in visits())
    returns = len(files) - len(set(files))
    said = f"has {stays} stays in {len(set(files))} files and {returns} returns"
    assert said in (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert stays <= MOST_STAYS
    assert returns <= MOST_RETURNS
