"""A payment run (支給): its states, and the canonical rows that its approval names."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, get_args

from services.payments.domain.accounts import Account, Sender
from shared.approvals.canonical import sha256_of
from shared.contracts.codes import RunState
from shared.money_and_time import first_day

STATES: Final[tuple[RunState, ...]] = get_args(RunState)

TRANSITIONS: Final[Mapping[RunState, frozenset[RunState]]] = {
    "opened": frozenset({"ordering", "withdrawn"}),
    "ordering": frozenset({"ordering", "proposed", "withdrawn"}),
    "proposed": frozenset({"ordering", "approved", "withdrawn"}),
    "approved": frozenset({"ordering", "accepted", "withdrawn"}),
    "accepted": frozenset({"files_made"}),
    "files_made": frozenset(),
    "withdrawn": frozenset(),
}
"""Where a run may go from each state; back to ``ordering`` where an order was withdrawn or an account was decided."""

UNSENT: Final[frozenset[RunState]] = frozenset({"opened", "ordering", "proposed", "approved"})
"""States in which an order can still be withdrawn; with the treasurer's acceptance it counts as sent."""
WITHDRAWABLE: Final[tuple[RunState, ...]] = tuple(state for state, after in TRANSITIONS.items() if "withdrawn" in after)
"""States in which the whole run can be taken back: nobody has accepted it; an approved one once it is overdue."""

OPEN: Final[frozenset[RunState]] = UNSENT | {"accepted"}
"""States in which a run still waits for somebody or is under way."""


def is_overdue(state: RunState, payment_date: date, today: date) -> bool:
    """True for a run that can be paid no more: its payment date has passed, and nobody has accepted it.

    A bank file names day and month without a year: one of a day that has passed would be paid a year late or never.
    """
    return state in UNSENT and payment_date < today


MONTHS_BACK: Final = 120
"""A run pays what a month up to ten years ago is still owed: claims of additional payment reach that far at most."""
MONTHS_AHEAD: Final = 12


def is_within_reach(month: str, today: date) -> bool:
    """True for a month that a run may pay: not one that somebody mistyped by a century."""
    first = first_day(month)
    ahead = (first.year - today.year) * 12 + first.month - today.month
    return -MONTHS_BACK <= ahead <= MONTHS_AHEAD


@dataclass(frozen=True, slots=True)
class Line:
    """What one case gets in a run: yen by kind, and by which way to whom."""

    case_no: str
    programme: str
    channel: str
    account: Account | None
    kinds: tuple[tuple[str, int], ...]

    @property
    def yen(self) -> int:
        """Yen of all kinds."""
        return sum(yen for _, yen in self.kinds)


@dataclass(frozen=True, slots=True)
class Totals:
    """What an approval names: orders, yen by way of paying, and the SHA-256 of the canonical rows."""

    orders: int
    yen: int
    bank_yen: int
    cash_yen: int
    sha256: str


def totals(month: str, payment_date: str, senders: Mapping[str, Sender], lines: Iterable[Line]) -> Totals:
    """Totals and hash of a run whose lines come in the order of case numbers; they are read once and kept nowhere.

    The hash covers all that a bank file is made of: the day, the office's own account by programme, and each payee.

    Raises:
        ValueError: the lines come in another order.
    """
    orders, yen = 0, Counter[str]()

    def rows() -> Iterator[Sequence[object]]:
        nonlocal orders
        yield from _head(month, payment_date, senders)
        for line in _in_order(lines):
            orders += len(line.kinds)
            yen[line.channel] += line.yen
            yield _row(line)

    sha256 = sha256_of(rows())
    bank, cash = yen["bank"], yen["cash"]
    return Totals(orders=orders, yen=bank + cash, bank_yen=bank, cash_yen=cash, sha256=sha256)


def mark_of(month: str, payment_date: str, senders: Mapping[str, Sender], marks: str) -> str:
    """The SHA-256 (hex) of what a run was made of: that of its stored lines with all else that its hash covers."""
    return sha256_of([*_head(month, payment_date, senders), [marks]])


def _head(month: str, payment_date: str, senders: Mapping[str, Sender]) -> Iterator[Sequence[object]]:
    yield [month, payment_date]
    for programme, sender in sorted(senders.items()):
        yield [programme, sender.code, *_account(sender.account)]


def _in_order(lines: Iterable[Line]) -> Iterator[Line]:
    before = ""
    for case_no, of_case in groupby(lines, key=lambda line: line.case_no):
        if case_no < before:
            raise ValueError("the lines of a run come in the order of case numbers")
        before = case_no
        yield from sorted(of_case, key=lambda line: (line.channel, line.kinds))


def _row(line: Line) -> Sequence[object]:
    payee = _account(line.account) if line.account else []
    return [line.case_no, line.programme, line.channel, payee, [list(kind) for kind in sorted(line.kinds)]]


def _account(account: Account) -> list[str]:
    return [getattr(account, name) for name in Account.__dataclass_fields__]
