"""Breakages of SQL in the strings of a file: boundaries, locks, conditions, constraints and rights."""

import re
from collections.abc import Iterator

_IS_SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER TABLE|GRANT|CHECK|WHERE)\b[\s(]")
_CHANGES: tuple[tuple[str, str, str], ...] = (
    ("SQL lock removed", r"\s+FOR (UPDATE|SHARE|NO KEY UPDATE|KEY SHARE)( OF \w+)?( SKIP LOCKED| NOWAIT)?", ""),
    ("SQL waits for locked rows", r"\s+SKIP LOCKED", ""),
    ("SQL comparison", r"(?<=[\s\w)])<=(?=[\s:(\w])", "<"),
    ("SQL comparison", r"(?<=[\s\w)])>=(?=[\s:(\w])", ">"),
    ("SQL comparison", r"(?<=\s)<(?=\s)", "<="),
    ("SQL comparison", r"(?<=\s)>(?=\s)", ">="),
    ("SQL comparison", r"(?<=\s)<>(?=\s)", "="),
    ("SQL and/or", r"\bAND\b", "OR"),
    ("SQL and/or", r"\bOR\b(?! REPLACE)", "AND"),
    ("SQL not removed", r"\bNOT (?=EXISTS|IN\b|\()", ""),
    ("SQL null", r"\bIS NULL\b", "IS NOT NULL"),
    ("SQL null", r"\bIS NOT NULL\b", "IS NULL"),
    ("SQL conflict not heeded", r"\s+ON CONFLICT( \([^)]*\))? DO NOTHING", ""),
    ("SQL doubles kept", r"\bDISTINCT (?!FROM)", ""),
    ("SQL uniqueness dropped", r"\bCREATE UNIQUE INDEX\b", "CREATE INDEX"),
    ("SQL right widened", r"\bGRANT SELECT, INSERT ON\b", "GRANT SELECT, INSERT, UPDATE, DELETE ON"),
    ("SQL right widened", r"\bGRANT SELECT ON\b", "GRANT SELECT, INSERT, UPDATE, DELETE ON"),
    ("SQL check dropped", r"\bCHECK \((?=.)", "CHECK (true OR "),
    ("SQL minimum", r"\bmin\(", "max("),
    ("SQL maximum", r"\bmax\(", "min("),
    ("SQL order", r"\bDESC\b", "ASC"),
)


def breakages_of_sql(text: str) -> Iterator[tuple[str, int, int, str]]:
    """Yield (operator, first, last, after) of each change of a string that holds SQL; offsets in the string."""
    if not _IS_SQL.search(text):
        return
    for operator, pattern, after in _CHANGES:
        for match in re.finditer(pattern, text):
            yield operator, match.start(), match.end(), after
