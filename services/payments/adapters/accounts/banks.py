"""The bank master (全銀協の銀行・支店コード) of the zengin-code package, with dated changes that it lacks.

Changes are those of ``bank_changes.json`` beside this file, and the office's own (``KURASHI_PAYMENT_BANK_CHANGES``, a
file of the same form): banks and branches that closed or opened on a day. Branches close: names are copied into the
account when it is handed in, and an old record shows them for ever. Whether a bank and branch are still there is asked
again when an account is approved, and for the day on which it is to be paid into.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from sqlalchemy import text

from services.payments.adapters.office import OfficeSettings
from services.payments.domain.names import fold
from shared.service_kit.unit_of_work import UnitOfWork

# Each pair once, by skipping along the index: an account file of a whole ward is approved every few months.
_USED: Final = text("""
WITH RECURSIVE used AS (
  (SELECT bank_code, branch_code FROM accounts WHERE method = 'bank' ORDER BY bank_code, branch_code LIMIT 1)
  UNION ALL
  SELECT later.* FROM used u CROSS JOIN LATERAL (
    SELECT bank_code, branch_code FROM accounts
    WHERE method = 'bank' AND (bank_code, branch_code) > (u.bank_code, u.branch_code)
    ORDER BY bank_code, branch_code LIMIT 1
  ) later
)
SELECT bank_code, branch_code FROM used
""")
_OURS: Final = Path(__file__).with_name("bank_changes.json")


class BankChange(BaseModel):
    """A bank, or one branch of it, that closed or opened; opened branches name both in kana."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    bank_code: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    branch_code: Annotated[str, Field(pattern=r"^[0-9]{3}$")] | None = None
    closed_on: date | None = None
    opened_on: date | None = None
    bank_kana: str = ""
    branch_kana: str = ""
    source: str

    @model_validator(mode="after")
    def _whole(self) -> "BankChange":
        if not (self.closed_on or self.opened_on):
            raise ValueError("a change names the day on which it closed or opened")
        if self.opened_on and not (self.branch_code and self.bank_kana and self.branch_kana):
            raise ValueError("what opened has a branch and both names")
        return self


class Banks:
    """The banks and branches that there are on a day."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._changes = _changes(OfficeSettings().bank_changes)

    def names_of(self, bank_code: str, branch_code: str) -> tuple[str, str]:
        """Folded kana names of a bank and its branch.

        Raises:
            LookupError: there is no such bank (``"bank"``) or it has no such branch (``"branch"``) on the day.
        """
        own = self._changes.get((bank_code, branch_code), [])
        for part, changes in (("bank", self._changes.get((bank_code, None), [])), ("branch", own)):
            if any(change.closed_on and change.closed_on <= self._day for change in changes):
                raise LookupError(part)
        for change in own:
            if change.opened_on and change.opened_on <= self._day:
                return fold(change.bank_kana), fold(change.branch_kana)
        return _listed(bank_code, branch_code)


def closed_branches(work: UnitOfWork, day: date) -> list[tuple[str, str]]:
    """Bank and branch codes of accounts on record that name no bank or branch any more on a day."""
    return not_there((tuple(row) for row in work.connection.execute(_USED)), day)


def not_there(branches: Iterable[tuple[str, ...]], day: date) -> list[tuple[str, str]]:
    """Those of the bank and branch codes that are none on a day."""
    banks, closed = Banks(day), []
    for bank_code, branch_code in branches:
        try:
            banks.names_of(bank_code, branch_code)
        except LookupError:
            closed.append((bank_code, branch_code))
    return closed


@cache
def _listed(bank_code: str, branch_code: str) -> tuple[str, str]:
    from zengin_code import Bank

    bank = Bank.all.get(bank_code)
    if bank is None:
        raise LookupError("bank")
    branch = bank.branches.get(branch_code)
    if branch is None:
        raise LookupError("branch")
    return fold(bank.kana), fold(branch.kana)


@cache
def _changes(own: Path | None) -> dict[tuple[str, str | None], list[BankChange]]:
    changes: dict[tuple[str, str | None], list[BankChange]] = {}
    for path in (_OURS, own):
        if path is not None:
            for change in TypeAdapter(list[BankChange]).validate_json(path.read_bytes()):
                changes.setdefault((change.bank_code, change.branch_code), []).append(change)
    return changes
