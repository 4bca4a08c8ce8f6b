"""A deciding service's own figures of a month, in yen, from its own rows."""

from typing import Any

from sqlalchemy import func, select

from shared.contracts.assistance import IN_KIND
from shared.decisions.adapters.circumstances import not_started
from shared.decisions.adapters.opened_cases import withdrawn
from shared.decisions.adapters.population import in_force, population_figures
from shared.decisions.adapters.tables import DecisionTables
from shared.money_and_time.months import month_of
from shared.service_kit.unit_of_work import UnitOfWork


def decision_figures(work: UnitOfWork, tables: DecisionTables, month: str | None) -> dict[str, Any]:
    """Households and persons on record, and what approved determinations that hold give in the month (now by default).

    ``under_investigation`` counts the cases opened for an application that was not taken back.

    `population_figures` says what became of each case on assistance.
    ``cases`` counts the cases with such a determination, ``months`` lists all months that have any.
    ``entitled_yen`` is all cash benefit, ``in_kind_yen`` medical and care beside it; ``determinations`` counts all that
    were drafted for the month, ``approved`` those approved.
    """
    month = month or month_of(work.clock.today())
    drafts, approval, circumstances = tables.determinations, tables.determination_approvals, tables.circumstances
    holding = in_force(tables, month).subquery()
    on_record = circumstances.c.case_no.not_in(not_started(tables))
    open_ = tables.cases.c.case_no.not_in(withdrawn(tables))
    in_kind = cash = cases = 0
    for kinds in work.connection.execute(select(holding.c.kinds)).scalars():
        cases += 1
        for kind, yen in kinds.items():
            if kind in IN_KIND:
                in_kind += yen
            else:
                cash += yen

    def count(what: Any) -> int:
        return int(work.connection.scalar(select(what)) or 0)

    return {
        "month": month,
        "households": count(func.count(tables.cases.c.import_id)),
        "under_investigation": count(func.count(tables.cases.c.application_no).filter(open_)),
        "persons": count(func.count(func.distinct(circumstances.c.person_no)).filter(on_record)),
        "cases": cases,
        **population_figures(work, tables, month),
        "entitled_yen": cash,
        "in_kind_yen": in_kind,
        "determinations": count(func.count(drafts.c.determination_id).filter(drafts.c.month == month)),
        "approved": count(func.count(approval.c.determination_id).filter(approval.c.month == month)),
        "months": list(work.connection.scalars(select(approval.c.month).distinct().order_by(approval.c.month))),
    }
