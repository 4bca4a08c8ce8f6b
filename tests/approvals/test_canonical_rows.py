"""Canonical rows: the hash of an approval changes with the content, and with nothing else."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.approvals.canonical import canonical, sha256_of
from shared.decisions.domain.determination import Covered, collective_sha256

plain = st.none() | st.booleans() | st.integers() | st.text() | st.dates()
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
numbers = st.from_regex(r"[0-9]{8}", fullmatch=True)
standards = st.sampled_from(["2026-04", "2026-10"])
hashes = st.text("0123456789abcdef", min_size=4, max_size=4)
collective_rows = st.lists(st.tuples(numbers, standards, hashes, st.none() | numbers))


@given(values)
def test_a_row_that_went_through_the_database_has_the_same_hash(value: Any) -> None:
    stored = json.loads(canonical(value))
    assert sha256_of([stored]) == sha256_of([value])


@given(st.dictionaries(st.text(), plain, min_size=2))
def test_the_order_of_keys_does_not_matter(row: dict[str, Any]) -> None:
    assert canonical(dict(reversed(list(row.items())))) == canonical(row)


@given(st.lists(values, max_size=4), st.lists(values, max_size=4))
def test_other_rows_have_another_hash(one: list[Any], other: list[Any]) -> None:
    same = [canonical(row) for row in one] == [canonical(row) for row in other]
    assert (sha256_of(one) == sha256_of(other)) is same


@given(collective_rows, st.randoms())
def test_the_hash_of_a_collective_does_not_depend_on_how_the_work_was_cut(rows: list[Covered], order: Any) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)
    assert collective_sha256("act", shuffled) == collective_sha256("act", rows)


@given(collective_rows.filter(bool))
def test_a_case_left_out_or_counted_twice_moves_the_hash(rows: list[Covered]) -> None:
    assert collective_sha256("act", rows[1:]) != collective_sha256("act", rows)
    assert collective_sha256("act", [*rows, rows[0]]) != collective_sha256("act", rows)


def test_two_acts_that_determine_alike_or_nothing_have_two_hashes() -> None:
    rows: list[Covered] = [("00000001", "2026", "0" * 64, None)]
    assert len({collective_sha256(act, some) for act in ("one", "other") for some in ([], rows)}) == 4


def test_the_bytes_are_written_down_once_and_for_all() -> None:
    row = ["00000017", {"rent": 53700, "家賃": None}, date(2026, 12, 1), True]
    assert canonical(row) == '["00000017",{"rent":53700,"家賃":null},"2026-12-01",true]\n'.encode()


@pytest.mark.parametrize("value", [0.87, [1.0], {"factor": 0.5}, {1: "one"}, b"bytes", {1, 2}])
def test_what_two_machines_might_print_differently_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)
