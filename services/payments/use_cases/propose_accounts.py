"""Hand in accounts (口座の登録): every fault in one go, nothing kept on a fault, nothing paid before approval."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from services.payments.adapters.banks import names_of
from services.payments.adapters.sealed import ACCOUNTS as ACCOUNTS_SEALED
from services.payments.adapters.sealed import SENDERS as SENDERS_SEALED
from services.payments.adapters.tables import account_imports, accounts, senders
from services.payments.domain.accounts import ACCOUNT_TYPES
from services.payments.domain.names import fold
from shared.contracts.assistance import PROGRAMMES
from shared.contracts.facts import ImportProposed
from shared.decisions.domain.canonical import sha256_of
from shared.service_kit.csv_import import Column, Fault, Row, choice, code, raise_faults, read_csv, text
from shared.service_kit.work import UnitOfWork

ACCOUNTS_FILE: Final = "accounts.csv"
SENDER_FILE: Final = "sender.csv"
_BANK = ("bank_code", "branch_code", "account_type", "account_number")


def _folded(cell: str) -> str:
    folded = fold(text(100)(cell))
    if not folded:
        raise ValueError("empty; a name is needed")
    return folded


ACCOUNTS: Final = (
    Column("case_no", code(8)),
    Column("programme", choice(*PROGRAMMES)),
    Column("method", choice("bank", "cash")),
    Column("bank_code", code(4), required=False),
    Column("branch_code", code(3), required=False),
    Column("account_type", choice(*ACCOUNT_TYPES), required=False),
    Column("account_number", code(7), required=False),
    Column("holder_kana", _folded, required=False),
    Column("reason_no_account", text(100), required=False),
)
SENDERS: Final = (
    Column("programme", choice(*PROGRAMMES)),
    Column("sender_code", code(10)),
    Column("sender_name", _folded),
    Column("bank_code", code(4)),
    Column("branch_code", code(3)),
    Column("account_type", choice(*ACCOUNT_TYPES)),
    Column("account_number", code(7)),
)


def propose_accounts(work: UnitOfWork, files: Mapping[str, bytes]) -> UUID:
    """Keep the rows of ``accounts.csv`` and, where handed in, ``sender.csv``, for another person to approve.

    Raises:
        Problem: import-faults with file, line and column of every fault.
    """
    payees, faults = read_csv(ACCOUNTS_FILE, files.get(ACCOUNTS_FILE, b""), ACCOUNTS)
    offices: list[Row] = []
    if SENDER_FILE in files:
        offices, office_faults = read_csv(SENDER_FILE, files[SENDER_FILE], SENDERS)
        faults += office_faults
    faults += [Fault(name, 1, "", "no file of this name is known") for name in files if name not in _known()]
    for row in payees:
        faults += _payee_faults(row)
    for row in offices:
        faults += _bank_faults(SENDER_FILE, row)
    faults += _repeated(ACCOUNTS_FILE, payees, ("case_no",)) + _repeated(SENDER_FILE, offices, ("programme",))
    if not faults:
        faults = list(_without_sender(work, payees, offices))
    raise_faults(sorted(faults, key=lambda fault: (fault.file, fault.line)))
    return _keep(work, payees, offices)


def _known() -> tuple[str, str]:
    return ACCOUNTS_FILE, SENDER_FILE


def _payee_faults(row: Row) -> Iterator[Fault]:
    bank = row.values["method"] == "bank"
    for name in (*_BANK, "holder_kana"):
        if bank and row.values[name] is None:
            yield Fault(ACCOUNTS_FILE, row.line, name, "empty; paying into an account needs it")
        if not bank and row.values[name] is not None:
            yield Fault(ACCOUNTS_FILE, row.line, name, "has a value although the payee is paid in cash")
    if not bank and row.values["reason_no_account"] is None:
        yield Fault(ACCOUNTS_FILE, row.line, "reason_no_account", "empty; say why no account is paid into")
    if bank:
        yield from _bank_faults(ACCOUNTS_FILE, row)


def _bank_faults(file: str, row: Row) -> Iterator[Fault]:
    bank, branch = row.values["bank_code"], row.values["branch_code"]
    if bank is None or branch is None:
        return
    try:
        names_of(str(bank), str(branch))
    except LookupError as error:
        part = str(error.args[0])
        yield Fault(file, row.line, f"{part}_code", f"there is no such {part}")


def _repeated(file: str, rows: Sequence[Row], names: Sequence[str]) -> list[Fault]:
    first: dict[tuple[object, ...], int] = {}
    found = []
    for row in rows:
        line = first.setdefault(tuple(row.values[name] for name in names), row.line)
        if line != row.line:
            found.append(Fault(file, row.line, names[0], f"stands on line {line} already"))
    return found


def _without_sender(work: UnitOfWork, payees: Sequence[Row], offices: Sequence[Row]) -> Iterator[Fault]:
    known = {row.values["programme"] for row in offices}
    approved = select(senders.c.programme).join(account_imports).where(account_imports.c.state == "approved")
    known |= set(work.session.execute(approved.distinct()).scalars())
    needed = {row.values["programme"] for row in payees if row.values["method"] == "bank"}
    for programme in sorted(str(one) for one in needed - known):
        yield Fault(SENDER_FILE, 1, "programme", f"the office's own account for {programme} is missing")


def _keep(work: UnitOfWork, payees: Sequence[Row], offices: Sequence[Row]) -> UUID:
    import_id = uuid4()
    payee_rows = [_payee(row) for row in sorted(payees, key=lambda row: str(row.values["case_no"]))]
    office_rows = [_office(row) for row in sorted(offices, key=lambda row: str(row.values["programme"]))]
    sha256 = sha256_of([*payee_rows, *office_rows])
    work.session.execute(
        insert(account_imports).values(
            import_id=import_id,
            state="proposed",
            sha256=sha256,
            rows=len(payee_rows),
            proposer=work.actor,
            proposed_at=work.clock.now(),
        ),
    )
    kept = work.seal(ACCOUNTS_SEALED, [{"account_id": uuid4(), "import_id": import_id, **row} for row in payee_rows])
    if kept:
        work.copy(accounts, [tuple(row.values()) for row in kept], tuple(kept[0]))
    if office_rows:
        rows = work.seal(SENDERS_SEALED, [{"import_id": import_id, **row} for row in office_rows])
        work.session.execute(insert(senders), rows)
    work.fact(ImportProposed(import_id=import_id, rows=len(payee_rows), sha256=sha256), subject=f"import:{import_id}")
    return import_id


def _payee(row: Row) -> dict[str, Any]:
    values = row.values
    plain = {name: values[name] for name in ("case_no", "programme", "method", *_BANK)}
    return {
        **plain,
        **_names(values),
        "holder": values["holder_kana"],
        "reason_no_account": values["reason_no_account"],
    }


def _office(row: Row) -> dict[str, Any]:
    return {**row.values, **_names(row.values)}


def _names(values: Mapping[str, object]) -> dict[str, str | None]:
    if values["bank_code"] is None:
        return {"bank_name": None, "branch_name": None}
    bank, branch = names_of(str(values["bank_code"]), str(values["branch_code"]))
    return {"bank_name": bank, "branch_name": branch}
