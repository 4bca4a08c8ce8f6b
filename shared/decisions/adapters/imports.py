"""Imports (取込): validated rows wait for another person's approval, then become circumstances in one transaction."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import DateTime, insert, literal, select

from shared.contracts.assistance import Programme
from shared.contracts.facts import ImportApproved, ImportProposed
from shared.contracts.ward_files import HOUSEHOLDS_FILE, MEMBERS_FILE
from shared.decisions.adapters.circumstances import lock_circumstances
from shared.decisions.adapters.errors import told_as_problems
from shared.decisions.adapters.on_record import CASE_FACT, PERSON_FACT, OnRecord, on_record_of, waiting_on_record
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.adapters.views import ImportView
from shared.decisions.adapters.ward_csv import WardCase
from shared.decisions.domain.canonical import sha256_of
from shared.decisions.domain.circumstances import CHARGE
from shared.decisions.domain.two_people import Proposal, approve
from shared.service_kit.csv_import import MOST_FAULTS, Fault
from shared.service_kit.problems import Problem
from shared.service_kit.sealing import Sealed
from shared.service_kit.work import UnitOfWork

RULE_FACTS: Final = (CASE_FACT, PERSON_FACT, "income")
"""The facts of a ward's files that the rules need."""
CASE_FACTS: Final = (*RULE_FACTS, CHARGE)
"""The facts of a ward's files that become circumstances of cases and their members."""
SEALED_ROWS: Final = Sealed("import_rows", ("import_id", "row_no"), ("data",))
"""Rows with names: their whole data stand as one sealed text, the others' as an object."""
_COLUMNS: Final = ("case_no", "person_no", "fact", "valid_from", "valid_to", "data")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One fact that is to be recorded, with the days on which it holds."""

    case_no: str
    person_no: str | None
    fact: str
    valid_from: date | None
    valid_to: date | None
    data: dict[str, Any]


def case_rows(cases: Sequence[WardCase]) -> Iterator[ImportRow]:
    """The facts of cases and their members, in the order of the files.

    Who is in charge does not depend on the days on assistance: an ended case stays with its district.
    """
    for case in cases:
        period = case.valid_from, case.valid_to
        yield ImportRow(case.case_no, None, CASE_FACT, *period, case.facts[CASE_FACT])
        if case.facts[CHARGE]:
            yield ImportRow(case.case_no, None, CHARGE, None, None, case.facts[CHARGE])
        for member in case.members:
            for fact in RULE_FACTS[1:]:
                yield ImportRow(case.case_no, member.person_no, fact, *period, member.facts[fact])


def on_record(
    work: UnitOfWork, tables: DecisionTables, programme: Programme, cases: Sequence[WardCase]
) -> tuple[list[Fault], list[str]]:
    """Faults of what is on record already and in the caller's reach, and the records that they tell of.

    Nothing is said of a record out of reach, not even that it cannot be taken: an answer that differs would tell a
    stranger who is on assistance. Such a row waits like any other, and the second person is told.
    """
    known = on_record_of(work, tables, [one.case_no for one in cases], _persons(cases))
    seen = known.visible(work, tables, programme)
    faults = [
        Fault(HOUSEHOLDS_FILE, one.line, "case_no", "this household is on record already", "on_record")
        for one in cases
        if one.case_no in seen.cases
    ]
    faults += (
        Fault(MEMBERS_FILE, one.line, "person_no", "this person is on record already under this programme", "on_record")
        for case in cases
        for one in case.members
        if one.person_no in seen.persons
    )
    return faults, seen.subjects


def _persons(cases: Sequence[WardCase]) -> list[str]:
    return [member.person_no for one in cases for member in one.members]


def propose_import(
    work: UnitOfWork,
    tables: DecisionTables,
    files: Mapping[str, bytes],
    cases: Sequence[WardCase],
    rows: Sequence[ImportRow],
    sealed_fact: str = "",
) -> ImportView:
    """Keep validated rows until another person approves them by the hash in the answer; nothing is loaded.

    Args:
        sealed_fact: the fact whose rows name somebody, and are sealed.
    """
    import_id = uuid4()
    sha256 = sha256_of(_cells(row) for row in rows)
    work.session.execute(
        insert(tables.imports).values(
            import_id=import_id,
            proposer=work.actor,
            proposed_at=work.clock.now(),
            correlation=work.correlation,
            files={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
            households=len(cases),
            persons=len({member.person_no for one in cases for member in one.members}),
            rows=len(rows),
            sha256=sha256,
        ),
    )
    sealed = _sealed(work, import_id, rows, sealed_fact)
    work.copy(
        tables.import_rows,
        ((import_id, number, *_cells(row)[:-1], sealed.get(number, row.data)) for number, row in enumerate(rows)),
        ("import_id", "row_no", *_COLUMNS),
    )
    work.fact(ImportProposed(import_id=import_id, rows=len(rows), sha256=sha256), subject=f"import:{import_id}")
    return get_import(work, tables, import_id)


def _sealed(work: UnitOfWork, import_id: UUID, rows: Sequence[ImportRow], fact: str) -> dict[int, str]:
    """The sealed data of the rows that name somebody, by row number; made before COPY, which takes the connection."""
    told = [
        {"import_id": import_id, "row_no": number, "data": row.data}
        for number, row in enumerate(rows)
        if row.fact == fact
    ]
    return {row["row_no"]: json.dumps(row["data"]) for row in work.seal(SEALED_ROWS, told)}


def _cells(row: ImportRow) -> tuple[object, ...]:
    return row.case_no, row.person_no, row.fact, row.valid_from, row.valid_to, row.data


def approve_import(
    work: UnitOfWork, tables: DecisionTables, programme: Programme, import_id: UUID, named_sha256: str
) -> ImportView:
    """Approve the rows that ``named_sha256`` covers, hashed anew, and load the facts of cases, all or none.

    Raises:
        Problem: not-found; wrong-state where it is approved, or a household or person is on record; same-person;
            content-moved where the rows are not what the hash names.
    """
    lock_circumstances(work)
    recorded_at = work.clock.now()
    view = get_import(work, tables, import_id)
    if view.state != "proposed":
        raise Problem("wrong-state", field="state", detail="この取込は決裁が済んでいます")
    rows = waiting_rows(work, tables, import_id)
    with told_as_problems("content-moved"):
        approval = approve(
            Proposal(view.proposer, view.sha256),
            work.actor,
            named_sha256,
            sha256_of(_cells(row) for row in rows),
        )
    work.session.execute(
        insert(tables.import_approvals).values(
            import_id=import_id,
            proposer=approval.proposer,
            approver=approval.approver,
            approved_at=recorded_at,
            sha256=approval.sha256,
        ),
    )
    _load(work, tables, programme, import_id, recorded_at)
    work.fact(
        ImportApproved(
            import_id=import_id,
            rows=len(rows),
            sha256=approval.sha256,
            proposer=approval.proposer,
            approver=approval.approver,
        ),
        subject=f"import:{import_id}",
    )
    return get_import(work, tables, import_id)


def waiting_rows(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> list[ImportRow]:
    """The rows of an import as they stand in the database, in the order of the files."""
    table = tables.import_rows
    rows = work.session.execute(
        select(table).where(table.c.import_id == import_id).order_by(table.c.row_no),
    )
    return [_opened(work, row) for row in rows]


def _opened(work: UnitOfWork, row: Any) -> ImportRow:
    data = row.data
    if isinstance(data, str):
        data = json.loads(work.unseal(SEALED_ROWS, [row._mapping])[0]["data"])
    return ImportRow(row.case_no, row.person_no, row.fact, row.valid_from, row.valid_to, data)


def _already_known(seen: OnRecord) -> Problem:
    """The refusal names what the approver may see."""
    problem = Problem(
        "wrong-state",
        field="case_no",
        detail="この取込の世帯か世帯員は、すでに登録されています。起案者に確認してください",
        extra={"on_record": seen.subjects[:MOST_FAULTS]},
    )
    counts = {"on_record": len(seen.cases) + len(seen.persons)}
    problem.entry = ("import.refused.v1", {"counts": counts, "subjects": seen.subjects[:MOST_FAULTS]})
    return problem


def _load(
    work: UnitOfWork, tables: DecisionTables, programme: Programme, import_id: UUID, recorded_at: datetime
) -> None:
    waiting, cases, circumstances = tables.import_rows, tables.cases, tables.circumstances
    mine = waiting.c.import_id == import_id
    is_case = mine & (waiting.c.fact == CASE_FACT)
    known = waiting_on_record(work, tables, import_id)
    if known.cases or known.persons:
        raise _already_known(known.visible(work, tables, programme))
    at = literal(recorded_at, DateTime(timezone=True))
    work.session.execute(
        insert(cases).from_select(
            ["case_no", "import_id", "recorded_at"],
            select(waiting.c.case_no, waiting.c.import_id, at).where(is_case),
        ),
    )
    work.session.execute(
        insert(circumstances).from_select(
            [*_COLUMNS, "import_id", "recorded_at"],
            select(*(waiting.c[name] for name in _COLUMNS), waiting.c.import_id, at)
            .where(mine, waiting.c.fact.in_(CASE_FACTS))
            .order_by(waiting.c.row_no),
        ),
    )


def get_import(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> ImportView:
    """One import.

    Raises:
        Problem: not-found.
    """
    one, approval = tables.imports, tables.import_approvals
    row = work.session.execute(
        select(one, approval.c.approver)
        .outerjoin(approval, approval.c.import_id == one.c.import_id)
        .where(one.c.import_id == import_id),
    ).one_or_none()
    if row is None:
        raise Problem("not-found", field="import_id")
    return ImportView.model_validate({**row._mapping, "state": "approved" if row.approver else "proposed"})
