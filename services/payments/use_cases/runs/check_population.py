"""Refuse a month that is not determined, or whose determinations have not reached us (支給対象の突合)."""

from typing import Any, Final

from services.payments.adapters.deciding_services.populations import Populations, sources
from services.payments.domain.population import needs_determination, undetermined
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_PROGRAMMES: Final = {"public_assistance": "生活保護", "support_benefit": "支援給付"}


def refuse_undetermined(populations: Populations) -> None:
    """Let a regular run go on only where every law with cases on assistance has determined them.

    Raises:
        Problem: not-determined, naming the programmes.
    """
    missing = undetermined(populations.values())
    if not missing:
        return
    open_cases = sum(population.unexplained for population in populations.values() if population.acts_approved)
    names = "・".join(_PROGRAMMES[programme] for programme in missing)
    why = f"決定も不能もないケースが{open_cases:,}件あります" if open_cases else "一括決定の決裁がまだありません"
    raise Problem("not-determined", field="month", detail=f"{names}: {why}", extra={"programmes": missing})


def refuse_paying_nobody(populations: Populations) -> None:
    """Open no regular run where there are cases on assistance, and not one of them is determined.

    Raises:
        Problem: nothing-to-pay.
    """
    waiting = sum(population.on_assistance for population in populations.values())
    if waiting and not any(population.determined for population in populations.values()):
        detail = f"受給中の{waiting:,}世帯のどれにも決定がありません。一括決定の起案と決裁のあとで起票してください"
        raise Problem("nothing-to-pay", field="month", detail=detail)


def refuse_nothing_determined(populations: Populations) -> None:
    """Open no extra run of a month in which nobody is determined under either law: it would order nothing.

    Raises:
        Problem: nothing-to-pay.
    """
    if not any(population.determined for population in populations.values()):
        detail = "この月に決定された世帯がありません。一括決定の起案と決裁のあとで起票してください"
        raise Problem("nothing-to-pay", field="month", detail=detail)


def refuse_incomplete(work: UnitOfWork, run: Any, populations: Populations) -> None:
    """Let a run be approved only where it pays somebody, its month is determined, and all of that has come to us.

    What came and is parked is no reason to refuse: it is shown where the run is approved.

    Raises:
        Problem: nothing-to-pay, not-determined.
    """
    if not run.orders:
        detail = "支払う決定がありません。この支給処理は取り下げてください"
        raise Problem("nothing-to-pay", field="orders", detail=detail)
    if not needs_determination(run.run_kind):
        return
    refuse_undetermined(populations)
    for source in sources(work, run.run_id):
        missing = (source["determined"] or 0) - source["taken"] - source["parked"]
        if missing > 0:
            name = _PROGRAMMES[source["programme"]]
            detail = f"{name}: 決定{source['determined']:,}件のうち{missing:,}件が支払に届いていません"
            raise Problem("not-determined", field="run_id", detail=detail, extra={"programmes": [source["programme"]]})
