"""Entries that can be and seldom are: each is doubted in a warning, and assessed as it stands."""

from collections.abc import Iterator
from datetime import date

from shared.benefit_rules.assessing.assessment import AssessmentWarning
from shared.benefit_rules.households import plausible
from shared.benefit_rules.households.ages import (
    BIRTH_YEAR_OF_THE_OTHER_AMOUNT,
    LAST_AGE_OF_A_DISABLED_CHILD,
    LAST_CHILD_AGE,
    last_april,
)
from shared.benefit_rules.households.household import Household, Member
from shared.money_and_time import age_on, fiscal_year, last_day, month_of


def _of_a_member(member: Member, age: int, day: date) -> Iterator[str]:
    if age > plausible.OLDEST:
        yield f"{plausible.OLDEST}歳を超えている"
    if age < plausible.YOUNGEST_HEAD and member.relation == "self":
        yield "世帯主としては若すぎる"
    if age < plausible.YOUNGEST_SPOUSE and member.relation == "spouse":
        yield "配偶者としては若すぎる"
    if member.school is not None:
        first, last = plausible.SCHOOL_AGES[member.school]
        if not first <= age <= last:
            yield "学校と年齢が合わない"
    elif age <= plausible.LAST_SCHOOL_AGE + 1 and _is_a_pupil_by_age(member, day):
        yield "小学校か中学校の年齢なのに、学校の区分がない(教育扶助を給付していない)"
    if member.maternity is not None and not plausible.YOUNGEST_MOTHER <= age <= plausible.OLDEST_MOTHER:
        yield "妊産婦としては年齢が合わない"
    if member.earned_income and age < plausible.YOUNGEST_WORKER:
        yield f"{plausible.YOUNGEST_WORKER}歳になっていない者の勤労収入である"
    if member.severe_disability and member.disability is None:
        yield "重度障害者加算なのに、障害者加算の区分がない"
    if (
        member.earned_income > plausible.HIGH_EARNINGS_YEN
        or max(member.basic_pension, member.pension) > plausible.HIGH_PENSION_YEN
        or member.care_premium > plausible.HIGH_PREMIUM_YEN
    ):
        yield "収入又は介護保険料が月額として高すぎる"
    if member.care_premium or member.basic_pension:
        yield from _too_early(member, day)


def _is_a_pupil_by_age(member: Member, day: date) -> bool:
    return plausible.FIRST_SCHOOL_AGE <= _age(member, last_april(month_of(day))) <= plausible.LAST_SCHOOL_AGE


def _too_early(member: Member, day: date) -> Iterator[str]:
    """A premium or a pension before the month in which the age of the law is reached."""
    age = _age(member, last_day(month_of(day)))
    if member.care_premium and age < plausible.FIRST_AGE_OF_A_PREMIUM:
        yield f"{plausible.FIRST_AGE_OF_A_PREMIUM}歳になっていない者の介護保険料である"
    if member.basic_pension and age < plausible.FIRST_AGE_OF_A_BASIC_PENSION:
        yield f"{plausible.FIRST_AGE_OF_A_BASIC_PENSION}歳になっていない者の老齢基礎年金である"


def improbable(household: Household, counted: tuple[Member, ...], day: date) -> Iterator[AssessmentWarning]:
    """A warning for each improbable entry, with the ages of a day."""
    if household.rent > plausible.HIGH_RENT_YEN:
        yield _doubtful(None, "家賃が月額として高すぎる")
    ages = {member.id: _age(member, day) for member in counted}
    for member in counted:
        for text in _of_a_member(member, ages[member.id], day):
            yield _doubtful(member.id, text)
    relations = {member.relation: member.id for member in counted}
    parent = next((member for member in counted if member.lone_parent), None)
    if parent is not None:
        yield from _of_a_lone_parent(parent, counted, ages)
    if household.programme == "support_benefit":
        yield from _of_a_basic_pension(counted, day)
    head = relations.get("self")
    for member in counted if head else ():
        if head and member.relation == "child" and ages[member.id] >= ages[head]:
            yield _doubtful(member.id, "子が世帯主より年上か同じ年齢である")


def _of_a_lone_parent(parent: Member, counted: tuple[Member, ...], ages: dict[str, int]) -> Iterator[AssessmentWarning]:
    """A spouse beside a lone parent, and children of whom it is open whose they are, or when they become 20.

    Of a lone parent who is no head or spouse the children are known by their relation alone, if by that.
    """
    for member in counted:
        if member.relation == "spouse":
            yield _doubtful(member.id, "母子加算の世帯に配偶者がいる")
        elif member.disability and member.age == LAST_AGE_OF_A_DISABLED_CHILD and member.relation != "self":
            yield _doubtful(member.id, "年齢だけでは、母子加算の児童でなくなる20歳に達する月が分からない")
    if parent.relation in ("self", "spouse"):
        return
    others = [member for member in counted if member is not parent and member.relation in ("child", "other")]
    children = (member.relation == "other" and ages[member.id] <= LAST_CHILD_AGE for member in others)
    if any(children) and any(ages[member.id] > LAST_CHILD_AGE for member in others):
        yield _doubtful(parent.id, "母子加算の児童は続柄がその他の者としたが、ほかの世帯員の子かもしれない")


def _of_a_basic_pension(counted: tuple[Member, ...], day: date) -> Iterator[AssessmentWarning]:
    """In 支援給付 the full basic pension is that of the birth date: an age about the border does not tell which."""
    border = fiscal_year(day) - BIRTH_YEAR_OF_THE_OTHER_AMOUNT
    for member in counted:
        if member.basic_pension and member.birth_date is None and member.age in (border - 1, border):
            yield _doubtful(
                member.id, "老齢基礎年金の満額は昭和31年4月1日以前の生まれか否かで異なり、年齢だけでは確かめられない"
            )


def _age(member: Member, day: date) -> int:
    if member.age is not None:
        return member.age
    assert member.birth_date is not None
    return age_on(day, member.birth_date)


def _doubtful(member: str | None, text: str) -> AssessmentWarning:
    return AssessmentWarning("doubtful", None, member, text)
