"""Codes of facts are declared values: none is a bare text, and none that was ever published is taken away."""

import ast
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from services.audit_logging.domain.review.unusual import WHY
from services.payments.adapters.deciding_services.populations import PRODUCERS
from shared.contracts import codes
from shared.contracts.facts import FACTS
from shared.contracts.retention import RETENTION
from shared.service_kit.csv_files import Fault
from shared.service_kit.streams.envelope import STREAMS
from tests.architecture.source import sources

NAMED_AS_CODES = {"format", "kind", "outcome", "programme", "reason", "rule", "standing", "state", "stream", "why"}
OF_ANOTHER_LIST = {("import.returned.v1", "reason"): "a problem type, which contracts/problems.py declares"}
PUBLISHED = {
    "AccountImportState": "proposed approved withdrawn",
    "ActReason": "monthly standard_revision winter year_end",
    "DeletionKind": "looks facts",
    "ExportFormat": "json csv",
    "FaultKind": "form unfit on_record rules bank sender",
    "GivenUp": "cases_missing",
    "KeptName": "looks facts events answers parked break_glass sessions backups case_records bank_files traces",
    "NotedStanding": "as_stored altered missing taken",
    "RefusalReason": "no_token too_long form kind signature claims issuer audience not_yet expired scope shielded"
    " barred case_management support_benefits emergencies",
    "RestrictionKind": "shielded barred",
    "ReviewOutcome": "justified ask_superior violation",
    "ReviewRule": "break_glass own_family shielded_refused shielded often_refused night closed_day many",
    "RunKind": "regular extra",
    "SessionEnd": "person new_login idle age provider provider_logout",
    "Stream": "facts looks",
    "TakenBack": "mistake facts_changed returned",
}
"""By type: the codes that this code base wrote since its first day. A log of many years has them: it only gets more."""


def declared(name: str) -> set[str]:
    return set(typing.get_args(getattr(codes, name)))


def is_bare(hint: Any) -> bool:
    """True for a text, or a list or mapping of texts, of which nothing says which it may be."""
    if typing.get_origin(hint) in (typing.Annotated, typing.Literal):
        return False
    return hint is str or any(map(is_bare, typing.get_args(hint)))


def bare_codes() -> Iterator[tuple[str, str]]:
    for fact in FACTS.values():
        hints = typing.get_type_hints(fact, include_extras=True)
        yield from ((fact.TYPE, name) for name, hint in hints.items() if name in NAMED_AS_CODES and is_bare(hint))


def test_no_code_of_a_fact_is_a_bare_text() -> None:
    assert set(bare_codes()) == set(OF_ANOTHER_LIST)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_fact_of_the_past_is_read_with_every_code_that_was_ever_written(name: str) -> None:
    assert set(PUBLISHED[name].split()) <= declared(name)


def test_what_is_kept_reviewed_and_published_is_declared_by_the_same_codes() -> None:
    assert declared("KeptName") == set(RETENTION)
    assert declared("ReviewRule") == set(WHY)
    assert declared("Stream") == set(STREAMS)


def texts(tree: ast.AST, *calls: str) -> Iterator[tuple[int, str]]:
    """The texts with which a function is called, each with its place."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in calls:
            for place, value in enumerate(node.args):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield place, value.value


def test_every_reason_of_a_refusal_is_declared_or_nobody_could_be_refused_for_it() -> None:
    (tokens,) = (source for source in sources() if source.path == "shared/service_kit/identity/access_tokens.py")
    said = {text for _, text in texts(tokens.tree, "RefusedTokenError", "cls")}
    assert {"no_token", "too_long", "kind", "expired", "claims"} <= said <= declared("RefusalReason")
    assert set(PRODUCERS) <= declared("RefusalReason")


def test_every_kind_of_fault_is_declared() -> None:
    calls = (call for source in sources() if source.path.startswith(("services/", "shared/"))
             for call in texts(source.tree, "Fault"))  # fmt: skip
    fifth = {text for place, text in calls if place == 4}
    assert {"unfit", "bank", "sender"} <= fifth | {Fault("", 0, "", "").kind} <= declared("FaultKind")
