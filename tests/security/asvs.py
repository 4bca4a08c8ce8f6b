"""OWASP ASVS 5.0.0, levels 1 and 2: what of it holds here. The table is docs/security/asvs.csv.

Write the summary again after a change of the table: `PYTHONPATH=. .venv/bin/python -m tests.security.asvs`.
"""

import ast
import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "security" / "asvs.csv"
DOCUMENT = ROOT / "docs" / "security" / "asvs.md"
STATES: Final = {
    "holds": "a test tries it, or the place named shows it",
    "partly": "a part holds; the note says what is missing",
    "not yet": "nothing of it is built",
    "outside": "the identity provider's or the infrastructure's part; the note says whose",
    "does not apply": "there is no such thing here",
}
CHAPTERS: Final = {
    "V1": "encoding",
    "V2": "validation and business logic",
    "V3": "browser",
    "V4": "API",
    "V5": "files",
    "V6": "authentication",
    "V7": "sessions",
    "V8": "authorization",
    "V9": "tokens",
    "V10": "OAuth and OpenID Connect",
    "V11": "cryptography",
    "V12": "transport",
    "V13": "configuration",
    "V14": "data protection",
    "V15": "code and architecture",
    "V16": "logs and errors",
    "V17": "WebRTC",
}
LEVELS: Final = """
1.1 22 1.2 1111122223 1.3 112222222223 1.4 222 1.5 123
2.1 122 2.2 112 2.3 12223 2.4 23
3.1 3 3.2 113 3.3 12223 3.4 11222233 3.5 11122333 3.6 3 3.7 22333
4.1 12233 4.2 23333 4.3 22 4.4 1222
5.1 2 5.2 112333 5.3 113 5.4 222
6.1 122 6.2 111111112222 6.3 11223333 6.4 112233 6.5 22222333 6.6 2223 6.7 33 6.8 2222
7.1 222 7.2 1111 7.3 22 7.4 11222 7.5 223 7.6 22
8.1 1233 8.2 1123 8.3 133 8.4 23
9.1 111 9.2 1222
10.1 22 10.2 223 10.3 22223 10.4 1111122222233333 10.5 22222 10.6 22 10.7 222
11.1 2233 11.2 22233 11.3 11233 11.4 1222 11.5 23 11.6 23 11.7 33
12.1 12233 12.2 11 12.3 22223
13.1 2333 13.2 222223 13.3 2233 13.4 1222233
14.1 22 14.2 12223333 14.3 122
15.1 12233 15.2 12233 15.3 1222222 15.4 3333
16.1 2 16.2 22222 16.3 2222 16.4 222 16.5 2223
17.1 23 17.2 22223333 17.3 22
"""
"""Each section of the standard, and the levels of its requirements in their order."""


@dataclass(frozen=True)
class Requirement:
    """One requirement: `evidence` are tests (`path::name`), names in code, or files."""

    id: str
    level: int
    words: str
    state: str
    evidence: tuple[str, ...]
    note: str


def levels() -> dict[str, int]:
    """Every requirement of levels 1 and 2, with its level."""
    words = LEVELS.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    every = {f"V{section}.{number}": int(one) for section, each in pairs for number, one in enumerate(each, 1)}
    return {name: level for name, level in every.items() if level < 3}


def requirements() -> list[Requirement]:
    """The table as it stands."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Requirement(
                row["id"], int(row["level"]), row["words"], row["state"], tuple(row["evidence"].split()), row["note"]
            )
            for row in csv.DictReader(file)
        ]


def exists(evidence: str) -> bool:
    """True where the file is there, and defines the name after `::` at its top."""
    path, _, name = evidence.partition("::")
    return (ROOT / path).is_file() and (not name or name in _names(ROOT / path))


@cache
def _names(path: Path) -> frozenset[str]:
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        for target in node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]:
            if isinstance(target, ast.Name):
                names.add(target.id)
    return frozenset(names)


def document() -> str:
    """The summary: counts by level and chapter, and everything that does not hold."""
    all_ = requirements()
    return "\n".join([*_head(), *_counts(all_), *_open(all_), *_outside(all_), *_not_here(all_)]) + "\n"


def _head() -> list[str]:
    return [
        "# OWASP ASVS 5.0.0, level 2",
        "",
        "Each requirement of levels 1 and 2, with its state and the test or place that shows it, or the reason, is a",
        "line of [asvs.csv](asvs.csv), in a few words of our own: the standard's text is at owasp.org. This page is",
        "made from it by `PYTHONPATH=. .venv/bin/python -m tests.security.asvs`. A test compares both, and looks up",
        "every test and place.",
        "",
        "| state | means |",
        "|---|---|",
        *(f"| {state} | {means} |" for state, means in STATES.items()),
    ]


def _counts(all_: list[Requirement]) -> list[str]:
    groups = {f"level {level}": [one for one in all_ if one.level == level] for level in (1, 2)}
    groups |= {
        f"{name} {words}": [one for one in all_ if one.id.split(".")[0] == name] for name, words in CHAPTERS.items()
    }
    lines = ["", "## Counted", "", f"| | {' | '.join(STATES)} | all |", f"|---|{'---|' * (len(STATES) + 1)}"]
    for name, group in [*groups.items(), ("**all**", all_)]:
        by_state = Counter(one.state for one in group)
        lines.append(f"| {name} | {' | '.join(str(by_state[state]) for state in STATES)} | {len(group)} |")
    applies = [one for one in all_ if one.state != "does not apply"]
    ours = [one for one in applies if one.state != "outside"]
    holds = [one for one in ours if one.state == "holds"]
    tried = [one for one in holds if any(each.startswith("tests/") for each in one.evidence)]
    return [
        *lines,
        "",
        f"{len(applies)} of {len(all_)} apply; {len(ours)} of them are for this code to meet, and {len(holds)} hold:",
        f"{len(tried)} are tried by tests, {len(holds) - len(tried)} shown by code or a document.",
    ]


def _open(all_: list[Requirement]) -> list[str]:
    head = ["| id | level | what | state | why |", "|---|---|---|---|---|"]
    lines = ["", "## What does not hold, or not wholly", "", *head]
    left = [one for one in all_ if one.state in ("partly", "not yet")]
    return [*lines, *(f"| {one.id} | {one.level} | {one.words} | {one.state} | {one.note} |" for one in left)]


def _outside(all_: list[Requirement]) -> list[str]:
    lines = ["", "## What the provider or the infrastructure has to do", "", "| whose | requirements |", "|---|---|"]
    whose: dict[str, list[str]] = {}
    for one in all_:
        if one.state == "outside":
            whose.setdefault(one.note.split(";")[0], []).append(one.id)
    return [*lines, *(f"| {note} | {', '.join(ids)} |" for note, ids in whose.items())]


def _not_here(all_: list[Requirement]) -> list[str]:
    lines = ["", "## What does not apply", "", "| why | requirements |", "|---|---|"]
    why: dict[str, list[str]] = {}
    for one in all_:
        if one.state == "does not apply":
            why.setdefault(one.note, []).append(one.id)
    return [*lines, *(f"| {note} | {', '.join(ids)} |" for note, ids in why.items())]


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
