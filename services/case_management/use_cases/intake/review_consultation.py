"""Give an opinion on a consultation (査察指導員の意見)."""

from uuid import UUID, uuid4

from sqlalchemy import insert

from services.case_management.adapters.entries import CONSULTATION, OPINIONS, entries_of
from services.case_management.adapters.intake_tables import consultation_opinions
from shared.contracts.facts.case_management import ConsultationReviewed
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def review_consultation(work: UnitOfWork, consultation_no: str, entry_id: UUID, words: str) -> UUID:
    """Keep an opinion on the entry that was read.

    Raises:
        Problem: not-found; same-person where it is the writer's own.
    """
    entries = {entry.entry_id: entry for entry in entries_of(work, CONSULTATION, consultation_no)}
    if entry_id not in entries:
        raise Problem("not-found", field="entry_id")
    if entries[entry_id].row["recorded_by"] == work.actor:
        raise Problem("same-person", detail="自分が記録した相談には、別の人が意見を付けます")
    row = {
        "opinion_id": uuid4(),
        "entry_id": entry_id,
        "words": words,
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
    }
    work.connection.execute(insert(consultation_opinions).values(**work.seal(OPINIONS, [row])[0]))
    event = ConsultationReviewed(opinion_id=row["opinion_id"], entry_id=entry_id)
    work.fact(event, subject=CONSULTATION.subject(consultation_no))
    return event.opinion_id
