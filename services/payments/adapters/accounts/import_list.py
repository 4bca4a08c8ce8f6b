"""The imports of accounts, with what those that wait would change, as far as the caller may know."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select, text

from services.payments.adapters.accounts.restrictions import barred_to
from services.payments.adapters.tables import account_imports
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

NEWEST: Final = 50
"""Imports that are listed beside those that wait."""

_SETTLED: Final = {"approved": "この取込は決裁済みです", "withdrawn": "この取込は取り下げられています"}
_ONE = account_imports.c
_WAITS = _ONE.state == "proposed"
_BY_DAY = _ONE.proposed_at.desc(), _ONE.import_id
_DIFFERENCES = text("""
WITH held AS (
  SELECT DISTINCT ON (p.case_no, p.programme) p.case_no, p.programme, a.method
  FROM payment_instructions p JOIN accounts a USING (account_id)
  WHERE p.kind = '*' AND p.case_no <> ALL (:barred) ORDER BY p.case_no, p.programme, p.version DESC
), known AS (
  SELECT DISTINCT case_no, programme FROM case_months WHERE case_no <> ALL (:barred)
)
SELECT count(*) FILTER (WHERE h.method IS NULL) AS added,
       count(*) FILTER (WHERE h.method IS NOT NULL) AS changed,
       count(*) FILTER (WHERE h.method = 'bank' AND a.method = 'cash') AS to_cash_desk,
       count(*) FILTER (WHERE k.case_no IS NULL) AS unknown,
       coalesce((array_agg(a.case_no ORDER BY a.case_no)
                 FILTER (WHERE k.case_no IS NULL))[1:100], '{}') AS unknown_cases
FROM accounts a
LEFT JOIN held h ON h.case_no = a.case_no AND h.programme = a.programme
LEFT JOIN known k ON k.case_no = a.case_no AND k.programme = a.programme
WHERE a.import_id = :import_id
""")
_WILL_STAY_OUT = text("""
SELECT count(*) FROM accounts WHERE import_id = :import_id AND case_no = ANY (:out) AND case_no <> ALL (:barred)
""")
_OPEN: Final = """
FROM import_left_out l JOIN accounts a USING (account_id) JOIN account_imports m ON m.import_id = l.import_id
WHERE NOT EXISTS (SELECT FROM accounts b JOIN account_imports i ON i.import_id = b.import_id
                  WHERE i.remainder_of = l.import_id AND i.state <> 'withdrawn'
                    AND b.case_no = a.case_no AND b.programme = a.programme)
  AND NOT EXISTS (SELECT FROM payment_instructions p
                  WHERE p.case_no = a.case_no AND p.programme = a.programme AND p.version > m.known_version)
  AND NOT EXISTS (SELECT FROM import_left_out n JOIN accounts b ON b.account_id = n.account_id
                  JOIN account_imports i ON i.import_id = n.import_id
                  WHERE n.case_no = a.case_no AND b.programme = a.programme AND i.version > m.version)
"""
"""What imports left out and nobody proposed or decided since, nor left out since: what came later is the newer one."""
_OPEN_ANYWHERE = text("SELECT count(*)" + _OPEN)
_WITH_OPEN = text("SELECT DISTINCT l.import_id" + _OPEN + "AND l.case_no <> ALL (:barred)")
_LEFT: Final = _OPEN + "AND l.import_id = :import_id AND l.case_no <> ALL (:barred)\n"
_STAYED_OUT = text("SELECT count(*)" + _LEFT)
ACCOUNTS_LEFT_OUT = text("SELECT a.*" + _LEFT + "ORDER BY a.case_no, a.programme")
"""The accounts themselves."""


def list_imports(work: UnitOfWork) -> list[dict[str, Any]]:
    """All imports that wait, then those with accounts left for another pair of people and the newest.

    Those that wait say how many accounts are new, replaced, or of no known case.

    A case that is barred to the caller looks to them like a number of which nothing was ever determined.
    """
    newest = select(_ONE.import_id).where(~_WAITS).order_by(*_BY_DAY).limit(NEWEST)
    barred = barred_to(work, {work.actor})
    left = work.connection.execute(_WITH_OPEN, {"barred": sorted(barred)}).scalars().all()
    listed = account_imports.select().where(or_(_WAITS, _ONE.import_id.in_(newest), _ONE.import_id.in_(left)))
    rows = work.connection.execute(listed.order_by(_WAITS.desc(), *_BY_DAY)).mappings().all()
    return [
        {
            **_view(work, row, barred),
            "differences": _differences(work, row, barred) if row["state"] == "proposed" else None,
        }
        for row in rows
    ]


def accounts_left_out(work: UnitOfWork) -> int:
    """Accounts of approved imports that wait for somebody to propose them to another pair of people."""
    return int(work.connection.execute(_OPEN_ANYWHERE).scalar_one())


def import_view(work: UnitOfWork, import_id: UUID) -> dict[str, Any]:
    """An import of accounts.

    Raises:
        Problem: not-found.
    """
    listed = select(account_imports).where(account_imports.c.import_id == import_id)
    row = work.connection.execute(listed).mappings().one_or_none()
    if row is None:
        raise Problem("not-found", field="import_id", detail="この取込はありません")
    return _view(work, row, barred_to(work, {work.actor}))


def locked_import(work: UnitOfWork, import_id: UUID) -> Any:
    """The row of an import that waits, locked.

    Raises:
        Problem: not-found; wrong-state where it is approved or withdrawn.
    """
    row = work.connection.execute(account_imports.select().where(_ONE.import_id == import_id).with_for_update()).first()
    if row is None:
        raise Problem("not-found", field="import_id", detail="この取込はありません")
    if row.state != "proposed":
        raise Problem("wrong-state", field="state", detail=_SETTLED[row.state])
    return row


def _view(work: UnitOfWork, row: Any, barred: Collection[str]) -> dict[str, Any]:
    asked = {"import_id": row["import_id"], "barred": sorted(barred)}
    if row["state"] == "withdrawn":
        return {**row, "left_out": 0}
    if row["state"] == "approved":
        return {**row, "left_out": work.connection.execute(_STAYED_OUT, asked).scalar_one()}
    out = barred_to(work, {row["proposer"]})
    return {**row, "left_out": work.connection.execute(_WILL_STAY_OUT, {**asked, "out": sorted(out)}).scalar_one()}


def _differences(work: UnitOfWork, row: Any, barred: Collection[str]) -> dict[str, Any]:
    asked = {"import_id": row["import_id"], "barred": sorted(barred)}
    return work.connection.execute(_DIFFERENCES, asked).one()._asdict()
