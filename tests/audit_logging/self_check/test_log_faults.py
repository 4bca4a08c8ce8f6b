"""What the self-check names: the first entry under each code, the openings that open nothing, the streams at fault."""

from __future__ import annotations

from typing import Any

import pytest

from services.audit_logging.domain.log.leaf import FIELDS, SALTS_SIZE, Opening, make_leaf
from services.audit_logging.domain.self_check.faults import (
    Bad,
    Counted,
    count_faults,
    first_of_each,
    opening_faults,
    position_faults,
)
from shared.service_kit.streams.envelope import ReceivedFact

BODY: dict[str, Any] = {
    "id": "00000000-0000-4000-8000-000000000001",
    "type": "run.opened.v1",
    "time": "2026-11-24T03:00:00.000000+00:00",
    "subject": "run:1",
    "actor": "person:demo-accountant",
    "correlation": "c",
    "causation": None,
    "traceparent": "",
    "data": {"yen": 1},
}
LEAF, OPENED = make_leaf(ReceivedFact("payments", "facts", 1, BODY), "e1", bytes(range(SALTS_SIZE)))


def test_the_first_entry_under_each_code_is_named_whatever_comes_first() -> None:
    faults = [Bad("leaf", 7), Bad("index", 9), Bad("leaf", 3), Bad("leaf", 5), Bad("index", 9)]
    assert list(first_of_each(faults).items()) == [("index", 9), ("leaf", 3)]
    assert first_of_each([]) == {}


def test_openings_that_are_whole_are_no_fault() -> None:
    assert opening_faults(LEAF, {opening.field: opening for opening in OPENED}) == []


@pytest.mark.parametrize("field", FIELDS)
def test_each_opening_that_is_gone_or_opens_something_else_is_named(field: str) -> None:
    whole = {opening.field: opening for opening in OPENED}
    gone = {name: opening for name, opening in whole.items() if name != field}
    salt, value = whole[field].salt, whole[field].value
    for other in (Opening(field, bytes(32), value), Opening(field, salt, '"another"'), Opening("details", salt, "1")):
        assert opening_faults(LEAF, {**whole, field: other}) == [f"opening:{field}"]
    assert opening_faults(LEAF, gone) == [f"opening:{field}"]


def test_of_nobodys_openings_all_are_named() -> None:
    assert opening_faults(LEAF, {}) == [f"opening:{field}" for field in FIELDS]


def test_a_stream_of_which_nothing_was_taken_is_behind_what_was_promised() -> None:
    assert position_faults({"payments.facts": 1}, {}, {"payments.facts": 1}) == ["behind:payments.facts"]
    assert position_faults({"payments.facts": 0}, {}, {"payments.facts": 0}) == []
    assert position_faults({}, {"payments.facts": 5}, {"payments.facts": 4}) == ["ahead:payments.facts"]


def test_each_stream_is_counted_for_itself_and_its_faults_are_named_in_order() -> None:
    rows = [Counted("b", 3, 2, 4, 4), Counted("a", 2, 1, 3, 9), Counted("c", 1, 1, 1, 1), Counted("d", 0, 1, 0, 0)]
    assert count_faults(rows, 7) == ["cursor:a", "gap:a", "gap:b", "entries"]
    assert count_faults([Counted("c", 1, 1, 1, 1), Counted("d", 0, 1, 0, 0)], 1) == []


def test_a_life_without_a_fact_goes_on_within_an_earlier_one_of_its_own_stream_alone() -> None:
    earlier, other = Counted("a", 7, 1, 7, None), Counted("b", 9, 1, 9, 9)
    for cursor, faults in ((1, []), (7, []), (8, ["cursor:a"]), (0, [])):
        assert count_faults([earlier, Counted("a", 0, 1, 0, cursor), other], 16) == faults
    assert count_faults([Counted("a", 0, 1, 0, 9), other], 9) == ["cursor:a"]
