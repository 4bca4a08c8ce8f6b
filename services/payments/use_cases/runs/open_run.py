"""Open a payment run of a month (支給処理の開始): regular (定例) or extra (随時)."""

from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert

from services.payments.adapters.deciding_services.populations import Populations, note_populations
from services.payments.adapters.office import OfficeSettings
from services.payments.adapters.runs.ordering import has_one_that_pays_nobody, has_regular, next_number
from services.payments.adapters.tables import runs
from services.payments.domain.payment_day import payment_date
from services.payments.domain.population import needs_determination
from services.payments.use_cases.runs.check_population import (
    refuse_nothing_determined,
    refuse_paying_nobody,
    refuse_undetermined,
)
from shared.contracts.codes import RunKind
from shared.contracts.facts.payments import RunOpened
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_COUNTED_LATER: Final = ("parked_below", "orders", "yen", "bank_yen", "cash_yen", "set_off_yen", "internal_yen")


def open_run(work: UnitOfWork, month: str, run_kind: RunKind, populations: Populations) -> UUID:
    """Open a run and note what every producer has published; it is cut off when we have read as far.

    Args:
        populations: what the deciding services said of the month just now.

    Raises:
        Problem: not-determined where the month of a regular run is not determined; nothing-to-pay where nobody of those
            on assistance is, or nobody at all of an extra run's month; wrong-state where the month has a regular run
            already, or an extra run is opened beside one that pays nobody.
    """
    if needs_determination(run_kind):
        refuse_undetermined(populations)
        refuse_paying_nobody(populations)
    else:
        refuse_nothing_determined(populations)
    number = next_number(work, month)
    if has_regular(work, month, run_kind):
        raise Problem(
            "wrong-state", field="month", detail="この月の定例支給はすでにあります。追加は随時で行ってください"
        )
    if run_kind == "extra" and has_one_that_pays_nobody(work, month):
        detail = (
            "この月に、支払うもののない支給処理、または集計中の随時支給があります。先に完了するか取り下げてください"
        )
        raise Problem("wrong-state", field="month", detail=detail)
    run_id = uuid4()
    payment = payment_date(month, run_kind, work.clock.today(), OfficeSettings().calendar())
    named = {"run_id": run_id, "month": month, "number": number, "run_kind": run_kind, "payment_date": payment}
    act = {"state": "opened", "proposer": work.actor, "opened_at": work.clock.now()}
    journey = {"correlation": work.correlation, "trace_id": "", "traceparent": work.traceparent}
    work.connection.execute(insert(runs).values(**named, **act, **journey, **dict.fromkeys(_COUNTED_LATER, 0)))
    note_populations(work, run_id, populations)
    positions = {producer: population.position for producer, population in populations.items()}
    work.fact(
        RunOpened(run_id=run_id, month=month, run_kind=run_kind, positions=positions),
        subject=f"run:{run_id}",
    )
    return run_id
