"""Doubts about a household as it was entered: its place, the day that counts for age, who is left out, odd values."""

from collections.abc import Iterable, Iterator
from datetime import date

from shared.benefit_rules.assessing.assessment import AssessmentWarning
from shared.benefit_rules.assessing.improbable import improbable
from shared.benefit_rules.households.ages import Ages, day_that_counts, last_april, same_band
from shared.benefit_rules.households.household import Household, Member
from shared.benefit_rules.law.standards import MonthTables
from shared.money_and_time import first_day

_NO_FIRST_DAY = "保護の開始日が月の途中なのに、日割の初日が入力されていない"
_NO_START = "保護の開始日が入力されていないので、年齢は4月1日の満年齢による。その後の開始なら年齢区分が変わる"
_SEPARATED = "世帯分離した者のため、この世帯の最低生活費にも収入にも含めない"
_NOT_IN_THE_UNIT = "支援給付の世帯は本人と配偶者のみとし、この者を含まない"


_OF_THE_HOUSEHOLD = ("single", "reconstructed", "derived", "rule-not-read")


def once(warnings: Iterable[AssessmentWarning]) -> list[AssessmentWarning]:
    """A doubt about a figure or a rule stands once for a household: where it concerns several, it names no member."""
    kept: dict[tuple[str | None, ...], AssessmentWarning] = {}
    for warning in warnings:
        doubt = (warning.type, warning.detail) if warning.type in _OF_THE_HOUSEHOLD else tuple(warning)
        before = kept.setdefault(doubt, warning)
        if before.member != warning.member:
            kept[doubt] = before._replace(member=None)
    return list(kept.values())


def doubts_about(
    household: Household, counted: tuple[Member, ...], tables: MonthTables, ages: Ages
) -> Iterator[AssessmentWarning]:
    """Warnings that belong to no figure; `counted` are the members who count in the household."""
    prefecture, municipality = household.prefecture, household.municipality
    if prefecture and municipality and tables.places.is_by_absence(prefecture, municipality):
        yield AssessmentWarning("derived", None, None, "級地の表にない市町村のため3級地-2とした")
    yield from _about_the_age(household, counted, tables, ages)
    since = household.assistance_since
    if since is not None and since > (household.first or first_day(tables.month)):
        yield AssessmentWarning("doubtful", None, None, _NO_FIRST_DAY)
    yield from improbable(household, counted, first_day(tables.month))
    for member in household.members:
        if member not in counted:
            yield AssessmentWarning("left-out", None, member.id, _SEPARATED if member.separated else _NOT_IN_THE_UNIT)


def _about_the_age(
    household: Household, counted: tuple[Member, ...], tables: MonthTables, ages: Ages
) -> Iterator[AssessmentWarning]:
    """Once a household: where the day of the start decides a band, and where it would if it were known."""
    month, begun = tables.month, household.begun(tables.month)
    births = [member.birth_date for member in counted if member.age is None and member.birth_date is not None]
    if begun is None:
        if ages == "yearly" and _differs(births, last_april(month), first_day(month)):
            yield AssessmentWarning("rule-not-read", "livelihood.class1", None, _NO_START)
    elif _differs(births, day_that_counts(month, begun, ages), day_that_counts(month, None, ages)):
        text = f"条文を読んでいない規則: {tables.rules['age_at_the_start'].text}"
        yield AssessmentWarning("rule-not-read", "livelihood.class1", None, text)


def _differs(births: list[date], day: date, other: date) -> bool:
    return day != other and not all(same_band(birth, day, other) for birth in births)
