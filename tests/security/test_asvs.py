"""The table of ASVS is whole, names what exists, and its summary counts right."""

import pytest

from tests.security.asvs import DOCUMENT, STATES, document, exists, levels, requirements


def test_each_requirement_of_levels_1_and_2_stands_there_once_in_order() -> None:
    assert [(one.id, one.level) for one in requirements()] == list(levels().items())
    assert len(levels()) == 253


def test_each_has_a_known_state_and_words_of_its_own() -> None:
    assert {one.state for one in requirements()} <= set(STATES)
    assert [one.id for one in requirements() if not 3 <= len(one.words) <= 80] == []


def test_what_holds_names_a_test_or_a_place_and_what_does_not_says_why() -> None:
    silent = [one.id for one in requirements() if not (one.evidence if one.state == "holds" else one.note)]
    assert silent == []


def test_every_test_and_place_that_is_named_exists() -> None:
    missing = [(one.id, each) for one in requirements() for each in one.evidence if not exists(each)]
    assert missing == []


@pytest.mark.parametrize("gone", ["tests/security/nowhere.py::test_a", "tests/security/asvs.py::nothing", "nowhere.md"])
def test_what_does_not_exist_is_found_missing(gone: str) -> None:
    assert not exists(gone)


def test_the_summary_is_that_of_the_table() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()
