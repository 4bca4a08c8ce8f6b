"""The two deciding services share what they do alike; neither keeps a copy of the other."""

import ast
from pathlib import Path

from tests.architecture.copies import LONG, copies
from tests.architecture.source import Source, sources
from tests.architecture.test_walls import SERVICES


def of_service(name: str) -> list[Source]:
    """The service's program, without its migrations: each is frozen by itself."""
    inside = f"services/{name}/"
    return [source for source in sources() if source.path.startswith(inside) and "/migrations/" not in source.path]


def test_no_service_keeps_a_copy_of_anothers_program() -> None:
    found = [
        f"{copy.ours}:{copy.line} stands in {copy.theirs}, {copy.tokens} tokens"
        for copy in copies({name: of_service(name) for name in SERVICES})
    ]
    assert found == []


def test_a_copy_is_seen_whatever_stands_around_it(tmp_path: Path) -> None:
    body = "\n".join(f"    total_{n} = first[{n}] + second[{n}]" for n in range(LONG // 8 + 1))
    ours, theirs = f"import os\n\ndef ours():\n{body}\n", f'"""Doc."""\n\ndef theirs():\n    # why\n{body}\n    x = 1\n'
    one, other = (Source(name, name, tuple(text.splitlines()), ast.parse(text))
                  for name, text in (("a", ours), ("b", theirs)))  # fmt: skip
    assert [(copy.ours, copy.theirs, copy.line) for copy in copies({"theirs": [other], "ours": [one]})] == [
        ("a", "b", 3)
    ]
    assert copies({"theirs": [other], "ours": [one]}, long=LONG * 4) == []
