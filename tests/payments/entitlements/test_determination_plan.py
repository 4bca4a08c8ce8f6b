"""What determinations change is planned without a database: whatever comes, each person's need is paid by one case."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.domain.coverage import Cover, Covered, Key, resolve
from services.payments.domain.determinations import (
    CannotCount,
    CaseMonth,
    Determination,
    Entitlement,
    Plan,
    Standing,
    plan,
    unnamed,
)
from services.payments.domain.due import Due, order
from services.payments.domain.withdrawals import UnsentOrder, settle

MONTH = "2026-12"
CASES = {"00000001": "public_assistance", "00000002": "public_assistance", "00000021": "support_benefit"}
NEEDS = {"livelihood": 1, "housing": 2}
RUN = UUID(int=0)


class Register:
    """All that counts of a few cases, as the database keeps it."""

    def __init__(self) -> None:
        self.current: dict[CaseMonth, tuple[str, UUID]] = {}
        self.entitlements: dict[Key, Entitlement] = {}
        self.due: dict[Key, Due] = {}
        self.unsent: dict[Key, int] = {}

    def determination(self, case_no: str, number: int, kinds: Mapping[str, int], *covers: Cover) -> Determination:
        """The next determination of a case, which names the one that counts."""
        of_kind = {kind: tuple(one for one in covers if one.need == NEEDS[kind]) for kind in kinds}
        _, replaces = self.current.get((case_no, MONTH), ("", None))
        return Determination(UUID(int=number), case_no, MONTH, CASES[case_no], replaces, kinds, of_kind)

    def take(self, *determinations: Determination) -> Plan:
        """Plan them as one page, and keep what the plan says."""
        batch = {one.pair: one for one in determinations}
        current = {pair: self.current[pair] for pair in batch if pair in self.current}
        before_loss: dict[UUID, UUID | None] = dict.fromkeys(unnamed(batch, current))
        planned = plan(batch, Standing(current, before_loss, self.overlapping(batch), dict(self.due)))
        self.current |= {one.pair: (one.programme, one.determination_id) for one in determinations}
        self.entitlements = {key: one for key, one in self.entitlements.items() if one.pair not in batch}
        self.entitlements |= {one.key: one for one in planned.entitlements}
        self.keep_states(planned)
        for change in planned.changes:
            unsent = [UnsentOrder(RUN, RUN, "proposed", self.unsent.get(change.key, 0))]
            self.due[change.key], withdrawals = settle(change.before, change.entitled, unsent)
            self.unsent[change.key] = unsent[0].yen - sum(one.yen for one in withdrawals)
        return planned

    def keep_states(self, planned: Plan) -> None:
        """Hold and release what the plan says of other cases."""
        for one in planned.now_held:
            self.entitlements[one.key] = Entitlement(
                one.key, one.determination_id, one.programme, one.yen, "held", one.covers
            )
        for one in planned.released:
            self.entitlements[one.key] = Entitlement(
                one.key, one.determination_id, one.programme, one.yen, "entitled", one.covers
            )

    def overlapping(self, batch: Mapping[CaseMonth, Determination]) -> list[Entitlement]:
        """The simplest answer that is right: every entitlement of every other case."""
        return [one for one in self.entitlements.values() if one.pair not in batch]

    def order(self) -> None:
        """A run orders all that it may."""
        for key, due in self.due.items():
            after = order(due, due.entitled)
            self.unsent[key] = self.unsent.get(key, 0) + after.ordered - due.ordered
            self.due[key] = after

    def held(self) -> set[Key]:
        """The entitlements that nobody orders."""
        return {key for key, one in self.entitlements.items() if one.state == "held"}


days = st.tuples(st.integers(1, 31), st.integers(1, 31)).map(sorted)
covers = st.builds(
    lambda person, need, between: Cover(person, need, date(2026, 12, between[0]), date(2026, 12, between[1])),
    st.integers(1, 3),
    st.sampled_from(sorted(NEEDS.values())),
    days,
)
kinds = st.dictionaries(st.sampled_from(sorted(NEEDS)), st.integers(1, 200_000))
granted = st.tuples(st.sampled_from(sorted(CASES)), kinds, st.lists(covers, max_size=3))
Granted = tuple[str, dict[str, int], list[Cover]]


def taken(register: Register, grants: Sequence[Granted]) -> Iterator[Plan]:
    for number, (case_no, yen, of_whom) in enumerate(grants, 1):
        yield register.take(register.determination(case_no, number, yen, *of_whom))


def meet(one: Cover, other: Cover) -> bool:
    same = (one.person_no, one.need) == (other.person_no, other.need)
    return same and one.first <= other.last and other.first <= one.last


@given(st.lists(granted, max_size=8))
def test_nobody_is_entitled_twice_for_one_need_on_one_day(grants: list[Granted]) -> None:
    register = Register()
    for _ in taken(register, grants):
        standing = [one for one in register.entitlements.values() if one.state == "entitled"]
        for one in standing:
            others = [other for other in standing if other.key[0] != one.key[0]]
            assert not any(meet(mine, theirs) for other in others for mine in one.covers for theirs in other.covers)


@given(st.lists(granted, max_size=8))
def test_who_is_held_depends_on_what_counts_and_never_on_what_came_first(grants: list[Granted]) -> None:
    register = Register()
    for _ in taken(register, grants):
        counting = [Covered(one.key, one.programme, False, one.covers) for one in register.entitlements.values()]
        assert register.held() == set(resolve(counting))


@given(st.lists(st.one_of(granted, st.none()), max_size=10))
def test_what_is_due_is_what_counts_and_is_not_held(grants: list[Granted | None]) -> None:
    register = Register()
    for number, grant in enumerate(grants, 1):
        if grant is None:
            register.order()
            continue
        case_no, yen, of_whom = grant
        register.take(register.determination(case_no, number, yen, *of_whom))
        for key, due in register.due.items():
            one = register.entitlements.get(key)
            assert due.entitled == (one.yen if one and one.state == "entitled" else 0)
            assert due.holds
            assert due.overpaid == 0, "nothing was sent, so nothing can be overpaid"
        assert register.entitlements.keys() <= register.due.keys()


@given(st.lists(granted, min_size=2, max_size=3, unique_by=lambda grant: grant[0]))
def test_one_page_and_a_page_each_leave_the_same(grants: list[Granted]) -> None:
    together, apart = Register(), Register()
    together.take(*(together.determination(case, at, yen, *whom) for at, (case, yen, whom) in enumerate(grants, 1)))
    list(taken(apart, grants))
    assert together.held() == apart.held()
    assert together.due == apart.due


@given(granted)
def test_the_same_again_moves_no_yen(grant: Granted) -> None:
    register = Register()
    case_no, yen, whom = grant
    register.take(register.determination(case_no, 1, yen, *whom))
    assert not register.take(register.determination(case_no, 2, yen, *whom)).changes


def test_a_determination_that_replaces_what_does_not_count_is_refused() -> None:
    register = Register()
    register.take(register.determination("00000001", 1, {"livelihood": 70_000}))
    late = Determination(UUID(int=3), "00000001", MONTH, "public_assistance", UUID(int=2), {"livelihood": 1}, {})
    with pytest.raises(CannotCount, match="replaces-what-does-not-count"):
        register.take(late)


def test_a_first_determination_that_replaces_one_that_nobody_knows_is_refused() -> None:
    first = Determination(UUID(int=3), "00000001", MONTH, "public_assistance", UUID(int=2), {"livelihood": 1}, {})
    with pytest.raises(CannotCount, match="replaces-what-does-not-count"):
        Register().take(first)


def test_a_case_stays_with_the_programme_that_determined_it() -> None:
    register = Register()
    register.take(register.determination("00000001", 1, {"livelihood": 70_000}))
    other = Determination(UUID(int=2), "00000001", MONTH, "support_benefit", UUID(int=1), {"livelihood": 1}, {})
    with pytest.raises(CannotCount, match="case-of-another-programme"):
        register.take(other)


def test_a_producer_that_was_restored_names_what_counted_before_its_loss() -> None:
    counted, lost = UUID(int=1), UUID(int=2)
    case_no = "00000001"
    pair = (case_no, MONTH)
    again = Determination(UUID(int=3), case_no, MONTH, "public_assistance", counted, {"livelihood": 60_000}, {})
    standing = Standing({pair: ("public_assistance", lost)}, {lost: counted}, (), {})
    assert [one.yen for one in plan({pair: again}, standing).entitlements] == [60_000]
    with pytest.raises(CannotCount):
        plan({pair: again}, Standing({pair: ("public_assistance", lost)}, {lost: None}, (), {}))


def test_a_kind_that_is_granted_no_more_falls_to_nothing_and_its_order_is_taken_back() -> None:
    register = Register()
    register.take(register.determination("00000001", 1, {"livelihood": 70_000, "housing": 50_000}))
    register.order()
    planned = register.take(register.determination("00000001", 2, {"livelihood": 70_000}))
    (change,) = planned.changes
    assert (change.key[2], change.entitled, change.is_fall) == ("housing", 0, True)
    assert register.due[change.key] == Due()
