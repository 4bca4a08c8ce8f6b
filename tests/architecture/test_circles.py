"""No file and no package of the house needs one that needs it, be it for a type or inside a function."""

import ast

from tests.architecture.imports import circles, of_files, of_siblings
from tests.architecture.source import Source, sources


def named(name: str, text: str) -> Source:
    return Source(f"{name}.py", name, tuple(text.splitlines()), ast.parse(text))


def test_no_file_needs_a_file_that_needs_it() -> None:
    assert [sorted(ring) for ring in circles(of_files(sources()))] == []


def test_no_package_needs_a_package_that_needs_it() -> None:
    assert [sorted(ring) for ring in circles(of_siblings(of_files(sources())))] == []


def test_an_import_for_a_type_or_in_a_function_closes_a_circle_too() -> None:
    one = named("a.one", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a.two import T\n")
    two = named("a.two", "def f():\n    from a import one\n")
    assert circles(of_files([one, two])) == [{"a.one", "a.two"}]


def test_packages_whose_files_have_no_circle_may_have_one() -> None:
    files = [named("a.x.one", "from a.y import two"), named("a.y.two", ""), named("a.y.three", "import a.x.four"),
             named("a.x.four", "from . import one")]  # fmt: skip
    assert circles(of_files(files)) == []
    assert circles(of_siblings(of_files(files))) == [{"a.x", "a.y"}]
