"""Record a relative liable for support (扶養義務者), what they are called by now, and what they answered (扶養届)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from services.case_management.adapters.investigations.relatives import (
    ANSWERS,
    DETAILS,
    RELATIVE,
    relative_answers,
    relative_details,
    relatives,
)
from services.case_management.adapters.tables import decisions
from services.case_management.use_cases.investigations.members import require_member
from shared.contracts.between_fields import answer_faults
from shared.contracts.codes import RelativeOutcome, RelativeRelation
from shared.contracts.facts.case_management import RelativeAnswered, RelativeRecorded
from shared.decisions.adapters.circumstances import require_case
from shared.service_kit.problems import Problem, refuse_faults
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Recorded:
    """A relative, and the row that says who they are."""

    relative_id: UUID
    detail_id: UUID


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What came back from a relative; yen a month where money is offered."""

    answered_on: date
    outcome: RelativeOutcome
    yen: int | None
    words: str | None


def record_relative(
    work: UnitOfWork, case_no: str, person_no: str | None, relation: RelativeRelation, content: Mapping[str, Any]
) -> Recorded:
    """Keep a relative of a member; nobody named is the household as a whole.

    Raises:
        Problem: not-found; invalid-input where the person is of another household.
    """
    require_case(work, decisions, case_no)
    require_member(work, case_no, person_no)
    relative_id = uuid4()
    row = {"relative_id": relative_id, "case_no": case_no, "person_no": person_no, "recorded_by": work.actor}
    work.connection.execute(insert(relatives).values(**row, recorded_at=work.clock.now()))
    return _describe(work, case_no, Recorded(relative_id, uuid4()), None, person_no, relation, content)


def correct_relative(
    work: UnitOfWork,
    case_no: str,
    relative_id: UUID,
    follows: UUID,
    relation: RelativeRelation,
    content: Mapping[str, Any],
) -> Recorded:
    """Keep what a relative is called, and where they live, by now; the rows before stay.

    Raises:
        Problem: not-found; changed-meanwhile where another row was written since.
    """
    person_no = require_relative(work, case_no, relative_id)
    details = relative_details.c
    newest = work.connection.execute(
        select(details.detail_id, details.recorded_by)
        .where(details.relative_id == relative_id)
        .order_by(details.number.desc())
        .limit(1)
    ).one()
    if newest.detail_id != follows:
        written = {"entry_id": str(newest.detail_id), "recorded_by": newest.recorded_by}
        raise Problem("changed-meanwhile", field="follows", detail="最新の内容を確認してください", extra=written)
    return _describe(work, case_no, Recorded(relative_id, uuid4()), follows, person_no, relation, content)


def record_answer(work: UnitOfWork, case_no: str, relative_id: UUID, answer: NewAnswer) -> UUID:
    """Keep what a relative answered, also of those nobody wrote to; each answer is a row of its own.

    Raises:
        Problem: not-found; invalid-input where the day lies ahead, or yen and outcome do not go together.
    """
    require_relative(work, case_no, relative_id)
    if answer.answered_on > work.clock.today():
        raise Problem("invalid-input", field="answered_on", detail="業務日より後の日です。日付を確認してください")
    refuse_faults(answer_faults({"outcome": answer.outcome, "yen": answer.yen}))
    row = {
        "answer_id": uuid4(),
        "relative_id": relative_id,
        **asdict(answer),
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
    }
    work.connection.execute(insert(relative_answers).values(**work.seal(ANSWERS, [row])[0]))
    event = RelativeAnswered(
        relative_id=relative_id,
        answer_id=row["answer_id"],
        on=answer.answered_on,
        outcome=answer.outcome,
        yen=answer.yen,
    )
    work.fact(event, subject=f"case:{case_no}")
    return event.answer_id


def require_relative(work: UnitOfWork, case_no: str, relative_id: UUID) -> str | None:
    """Return whose relative they are; nobody else writes about them meanwhile.

    Raises:
        Problem: not-found where they are none of this case.
    """
    RELATIVE.each(str(relative_id)).hold(work.connection)
    of_case = (relatives.c.relative_id == relative_id) & (relatives.c.case_no == case_no)
    row = work.connection.execute(select(relatives.c.person_no).where(of_case)).one_or_none()
    if row is None:
        raise Problem("not-found", field="relative_id")
    person_no: str | None = row.person_no
    return person_no


def _describe(
    work: UnitOfWork,
    case_no: str,
    recorded: Recorded,
    follows: UUID | None,
    person_no: str | None,
    relation: RelativeRelation,
    content: Mapping[str, Any],
) -> Recorded:
    row = {
        **asdict(recorded),
        "follows": follows,
        "relation": relation,
        "content": json.dumps(dict(content), ensure_ascii=False),
        "recorded_by": work.actor,
        "recorded_at": work.clock.now(),
    }
    work.connection.execute(insert(relative_details).values(**work.seal(DETAILS, [row])[0]))
    event = RelativeRecorded(**asdict(recorded), follows=follows, person=person_no, relation=relation)
    work.fact(event, subject=f"case:{case_no}")
    return recorded
