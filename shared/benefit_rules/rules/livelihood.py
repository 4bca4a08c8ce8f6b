"""生活扶助 基準生活費 (告示別表第1 第1章, 第3章)."""

import numpy as np

from shared.benefit_rules.columns import Codes, Column, Flags, cut_below_1, raise_to_1, raise_to_10, rows_where, some
from shared.benefit_rules.households.ages import BAND_OF_AGE
from shared.benefit_rules.households.batch import RESIDENCES
from shared.benefit_rules.rules.work import Work

_ENDS = "12月のうちに保護が終わる世帯には期末一時扶助を給付しない (告示別表第1 第1章 1(2)ア)"
_FACILITY_ENDS = "12月のうちに保護が終わる救護施設等の者には期末一時扶助を給付しない (告示別表第1 第1章 2(2)ア)"
_OF_PATIENTS = "告示別表第1 第3章"
_FIRST_FACILITY = RESIDENCES.index("rescue_facility")
_FIRST_LODGING = RESIDENCES.index("free_low_cost_lodging")


def livelihood(work: Work) -> None:
    """Every line of the standard livelihood; `work.columns` has them afterwards."""
    bands = BAND_OF_AGE.take(work.members.age)
    if work.tables["livelihood.class1"].in_force:
        class1(work, bands)
        class2(work)
    else:
        larger_of_two_formulas(work, bands)
    special_at_home(work)
    transitional(work, bands)
    work.body = work.sum_of("livelihood")
    winter(work)
    year_end(work)
    if work.at_home is not None:
        away = rows_where(~work.at_home)
        daily_needs_away(work, "livelihood.hospital", away)
        daily_needs_away(work, "livelihood.care_home", away)
        facility(work, work.given_to("livelihood.facility", away))
        work.doubt("lodging", work.owner[rows_where(work.members.residence >= _FIRST_LODGING)])


def class1(work: Work, bands: Column) -> None:
    """第1類: Σ of the members at home × 逓減率, cut below 1 yen, raised to 10 yen (別表第1 第1章 1(1)ア)."""
    each = _by_age(work, "livelihood.class1", bands)
    total = work.total(each)
    rate = work.look_up("livelihood.size_rate", work.home_size)
    yen = _reduced(total, rate)
    work.household_line(
        "livelihood.class1", yen, of_each=each, members_total=total, rate_per_10000=rate, persons=work.home_size
    )


def class2(work: Work) -> None:
    """第2類: by the number of persons at home (別表第1 第1章 1(1)イ)."""
    yen = work.look_up("livelihood.class2", work.home_size)
    work.household_line("livelihood.class2", yen, persons=work.home_size)


def larger_of_two_formulas(work: Work, bands: Column) -> None:
    """Before 2023-10: the larger of formula ① × 0.855 and formula ②, each 第1類 × 逓減率 + 第2類."""
    share = work.look_up("livelihood.base1.share")
    first = raise_to_10(raise_to_1(_formula(work, "livelihood.base1", bands) * share, 10_000))
    second = _formula(work, "livelihood.base2", bands)
    base1, base2 = np.where(first > second, first, 0), np.where(first > second, 0, second)
    rule = "old_formula_rounding"
    work.household_line("livelihood.base1", base1, rule=rule, keep_figures=True, formula1=first, formula2=second)
    work.household_line("livelihood.base2", base2, rule=rule, formula1=first, formula2=second)


def _formula(work: Work, base: str, bands: Column) -> Column:
    total = work.total(_by_age(work, base + ".class1", bands))
    rate = work.look_up(base + ".size_rate", work.home_size)
    return _reduced(total, rate) + work.look_up(base + ".class2", work.grade, work.home_size)


def _by_age(work: Work, name: str, bands: Column) -> Column:
    """第1類 of each member at home by grade and age; 0 for who is away."""
    yen = work.look_up(name, work.grade_of_member, bands, households=work.owner)
    return yen if work.at_home is None else yen * work.at_home


def _reduced(total: Column, rate: Column) -> Column:
    return raise_to_10(cut_below_1(total * rate, 10_000))


def special_at_home(work: Work) -> None:
    """特例加算: an amount for each person at home."""
    each = work.look_up("livelihood.special.home")
    work.household_line("livelihood.special", each * work.home_size, each=each, persons=work.home_size)


def transitional(work: Work, bands: Column) -> None:
    """経過的加算: for each person at home by age, number of persons and grade."""
    sizes = work.home_size.take(work.owner)
    yen = work.look_up(
        "livelihood.transitional", work.grade_of_member, bands, sizes, households=work.owner, where=work.at_home
    )
    each = yen if work.at_home is None else yen * work.at_home
    work.household_line("livelihood.transitional", work.total(each), of_each=each, persons=work.home_size)


def winter(work: Work) -> None:
    """冬季加算: in the months of the zone, by persons at home; × 1.3 raised to 10 yen under the special standard."""
    in_season = work.tables["livelihood.winter.months"].values[:, work.tables.number - 1]
    if not some(in_season):
        return
    yen = work.look_up("livelihood.winter", work.households.zone, work.home_size)
    yen = yen * in_season.take(work.households.zone)
    special = work.households.winter_special & (yen > 0)
    if some(special):
        rate = work.look_up("livelihood.winter.special_rate", where=special)
        yen = np.where(special, raise_to_10(cut_below_1(yen * rate, 10_000)), yen)
    work.household_line("livelihood.winter", yen, zone=work.households.zone.astype(np.int64), persons=work.home_size)
    if work.at_home is not None:
        winter_away(work, in_season.take(work.households.zone) > 0)


def winter_away(work: Work, in_season: Flags) -> None:
    """冬季加算 of who is away: at each residence that has one an amount of its own, by the zone."""
    assert work.at_home is not None
    rows = rows_where(~work.at_home)
    rows = rows[in_season.take(work.owner[rows])]
    for figure, there in work.amounts("livelihood.winter", "livelihood.winter", rows):
        zone = work.households.zone.take(work.owner[there]).astype(np.int64)
        yen = work.look_up(figure, zone, households=work.owner[there])
        work.member_line("livelihood.winter", there, yen, zone=zone)


def year_end(work: Work) -> None:
    """期末一時扶助: in December, by persons at home and grade, to who goes on into January (別表第1 第1章 1(2)ア)."""
    if work.tables.number == 12:
        yen = work.look_up("livelihood.year_end", work.grade, work.home_size)
        if some(work.households.ends):
            ends_at_home = rows_where(work.households.ends & (yen > 0))
            work.withhold("livelihood.year_end", ends_at_home, _ENDS, of_members=False)
            yen = yen * ~work.households.ends
        work.household_line("livelihood.year_end", yen, persons=work.home_size)
        if work.at_home is not None:
            work.given_to("livelihood.year_end", rows_where(~work.at_home))


def daily_needs_away(work: Work, kind: str, away: Codes) -> None:
    """入院患者日用品費, 介護施設入所者基本生活費, each with its own 特例加算 (別表第1 第3章)."""
    rows = work.given_to(kind, away)
    if len(rows):
        households = work.owner[rows]
        yen = work.look_up(kind, households=households)
        work.member_line(kind, rows, yen, rule="hospital_apart")
        special = work.look_up("livelihood.special.institution", households=households)
        work.member_line("livelihood.special", rows, special, basis=_OF_PATIENTS)


def facility(work: Work, rows: Codes) -> None:
    """救護施設等, 更生施設等: the base amount, winter by zone, in December year-end, 特例加算 (別表第1 第1章 2, 4)."""
    if not len(rows):
        return
    households = work.owner[rows]
    grades, which = work.grade.take(households) // 2, work.members.residence[rows] - _FIRST_FACILITY
    yen = work.look_up("institution.facility", grades, which, households=households)
    work.member_line("livelihood.facility", rows, yen)
    special = work.look_up("livelihood.special.home", households=households)
    work.member_line("livelihood.special", rows, special, rule="special_in_facilities")
    if work.tables.number == 12:
        yen = work.look_up("institution.facility_year_end", grades, households=households)
        ends = work.households.ends[households]
        work.withhold("livelihood.facility_year_end", rows[ends], _FACILITY_ENDS)
        work.member_line("livelihood.facility_year_end", rows, yen * ~ends)
    in_season = work.tables["livelihood.winter.months"].values[:, work.tables.number - 1]
    rows = rows[in_season.take(work.households.zone.take(households)) > 0]
    if len(rows):
        zone = work.households.zone.take(work.owner[rows]).astype(np.int64)
        yen = work.look_up("institution.facility_winter", zone, households=work.owner[rows])
        work.member_line("livelihood.facility_winter", rows, yen, zone=zone)
