"""Refuse a run whose payment date has passed (支払日の経過): it is withdrawn, and opened again with a later one."""

from typing import Any

from services.payments.domain.run import is_overdue
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def refuse_overdue(work: UnitOfWork, run: Any) -> None:
    """Let a run go on only while its payment date has not passed.

    Raises:
        Problem: wrong-state, naming the payment date.
    """
    if is_overdue(run.state, run.payment_date, work.clock.today()):
        detail = f"支払日({run.payment_date})が過ぎています。この支給処理を取り下げて、起票し直してください"
        raise Problem("wrong-state", field="payment_date", detail=detail)


def refuse_approved_in_time(work: UnitOfWork, run: Any) -> None:
    """Let an approved run be withdrawn only where its payment date has passed: else it is accepted and paid.

    Raises:
        Problem: wrong-state.
    """
    if run.state == "approved" and not is_overdue(run.state, run.payment_date, work.clock.today()):
        detail = "決裁された支給処理は、支払日が過ぎるまで取り下げられません"
        raise Problem("wrong-state", field="state", detail=detail)
