"""Consents (同意書): recorded with the day and who signed, read, and taken back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, select

from services.case_management.adapters.investigations.consents import consent_withdrawals, consents
from services.case_management.adapters.tables import decisions
from services.case_management.use_cases.intake.end_application import require_case_to_work_on
from services.case_management.use_cases.investigations.members import last_day_of, members_on, require_member
from shared.contracts.facts.case_management import ConsentRecorded, ConsentWithdrawn
from shared.decisions.adapters.circumstances import require_case
from shared.money_and_time.eras import format_era
from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_CONSENT = declare("consents.each")
"""Held for one consent while it is taken back, or a request is rested on it."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Who signed on which day; with `withdrawn_on` they took it back, with `mistake` (誤記) nobody had signed."""

    consent_id: UUID
    person_no: str
    signed_on: date
    recorded_by: str
    recorded_at: datetime
    withdrawn_on: date | None
    mistake: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing new rests on it."""
        return self.mistake or self.withdrawn_on is not None


_ENDED: Final = consent_withdrawals.c
_OF_CASE: Final = (
    select(
        *(consents.c[name] for name in Consent.__dataclass_fields__ if name not in ("withdrawn_on", "mistake")),
        _ENDED.withdrawn_on,
        _ENDED.consent_id.is_not(None) & _ENDED.withdrawn_on.is_(None),
    )
    .outerjoin(consent_withdrawals, consent_withdrawals.c.consent_id == consents.c.consent_id)
    .where(consents.c.case_no == bindparam("case_no"))
    .order_by(consents.c.number.desc())
)


def record_consent(work: UnitOfWork, case_no: str, person_no: str, signed_on: date) -> UUID:
    """Record that a member signed.

    Raises:
        Problem: not-found; invalid-input where the day lies ahead or after the person left, or they are of another
            household; wrong-state where the application of the case was taken back.
    """
    require_case_to_work_on(work, case_no)
    if signed_on > work.clock.today():
        raise Problem("invalid-input", field="signed_on", detail="署名の日が業務日より後です。日付を確認してください")
    require_member(work, case_no, person_no)
    if signed_on > (last_day := last_day_of(work, case_no, person_no)):
        detail = f"この人は{format_era(last_day)}までの世帯員です。署名の日をその日までにしてください"
        raise Problem("invalid-input", field="signed_on", detail=detail)
    row = {"consent_id": uuid4(), "case_no": case_no, "person_no": person_no, "signed_on": signed_on}
    row |= {"recorded_by": work.actor, "recorded_at": work.clock.now()}
    work.connection.execute(insert(consents).values(row))
    event = ConsentRecorded(consent_id=row["consent_id"], person=person_no, signed_on=signed_on)
    work.fact(event, subject=f"case:{case_no}")
    return event.consent_id


def withdraw_consent(
    work: UnitOfWork, case_no: str, consent_id: UUID, on: date | None, *, mistake: bool = False
) -> None:
    """Record that it was taken back: no request after that day is rested on it any more, and what was asked stays.

    With ``mistake`` it was recorded though nobody had signed: no request rests on it, of whatever day, and those that
    were said to rest on it say so. Who hears of the end late has asked meanwhile: the day is recorded as it was, and
    the requests after it say so.

    Raises:
        Problem: not-found; wrong-state where it was already; invalid-input where the day is none of its.
    """
    consent = _require(work, case_no, consent_id)
    if consent is None:
        raise Problem("not-found", field="consent_id")
    if consent.is_over:
        raise Problem("wrong-state", field="state", detail="この同意書は、すでに撤回か誤記と記録されています")
    if mistake == (on is not None):
        raise Problem("invalid-input", field="withdrawn_on", detail="撤回の日か、誤記のどちらかにしてください")
    if on and not consent.signed_on <= on <= work.clock.today():
        raise Problem("invalid-input", field="withdrawn_on", detail="署名の日から業務日までの日にしてください")
    row = {"consent_id": consent_id, "withdrawn_on": on, "recorded_by": work.actor, "recorded_at": work.clock.now()}
    work.connection.execute(insert(consent_withdrawals).values(row))
    work.fact(ConsentWithdrawn(consent_id=consent_id, withdrawn_on=on), subject=f"case:{case_no}")


def read_consents(work: UnitOfWork, case_no: str, purpose: str) -> list[Consent]:
    """Return the consents of a case, the newest first; the look names who signed.

    Raises:
        Problem: not-found.
    """
    require_case(work, decisions, case_no)
    items = consents_of_case(work, case_no)
    persons = sorted({f"person:{item.person_no}" for item in items})
    work.look("consents", [f"case:{case_no}", *persons], purpose)
    return items


def consents_of_case(work: UnitOfWork, case_no: str) -> list[Consent]:
    """The same of a case that there is, for who has recorded a look at all of its people."""
    return [Consent(*row) for row in work.connection.execute(_OF_CASE, {"case_no": case_no})]


def require_consent(work: UnitOfWork, case_no: str, consent_id: UUID, person_no: str | None, sent_on: date) -> date:
    """Return the day on which a consent was signed, on which a request of a day about a person may rest.

    Raises:
        Problem: invalid-input where it is of another case or person, or of one of several who are asked about, of
            later, or was taken back by then.
    """
    consent, detail = _require(work, case_no, consent_id), ""
    if consent is None:
        detail = "この世帯の同意書から選んでください"
    elif consent.mistake:
        detail = "誤記と記録された同意書です。ほかの同意書を選んでください"
    elif person_no not in (None, consent.person_no):
        detail = "同意書に署名した人と、照会する人が違います"
    elif person_no is None and members_on(work, case_no, sent_on) - {consent.person_no}:
        detail = "世帯全体の照会は、一人の同意書だけにはもとづけません。署名した人を選び、人ごとに記録してください"
    elif consent.signed_on > sent_on:
        detail = "同意書の日が依頼日より後です"
    elif consent.withdrawn_on and consent.withdrawn_on <= sent_on:
        detail = "この同意書は撤回されています。同意なしで照会するか、新しい同意書を受けてください"
    if consent is None or detail:
        raise Problem("invalid-input", field="consent_id", detail=detail)
    return consent.signed_on


def _require(work: UnitOfWork, case_no: str, consent_id: UUID) -> Consent | None:
    _CONSENT.each(str(consent_id)).hold(work.connection)
    return next((item for item in consents_of_case(work, case_no) if item.consent_id == consent_id), None)
