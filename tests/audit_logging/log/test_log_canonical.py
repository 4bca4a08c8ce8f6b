"""The short way of writing canonical JSON is the reference's, byte for byte."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.audit_logging.domain.log.canonical import canonical, quoted

plain = st.text(st.characters(max_codepoint=0x7F))
scalars = (
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars | st.text() | plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain | st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(plain | st.text(), values, max_size=5))
def test_whatever_is_written_is_what_the_reference_writes(value: dict[str, Any]) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)


@given(st.none() | plain | st.text())
def test_a_text_is_written_as_the_reference_writes_it(value: str | None) -> None:
    assert quoted(value).encode() == rfc8785.dumps(value)


def test_keys_sort_as_in_the_reference_also_where_a_character_takes_two_units() -> None:
    value: dict[str, Any] = {"\uffff": 1, "\U00020000": {"\ufa11": 2, "\U0002a6d6": 3}}
    assert canonical(value).encode() == rfc8785.dumps(value)
    assert canonical(value).startswith('{"\U00020000"'), "吉 with a long stroke comes before what one unit holds"


@pytest.mark.parametrize("bad", [{"a": 2**53}, {"a": [-(2**60)]}, {"a": 2**70}, {"a": "\ud800"}, {1: "a"}])
def test_what_the_reference_refuses_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
        canonical(bad)
