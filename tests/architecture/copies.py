"""Copies: runs of the same program text in two packages, whatever the names of its parts."""

import io
import token
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from tests.architecture.source import Source

LONG = 45
"""Tokens of a run that is no chance: some six lines."""
_NO_WORDS = {token.COMMENT, token.NL, token.NEWLINE, token.INDENT, token.DEDENT, token.ENCODING, token.ENDMARKER}


@dataclass(frozen=True)
class Copy:
    """A run of tokens of a file of ours that stands in theirs as well."""

    ours: str
    theirs: str
    line: int
    tokens: int


def copies(packages: Mapping[str, Iterable[Source]], long: int = LONG) -> list[Copy]:
    """Return the runs of at least `long` tokens that a file of one package shares with one of a package before it."""
    seen: dict[int, str] = {}
    found = []
    for sources in packages.values():
        own: dict[int, str] = {}
        for source in sources:
            words = _words(source)
            windows = [hash(tuple(word for word, _ in words[n : n + long])) for n in range(len(words) - long + 1)]
            found += [
                Copy(source.path, seen[windows[first]], words[first][1], last - first + long)
                for first, last in _runs([window in seen for window in windows])
            ]
            own.update(dict.fromkeys(windows, source.path))
        seen = own | seen
    return found


def _runs(marks: list[bool]) -> Iterator[tuple[int, int]]:
    """The first and last place of each unbroken run of true marks."""
    places = enumerate(marks)
    for true, run in groupby(places, key=itemgetter(1)):
        spots = [n for n, _ in run]
        if true:
            yield spots[0], spots[-1]


def _words(source: Source) -> list[tuple[str, int]]:
    """The tokens without imports, comments and texts that stand alone (docstrings), each with its line."""
    text = "\n".join(source.lines) + "\n"
    words: list[tuple[str, int]] = []
    statement: list[tuple[str, int]] = []
    for part in tokenize.generate_tokens(io.StringIO(text).readline):
        if part.type == token.NEWLINE:
            if not _is_no_program(statement):
                words += statement
            statement = []
        elif part.type not in _NO_WORDS:
            statement.append((part.string, part.start[0]))
    return words


def _is_no_program(statement: list[tuple[str, int]]) -> bool:
    first = statement[0][0] if statement else ""
    return first in ("import", "from", "") or (len(statement) == 1 and first[-1] in "\"'")
