"""Record a fact of a case or of one of its members by hand (世帯の状況の記録): a change from a day, or a correction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import insert

from shared.contracts.codes import CircumstanceReason
from shared.contracts.facts.decisions import CircumstanceRecorded
from shared.decisions.adapters.circumstances import lock_circumstances, require_case
from shared.decisions.adapters.on_record import PERSON_FACT, READ, cases_with_member
from shared.decisions.adapters.opened_cases import refuse_withdrawn
from shared.decisions.adapters.scope import may_see_cases
from shared.decisions.domain.circumstances import (
    Circumstance,
    as_known,
    lose_a_day,
    on_assistance_spans,
    records,
    uncorrected,
)
from shared.decisions.imports.cells import CASE_FACTS, read_cells
from shared.decisions.use_cases.cases.read_circumstances import all_of_case
from shared.decisions.use_cases.deciding import Deciding
from shared.money_and_time.months import month_of
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_OF_WHOM: Final = "世帯の事実には世帯員を指定せず、世帯員の事実には指定してください"
_NOBODY: Final = "この宛名番号の人は登録されていません"
_SINCE_WHEN: Final = "いつからかを日付で入力してください。それより前の月の内容は、前の記録のまま残ります"
NOBODY_LEFT: Final = "世帯員がいない日ができます。ほかの世帯員の日付を確認してください。保護の廃止は決定で行います"
_NO_MEMBER: Final = "この世帯の世帯員ではありません。先に世帯員に加えてください"


@dataclass(frozen=True, slots=True)
class Entered:
    """A fact as it was entered: its cells as typed, from which day to which, what it corrects, and why it is known.

    `seen` is the number of the newest circumstance of the case that its writer saw.
    """

    person_no: str | None
    fact: str
    valid_from: date | None
    valid_to: date | None
    cells: Mapping[str, str]
    corrects: int | None
    reason: CircumstanceReason
    seen: int


def record_circumstance(work: UnitOfWork, deciding: Deciding, case_no: str, entered: Entered) -> int:
    """Record it and return its number: the determination of the case follows with the next act.

    While a case is under investigation (調査中) its facts come one by one, in any order: neither the days on assistance
    nor the rules are asked before the start is decided on.

    Raises:
        Problem: not-found; invalid-input where a cell cannot be read, or the rules refuse the case with it;
            changed-meanwhile where something of the case was recorded since; wrong-state where the application of the
            case was taken back, what is corrected was corrected already, the person belongs to another case, or a
            household on assistance would be without members on a day on which it has one.
    """
    tables = deciding.tables
    is_on_assistance = require_case(work, tables, case_no)
    if (entered.fact in CASE_FACTS) != (entered.person_no is None):
        raise Problem("invalid-input", field="person_no", detail=_OF_WHOM)
    if entered.valid_from and entered.valid_to and entered.valid_to < entered.valid_from:
        raise Problem("invalid-input", field="to", detail="終わりの日が始まりの日より前です")
    data = read_cells(entered.fact, entered.cells)
    lock_circumstances(work)
    refuse_withdrawn(work, tables, case_no)
    known = all_of_case(work, tables, case_no)
    _refuse_what_does_not_fit(work, deciding, case_no, entered, known)
    new = Circumstance(
        number=max((circumstance.number for circumstance in known), default=0) + 1,
        case_no=case_no,
        person_no=entered.person_no,
        fact=entered.fact,
        valid_from=entered.valid_from,
        valid_to=entered.valid_to,
        recorded_at=work.clock.now(),
        corrects=entered.corrects,
        data=data,
    )
    if _changes_since_ever(new, known, is_on_assistance=is_on_assistance):
        raise Problem("invalid-input", field="from", detail=_SINCE_WHEN)
    if is_on_assistance:
        _refuse_what_breaks_assistance(deciding, known, new, new.valid_from or work.clock.today())
    return write_circumstance(work, deciding, new, entered.reason)


def _refuse_what_breaks_assistance(
    deciding: Deciding, known: Sequence[Circumstance], new: Circumstance, day: date
) -> None:
    then = [*known, new]
    if on_assistance_spans(then) != on_assistance_spans(known):
        raise Problem("wrong-state", field="from", detail="保護の期間が変わります。開始と廃止は決定で行います")
    if lose_a_day(_members(known), _members(then)):
        raise Problem("wrong-state", field="to", detail=NOBODY_LEFT)
    _refuse_by_rules(deciding, then, new, day)


def _members(known: Sequence[Circumstance]) -> list[Circumstance]:
    """What says on which days somebody is a member."""
    return [fact for fact in uncorrected(known) if fact.fact == PERSON_FACT]


def _refuse_what_does_not_fit(
    work: UnitOfWork, deciding: Deciding, case_no: str, entered: Entered, known: Sequence[Circumstance]
) -> None:
    refuse_if_changed(known, entered.seen)
    if entered.corrects is not None:
        _refuse_correction(entered, known)
    if entered.person_no is None:
        return
    if entered.fact == "person":
        _refuse_member_of_another(work, deciding, case_no, entered, known)
    else:
        _refuse_beyond_membership(entered, known)


def _refuse_member_of_another(
    work: UnitOfWork, deciding: Deciding, case_no: str, entered: Entered, known: Sequence[Circumstance]
) -> None:
    person_no = str(entered.person_no)
    days = entered.valid_from or date.min, entered.valid_to or date.max
    refuse_member_elsewhere(work, deciding, case_no, person_no, days)
    is_known = any(circumstance.person_no == person_no for circumstance in known)
    if not (is_known or deciding.members.may_join(work, person_no)):
        raise Problem("not-found", field="person_no", detail=_NOBODY)


def refuse_member_elsewhere(
    work: UnitOfWork, deciding: Deciding, case_no: str, person_no: str, days: tuple[date, date]
) -> None:
    """Nobody is in two households on one day.

    Of a household that the caller may not see nothing is said: its members are answered like who is not registered.

    Raises:
        Problem: wrong-state; not-found.
    """
    deciding.members.refuse_gone(work, person_no)
    elsewhere = {
        (number, member_of)
        for number in deciding.members.numbers(work, person_no)
        for member_of in cases_with_member(work, deciding.tables, number, *days)
    } - {(person_no, case_no)}
    if may_see_cases(work, deciding.tables, READ, {member_of for _, member_of in elsewhere}):
        raise Problem("wrong-state", field="person_no", detail="ほかの世帯の世帯員です。先にその世帯から外してください")
    if elsewhere:
        raise Problem("not-found", field="person_no", detail=_NOBODY)


def _refuse_beyond_membership(entered: Entered, known: Sequence[Circumstance]) -> None:
    """A fact of a person holds while they are a member, and not after they left."""
    corrected = {circumstance.corrects for circumstance in known}
    own = [fact for fact in known if (fact.person_no, fact.fact) == (entered.person_no, "person")]
    last_days = [fact.valid_to or date.max for fact in own if fact.number not in corrected]
    if not last_days:
        raise Problem("not-found", field="person_no", detail=_NO_MEMBER)
    if (entered.valid_to or date.max) > max(last_days):
        detail = "この日より前に世帯から抜けています。「いつまで」を、抜けた日までにしてください"
        raise Problem("invalid-input", field="to", detail=detail)


def _changes_since_ever(new: Circumstance, known: Sequence[Circumstance], *, is_on_assistance: bool) -> bool:
    """Whether a change would not begin on a day, but change every month before and none after what is on record.

    Since ever (不明) something holds where a correction says so, or where nothing is known or given yet.
    """
    about = new.person_no, new.fact
    is_known = any((fact.person_no, fact.fact) == about for fact in known)
    return new.valid_from is None and new.corrects is None and (is_on_assistance or is_known)


def refuse_if_changed(known: Sequence[Circumstance], seen: int) -> None:
    """Refuse to write after something that the writer did not see.

    Raises:
        Problem: changed-meanwhile.
    """
    newest = max((circumstance.number for circumstance in known), default=0)
    if newest != seen:
        detail = "開いた後に、この世帯の記録が加わりました。最新の内容を確認してください"
        raise Problem("changed-meanwhile", field="seen", detail=detail, extra={"newest": newest})


def _refuse_correction(entered: Entered, known: Sequence[Circumstance]) -> None:
    corrected = {circumstance.corrects for circumstance in known}
    about = entered.person_no, entered.fact
    mine = [fact for fact in known if fact.number == entered.corrects and (fact.person_no, fact.fact) == about]
    if not mine:
        raise Problem("not-found", field="corrects", detail="訂正する記録がありません")
    if entered.corrects in corrected:
        raise Problem("wrong-state", field="corrects", detail="この記録はすでに訂正されています")


def _refuse_by_rules(deciding: Deciding, circumstances: Sequence[Circumstance], new: Circumstance, day: date) -> None:
    """Ask the rules of the month of a day; a figure that is not known is no fault of who enters a fact."""
    month = month_of(day)
    if not deciding.law.reaches(month):
        return
    entries = records(as_known(circumstances, month), month)
    for refused in deciding.law.refuses([entry for entry in entries if entry["members"]], month):
        if not refused.of_a_figure:
            field = refused.field.removeprefix(f"members[{new.person_no}].")
            name = field if field in new.data else ""
            detail = "この内容では保護費を算定できません。ほかの項目と合わせて確認してください"
            extra: dict[str, Any] = {"rule": refused.type, "rule_field": refused.field, "rule_detail": refused.detail}
            raise Problem("invalid-input", field=f"cells.{name}" if name else "cells", detail=detail, extra=extra)


def write_circumstance(work: UnitOfWork, deciding: Deciding, new: Circumstance, reason: CircumstanceReason) -> int:
    """Write a fact under the next number, and return that."""
    table = deciding.tables.circumstances
    columns = ("case_no", "person_no", "fact", "valid_from", "valid_to", "recorded_at", "corrects", "data")
    row = {name: getattr(new, name) for name in columns}
    written = insert(table).values(**row, recorded_by=work.actor, reason=reason).returning(table.c.number)
    number = int(work.connection.execute(written).scalar_one())
    event = CircumstanceRecorded(
        number=number,
        person_no=new.person_no,
        fact=new.fact,
        corrects=new.corrects,
        reason=reason,
        **{"from": new.valid_from, "to": new.valid_to},
    )
    work.fact(event, subject=f"case:{new.case_no}")
    return number
