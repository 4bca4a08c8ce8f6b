"""Loading an approved correction: each changed fact as a new one that names what it corrects (訂正の反映)."""

from uuid import UUID

from sqlalchemy import DateTime, Select, and_, insert, literal, select

from shared.decisions.adapters.circumstances import decidable
from shared.decisions.adapters.restrictions import barred_to
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.imports.rows import CASE_FACTS
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_COLUMNS = ("case_no", "person_no", "fact", "valid_from", "valid_to", "data")


def load_correction(
    work: UnitOfWork, tables: DecisionTables, import_id: UUID, known_number: int, approver: str
) -> None:
    """Record the rows of a correction that was compared with the circumstances up to ``known_number``.

    Raises what `refuse_what_moved` raises.
    """
    refuse_what_moved(work, tables, import_id, known_number, approver)
    waiting, circumstances = tables.import_rows, tables.circumstances
    later = circumstances.alias("later")
    same = and_(
        circumstances.c.case_no == waiting.c.case_no,
        circumstances.c.person_no.is_not_distinct_from(waiting.c.person_no),
        circumstances.c.fact == waiting.c.fact,
        ~select(later.c.number).where(later.c.corrects == circumstances.c.number).correlate(circumstances).exists(),
    )
    at = literal(work.clock.now(), DateTime(timezone=True))
    work.connection.execute(
        insert(circumstances).from_select(
            [*_COLUMNS, "corrects", "import_id", "recorded_at"],
            select(*(waiting.c[name] for name in _COLUMNS), circumstances.c.number, waiting.c.import_id, at)
            .select_from(waiting.join(circumstances, same, isouter=True))
            .where(waiting.c.import_id == import_id, waiting.c.fact.in_(CASE_FACTS))
            .order_by(waiting.c.row_no),
        ),
    )


def refuse_what_moved(
    work: UnitOfWork, tables: DecisionTables, import_id: UUID, known_number: int, approver: str
) -> None:
    """Let a correction be loaded only where its cases are as they were when it was proposed.

    Raises:
        Problem: content-moved where something of these cases was recorded since; not-permitted where one is barred to
            the approver; wrong-state where somebody came on record in another case.
    """
    waiting, circumstances = tables.import_rows, tables.circumstances
    mine = waiting.c.import_id == import_id
    cases: Select[tuple[str]] = select(waiting.c.case_no).where(mine)
    if barred_to(work, tables, {approver}).intersection(work.connection.scalars(cases)):
        raise Problem("not-permitted", detail="関与できない世帯が含まれています。ほかの職員が決裁してください")
    if work.connection.scalar(
        select(circumstances.c.number)
        .where(circumstances.c.number > known_number, circumstances.c.case_no.in_(cases))
        .limit(1)
    ):
        raise Problem(
            "content-moved", field="sha256", detail="起案の後に世帯の記録が変わりました。起案し直してください"
        )
    elsewhere = and_(circumstances.c.person_no == waiting.c.person_no, circumstances.c.case_no != waiting.c.case_no)
    people = select(circumstances.c.number).join(waiting, elsewhere)
    if work.connection.scalar(people.where(decidable(tables, mine)).limit(1)):
        raise Problem(
            "wrong-state", field="person_no", detail="ほかの世帯の世帯員が含まれています。起案者に確認してください"
        )
