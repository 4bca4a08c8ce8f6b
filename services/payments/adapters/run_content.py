"""All that a run's approval names: its lines with their payees, and the office's own accounts that are debited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.payments.adapters.file_rows import KeptSender, senders_now
from services.payments.adapters.run_rows import PayeeLine, payee_lines
from services.payments.domain.run import Totals, totals
from shared.service_kit.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Content:
    """A run as orders, accounts and senders give it now, with totals and hash."""

    lines: Sequence[PayeeLine]
    senders: Mapping[str, KeptSender]
    totals: Totals

    @property
    def without_sender(self) -> list[str]:
        """Programmes that pay by bank, and have no account of the office to pay from."""
        return sorted(_by_bank(self.lines) - self.senders.keys())


def content_of(work: UnitOfWork, run: Any) -> Content:
    """What the run would pay if it were approved now."""
    lines = payee_lines(work, run)
    senders = senders_now(work, _by_bank(lines))
    accounts = {programme: one.sender for programme, one in senders.items()}
    found = totals(run.month, run.payment_date.isoformat(), accounts, (one.line for one in lines))
    return Content(lines, senders, found)


def _by_bank(lines: Sequence[PayeeLine]) -> set[str]:
    return {one.line.programme for one in lines if one.line.channel == "bank"}
