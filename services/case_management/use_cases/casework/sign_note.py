"""Sign a case note (ケース記録の決裁): a supervisor has read what somebody else wrote."""

from uuid import UUID

from sqlalchemy import insert, select

from services.case_management.adapters.casework import require_record
from services.case_management.adapters.casework_tables import note_signatures
from services.case_management.adapters.entries import NOTE, SIGNATURES, entries_of, hold_order
from shared.contracts.facts.case_management import NoteSigned
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def sign_note(work: UnitOfWork, case_no: str, note_no: str, entry_id: UUID, remark: str | None) -> None:
    """Sign the entry that was read, once.

    Raises:
        Problem: not-found; changed-meanwhile where another entry follows it; same-person where an entry of the note is
            one's own; wrong-state where it is signed already.
    """
    require_record(work, NOTE, case_no, note_no)
    hold_order(work)
    entries = entries_of(work, NOTE, note_no)
    newest = entries[-1]
    if newest.entry_id != entry_id:
        written = {"entry_id": str(newest.entry_id), "recorded_by": newest.row["recorded_by"]}
        raise Problem("changed-meanwhile", field="entry_id", detail="最新の内容を確認してください", extra=written)
    if any(entry.row["recorded_by"] == work.actor for entry in entries):
        raise Problem("same-person", detail="自分が書いた記録には、別の人が確認の署名をします")
    signed = note_signatures.c.entry_id
    if work.connection.scalar(select(signed).where(signed == entry_id)):
        raise Problem("wrong-state", field="state", detail="この記録は確認済みです")
    row = {
        "entry_id": entry_id,
        "author": newest.row["recorded_by"],
        "remark": remark,
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
    }
    work.connection.execute(insert(note_signatures).values(**work.seal(SIGNATURES, [row])[0]))
    work.fact(NoteSigned(note_no=note_no, entry_id=entry_id), subject=f"case:{case_no}")
