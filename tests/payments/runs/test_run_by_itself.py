"""A run without its database: its lines and their hash, the months and days it may pay, which orders it takes back."""

from datetime import date
from itertools import permutations
from uuid import UUID

import pytest

from services.payments.domain.accounts import Account, Sender, account_of
from services.payments.domain.due import Due
from services.payments.domain.population import Population, needs_determination, undetermined
from services.payments.domain.run import (
    OPEN,
    STATES,
    UNSENT,
    WITHDRAWABLE,
    Line,
    is_overdue,
    is_within_reach,
    mark_of,
    totals,
)
from services.payments.domain.withdrawals import UnsentOrder, Withdrawal, settle

PA, SB = "public_assistance", "support_benefit"
ROW = {
    "bank_code": "0001", "bank_name": "ﾀﾞｲｲﾁ", "branch_code": "002", "branch_name": "ﾎﾝﾃﾝ",
    "account_type": "1", "account_number": "0000003", "holder": "ｶｸｳ ﾀﾛｳ",
}  # fmt: skip
ACCOUNT = account_of({**ROW, "case_no": "00000001"})
SENDERS = {PA: Sender("9999999999", "ｶｺｳｸ ﾌｸｼ", ACCOUNT), SB: Sender("8888888888", "ｶｺｳｸ ｼｴﾝ", ACCOUNT)}
BANK = Line("00000001", PA, "bank", ACCOUNT, (("livelihood", 70_000), ("housing", 50_000)))
CASH = Line("00000002", PA, "cash", None, (("livelihood", 60_000),))
DAY = date(2026, 12, 3)


def hash_of(
    *lines: Line, month: str = "2026-12", day: str = "2026-12-03", senders: dict[str, Sender] | None = None
) -> str:
    return totals(month, day, senders or SENDERS, lines).sha256


def test_a_run_adds_up_its_orders_and_yen_by_way_of_paying() -> None:
    sums = totals("2026-12", "2026-12-03", SENDERS, [BANK, CASH])
    assert (sums.orders, sums.yen, sums.bank_yen, sums.cash_yen) == (3, 180_000, 120_000, 60_000)
    nothing = totals("2026-12", "2026-12-03", SENDERS, [])
    assert (nothing.orders, nothing.yen, nothing.bank_yen, nothing.cash_yen) == (0, 0, 0, 0)


def test_an_account_is_read_with_all_its_parts_and_nothing_else() -> None:
    assert Account(**ROW) == ACCOUNT


def test_whatever_a_bank_file_is_made_of_is_another_hash() -> None:
    other = account_of({**ROW, "account_number": "0000004"})
    variants = [
        hash_of(BANK, CASH),
        hash_of(BANK, CASH, month="2027-01"),
        hash_of(BANK, CASH, day="2026-12-04"),
        hash_of(BANK, CASH, senders={PA: SENDERS[PA]}),
        hash_of(BANK, CASH, senders={PA: Sender("9999999999", "ｶｺｳｸ ﾌｸｼ", other), SB: SENDERS[SB]}),
        hash_of(BANK),
        hash_of(Line("00000001", PA, "bank", other, BANK.kinds), CASH),
        hash_of(Line("00000001", SB, "bank", ACCOUNT, BANK.kinds), CASH),
        hash_of(Line("00000001", PA, "cash", None, BANK.kinds), CASH),
        hash_of(Line("00000001", PA, "bank", ACCOUNT, (("livelihood", 70_001), ("housing", 50_000))), CASH),
        hash_of(BANK, Line("00000003", PA, "cash", None, CASH.kinds)),
    ]
    assert len(set(variants)) == len(variants)


def test_the_hash_depends_on_no_order_of_kinds_senders_or_lines_of_one_case() -> None:
    turned = Line("00000001", PA, "bank", ACCOUNT, BANK.kinds[::-1])
    assert hash_of(turned, CASH, senders=dict(reversed(SENDERS.items()))) == hash_of(BANK, CASH)
    of_one_case = [BANK, Line("00000001", PA, "cash", None, (("education", 1_000),)),
                   Line("00000001", SB, "cash", None, (("care", 2_000),))]  # fmt: skip
    assert len({hash_of(*order, CASH) for order in permutations(of_one_case)}) == 1


def test_lines_out_of_the_order_of_case_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        hash_of(CASH, BANK)


def test_the_mark_of_a_run_is_another_for_each_part_of_it() -> None:
    marks = {
        mark_of("2026-12", "2026-12-03", SENDERS, "m"),
        mark_of("2027-01", "2026-12-03", SENDERS, "m"),
        mark_of("2026-12", "2026-12-04", SENDERS, "m"),
        mark_of("2026-12", "2026-12-03", {PA: SENDERS[PA]}, "m"),
        mark_of("2026-12", "2026-12-03", SENDERS, "n"),
    }
    assert len(marks) == 5


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_accepted_on_its_payment_date_is_overdue_the_day_after(state: str) -> None:
    unsent = state in {"opened", "ordering", "proposed", "approved"}
    assert [is_overdue(state, DAY, DAY.replace(day=day)) for day in (2, 3, 4)] == [False, False, unsent]  # type: ignore[arg-type]
    assert ((state in UNSENT), (state in WITHDRAWABLE)) == (unsent, unsent)
    assert (state in OPEN) == (unsent or state == "accepted")


@pytest.mark.parametrize(
    ("month", "within"),
    [
        ("2026-11", True), ("2026-12", True), ("2027-11", True), ("2027-12", False),
        ("2016-11", True), ("2016-10", False), ("2126-11", False), ("1926-11", False),
    ],
)  # fmt: skip
def test_a_run_pays_months_of_ten_years_back_and_one_ahead(month: str, within: bool) -> None:
    assert is_within_reach(month, date(2026, 11, 24)) is within


def population(programme: str, on: int, acts: int, unexplained: int = 0) -> Population:
    return Population(programme, on, on, acts, 0, 0, 0, unexplained, 0, 0)


@pytest.mark.parametrize(
    ("welfare", "support", "missing"),
    [
        ((10, 1, 0), (5, 1, 0), []),
        ((10, 1, 0), (0, 0, 0), []),
        ((10, 1, 0), (5, 0, 0), [SB]),
        ((0, 0, 0), (5, 1, 0), []),
        ((10, 0, 0), (5, 0, 0), [PA, SB]),
        ((0, 0, 0), (0, 0, 0), [PA, SB]),
        ((10, 2, 1), (5, 1, 0), [PA]),
        ((10, 1, 1), (5, 1, 1), [PA, SB]),
    ],
)
def test_a_month_is_determined_where_each_law_that_grants_has_an_act_that_explains_all(
    welfare: tuple[int, int, int], support: tuple[int, int, int], missing: list[str]
) -> None:
    assert undetermined(iter([population(PA, *welfare), population(SB, *support)])) == missing


def test_a_regular_run_needs_the_month_determined_and_an_extra_one_does_not() -> None:
    assert (needs_determination("regular"), needs_determination("extra")) == (True, False)


def test_a_fall_takes_back_unsent_orders_the_newest_first_and_the_rest_is_overpaid() -> None:
    newer, older = (UnsentOrder(UUID(int=n), UUID(int=9), "proposed", yen) for n, yen in ((1, 20_000), (2, 30_000)))
    before = Due(entitled=100_000, ordered=100_000)
    for entitled, taken, overpaid in (
        (100_000, [], 0),
        (99_999, [1], 0),
        (80_000, [20_000], 0),
        (79_999, [20_000, 1], 0),
        (50_000, [20_000, 30_000], 0),
        (40_000, [20_000, 30_000], 10_000),
    ):
        after, withdrawals = settle(before, entitled, [newer, older])
        assert [withdrawal.yen for withdrawal in withdrawals] == taken
        assert after == Due(entitled, 100_000 - sum(taken), overpaid)
        assert after.holds
    assert settle(before, 0, [newer])[1] == [Withdrawal(newer, 20_000)]


@pytest.mark.parametrize(
    ("due", "holds"),
    [
        (Due(), True),
        (Due(10, 10), True),
        (Due(10, 11), False),
        (Due(10, 12, 1, 1), True),
        (Due(10, 13, 1, 1), False),
        (Due(-1), False),
        (Due(2, -1), False),
        (Due(2, 0, -1), False),
        (Due(2, 0, 0, -1), False),
    ],
)
def test_no_more_is_ordered_than_is_entitled_overpaid_and_claimed(due: Due, holds: bool) -> None:
    assert due.holds is holds
