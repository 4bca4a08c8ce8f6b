"""Documents can be read side by side with the code: lines of prose to 120 characters."""

from collections.abc import Iterator

from tests.architecture.source import ROOT, kept_files

WIDE = 120


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
