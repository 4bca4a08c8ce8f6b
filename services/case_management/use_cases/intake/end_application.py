"""What happens to an open application before a decision: why it takes longer, or that it is taken back (取下げ)."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from services.case_management.adapters.entries import (
    APPLICATION,
    DELAYS,
    WITHDRAWALS,
    Entry,
    hold_order,
    newest_entry,
)
from services.case_management.adapters.intake_tables import application_delays, application_withdrawals
from services.case_management.adapters.tables import decisions
from shared.contracts.codes import DelayReason
from shared.contracts.facts.case_management import ApplicationDelayed, ApplicationWithdrawn
from shared.decisions.adapters.circumstances import require_case
from shared.decisions.adapters.opened_cases import refuse_withdrawn, withdraw_case
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def delay_application(work: UnitOfWork, application_no: str, reason: DelayReason, words: str | None) -> UUID:
    """Record why deciding takes more than 14 days (法24条5項ただし書); the notice will say it (同6項).

    Raises:
        Problem: not-found; wrong-state where it was withdrawn; invalid-input where another reason has no words.
    """
    require_open(work, application_no)
    if reason == "other" and not words:
        raise Problem("invalid-input", field="words", detail="「その他」の場合は、理由を文章で入力してください")
    row = {
        "delay_id": uuid4(),
        "application_no": application_no,
        "reason": reason,
        "words": words,
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
    }
    work.connection.execute(insert(application_delays).values(**work.seal(DELAYS, [row])[0]))
    event = ApplicationDelayed(delay_id=row["delay_id"], reason=reason)
    work.fact(event, subject=APPLICATION.subject(application_no))
    return event.delay_id


def withdraw_application(work: UnitOfWork, application_no: str, on: date, words: str | None) -> None:
    """Record that the applicant took it back; the case that was opened for it is investigated no more.

    Raises:
        Problem: not-found; wrong-state where that was recorded already; invalid-input where the day is none of its.
    """
    entry = require_open(work, application_no)
    if not entry.row["applied_on"] <= on <= work.clock.today():
        raise Problem("invalid-input", field="on", detail="取下げの日は、申請日から業務日までの日にしてください")
    row = {
        "application_no": application_no,
        "withdrawn_on": on,
        "words": words,
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
    }
    work.connection.execute(insert(application_withdrawals).values(**work.seal(WITHDRAWALS, [row])[0]))
    withdraw_case(work, decisions, application_no, on)
    work.fact(ApplicationWithdrawn(on=on), subject=APPLICATION.subject(application_no))


def require_open(work: UnitOfWork, application_no: str) -> Entry:
    """Return an application as it stands, that waits for a decision; nobody else writes entries meanwhile.

    Raises:
        Problem: not-found; wrong-state where it was withdrawn.
    """
    hold_order(work)
    entry = newest_entry(work, APPLICATION, application_no)
    ended = application_withdrawals.c.application_no
    if work.connection.scalar(select(ended).where(ended == application_no)):
        raise Problem("wrong-state", field="state", detail="この申請は取り下げられています")
    return entry


def require_case_to_work_on(work: UnitOfWork, case_no: str) -> None:
    """Refuse what is no case, or one whose application was taken back; nobody takes it back until this is committed.

    Raises:
        Problem: not-found; wrong-state.
    """
    require_case(work, decisions, case_no)
    hold_order(work)
    refuse_withdrawn(work, decisions, case_no)
