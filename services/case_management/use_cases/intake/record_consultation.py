"""Record a consultation (面接相談): the first entry, one that goes on with it, or a correction."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.case_management.adapters.entries import CONSULTATION, add_entry, open_record
from shared.contracts.codes import ConsultationMatter, ConsultationResult, ContactChannel, EntryChange
from shared.contracts.facts.case_management import ConsultationRecorded
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ConsultationEntry:
    """What stands beside the words of a consultation."""

    held_on: date
    channel: ContactChannel
    matter: ConsultationMatter
    result: ConsultationResult
    wish_to_apply: bool
    form_handed: bool
    shielded: bool
    district: str | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record, and the entry of it that was written."""

    no: str
    entry_id: UUID


def record_consultation(
    work: UnitOfWork,
    entry: ConsultationEntry,
    content: Mapping[str, Any],
    *,
    consultation_no: str | None = None,
    follows: UUID | None = None,
    change: EntryChange = "first",
) -> Recorded:
    """Record an entry; without `consultation_no` it opens a consultation under the next receipt number.

    Raises:
        Problem: invalid-input where a wish to apply came to advice alone, a day lies ahead, or a correction does not
            say why; not-found; changed-meanwhile.
    """
    _check(work, entry, content, change)
    number = consultation_no or open_record(work, CONSULTATION)
    entry_id = add_entry(
        work,
        CONSULTATION,
        number,
        follows=follows,
        change=change,
        content=content,
        **asdict(entry),
    )
    codes = {name: value for name, value in asdict(entry).items() if name in ConsultationRecorded.model_fields}
    event = ConsultationRecorded(entry_id=entry_id, follows=follows, change=change, **codes)
    work.fact(event, subject=CONSULTATION.subject(number))
    return Recorded(number, entry_id)


def _check(work: UnitOfWork, entry: ConsultationEntry, content: Mapping[str, Any], change: EntryChange) -> None:
    if entry.held_on > work.clock.today():
        raise Problem("invalid-input", field="held_on", detail="相談日が業務日より後です。日付を確認してください")
    if entry.wish_to_apply and entry.result in ("advice", "other_law"):
        detail = "申請の意思がある相談は、助言や案内だけで終えられません。申請書の交付か申請の受理を選んでください"
        raise Problem("invalid-input", field="result", detail=detail)
    if change == "correction" and not content.get("why"):
        raise Problem("invalid-input", field="content.why", detail="訂正の理由を入力してください")
