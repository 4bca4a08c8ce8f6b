"""Record a case note (ケース記録): the first entry, one that goes on with it, or a correction."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from services.case_management.adapters.casework import require_record
from services.case_management.adapters.entries import NOTE, add_entry, open_record
from services.case_management.adapters.tables import decisions
from services.case_management.use_cases.intake.record_consultation import Recorded
from shared.contracts.codes import EntryChange, NoteContact, NoteKind
from shared.contracts.facts.case_management import NoteRecorded
from shared.decisions.adapters.circumstances import require_case
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """What stands beside the words of a note. By which contact is a fact: `visit` alone counts as a visit (訪問)."""

    kind: NoteKind
    contact: NoteContact
    held_on: date
    began_at: time | None


@dataclass(frozen=True, slots=True)
class Follows:
    """Which record goes on: the entry that its writer saw, and why another one follows it."""

    no: str
    entry_id: UUID
    change: EntryChange


def record_note(
    work: UnitOfWork, case_no: str, entry: NoteEntry, content: Mapping[str, Any], follows: Follows | None = None
) -> Recorded:
    """Record an entry; where it follows none it opens a note under the next number.

    Raises:
        Problem: invalid-input where the day lies ahead, the contact contradicts the kind or is a visit to nobody, or a
            correction does not say why; not-found; changed-meanwhile.
    """
    require_case(work, decisions, case_no)
    if follows:
        require_record(work, NOTE, case_no, follows.no)
    change: EntryChange = follows.change if follows else "first"
    _check(work, entry, content, change)
    number = follows.no if follows else open_record(work, NOTE, case_no=case_no)
    after = follows.entry_id if follows else None
    entry_id = add_entry(work, NOTE, number, follows=after, change=change, content=content, **asdict(entry))
    event = NoteRecorded(
        note_no=number,
        entry_id=entry_id,
        follows=after,
        change=change,
        kind=entry.kind,
        contact=entry.contact,
        held_on=entry.held_on,
    )
    work.fact(event, subject=f"case:{case_no}")
    return Recorded(number, entry_id)


def _check(work: UnitOfWork, entry: NoteEntry, content: Mapping[str, Any], change: EntryChange) -> None:
    if entry.held_on > work.clock.today():
        raise Problem("invalid-input", field="held_on", detail="業務日より後の日です。日付を確認してください")
    if (entry.kind == "contact") != (entry.contact != "none"):
        detail = "訪問・連絡の記録では方法を選び、ほかの記録では「なし」にしてください"
        raise Problem("invalid-input", field="contact", detail=detail)
    if change == "correction" and not content.get("why"):
        raise Problem("invalid-input", field="content.why", detail="訂正の理由を入力してください")
    _check_words(entry, content)


def _check_words(entry: NoteEntry, content: Mapping[str, Any]) -> None:
    if entry.contact == "visit" and not content.get("met"):
        detail = "訪問では会った人を入力してください。だれにも会えなかったときは「不在」です"
        raise Problem("invalid-input", field="content.met", detail=detail)
    if entry.contact == "absent" and content.get("met"):
        detail = "不在の記録に、会った人は書けません。会えたときは「訪問」です"
        raise Problem("invalid-input", field="content.met", detail=detail)
    if entry.kind in ("policy", "conference") and not content.get("plan"):
        detail = "援助方針・診断会議の記録では、方針・結論を入力してください"
        raise Problem("invalid-input", field="content.plan", detail=detail)
    if entry.contact != "absent" and not any(content.get(name) for name in ("seen", "said", "plan")):
        detail = "見たこと、聞いたこと、方針のどれかを入力してください"
        raise Problem("invalid-input", field="content.said", detail=detail)
