"""The kit is the platform of any office: no noun of what this one does stands in it, in a name, a string or a sentence.

What needs one has its place in `shared/access`, `shared/contracts` or a service, and is handed in by `app.py`.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from tests.architecture.source import Source, sources

KIT: Final = "shared/service_kit/"
NOUNS: Final = frozenset(
    {
        *("case", "caseworker", "household", "resident", "district", "programme", "ward", "substitution", "shielded"),
        *("benefit", "payment", "assistance", "welfare", "pension", "bank", "entitlement", "determination"),
        *("payee", "rent", "recipient", "treasurer", "landlord", "cashier"),
        *("emergency", "emergencie", "glass"),
    }
)
"""Nouns of the office in the singular."""
TERMS: Final = re.compile(
    "生活保護|被保護|世帯|地区|事業|担当|ケース|保護|扶助|給付|支給|認定|緊急閲覧|家賃|受給|代行|支援措置"
)
"""The same in Japanese."""
IDIOMS: Final = re.compile(r"\b(?:use\s+cases?|lower\s+case|CASE\s+WHEN)\b")
"""Where the word means something else: what a service does for somebody, small letters, a branch in SQL."""
STANDING: Final = {
    ("retention/ddl.py", "glass"): "frozen SQL of migrations that clears the words of a table by its name",
    ("testing/service.py", "caseworker"): "who acts in tests that name nobody; hundreds of tests expect that person",
    ("settings.py", "emergencies"): "a limit whose variable offices have set; `shared.access` reads it",
}
"""What stands all the same, by file and word, and why."""


def words_of(source: Source) -> Iterator[str]:
    """The words and terms of a file that are the office's own, with its comments and strings."""
    text = IDIOMS.sub("", "\n".join((source.path.removeprefix(KIT), *source.lines)))
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).lower()
    yield from (word for word in re.findall("[a-z]+", split) if word in NOUNS or word.removesuffix("s") in NOUNS)
    yield from TERMS.findall(text)


def test_the_kit_knows_no_noun_of_the_office() -> None:
    kit = [source for source in sources() if source.path.startswith(KIT)]
    standing = {(source.path.removeprefix(KIT), word) for source in kit for word in words_of(source)}
    assert standing == STANDING.keys(), "say it without, hand it in by app.py, or give the reason above"


def test_a_noun_is_seen_in_names_strings_sentences_and_comments_and_an_idiom_is_none() -> None:
    text = (
        '"""Does one use\ncase."""\nclass CaseOfWard: ...\n'
        "household_no = 'benefits'  # 生活保護\nshowcase = 'CASE WHEN forward THEN 1'\n"
    )
    source = Source(f"{KIT}districts.py", "districts", tuple(text.splitlines()), ast.parse(text))
    assert sorted(words_of(source)) == ["benefits", "case", "districts", "household", "ward", "生活保護"]
