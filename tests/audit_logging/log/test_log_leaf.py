"""The leaf: canonical bytes, commitments that open, and nothing about persons in the plain part."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.verifier.entries import read_entry
from services.audit_logging.domain.log.leaf import FIELDS, SALTS_SIZE, commitment, make_leaf
from shared.service_kit.streams.envelope import ReceivedFact

SALTS = bytes(range(SALTS_SIZE))
EPOCH = "5f0c"
ACTOR, SUBJECT = b'actor\0"person:demo-head"', b'subject\0"case:00000001"'
BODY = {
    "id": "11111111-2222-4333-8444-555555555555",
    "type": "determination.approved.v1",
    "time": "2026-11-24T12:34:56.000007+09:00",
    "correlation": "99999999-2222-4333-8444-555555555555",
    "causation": None,
    "actor": "person:demo-head",
    "subject": "case:00000001",
    "traceparent": "00-a-b-01",
    "data": {"case_no": "00000001", "kinds": {"livelihood": 76880}},
}


def fact(**members: object) -> ReceivedFact:
    return ReceivedFact("case_management", "facts", 17, {**BODY, **members})


FACT = fact()


def commitments(leaf: bytes) -> dict[str, str]:
    by_field: dict[str, str] = json.loads(leaf)["commitments"]
    return by_field


def hmac_of(salt: bytes, message: bytes) -> str:
    return b64encode(hmac.new(salt, message, hashlib.sha256).digest()).decode()


def test_the_leaf_is_these_bytes_for_ever() -> None:
    leaf, _ = make_leaf(FACT, EPOCH, SALTS)
    details = b'details\0{"data":{"case_no":"00000001","kinds":{"livelihood":76880}},"traceparent":"00-a-b-01"}'
    assert leaf.decode() == (
        f'{{"causation":null,"commitments":{{"actor":"{hmac_of(SALTS[:32], ACTOR)}",'
        f'"details":"{hmac_of(SALTS[64:], details)}","subject":"{hmac_of(SALTS[32:64], SUBJECT)}"}},'
        '"correlation":"99999999-2222-4333-8444-555555555555","epoch":"5f0c",'
        '"id":"11111111-2222-4333-8444-555555555555","number":17,"producer":"case_management","stream":"facts",'
        '"time":"2026-11-24T03:34:56.000007Z","type":"determination.approved.v1","v":1}'
    )


def test_salt_and_value_open_each_commitment() -> None:
    leaf, openings = make_leaf(FACT, EPOCH, SALTS)
    assert [opening.field for opening in openings] == list(FIELDS)
    for opening in openings:
        assert commitment(opening.field, opening.salt, opening.value) == commitments(leaf)[opening.field]
    said = {opening.field: json.loads(opening.value) for opening in openings}
    assert said["actor"] == FACT.actor
    assert said["subject"] == FACT.subject
    assert said["details"] == {"data": FACT.data, "traceparent": FACT.traceparent}


def test_an_opening_fits_neither_another_value_nor_another_field_nor_another_salt() -> None:
    leaf, (actor, subject, _) = make_leaf(FACT, EPOCH, SALTS)
    assert commitment("actor", actor.salt, '"person:demo-treasurer"') != commitments(leaf)["actor"]
    assert commitment("actor", subject.salt, actor.value) != commitments(leaf)["actor"]
    assert commitment("subject", actor.salt, actor.value) != commitments(leaf)["actor"]


def test_the_same_person_is_not_recognised_from_leaf_to_leaf() -> None:
    first, second = make_leaf(FACT, EPOCH, SALTS)[0], make_leaf(FACT, EPOCH, SALTS[::-1])[0]
    for field in FIELDS:
        assert commitments(first)[field] != commitments(second)[field]


def test_the_leaf_shows_neither_actor_nor_case() -> None:
    leaf, _ = make_leaf(FACT, EPOCH, SALTS)
    assert b"demo-head" not in leaf
    assert b"00000001" not in leaf
    assert b"76880" not in leaf


def test_a_look_at_thousands_of_residents_makes_a_leaf_like_any_other() -> None:
    subjects = [f"case:{number:08}" for number in range(100_000)]
    look = fact(data={"what": "list", "subjects": subjects})
    assert len(make_leaf(look, EPOCH, SALTS)[0]) == len(make_leaf(FACT, EPOCH, SALTS)[0])


def test_a_leaf_too_long_for_a_bundle_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        make_leaf(fact(correlation="c" * 65_536), EPOCH, SALTS)


def test_a_leaf_needs_fresh_salt_for_every_field() -> None:
    with pytest.raises(ValueError, match="96 bytes"):
        make_leaf(FACT, EPOCH, SALTS[:64])


@given(st.datetimes(timezones=st.timezones()))
def test_the_instant_is_written_in_utc_to_the_microsecond(time: datetime) -> None:
    in_utc = time.astimezone(UTC)
    for instant in (time, in_utc):
        said = json.loads(make_leaf(fact(time=instant.isoformat()), EPOCH, SALTS)[0])["time"]
        assert said == in_utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"id": "11111111222243338444555555555555"}, "UUID"),
        ({"id": '","x":"'}, "UUID"),
        ({"time": "2026-11-24T12:34:56.000007"}, "zone"),
        ({"time": "2026-13-24T12:34:56.000007+00:00"}, "month"),
    ],
)
def test_a_fact_with_a_malformed_id_or_time_is_refused(members: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        make_leaf(fact(**members), EPOCH, SALTS)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), values, max_size=4), st.binary(min_size=SALTS_SIZE, max_size=SALTS_SIZE))
def test_whatever_a_fact_says_the_verifier_takes_its_leaf_as_canonical(data: dict[str, Any], salts: bytes) -> None:
    leaf, openings = make_leaf(fact(data=data), EPOCH, salts)
    assert read_entry(0, leaf)["commitments"] == commitments(leaf)
    assert json.loads(openings[2].value)["data"] == data
