"""Open a payment run of a month (支給処理の開始): regular (定例) or extra (随時)."""

from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert

from services.payments.adapters.office import OfficeSettings
from services.payments.adapters.ordering import has_regular, next_number
from services.payments.adapters.tables import run_positions, runs
from services.payments.domain.payment_day import payment_date
from services.payments.domain.run import RunKind
from shared.contracts.facts import RunOpened
from shared.service_kit.problems import Problem
from shared.service_kit.work import UnitOfWork

PRODUCERS: Final = ("case_management", "support_benefits")
STREAM: Final = "facts"


def open_run(work: UnitOfWork, month: str, run_kind: RunKind) -> UUID:
    """Open a run and note how far every producer has told; it is cut off when we have read as far.

    Raises:
        Problem: wrong-state where the month has a regular run already; unavailable where a producer does not answer.
    """
    positions = {name: int(work.ask(name).get("/events/positions")[STREAM]) for name in PRODUCERS}
    number = next_number(work, month)
    if has_regular(work, month, run_kind):
        raise Problem(
            "wrong-state", field="month", detail="この月の定例支給はすでにあります。追加は随時で行ってください"
        )
    run_id = uuid4()
    work.session.execute(
        insert(runs).values(
            run_id=run_id,
            month=month,
            number=number,
            run_kind=run_kind,
            payment_date=payment_date(month, run_kind, work.clock.today(), OfficeSettings().calendar()),
            state="opened",
            correlation=work.correlation,
            trace_id="",
            traceparent=work.traceparent,
            parked_below=0,
            orders=0,
            yen=0,
            bank_yen=0,
            cash_yen=0,
            set_off_yen=0,
            internal_yen=0,
            proposer=work.actor,
            opened_at=work.clock.now(),
        ),
    )
    work.session.execute(
        insert(run_positions),
        [
            {"run_id": run_id, "producer": producer, "stream": STREAM, "position": position}
            for producer, position in positions.items()
        ],
    )
    work.fact(
        RunOpened(run_id=run_id, month=month, run_kind=run_kind, positions=positions),
        subject=f"run:{run_id}",
    )
    return run_id
