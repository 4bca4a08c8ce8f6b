"""Who a run pays: its lines with their payees, as they stand now, and the transfers that its approval makes of them."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import TextClause, text

from services.payments.adapters.accounts.banks import closed_branches
from services.payments.adapters.sealed import ACCOUNTS
from services.payments.adapters.tables import transfer_orders, transfers
from services.payments.domain.accounts import account_of
from services.payments.domain.run import Line
from shared.service_kit.unit_of_work import UnitOfWork

# The mark of a line is of all that it is made of, as it is stored: nothing of it changes without another mark.
_LINES: Final = """
SELECT l.*, sha256(convert_to(l::text, 'UTF8')) AS mark FROM (
  SELECT o.order_id, o.case_no, o.programme, o.month, o.kind, o.yen - coalesce(w.yen, 0) AS yen, a.*,
         CASE WHEN a.method = 'bank' AND a.bank_code || a.branch_code <> ALL (:closed) THEN 'bank' ELSE 'cash' END
         AS channel
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
) l
"""
_READ = text(_LINES + "ORDER BY case_no, programme, account_id, month, kind")
_FROZEN = text("""
SELECT o.order_id, t.case_no, t.programme, o.month, o.kind, p.yen, t.account_id, a.method, a.bank_code, a.bank_name,
       a.branch_code, a.branch_name, a.account_type, a.account_number, a.holder, t.channel, ''::bytea AS mark
FROM transfers t JOIN transfer_orders p USING (transfer_id) JOIN orders o USING (order_id)
LEFT JOIN accounts a ON a.account_id = t.account_id
WHERE t.run_id = :run_id AND t.state <> 'withdrawn' AND p.live
ORDER BY t.case_no, t.programme, t.account_id, o.month, o.kind
""")
_OTHER_YEN = text("""
SELECT count(*) FROM transfers t WHERE t.run_id = :run_id AND t.state <> 'withdrawn'
AND t.yen IS DISTINCT FROM (SELECT sum(p.yen) FROM transfer_orders p WHERE p.transfer_id = t.transfer_id AND p.live)
""")
_FREEZE: Final = """), lines AS MATERIALIZED (
  SELECT *, first_value(id) OVER (PARTITION BY case_no, programme, account_id ORDER BY month, kind) AS transfer_id
  FROM (SELECT *, gen_random_uuid() AS id FROM every) named
), made AS (
  INSERT INTO transfers (transfer_id, run_id, case_no, programme, channel, account_id, yen, state)
  SELECT transfer_id, :run_id, case_no, programme, channel, account_id, sum(yen), 'approved'
  FROM lines GROUP BY transfer_id, case_no, programme, channel, account_id ORDER BY case_no, programme, account_id
), paid AS (
  INSERT INTO transfer_orders (transfer_id, order_id, yen, live) SELECT transfer_id, order_id, yen, true FROM lines
)
SELECT encode(sha256(coalesce(
         string_agg(mark, ''::bytea ORDER BY case_no, programme, account_id, month, kind), ''
       )), 'hex') AS marks,
       count(*) AS orders, coalesce(sum(yen), 0)::bigint AS yen,
       coalesce(sum(yen) FILTER (WHERE channel = 'bank'), 0)::bigint AS bank_yen,
       coalesce(array_agg(DISTINCT programme) FILTER (WHERE channel = 'bank'), '{}') AS by_bank
FROM lines
"""
_FREEZE_ALL = text("WITH every AS (" + _LINES + _FREEZE)
_READ_WHOLE = text("SET LOCAL cursor_tuple_fraction = 1")
PAYEES_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class PayeeLine:
    """A line of a run with the orders it pays, the account row behind it, and the marks of its rows as stored.

    Attributes:
        account: ``bank`` is paid into; ``none`` is known; ``cash`` by instruction; ``closed``: the bank or branch of
            the account is none any more on the payment date, and nothing is paid into it.
    """

    line: Line
    account_id: UUID | None
    account: str
    orders: tuple[tuple[UUID, int], ...]
    marks: bytes


@dataclass(frozen=True, slots=True)
class StoredLines:
    """All lines of a run as they are stored: SHA-256 (hex) of their marks, whole yen, programmes paid by bank."""

    marks: str
    orders: int
    yen: int
    bank_yen: int
    by_bank: list[str]


def payee_lines(work: UnitOfWork, run: Any) -> Generator[PayeeLine]:
    """The run's lines as orders, withdrawals and payment instructions give them now, in the order of case numbers.

    They come from a cursor of the database, a few thousand at a time: an office of any size takes the same memory.
    """
    yield from _lines(work, _READ, _asked(work, run))


def frozen_lines(work: UnitOfWork, run: Any) -> Generator[PayeeLine]:
    """The run's lines as its transfers have them, whose accounts the approval froze; they have no marks."""
    yield from _lines(work, _FROZEN, {"run_id": run.run_id})


def pays_its_orders(work: UnitOfWork, run: Any) -> bool:
    """True where each transfer of a run is of the yen of its orders."""
    return not work.connection.execute(_OTHER_YEN, {"run_id": run.run_id}).scalar_one()


def _lines(work: UnitOfWork, which: TextClause, asked: dict[str, Any]) -> Generator[PayeeLine]:
    work.connection.execute(_READ_WHOLE)
    with work.connection.execute(which, asked, execution_options={"yield_per": PAYEES_AT_ONCE}) as rows:
        grouped = groupby(rows, key=lambda row: (row.case_no, row.programme, row.account_id))
        while payees := [list(part) for _, part in islice(grouped, PAYEES_AT_ONCE)]:
            firsts = work.unseal(ACCOUNTS, [part[0]._mapping for part in payees])
            yield from map(_line, payees, firsts)


def _line(rows: list[Any], clear: Mapping[Any, Any]) -> PayeeLine:
    first = rows[0]
    bank = first.channel == "bank"
    line = Line(
        case_no=first.case_no,
        programme=first.programme,
        channel=first.channel,
        account=account_of(clear) if bank else None,
        kinds=tuple((row.kind, row.yen) for row in rows),
    )
    orders = tuple((row.order_id, row.yen) for row in rows)
    account = "bank" if bank else "closed" if first.method == "bank" else first.method or "none"
    return PayeeLine(line, first.account_id, account, orders, b"".join(bytes(row.mark) for row in rows))


def freeze_stored(work: UnitOfWork, run: Any) -> StoredLines:
    """Make the transfers of all lines of a run within the database, and say what they are made of.

    Nothing is opened: who finds the marks of the proposal again knows that the rows are those that were opened and
    hashed there.
    """
    return StoredLines(*work.connection.execute(_FREEZE_ALL, _asked(work, run)).one())


def _asked(work: UnitOfWork, run: Any) -> dict[str, Any]:
    closed = [bank + branch for bank, branch in closed_branches(work, run.payment_date)]
    return {"run_id": run.run_id, "payment_date": run.payment_date, "closed": closed}


def frozen(work: UnitOfWork, run_id: UUID, lines: Iterable[PayeeLine]) -> Iterator[PayeeLine]:
    """The same lines; of each that is passed on a transfer is made, with the account as it stands now."""
    coming = iter(lines)
    while part := list(islice(coming, PAYEES_AT_ONCE)):
        _freeze(work, run_id, part)
        yield from part


def _freeze(work: UnitOfWork, run_id: UUID, lines: Iterable[PayeeLine]) -> None:
    made = [(uuid4(), payee) for payee in lines]
    work.copy(
        transfers,
        [
            (transfer_id, run_id, line.case_no, line.programme, line.channel, account_id, line.yen, "approved")
            for transfer_id, line, account_id in ((key, payee.line, payee.account_id) for key, payee in made)
        ],
        ("transfer_id", "run_id", "case_no", "programme", "channel", "account_id", "yen", "state"),
    )
    work.copy(
        transfer_orders,
        [(transfer_id, order_id, yen, True) for transfer_id, payee in made for order_id, yen in payee.orders],
        ("transfer_id", "order_id", "yen", "live"),
    )
