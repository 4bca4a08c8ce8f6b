"""How much the verifier reads before it refuses, and what it shows of a long list: at the very bound."""

import pytest

from infra.verifier.export import _json, _subjects
from infra.verifier.fault import Fault
from infra.verifier.notes import _MOST_BYTES as LONGEST_KEY
from infra.verifier.notes import parse_key
from infra.verifier.verify import _MOST_BYTES as LONGEST_PROOF
from infra.verifier.verify import read_proof


def said_of(read: object, content: object) -> str:
    assert callable(read)
    with pytest.raises(Fault) as refused:
        read(content)
    return str(refused.value)


def test_a_proof_that_is_longer_than_any_is_refused_before_it_is_read() -> None:
    assert said_of(read_proof, b"x" * (LONGEST_PROOF + 1)) == "the proof is longer than any proof"
    assert said_of(read_proof, b"x" * LONGEST_PROOF) != "the proof is longer than any proof"


def test_a_key_that_is_longer_than_any_is_refused_before_it_is_read() -> None:
    assert said_of(parse_key, "x" * (LONGEST_KEY + 1)) == "the public key is longer than any key"
    assert said_of(parse_key, "x" * LONGEST_KEY) != "the public key is longer than any key"


def test_a_line_of_openings_that_says_a_name_twice_is_refused_as_no_json() -> None:
    """Of two indexes one reader would take the first and another the last."""
    assert "is not JSON" in said_of(_json, '{"index": 3, "index": 4, "openings": {}}')


def test_a_row_names_five_hundred_subjects_and_says_how_many_more() -> None:
    named = [f"case:{number:08d}" for number in range(502)]
    assert _subjects(named[:500]) == " ".join(named[:500])
    assert _subjects(named[:501]) == " ".join([*named[:500], "…ほか1"])
    assert _subjects(named) == " ".join([*named[:500], "…ほか2"])
