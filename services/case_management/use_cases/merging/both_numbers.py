"""Whether two numbers can be merged: both are somebody's, in no chain, and the one that goes in no household."""

from datetime import date, timedelta
from typing import Final

from services.case_management.adapters.cases_of_people import record_of_resident
from services.case_management.adapters.merging.merged import merged_numbers, merged_problem
from services.case_management.adapters.merging.merges import distinct_pairs, in_order
from services.case_management.adapters.residents import newest_entry
from services.case_management.adapters.tables import decisions
from services.case_management.use_cases.merging.find_candidates import READ
from shared.access.records import may_see
from shared.decisions.adapters.on_record import cases_with_member
from shared.decisions.adapters.scope import may_see_cases
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_LEFT: Final = "なくす番号の人は、今月は世帯員です。来月に統合するか、世帯員の最後の日を先月までに訂正してください"
_TWO_PEOPLE: Final = "別の人と記録された二つの番号です。同じ人のときは、先に名寄せの履歴でその記録を取り消してください"
_UNKNOWN: Final = "この宛名番号の人は登録されていません"


def require_both(work: UnitOfWork, person_no: str, other: str, field: str) -> None:
    """Refuse numbers that are not on the register, and one that the caller may not see, in the same words.

    Raises:
        Problem: not-found; invalid-input where it is one number; not-permitted where an emergency alone opens it.
    """
    if person_no == other:
        raise Problem("invalid-input", field=field, detail="同じ番号です。もう一方の宛名番号を入力してください")
    if newest_entry(work, person_no) is None:
        raise Problem("not-found", field="person_no", detail=_UNKNOWN)
    if not may_see(work, READ, record_of_resident(work, person_no)):
        raise Problem("not-permitted", field="person_no", detail="緊急閲覧では、名寄せも別人の記録もできません")
    is_seen = may_see(work, READ, record_of_resident(work, other))
    if newest_entry(work, other) is None or not is_seen:
        raise Problem("not-found", field=field, detail=_UNKNOWN)


def refuse_unfit(work: UnitOfWork, goes: str, stays: str) -> None:
    """Refuse a merge of two people (別人), one that would make a chain, or leave a household a number used no more.

    A need is one of a month: a member on a day of this month, under the number that goes, would have two of them.

    Raises:
        Problem: wrong-state.
    """
    merged = merged_numbers(work, [goes, stays])
    for number in (goes, stays):
        if number in merged.into:
            raise merged_problem(merged.into[number])
    if others := merged.gone(goes):
        detail = f"{goes} には {others[0]} が統合されています。{goes} を残すか、先にその名寄せを取り消してください"
        raise Problem("wrong-state", field="stays", detail=detail)
    if distinct_pairs(work) & {in_order(goes, number) for number in merged.numbers(stays)}:
        raise Problem("wrong-state", field="stays", detail=_TWO_PEOPLE)
    today = work.clock.today()
    own, others_cases = (
        cases_with_member(work, decisions, number, today.replace(day=1), date.max) for number in (goes, stays)
    )
    if own:
        named = may_see_cases(work, decisions, "case.read", own | others_cases)
        is_left = not cases_with_member(work, decisions, goes, today + timedelta(days=1), date.max)
        detail = _LEFT if is_left else _in_households(goes, sorted(own & named), sorted(others_cases & named))
        raise Problem("wrong-state", field="person_no", detail=detail, extra={"case_nos": sorted(named)})


def _in_households(goes: str, own: list[str], others: list[str]) -> str:
    """Which household each is in, as far as the caller may know, and what to do."""
    where, elsewhere = "、".join(own), "、".join(others)
    if set(own) & set(others):
        return f"二人とも世帯 {where} の世帯員です。先に {goes} を世帯から外してください"
    if elsewhere:
        return f"{goes} は世帯 {where}、もう一方は世帯 {elsewhere} の世帯員です。先に {goes} を世帯から外してください"
    named = f"世帯 {where}" if where else "世帯"
    return f"{goes} は{named} の世帯員です。{goes} を残すか、先に世帯から外してください"
