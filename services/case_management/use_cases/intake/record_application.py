"""Record an application (申請): it is received whatever paper is missing, and by word of mouth too."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.case_management.adapters.entries import (
    APPLICATION,
    CONSULTATION,
    add_entry,
    entries_of,
    hold_order,
    open_record,
    records_of,
    standing,
)
from services.case_management.adapters.intake_tables import (
    application_entries,
    application_withdrawals,
    applications,
)
from services.case_management.adapters.tables import decisions
from services.case_management.domain.intake import Limits
from services.case_management.use_cases.intake.record_consultation import Recorded
from shared.access.records import may_see
from shared.contracts.assistance import Programme
from shared.contracts.codes import ApplicationForm, ApplicationKind, EntryChange, LegalBasis, StartGround
from shared.contracts.facts.case_management import ApplicationRecorded
from shared.decisions.adapters.circumstances import require_case
from shared.decisions.adapters.restrictions import shield_case
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ApplicationEntry:
    """What stands beside the words of an application. `case_no` is there where it changes a case on assistance."""

    programme: Programme
    kind: ApplicationKind
    ground: StartGround
    form: ApplicationForm
    legal_basis: LegalBasis
    present_location: bool
    applied_on: date
    received_on: date
    case_no: str | None
    shielded: bool
    district: str | None


def record_application(
    work: UnitOfWork,
    entry: ApplicationEntry,
    content: Mapping[str, Any],
    *,
    application_no: str | None = None,
    consultation_no: str | None = None,
    follows: UUID | None = None,
    change: EntryChange = "first",
) -> Recorded:
    """Record an entry; without `application_no` it opens an application under the next receipt number.

    Missing papers are noted and hold nothing up (法24条2項ただし書); the days to decide begin with `applied_on`.

    Raises:
        Problem: invalid-input where the days contradict each other, a change names no case, the office acts for itself
            in another's name, or a correction does not say why; not-found; changed-meanwhile;
            wrong-state where the case of a change is not on assistance, an application with a case would be another, or
            one of this kind was received from the consultation already.
    """
    _check(work, entry, content, change)
    _refuse_other_consultation(work, consultation_no)
    if application_no is not None:
        _refuse_to_leave_its_case(work, application_no, entry)
    elif consultation_no is not None:
        _refuse_twice(work, consultation_no, entry)
    number = application_no or open_record(work, APPLICATION, consultation_no=consultation_no)
    entry_id = add_entry(
        work, APPLICATION, number, follows=follows, change=change, content=content, **asdict(entry)
    )  # fmt: skip
    if entry.shielded:
        _shield_its_case(work, number)
    came = {"follows": follows, "change": change, "consultation_no": consultation_no}
    work.fact(_event(entry, entry_id, came), subject=APPLICATION.subject(number))
    return Recorded(number, entry_id)


def _refuse_to_leave_its_case(work: UnitOfWork, application_no: str, entry: ApplicationEntry) -> None:
    """What has a case asks for the start that is investigated there, whatever else is corrected."""
    hold_order(work)
    cases = decisions.cases.c
    opened = work.connection.scalar(select(cases.case_no).where(cases.application_no == application_no))
    if opened and (entry.kind, entry.programme) != ("start", decisions.programme):
        field = "kind" if entry.kind != "start" else "programme"
        detail = "ケース番号が付いた申請の、制度と種類は変えられません"
        raise Problem("wrong-state", field=field, detail=detail)


def _refuse_other_consultation(work: UnitOfWork, consultation_no: str | None) -> None:
    """One that there is not, and one that the caller may not see, are answered alike."""
    if consultation_no is None:
        return
    record = records_of(work, CONSULTATION, [consultation_no])[consultation_no]
    if not entries_of(work, CONSULTATION, consultation_no) or not may_see(work, "consultation.read", record):
        raise Problem("not-found", field="consultation_no")


def _refuse_twice(work: UnitOfWork, consultation_no: str, entry: ApplicationEntry) -> None:
    """In two tabs, or by two people at once, what was asked for in a consultation is received once."""
    hold_order(work)
    of_consultation = select(applications.c.application_no).where(applications.c.consultation_no == consultation_no)
    gone = select(application_withdrawals.c.application_no)
    table = application_entries.c
    waiting = standing(work, APPLICATION, table.application_no.in_(of_consultation) & table.application_no.not_in(gone))
    if any((each.row["kind"], each.row["programme"]) == (entry.kind, entry.programme) for each in waiting):
        detail = "この相談からの申請は、すでに受け付けられています。相談の画面から、その申請を開いてください"
        raise Problem("wrong-state", field="consultation_no", detail=detail)


def _shield_its_case(work: UnitOfWork, application_no: str) -> None:
    """Whoever is shielded at the desk is shielded as a case from that moment on."""
    cases = decisions.cases.c
    if case_no := work.connection.scalar(select(cases.case_no).where(cases.application_no == application_no)):
        shield_case(work, decisions, case_no)


def _event(entry: ApplicationEntry, entry_id: UUID, came: Mapping[str, Any]) -> ApplicationRecorded:
    codes = {name: value for name, value in asdict(entry).items() if name in ApplicationRecorded.model_fields}
    return ApplicationRecorded(entry_id=entry_id, decide_by=Limits(entry.applied_on).decide_by, **came, **codes)


def _check(work: UnitOfWork, entry: ApplicationEntry, content: Mapping[str, Any], change: EntryChange) -> None:
    for name in ("applied_on", "received_on"):
        if getattr(entry, name) > work.clock.today():
            raise Problem("invalid-input", field=name, detail="業務日より後の日です。日付を確認してください")
    if entry.received_on < entry.applied_on:
        detail = "受理日が申請日より前です。期限は申請日から数えるので、申請日を確認してください"
        raise Problem("invalid-input", field="received_on", detail=detail)
    if (entry.ground == "ex_officio") != (content.get("applied_by") == "office"):
        detail = "職権による開始では申請者を「福祉事務所」に、それ以外では本人か親族にしてください"
        raise Problem("invalid-input", field="content.applied_by", detail=detail)
    if (entry.kind == "change") != (entry.case_no is not None):
        detail = "変更の申請にはケース番号を、開始の申請には何も入れないでください"
        raise Problem("invalid-input", field="case_no", detail=detail)
    if entry.case_no is not None and not require_case(work, decisions, entry.case_no):
        detail = "保護を受けていないケースです。変更の申請は、保護を受けている世帯だけができます"
        raise Problem("wrong-state", field="case_no", detail=detail)
    if change == "correction" and not content.get("why"):
        raise Problem("invalid-input", field="content.why", detail="訂正の理由を入力してください")
