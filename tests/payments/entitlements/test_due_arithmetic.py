"""What is due: whatever comes, no more is ordered than may be, and nothing that is owed is forgotten."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.payments.domain.due import Due, after_determination, order, yen_to_order

yen = st.integers(0, 300_000)


def test_a_rise_after_a_sent_overpayment_first_eats_it() -> None:
    due = order(Due(entitled=100_000), 100_000)
    due = after_determination(due, 60_000, unsent=0).due
    assert due == Due(60_000, 100_000, 40_000, 0)
    due = after_determination(due, 90_000, unsent=0).due
    assert (due.overpaid, yen_to_order(due, 90_000)) == (10_000, 0)
    due = after_determination(due, 120_000, unsent=0).due
    assert (due.overpaid, yen_to_order(due, 120_000)) == (0, 20_000)


def test_a_claim_takes_the_overpayment_over_and_the_rise_is_paid() -> None:
    due = Due(entitled=60_000, ordered=100_000, overpaid=0, claimed=40_000)
    assert due.holds
    assert yen_to_order(after_determination(due, 80_000, unsent=0).due, 80_000) == 20_000


def test_a_fall_before_sending_takes_the_order_back() -> None:
    change = after_determination(order(Due(entitled=100_000), 100_000), 70_000, unsent=100_000)
    assert (change.withdrawn, change.due) == (30_000, Due(70_000, 70_000, 0, 0))


@given(st.lists(yen, min_size=1, max_size=8))
def test_runs_over_a_rising_entitlement_add_up_to_it(granted: list[int]) -> None:
    due = Due()
    for entitled in sorted(granted):
        due = order(after_determination(due, entitled, unsent=0).due, entitled)
        assert due.ordered == entitled


class OneCase(RuleBasedStateMachine):
    """Determinations, two runs with their own cut-offs, and hand-overs in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.due = Due()
        self.snapshots: list[int] = []
        self.unsent = self.sent = 0

    @rule(entitled=yen)
    def determine(self, entitled: int) -> None:
        change = after_determination(self.due, entitled, self.unsent)
        self.due, self.unsent = change.due, self.unsent - change.withdrawn

    @rule()
    def cut_off(self) -> None:
        self.snapshots.append(self.due.entitled)

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data())
    def order_in_a_run(self, data: st.DataObject) -> None:
        snapshot = self.snapshots.pop(data.draw(st.integers(0, len(self.snapshots) - 1)))
        before = self.due.ordered
        self.due = order(self.due, snapshot)
        self.unsent += self.due.ordered - before

    @rule()
    def hand_over(self) -> None:
        self.sent, self.unsent = self.sent + self.unsent, 0

    @rule()
    def decide_a_claim(self) -> None:
        due = self.due
        self.due = Due(due.entitled, due.ordered, 0, due.claimed + due.overpaid)

    @invariant()
    def no_more_is_ordered_than_may_be(self) -> None:
        assert self.due.holds
        assert self.due.ordered == self.sent + self.unsent
        assert self.due.ordered - self.due.claimed <= self.due.entitled + self.due.overpaid

    @invariant()
    def what_is_overpaid_was_sent(self) -> None:
        assert self.due.overpaid + self.due.claimed <= self.sent

    @invariant()
    def nothing_is_owed_twice_nor_forgotten(self) -> None:
        after = order(self.due, self.due.entitled)
        assert after.ordered - after.claimed >= after.entitled
        assert order(after, after.entitled) == after


TestOneCase = OneCase.TestCase
