"""A run of any size is read in parts, and what was read in parts is what was proposed."""

from contextlib import closing

import pytest
from sqlalchemy import text

from services.payments.adapters.runs import payees
from services.payments.domain.run import Line, totals
from tests.payments.office import Office

pytestmark = pytest.mark.database
PA = "public_assistance"
CASES = [f"{number:08}" for number in range(1, 8)]


def test_a_run_is_read_in_parts_and_every_transfer_is_made_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.register(*((case_no, PA) for case_no in CASES[:5]))
    office.tell(*(office.determined(case_no, {"livelihood": 70_000, "housing": 50_000}) for case_no in CASES))
    whole = office.proposed()
    monkeypatch.setattr(payees, "PAYEES_AT_ONCE", 2)
    assert office.approve(whole)["state"] == "approved", "the hash of the parts is the hash of the whole"
    rows = office.running.execute("SELECT case_no, channel, yen FROM transfers ORDER BY case_no")
    assert [tuple(row) for row in rows] == [
        (case_no, "bank" if case_no in CASES[:5] else "cash", 120_000) for case_no in CASES
    ]
    assert office.running.execute("SELECT count(*) FROM transfer_orders WHERE live")[0][0] == 14


def test_no_more_than_a_part_of_a_run_is_held_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.tell(*(office.determined(case_no, {"livelihood": 70_000}) for case_no in CASES))
    run_id = office.open_run()
    office.running.run_tasks()
    monkeypatch.setattr(payees, "PAYEES_AT_ONCE", 2)
    with office.running.work() as work:
        run = work.connection.execute(text("SELECT * FROM runs WHERE run_id = :run_id"), {"run_id": run_id}).one()
        with closing(payees.payee_lines(work, run)) as lines:
            next(payees.frozen(work, run.run_id, lines))
        assert work.connection.execute(text("SELECT count(*) FROM transfers")).scalar_one() == 2
        work.connection.rollback()


def test_lines_in_another_order_have_no_hash() -> None:
    lines = [Line(case_no, PA, "cash", None, (("livelihood", 1),)) for case_no in ("00000002", "00000001")]
    with pytest.raises(ValueError, match="order of case numbers"):
        totals("2026-12", "2026-12-03", {}, lines)
