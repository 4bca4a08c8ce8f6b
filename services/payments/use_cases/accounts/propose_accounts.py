"""Hand in accounts (口座の登録): every fault in one go, nothing kept on a fault, nothing paid before approval."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from sys import intern
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select

from services.payments.adapters.accounts.account_files import ACCOUNTS, ACCOUNTS_FILE, BANK, SENDER_FILE, SENDERS
from services.payments.adapters.accounts.banks import Banks
from services.payments.adapters.accounts.restrictions import barred_to
from services.payments.adapters.deciding_services.positions import Positions, refuse_unread
from services.payments.adapters.sealed import ACCOUNTS as ACCOUNTS_SEALED
from services.payments.adapters.sealed import SENDERS as SENDERS_SEALED
from services.payments.adapters.tables import account_imports, accounts, case_months, senders
from shared.approvals.canonical import sha256_of
from shared.contracts.facts.imports import ImportProposed
from shared.service_kit.csv_files import Column, Fault, Faults, Row, Sheet
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import UnitOfWork

ROWS_AT_A_TIME: Final = 5000


class Payee(NamedTuple):
    """How one household is paid, as it is kept."""

    case_no: str
    programme: str
    method: str
    bank_code: str | None
    branch_code: str | None
    account_type: str | None
    account_number: str | None
    bank_name: str | None
    branch_name: str | None
    holder: str | None
    reason_no_account: str | None
    line: int

    def columns(self) -> dict[str, Any]:
        """As it is kept and hashed: without its line in the file."""
        return {name: value for name, value in self._asdict().items() if name != "line"}


@dataclass(slots=True)
class ReadAccounts:
    """The two files as read, before anything is asked of the database."""

    faults: Faults = field(default_factory=Faults)
    payees: list[Payee] = field(default_factory=list)
    offices: list[dict[str, Any]] = field(default_factory=list)


def read_accounts(runtime: Runtime, files: Mapping[str, bytes]) -> ReadAccounts:
    """Read ``accounts.csv`` and, where handed in, ``sender.csv``.

    Raises:
        Problem: import-faults where there are too many to read on.
    """
    return read_account_files(files, runtime.clock.today(), Faults())


def read_account_files(files: Mapping[str, bytes], day: date, faults: Faults) -> ReadAccounts:
    """Read the two files with the banks that there are on a day; what is wrong is added to the faults."""
    read, banks = ReadAccounts(faults), Banks(day)
    read.payees = sorted(_payees(files.get(ACCOUNTS_FILE, b""), banks, faults))
    if SENDER_FILE in files:
        read.offices = sorted(_offices(files[SENDER_FILE], banks, faults), key=lambda row: str(row["programme"]))
    known = (ACCOUNTS_FILE, SENDER_FILE)
    faults.add(*(Fault(name, 1, "", "no file of this name is known") for name in files if name not in known))
    return read


def propose_accounts(work: UnitOfWork, read: ReadAccounts, positions: Positions) -> UUID:
    """Keep what was read for another person to approve.

    Args:
        positions: how far the deciding services had published just now: faults say nothing of who is barred since.

    Raises:
        Problem: import-faults with file, line and column of every fault; unavailable where that is not read yet.
    """
    refuse_unread(work, positions)
    read.faults.refuse()
    faults = Faults(_without_sender(work, read))
    faults.add(*_of_the_other_programme(work, read))
    faults.refuse()
    return keep_accounts(work, read)


def keep_accounts(work: UnitOfWork, read: ReadAccounts, remainder_of: UUID | None = None) -> UUID:
    """Write what was read, to be approved by its hash, and publish it.

    Args:
        remainder_of: the import whose left out accounts these are.
    """
    import_id = uuid4()
    known = work.connection.execute(select(func.coalesce(func.max(account_imports.c.version), 0))).scalar_one()
    sha256 = sha256_of(chain((payee.columns() for payee in read.payees), read.offices))
    work.connection.execute(
        insert(account_imports).values(
            import_id=import_id,
            state="proposed",
            sha256=sha256,
            rows=len(read.payees),
            proposer=work.actor,
            proposed_at=work.clock.now(),
            remainder_of=remainder_of,
            known_version=known,
        ),
    )
    _keep(work, import_id, read)
    work.fact(ImportProposed(import_id=import_id, rows=len(read.payees), sha256=sha256), subject=f"import:{import_id}")
    return import_id


def _keep(work: UnitOfWork, import_id: UUID, read: ReadAccounts) -> None:
    payees_left = iter(read.payees)
    while payees := list(islice(payees_left, ROWS_AT_A_TIME)):
        named = [{"account_id": uuid4(), "import_id": import_id, **payee.columns()} for payee in payees]
        kept = work.seal(ACCOUNTS_SEALED, named)
        work.copy(accounts, (tuple(row.values()) for row in kept), tuple(kept[0]))
    if read.offices:
        rows = work.seal(SENDERS_SEALED, [{"import_id": import_id, **row} for row in read.offices])
        work.connection.execute(insert(senders), rows)


def _payees(data: bytes, banks: Banks, faults: Faults) -> Iterator[Payee]:
    for row in _once(ACCOUNTS_FILE, data, ACCOUNTS, "case_no", faults):
        line_faults = [*_payee_faults(row), *_bank_faults(ACCOUNTS_FILE, row, banks)]
        faults.add(*line_faults)
        if not line_faults:
            yield _payee(row, banks)


def _offices(data: bytes, banks: Banks, faults: Faults) -> Iterator[dict[str, Any]]:
    for row in _once(SENDER_FILE, data, SENDERS, "programme", faults):
        line_faults = list(_bank_faults(SENDER_FILE, row, banks))
        faults.add(*line_faults)
        if not line_faults:
            yield {**row.values, **_names(row.values, banks)}


def _once(file: str, data: bytes, columns: Sequence[Column], key: str, faults: Faults) -> Iterator[Row]:
    """The sound lines of a file; a second line of the same key is a fault."""
    lines: dict[object, int] = {}
    for row in Sheet(file, data, columns, faults).rows():
        line = lines.setdefault(intern(str(row.values[key])), row.line)
        if line == row.line:
            yield row
        else:
            faults.add(Fault(file, row.line, key, f"stands on line {line} already", "unfit"))


def _payee_faults(row: Row) -> Iterator[Fault]:
    def fault(name: str, problem: str) -> Fault:
        return Fault(ACCOUNTS_FILE, row.line, name, problem, "unfit")

    bank = row.values["method"] == "bank"
    for name in (*BANK, "holder_kana"):
        if bank and row.values[name] is None:
            yield fault(name, "empty; paying into an account needs it")
        if not bank and row.values[name] is not None:
            yield fault(name, "has a value although the payee is paid in cash")
    if not bank and row.values["reason_no_account"] is None:
        yield fault("reason_no_account", "empty; say why no account is paid into")


def _bank_faults(file: str, row: Row, banks: Banks) -> Iterator[Fault]:
    bank, branch = row.values["bank_code"], row.values["branch_code"]
    if bank is None or branch is None:
        return
    try:
        banks.names_of(str(bank), str(branch))
    except LookupError as error:
        part = str(error.args[0])
        yield Fault(file, row.line, f"{part}_code", f"there is no such {part}", "bank")


def _without_sender(work: UnitOfWork, read: ReadAccounts) -> Iterator[Fault]:
    approved = select(senders.c.programme).join(account_imports).where(account_imports.c.state == "approved")
    return without_sender(read, set(work.connection.execute(approved.distinct()).scalars()))


def without_sender(read: ReadAccounts, on_record: Collection[str]) -> Iterator[Fault]:
    """Each programme of which accounts are paid into while no account of the office is known.

    Args:
        on_record: the programmes of which one is on record.
    """
    known = {*on_record, *(row["programme"] for row in read.offices)}
    needed = {payee.programme for payee in read.payees if payee.method == "bank"}
    for programme in sorted(needed - known):
        yield Fault(SENDER_FILE, 1, "programme", f"the office's own account for {programme} is missing", "sender")


def _of_the_other_programme(work: UnitOfWork, read: ReadAccounts) -> Iterator[Fault]:
    """An account under the wrong programme is paid into by nobody, and its case goes to the cash desk.

    Nothing is said of a case that is barred to the proposer: it stays out, and another pair decides it.
    """
    barred = barred_to(work, {work.actor})
    known = select(case_months.c.case_no, case_months.c.programme).distinct()
    programmes: dict[str, set[str]] = {}
    for row in work.connection.execute(known):
        programmes.setdefault(row.case_no, set()).add(row.programme)
    for payee in read.payees:
        if payee.case_no in barred:
            continue
        if payee.programme not in programmes.get(payee.case_no, (payee.programme,)):
            problem = "this case was determined under the other programme"
            yield Fault(ACCOUNTS_FILE, payee.line, "programme", problem, "unfit")


def _payee(row: Row, banks: Banks) -> Payee:
    values: dict[str, Any] = row.values
    names = ("programme", "method", *BANK[:3])
    shared: dict[str, Any] = {name: intern(values[name]) if values[name] else None for name in names}
    return Payee(
        case_no=intern(values["case_no"]),
        account_number=values["account_number"],
        holder=values["holder_kana"],
        reason_no_account=values["reason_no_account"],
        line=row.line,
        **shared,
        **_names(values, banks),
    )


def _names(values: Mapping[str, Any], banks: Banks) -> dict[str, Any]:
    if values["bank_code"] is None:
        return {"bank_name": None, "branch_name": None}
    bank, branch = banks.names_of(values["bank_code"], values["branch_code"])
    return {"bank_name": bank, "branch_name": branch}
