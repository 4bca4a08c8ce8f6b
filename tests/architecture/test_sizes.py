"""Files, functions and folders stay small enough to be read at once, or say why not."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.architecture.source import PROGRAM, ROOT, Source, kept_files, sources

LINES_OF_A_FILE, LINES_OF_A_FUNCTION, FILES_OF_A_FOLDER = 350, 40, 16
MEDIAN_FILE, MEDIAN_FUNCTION = 67, 6
"""Lines, over the program; what stood before the house was rebuilt."""
REASON = "Long because"
"""How a file or function says in its docstring, or a folder in its README or package, why it is longer or wider."""
GROWING = {"versions": "one migration a change, none ever moved", "adr": "one decision a file, none ever moved"}
"""Folders that grow for ever by what they are."""


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def gives_a_reason(text: str | None) -> bool:
    return bool(re.search(rf"{REASON}\W+\w+(\W+\w+){{3,}}", text or ""))


def folder_gives_a_reason(folder: str) -> bool:
    places = (ROOT / folder / name for name in ("README.md", "__init__.py"))
    return any(gives_a_reason(place.read_text(encoding="utf-8")) for place in places if place.exists())


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    long = {
        source.path
        for source in sources()
        if len(source.lines) > LINES_OF_A_FILE and not gives_a_reason(ast.get_docstring(source.tree))
        if Path(source.path).parent.name not in GROWING
    }
    assert long == set(), f"say why in the docstring ({REASON} ...), or divide it"


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{source.path}:{node.lineno}"
        for source in sources()
        for node in functions(source)
        if lines(node) > LINES_OF_A_FUNCTION and not gives_a_reason(ast.get_docstring(node))
    ]
    assert long == []


def test_no_folder_holds_more_than_can_be_looked_over() -> None:
    held = Counter(str(Path(path).parent) for path in kept_files())
    wide = {
        folder
        for folder, files in held.items()
        if files > FILES_OF_A_FOLDER and Path(folder).name not in GROWING and not folder_gives_a_reason(folder)
    }
    assert wide == set(), f"say why in its README or __init__ ({REASON} ...), or sort it by subject"


def test_files_and_functions_are_no_longer_than_they_were() -> None:
    program = [source for source in sources() if source.path.startswith(PROGRAM)]
    assert median(len(source.lines) for source in program) <= MEDIAN_FILE
    assert median(lines(node) for source in program for node in functions(source)) <= MEDIAN_FUNCTION
