"""Each rule of a ward's files is broken once, said in Japanese, and written down for who has to mend the file."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from infra.one_machine.ward import generate
from infra.one_machine.ward.fault_texts import WRITTEN, in_japanese
from infra.one_machine.ward.files import WARD_FILES
from infra.one_machine.ward.input_check import check_input
from tests.ward.faults_document import DOCUMENT, document
from tests.ward.faults_of_files import RULES
from tests.ward.rule import Rule

ROOT: Final = Path(__file__).resolve().parents[2]
READERS: Final = (
    "shared/service_kit/csv_files.py",
    "shared/service_kit/characters.py",
    "shared/decisions/imports/ward_csv.py",
    "shared/decisions/use_cases/imports/propose_correction.py",
    "shared/decisions/use_cases/imports/propose_import.py",
    "services/payments/use_cases/accounts/propose_accounts.py",
    "services/payments/adapters/accounts/account_files.py",
    "services/payments/domain/names.py",
)
"""What reads a ward's files and says what is wrong with them."""
PART: Final = "7"
"""Stands in for what a text is filled in with."""
SAID_AS: Final = {
    "a line has more than 7 bytes": ("not CSV: a line has more than 7 bytes",),
    "there is no such 7": ("there is no such bank", "there is no such branch"),
}
"""Texts that reach a clerk within another one, or with one of a few words."""
NO_FAULTS: Final = {
    "7 件": "how many faults there are",
    "7 件以上": "how many faults there are",
    "column 7": "a place",
    "byte 7": "a place",
    "U+7 7": "the name of a character",
    "a character without a name": "the name of a character",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ()-./": "what a bank takes",
}
"""Other texts of these files, with what they are."""
LISTED: Final = [rule for rules in RULES.values() for rule in rules]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sound")
    generate(directory, households=40, seed=3)
    return directory


@pytest.mark.parametrize("rule", [rule for rule in LISTED if rule.spoil], ids=lambda rule: rule.says)
def test_a_rule_that_is_broken_speaks_in_japanese_and_no_other_does(sound: Path, tmp_path: Path, rule: Rule) -> None:
    for name in WARD_FILES:
        (tmp_path / name).write_bytes((sound / name).read_bytes())
    assert rule.spoil
    rule.spoil(tmp_path)
    report = check_input(tmp_path, date(2026, 11, 24), is_new_office=True)
    assert {fault["problem"] for fault in report.faults.listed} == {rule.says, *rule.beside}
    assert in_japanese(rule.says) in report.in_words()


@pytest.mark.parametrize("rule", [rule for rule in LISTED if not rule.spoil], ids=lambda rule: rule.says)
def test_a_rule_that_a_look_cannot_see_is_held_by_a_test_that_is_there(rule: Rule) -> None:
    path, _, name = rule.held_by.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def pattern_of(says: str) -> str | None:
    """The pattern that translates a fault: the first that fits."""
    return next((english for english, _ in WRITTEN if re.fullmatch(english, says)), None)


def test_each_translation_has_one_rule_that_is_broken_on_purpose() -> None:
    assert Counter(pattern_of(rule.says) for rule in LISTED) == Counter(english for english, _ in WRITTEN)


def test_whatever_the_readers_say_is_said_in_japanese() -> None:
    texts = {text for path in READERS for text in texts_of((ROOT / path).read_text(encoding="utf-8"))}
    unsaid = [
        said
        for text in sorted(texts - NO_FAULTS.keys())
        for said in SAID_AS.get(text, (text,))
        if pattern_of(said) is None
    ]
    assert unsaid == [], "translate them in fault_texts.py, and give each a rule"
    assert texts >= NO_FAULTS.keys() | SAID_AS.keys(), "no exception stays behind its text"


def test_a_new_fault_is_seen_however_it_is_put() -> None:
    source = (
        '"""A docstring here."""\nNEW = "a rule nobody knows"\nraise ValueError(f"not {NEW} at all")\nre.compile("a b")'
    )
    assert set(texts_of(source)) == {"a rule nobody knows", "not 7 at all"}


def texts_of(source: str) -> Iterator[str]:
    """Texts of several words that a file holds, with `PART` for what fills them; no docstring, no pattern."""
    tree = ast.parse(source)
    passed_over = {id(part) for node in ast.walk(tree) for part in parts_that_say_nothing(node)}
    for node in ast.walk(tree):
        text = text_of(node)
        if id(node) not in passed_over and " " in text.strip():
            yield text


def parts_that_say_nothing(node: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, arguments of `re.compile` and `re.fullmatch`, and the pieces of an f-string."""
    if isinstance(node, ast.Expr):
        yield node.value
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("re.compile", "re.fullmatch"):
        yield from node.args
    elif isinstance(node, ast.JoinedStr):
        yield from (part for part in ast.walk(node) if part is not node)


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else PART for part in node.values)
    return ""


def test_the_document_is_written_from_the_rules() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), (
        "PYTHONPATH=. .venv/bin/python -m tests.ward.faults_document"
    )
