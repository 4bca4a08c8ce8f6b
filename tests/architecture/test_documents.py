"""Documents can be read side by side with the code: lines of prose to 120 characters, tests that are there."""

import re
from collections.abc import Iterator

from tests.architecture.source import ROOT, kept_files

WIDE = 120
NAMED_TEST = re.compile(r"(?:tests/)?([a-z_]+(?:/[a-z_0-9]+)*/test_[a-z_0-9]+\.py)")


def prose(path: str) -> Iterator[tuple[int, str]]:
    """Lines that can be broken, by number: no row of a table and nothing between fences."""
    fenced = False
    for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1):
        fenced ^= line.lstrip().startswith("```")
        if not fenced and not line.startswith("|"):
            yield number, line


def test_no_line_of_prose_is_wider_than_a_line_of_code() -> None:
    documents = [path for path in kept_files() if path.endswith(".md")]
    wide = [f"{path}:{number}" for path in documents for number, line in prose(path) if len(line) > WIDE]
    assert wide == []


def test_each_test_that_a_document_names_is_where_it_says() -> None:
    kept = set(kept_files())
    named = {
        (path, test)
        for path in kept
        if path.endswith(".md") and not path.startswith("tests/mutation/")
        for test in NAMED_TEST.findall((ROOT / path).read_text(encoding="utf-8"))
    }
    assert named
    assert [(path, test) for path, test in sorted(named) if f"tests/{test}" not in kept] == []
