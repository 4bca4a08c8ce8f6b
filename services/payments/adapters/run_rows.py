"""Reading a run: its row, its lines with their payees, what its approval freezes."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Text, cast, select, text

from services.payments.adapters import tables
from services.payments.adapters.sealed import ACCOUNTS
from services.payments.domain.accounts import Account
from services.payments.domain.run import Line, State
from shared.service_kit.problems import Problem
from shared.service_kit.schema import chunks
from shared.service_kit.work import UnitOfWork

ACCOUNT_COLUMNS = (
    "bank_code",
    "bank_name",
    "branch_code",
    "branch_name",
    "account_type",
    "account_number",
    "holder",
)

_LINES = text("""
SELECT o.order_id, o.case_no, o.programme, o.kind, o.yen - coalesce(w.yen, 0) AS yen, a.*
FROM orders o
LEFT JOIN (SELECT order_id, sum(yen)::bigint AS yen FROM withdrawals GROUP BY order_id) w USING (order_id)
LEFT JOIN LATERAL (
  SELECT a.account_id, a.method, a.bank_code, a.bank_name, a.branch_code, a.branch_name, a.account_type,
         a.account_number, a.holder
  FROM payment_instructions p JOIN accounts a USING (account_id)
  WHERE p.case_no = o.case_no AND p.programme = o.programme AND p.kind IN (o.kind, '*') AND p.days @> :payment_date
  ORDER BY p.kind = '*', p.version DESC LIMIT 1
) a ON true
WHERE o.run_id = :run_id AND o.yen > coalesce(w.yen, 0)
ORDER BY o.case_no, o.programme, a.account_id, o.month, o.kind
""")


_READ_WHOLE = text("SET LOCAL cursor_tuple_fraction = 1")
PAYEES_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class PayeeLine:
    """A line of a run with the orders it pays and the account row behind it."""

    line: Line
    account_id: UUID | None
    orders: tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class WaitingRun:
    """A run with work of ours to be done, and the act behind it."""

    run_id: UUID
    correlation: str
    traceparent: str


def waiting_runs(work: UnitOfWork, job: str, which: ColumnElement[bool]) -> list[WaitingRun]:
    """The runs that a condition names, oldest first, without those whose ``job`` is under way or parked."""
    columns = tables.runs.c
    planned = select(chunks).where(
        chunks.c.job == job,
        chunks.c.job_id == cast(columns.run_id, Text),
        chunks.c.state.in_(("open", "parked")),
    )
    found = select(columns.run_id, columns.correlation, columns.traceparent).where(which, ~planned.exists())
    return [WaitingRun(*row) for row in work.session.execute(found.order_by(columns.opened_at))]


def locked_run(work: UnitOfWork, run_id: UUID, *states: State) -> Any:
    """The run's row, locked; its state has to be one of ``states``.

    Raises:
        Problem: not-found; wrong-state where the run stands elsewhere.
    """
    row = work.session.execute(
        select(tables.runs).where(tables.runs.c.run_id == run_id).with_for_update(),
    ).one_or_none()
    if row is None:
        raise Problem("not-found", field="run_id", detail="この支給処理はありません")
    if row.state not in states:
        raise Problem("wrong-state", field="state", detail="支給処理の状態が変わっています。画面を開き直してください")
    return row


def payee_lines(work: UnitOfWork, run: Any) -> Generator[PayeeLine]:
    """The run's lines as orders, withdrawals and payment instructions give them now, in the order of case numbers.

    They come from a cursor of the database, a few thousand at a time: an office of any size takes the same memory.
    """
    work.session.execute(_READ_WHOLE)
    asked = {"run_id": run.run_id, "payment_date": run.payment_date}
    with work.session.execute(_LINES, asked, execution_options={"yield_per": PAYEES_AT_ONCE}) as rows:
        grouped = groupby(rows, key=lambda row: (row.case_no, row.programme, row.account_id))
        while payees := [list(part) for _, part in islice(grouped, PAYEES_AT_ONCE)]:
            firsts = work.unseal(ACCOUNTS, [part[0]._mapping for part in payees])
            yield from map(_line, payees, firsts)


def account_of(row: Mapping[Any, Any]) -> Account:
    """The account of a row that is in the clear."""
    return Account(**{name: row[name] for name in ACCOUNT_COLUMNS})


def _line(rows: list[Any], clear: Mapping[Any, Any]) -> PayeeLine:
    first = rows[0]
    bank = first.method == "bank"
    account = account_of(clear) if bank else None
    line = Line(
        case_no=first.case_no,
        programme=first.programme,
        channel="bank" if bank else "cash",
        account=account,
        kinds=tuple((row.kind, row.yen) for row in rows),
    )
    return PayeeLine(line, first.account_id, tuple((row.order_id, row.yen) for row in rows))


def frozen(work: UnitOfWork, run_id: UUID, lines: Iterable[PayeeLine]) -> Iterator[PayeeLine]:
    """The same lines; of each that is passed on a transfer is made, with the account as it stands now."""
    coming = iter(lines)
    while part := list(islice(coming, PAYEES_AT_ONCE)):
        _freeze(work, run_id, part)
        yield from part


def _freeze(work: UnitOfWork, run_id: UUID, lines: Iterable[PayeeLine]) -> None:
    made = [(uuid4(), one) for one in lines]
    work.copy(
        tables.transfers,
        [
            (transfer_id, run_id, line.case_no, line.programme, line.channel, account_id, line.yen, "approved")
            for transfer_id, line, account_id in ((key, one.line, one.account_id) for key, one in made)
        ],
        ("transfer_id", "run_id", "case_no", "programme", "channel", "account_id", "yen", "state"),
    )
    work.copy(
        tables.transfer_orders,
        [(transfer_id, order_id, yen, True) for transfer_id, one in made for order_id, yen in one.orders],
        ("transfer_id", "order_id", "yen", "live"),
    )
