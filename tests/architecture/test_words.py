"""Words that the house has left behind do not come back: one term, one meaning, a term of the field before one of ours.

See what still stands, file by file: `PYTHONPATH=. .venv/bin/python -m tests.architecture.test_words`.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple

from tests.architecture.source import Source, sources

PARTS = {"room": "service", "rooms": "services", "told": "response, payload, event"}
"""Words that no name has as a part, with what to say instead."""
RIGHT_IN = {"room": "benefit_rules", "rooms": "benefit_rules"}
"""Where such a word is the right one: a ceiling of rent goes by the room that somebody lives in."""
NAMES = {
    "hold_still": "pause_subscriptions",
    "passing": "is_transient",
    "neighbours": "overlapping_entitlements",
    "counting_now": "current_determinations",
    "count_now": "set_current",
    "let_go": "expire",
    "settle_memory": "tune_gc",
    "surroundings": "environment",
    "goodbyes": "back-channel logouts",
    "keeping": "session store",
    "Visit": "PageRequest",
    "Frame": "Layout",
    "Shown": "PageResult",
    "Done": "ActResult",
    "looked": "access_row",
    "found_by": "search_entry",
    "copying": "binary_copy",
    "check_itself": "run_self_check",
    "read_back": "verify_canary",
    "read_copy": "published_copy",
    "resealing": "encryption/rotation.py",
    "used_database": "testing/database_reset.py",
}
"""Names, with what to say instead."""
FILES = {
    "shared/service_kit": {"answers", "access", "peers", "limits", "protection"},
    "services/ui_gateway": {"door", "words"},
    "infra/one_machine": {"desk", "calls", "outcomes"},
}
"""Names of modules that a package has left behind; elsewhere the word may be right."""
BINDINGS = {"one", "found", "given", "wanted"}
"""No names for what is bound: say which thing it is."""
SENTENCES = {"Gives ": "Returns", "bears being called again": "idempotent"}
"""How a docstring does not speak."""
STILL = Counter(
    {
        "one": 263,
        "told": 159,
        "found": 83,
        "given": 24,
        "read_back": 1,
        "wanted": 1,
        "looked": 1,
    }
)
"""How often each still stands. It only gets less."""
BETWEEN_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Use(NamedTuple):
    """A word that stands somewhere."""

    word: str
    path: str
    line: int


def uses(source: Source) -> Iterator[Use]:
    """The words of the lists in the public names, bindings and docstrings of a file."""
    stem = PurePath(source.path).stem
    if stem in FILES.get(source.package, ()):
        yield Use(f"{stem}.py", source.path, 1)
    for name, line in [(stem, 1), *public_names(source.tree)]:
        if name in NAMES:
            yield Use(name, source.path, line)
        yield from (
            Use(part, source.path, line)
            for part in BETWEEN_WORDS.sub("_", name).lower().split("_")
            if part in PARTS and RIGHT_IN.get(part, "nowhere") not in source.path
        )
    for node in ast.walk(source.tree):
        if bound(node) in BINDINGS:
            yield Use(str(bound(node)), source.path, node.lineno)  # type: ignore[attr-defined]
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.Module)):
            text = ast.get_docstring(node) or ""
            yield from (Use(words, source.path, 1) for words in SENTENCES if words in text)


def public_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Classes, functions, parameters and what a module or class binds, without those that begin with an underscore."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
            yield node.name, node.lineno
        elif isinstance(node, (ast.Name, ast.arg)) and (name := bound(node)) and not name.startswith("_"):
            yield name, node.lineno


def bound(node: ast.AST) -> str | None:
    """The name that a node binds."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    return node.arg if isinstance(node, ast.arg) else None


def test_no_word_that_was_left_behind_comes_back() -> None:
    counted = Counter(use.word for source in sources() for use in uses(source))
    more = {word: f"{count} times, {STILL[word]} allowed" for word, count in counted.items() if count > STILL[word]}
    assert more == {}, "see which: PYTHONPATH=. .venv/bin/python -m tests.architecture.test_words"


def test_each_kind_of_word_is_seen_where_it_stands() -> None:
    text = '"""Gives a room."""\nclass Visit: ...\ndef of_room(told: int) -> None:\n    for one in (): ...\n'
    path = "/".join(("shared", "service_kit", "peers.py"))
    source = Source(path, "peers", tuple(text.splitlines()), ast.parse(text))
    assert sorted(use.word for use in uses(source)) == ["Gives ", "Visit", "one", "peers.py", "room", "told"]


if __name__ == "__main__":
    for each in sorted((use for source in sources() for use in uses(source)), key=lambda use: use[1:]):
        print(f"{each.path}:{each.line}: {each.word}")
