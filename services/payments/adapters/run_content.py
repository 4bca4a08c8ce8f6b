"""All that a run's approval names: its lines with their payees, and the office's own accounts that are debited."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.payments.adapters.file_rows import KeptSender, senders_now
from services.payments.adapters.run_rows import PayeeLine
from services.payments.adapters.tables import orders
from services.payments.domain.run import Line, Totals, totals
from shared.service_kit.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Content:
    """Totals and hash of a run, the office's accounts under that hash, and programmes that lack one."""

    totals: Totals
    senders: Mapping[str, KeptSender]
    without_sender: Sequence[str]


def content_of(work: UnitOfWork, run: Any, lines: Iterable[PayeeLine]) -> Content:
    """What the run would pay if it were approved now; its lines are read once, as they come."""
    programmes = work.session.scalars(select(orders.c.programme).where(orders.c.run_id == run.run_id).distinct())
    senders = senders_now(work, set(programmes))
    accounts = {programme: one.sender for programme, one in senders.items()}
    by_bank: set[str] = set()

    def seen() -> Iterator[Line]:
        for one in lines:
            if one.line.channel == "bank":
                by_bank.add(one.line.programme)
            yield one.line

    found = totals(run.month, run.payment_date.isoformat(), accounts, seen())
    return Content(found, senders, sorted(by_bank - senders.keys()))
