"""What an act comes to, case by case; which restrictions hold on a day; when a month lies far off the one before."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from typing import Any, cast
from uuid import UUID

import pytest

from shared.decisions.domain.determination import (
    Cover,
    Draft,
    Line,
    Refused,
    brought_to_zero,
    collective_sha256,
    covered,
    rows_sha256,
)
from shared.decisions.domain.law import Law
from shared.decisions.domain.outcome import Decided, Outcome, outcome_of
from shared.decisions.domain.outlier import outlies
from shared.decisions.domain.restrictions import Restriction, holding

MONTH = "2026-12"
BEFORE = UUID(int=1)


def draft_of(case_no: str, yen: int) -> Draft:
    line = Line("livelihood.class1", None, yen, "別表第1", {}, "confirmed")
    return Draft(case_no, MONTH, "2026-10-01#abc", {"livelihood": yen}, [line], [])


def held(yen: int, sha256: str = "another", *kinds: str) -> Decided:
    return Decided(BEFORE, sha256, dict.fromkeys(kinds or ("livelihood",), yen), yen, "2026-04-01#old")


def act(holds: dict[str, Decided], *, barred: Sequence[str] = (), **yen: int | None) -> Outcome:
    """The outcome of a month in which each case is granted its yen, or refused where that is None."""

    def assess(records: Sequence[dict[str, Any]], month: str) -> list[Draft | Refused]:
        assert month == MONTH
        granted = {record["id"]: yen[record["id"]] for record in records}
        return [
            Refused(case_no, "household", "rent", "") if of_case is None else draft_of(case_no, of_case)
            for case_no, of_case in granted.items()
        ]

    return outcome_of([{"id": case_no} for case_no in yen], holds, barred, MONTH, assess)


def test_a_case_without_a_determination_is_proposed_and_replaces_none() -> None:
    outcome = act({}, c1=70_000, c2=50_000)
    assert [(proposal.draft.case_no, proposal.replaces) for proposal in outcome.proposed] == [
        ("c1", None),
        ("c2", None),
    ]
    assert (outcome.on_assistance, outcome.yen, outcome.unchanged) == (2, 120_000, 0)
    assert outcome.proposed[0].sha256 == draft_of("c1", 70_000).sha256()


def test_equal_content_is_unchanged_and_any_other_replaces_what_holds_and_names_its_kinds() -> None:
    same = held(70_000, draft_of("c1", 70_000).sha256())
    outcome = act({"c1": same, "c2": held(1, "another", "housing"), "c3": same}, c1=70_000, c2=50_000, c3=70_001)
    assert (outcome.unchanged, outcome.unchanged_yen) == (1, 70_000)
    assert [
        (proposal.draft.case_no, proposal.replaces, dict(proposal.draft.kinds)) for proposal in outcome.proposed
    ] == [
        ("c2", BEFORE, {"housing": 0, "livelihood": 50_000}),
        ("c3", BEFORE, {"livelihood": 70_001}),
    ]


def test_two_unchanged_cases_are_counted_with_the_yen_of_both() -> None:
    holds = {case_no: held(yen, draft_of(case_no, yen).sha256()) for case_no, yen in (("c1", 3), ("c2", 4))}
    outcome = act(holds, c1=3, c2=4)
    assert (outcome.unchanged, outcome.unchanged_yen, outcome.proposed) == (2, 7, [])


def test_who_is_on_assistance_no_more_is_brought_to_zero_unless_nothing_was_in_force() -> None:
    outcome = act({"c1": held(70_000, "another", "livelihood", "housing"), "c2": held(0)}, c3=1)
    assert (outcome.on_assistance, outcome.ended) == (1, 1)
    ended = outcome.proposed[-1]
    assert (ended.draft.case_no, ended.draft.yen, ended.replaces) == ("c1", 0, BEFORE)
    assert dict(ended.draft.kinds) == {"livelihood": 0, "housing": 0}
    assert (ended.draft.standards, ended.draft.covers) == ("2026-04-01#old", [])


def test_a_case_barred_to_the_proposer_is_left_out_or_left_in_force_and_never_assessed() -> None:
    outcome = act({"c2": held(5), "c4": held(6)}, barred=("c1", "c2"), c1=1, c3=2)
    assert (outcome.left_out, outcome.left_in_force, outcome.ended) == (["c1"], ["c2"], 1)
    assert [proposal.draft.case_no for proposal in outcome.proposed] == ["c3", "c4"]


def test_every_case_has_one_outcome() -> None:
    outcome = act({"c2": held(5), "c9": held(6)}, barred=("c4",), c1=1, c2=2, c3=None, c4=4)
    assert [refusal.case_no for refusal in outcome.refused] == ["c3"]
    parts = len(outcome.proposed) + outcome.unchanged + len(outcome.refused) + len(outcome.left_out)
    assert (outcome.on_assistance + outcome.ended, parts) == (5, 5)


def test_a_draft_names_the_persons_of_its_lines_and_covers() -> None:
    line = Line("livelihood.class1", "0000000001", 1, "別表第1", {}, "confirmed")
    alone = Line("housing", None, 0, "別表第3", {}, "confirmed")
    draft = Draft("c1", MONTH, "s", {"livelihood": 1}, [line, alone], [Cover("0000000002", "livelihood", "a", "b")])
    assert draft.persons == {"0000000001", "0000000002"}
    assert draft.covers[0].as_fact() == {"person_no": "0000000002", "need": "livelihood", "from": "a", "to": "b"}


def test_a_collective_hash_depends_on_the_act_and_each_row_and_not_on_their_order() -> None:
    rows = [covered("c1", "s", "h1", None), covered("c2", "s", "h2", BEFORE), covered("c3", "s", "h3", None)]
    assert rows[1] == ("c2", "s", "h2", str(BEFORE))
    assert rows[0][3] is None
    assert {collective_sha256("act 1", order) for order in permutations(rows)} == {collective_sha256("act 1", rows)}
    assert {rows_sha256(order) for order in permutations(rows)} == {rows_sha256(rows)}
    hashes = {collective_sha256(name, some) for name in ("act 1", "act 2") for some in (rows, rows[:2], [])}
    assert len(hashes | {rows_sha256(rows), rows_sha256(rows[:2]), rows_sha256([])}) == 9


def test_an_ended_case_is_decided_by_one_line_of_nothing() -> None:
    draft = brought_to_zero("c1", MONTH, "s", ["livelihood"])
    assert [(line.kind, line.member, line.yen) for line in draft.lines] == [("not_on_assistance", None, 0)]
    assert (draft.yen, draft.covers, draft.persons) == (0, [], set())


def restriction(number: int, first: int, last: int | None = None, lifts: int = 0) -> Restriction:
    days = date(2026, 12, first), date(2026, 12, last) if last else None
    return Restriction(UUID(int=number), "c1", "shielded", None, *days, UUID(int=lifts) if lifts else None)


@pytest.mark.parametrize(
    ("day", "holds"),
    [(1, [3]), (2, [3]), (3, [1, 3]), (5, [1, 3]), (6, [1, 2, 3]), (7, [1, 2]), (8, [1, 2]), (9, [2]), (10, [2])],
)
def test_a_restriction_holds_from_its_first_day_to_its_last_and_until_it_is_lifted(day: int, holds: list[int]) -> None:
    approved = [restriction(1, 3, 8), restriction(2, 6), restriction(3, 1), restriction(4, 7, None, 3)]
    for order in permutations(approved):
        numbers = sorted(restriction_.restriction_id.int for restriction_ in holding(order, date(2026, 12, day)))
        assert numbers == holds


def test_an_approval_names_all_of_a_restriction() -> None:
    row = restriction(1, 3, 8, 2).canonical_row()
    assert row == (str(UUID(int=1)), "c1", "shielded", None, date(2026, 12, 3), date(2026, 12, 8), str(UUID(int=2)))
    assert restriction(1, 3).canonical_row()[5:] == (None, None)


@pytest.mark.parametrize(
    ("yen", "cases", "last_yen", "last_cases", "far"),
    [
        (120, 10, 100, 10, False),
        (121, 10, 100, 10, True),
        (80, 10, 100, 10, False),
        (79, 10, 100, 10, True),
        (100, 12, 100, 10, False),
        (100, 13, 100, 10, True),
        (100, 7, 100, 10, True),
        (100, 10, 0, 0, False),
        (0, 0, 100, 10, True),
    ],
)
def test_more_than_a_fifth_off_the_month_before_in_yen_or_cases_is_far(
    yen: int, cases: int, last_yen: int, last_cases: int, far: bool
) -> None:
    assert outlies(yen, cases, last_yen, last_cases) is far


def test_one_kind_below_zero_is_refused_though_the_others_make_up_for_it() -> None:
    lines = [Line("livelihood.class1", None, 70, "別表第1", {}, "confirmed")]
    with pytest.raises(ValueError, match="below zero"):
        Draft("c1", MONTH, "s", {"livelihood": 80, "housing": -10}, lines, [])


def test_a_law_reaches_as_far_as_the_figures_of_its_rules() -> None:
    class Figures:
        def reaches(self, month: str) -> bool:
            return month <= MONTH

    law = Law(cast(Any, Figures()), lambda record: ())
    assert [law.reaches(month) for month in ("2026-12", "2027-01")] == [True, False]
