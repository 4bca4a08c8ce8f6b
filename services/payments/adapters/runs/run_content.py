"""All that a run's approval names: its lines with their payees, and the office's own accounts that are debited."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from services.payments.adapters.accounts.senders import KeptSender, sender_of, senders_now
from services.payments.adapters.runs.payees import (
    PayeeLine,
    freeze_stored,
    frozen,
    frozen_lines,
    payee_lines,
    pays_its_orders,
)
from services.payments.adapters.sealed import CONTENT
from services.payments.adapters.tables import orders, run_senders
from services.payments.domain.run import Line, Totals, mark_of, totals
from shared.service_kit.encryption.sealing import NotOpened
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Content:
    """Totals and hash of a run, the office's accounts under that hash, and programmes that lack one.

    Attributes:
        mark: SHA-256 (hex) of the rows that it was made of, as they are stored.
    """

    totals: Totals
    senders: Mapping[str, KeptSender]
    without_sender: Sequence[str]
    mark: str


class _OtherRows(Exception):
    """The stored rows are not those of the proposal, or nobody can tell."""


def content_of(work: UnitOfWork, run: Any, lines: Iterable[PayeeLine]) -> Content:
    """What the run would pay if it were approved now; its lines are opened and read once, as they come."""
    senders = _senders(work, run)
    accounts = {programme: kept.sender for programme, kept in senders.items()}
    by_bank: set[str] = set()
    marks = sha256()

    def seen() -> Iterator[Line]:
        for payee in lines:
            marks.update(payee.marks)
            if payee.line.channel == "bank":
                by_bank.add(payee.line.programme)
            yield payee.line

    day = run.payment_date.isoformat()
    sums = totals(run.month, day, accounts, seen())
    return Content(
        sums, senders, sorted(by_bank - senders.keys()), mark_of(run.month, day, accounts, marks.hexdigest())
    )


def sealed_mark(work: UnitOfWork, run: Any, content: Content) -> str:
    """The mark as a proposed run keeps it: bound to the run and its hash, made by nobody outside this service."""
    row = {"run_id": run.run_id, "sha256": content.totals.sha256, "content_mark": content.mark}
    return str(work.seal(CONTENT, [row])[0]["content_mark"])


def freeze_content(work: UnitOfWork, run: Any) -> Content:
    """Make the transfers of a proposed run; what is frozen is what the answer is the hash of.

    Where the stored rows are those that were opened and hashed for the proposal, the hash is that of the proposal and
    nothing is opened again: a question of seconds for the largest office. Where they are not, everything is opened and
    hashed anew; accounts that were only sealed under a new key have the same hash.

    Raises:
        NotOpened: a sealed value was altered or stands in another row.
    """
    try:
        with work.connection.begin_nested():
            return _freeze_proposed(work, run)
    except _OtherRows:
        return content_of(work, run, frozen(work, run.run_id, payee_lines(work, run)))


def is_as_approved(work: UnitOfWork, run: Any) -> bool:
    """True where the transfers of an approved run, opened and hashed anew, have the hash that was approved."""
    named = select(run_senders.c.programme).where(
        run_senders.c.run_id == run.run_id, run_senders.c.sha256 == run.sha256
    )
    senders = {programme: sender_of(work, run.run_id, programme) for programme in work.connection.scalars(named).all()}
    accounts = {programme: sender for programme, sender in senders.items() if sender}
    lines = (payee.line for payee in frozen_lines(work, run))
    try:
        hashed = totals(run.month, run.payment_date.isoformat(), accounts, lines)
    except NotOpened:
        return False
    return hashed.sha256 == run.sha256 and pays_its_orders(work, run)


def _freeze_proposed(work: UnitOfWork, run: Any) -> Content:
    senders = _senders(work, run)
    accounts = {programme: kept.sender for programme, kept in senders.items()}
    stored = freeze_stored(work, run)
    mark = mark_of(run.month, run.payment_date.isoformat(), accounts, stored.marks)
    if mark != _mark_of_proposal(work, run):
        raise _OtherRows
    sums = Totals(stored.orders, stored.yen, stored.bank_yen, stored.yen - stored.bank_yen, run.sha256)
    return Content(sums, senders, sorted(set(stored.by_bank) - senders.keys()), mark)


def _mark_of_proposal(work: UnitOfWork, run: Any) -> str | None:
    """The mark under which the run was proposed; None where it has none that this service made for this hash."""
    try:
        mark: str | None = work.unseal(CONTENT, [run._mapping])[0]["content_mark"]
    except NotOpened:
        return None
    return mark


def _senders(work: UnitOfWork, run: Any) -> Mapping[str, KeptSender]:
    programmes = work.connection.scalars(select(orders.c.programme).where(orders.c.run_id == run.run_id).distinct())
    return senders_now(work, set(programmes))
