"""加算 (告示別表第1 第2章). Each is a line of the member to whom it is given."""

import numpy as np

from shared.benefit_rules.columns import MAX_SIZE, Codes, Column, Flags, rows_where, runs, some
from shared.benefit_rules.households.ages import CHILD_BAND_OF_AGE, LAST_AGE_OF_A_DISABLED_CHILD, LAST_CHILD_AGE
from shared.benefit_rules.households.batch import DISABILITIES, MATERNITIES, RADIATIONS, RELATIONS, RESIDENCES
from shared.benefit_rules.rules.residences import as_at_home
from shared.benefit_rules.rules.work import Work

_HOSPITAL = RESIDENCES.index("hospital")
_NO_CHILD_FROM_20 = (
    "20歳に達したため母子加算の児童に数えない。障害のある者も20歳に達するまでである (告示別表第1 第2章 8)"
)
_NOBODY: Codes = np.zeros(0, np.int64)


def additions(work: Work) -> None:
    """Every addition that applies."""
    members = work.members
    children = is_child(work)
    disabled: Column = members.disability.astype(np.int64)
    number_of_children = work.total(children.astype(np.int64))
    if some(members.lone_parent):
        disabled, number_of_own = lone_parent(work, children, number_of_children, disabled)
    else:
        number_of_own = number_of_children
    if some(disabled):
        disability(work, disabled)
    if some(members.severe_disability):
        _each(work, "addition.severe_disability", rows_where(members.severe_disability))
    for flag in ("care_by_family", "care_by_others"):
        cared_for = getattr(members, flag)
        if some(cared_for):
            _each(work, f"addition.{flag}", rows_where(cared_for))
    if some(members.maternity):
        maternity(work)
    if work.at_home is not None:
        care_facility(work, number_of_own)
    if some(members.home_patient):
        _each(work, "addition.home_patient", rows_where(members.home_patient), work.grade_of_member // 2)
    if some(members.radiation):
        status = members.radiation - RADIATIONS.index("current")
        _each(work, "addition.radiation", rows_where(members.radiation), status)
    if some(children):
        child_rearing(work, children, number_of_children)
    if work.detailed:
        _say_who_is_no_child_any_more(work)
    if some(members.care_premium):
        rows = work.given_to("addition.care_premium", rows_where(members.care_premium))
        work.member_line("addition.care_premium", rows, members.care_premium[rows])


def is_child(work: Work) -> Flags:
    """児童: 17 or less on 1 April (to the 31 March after the 18th birthday), brought up by another of the household.

    By its own definition, whatever day counts for the age of the standard livelihood.
    """
    brought_up = work.members.relation >= RELATIONS.index("child")
    return np.asarray(brought_up & (work.members.age_in_april <= LAST_CHILD_AGE))


def _grown_children(work: Work, last_age: int = LAST_AGE_OF_A_DISABLED_CHILD) -> Flags:
    """Who is a 児童 of 母子加算 alone: under 20, not a child any more, with a disability (第2章 8, 2).

    Until the birthday, and in the month of it: the age on the first of the month counts, as for the 20歳未満控除.
    """
    members = work.members
    young = (members.age_in_april > LAST_CHILD_AGE) & (members.age_now <= last_age)
    return np.asarray(young & (members.disability > 0) & (members.relation >= RELATIONS.index("child")))


def _of_lone_parents(
    work: Work, parents: Codes, children: Flags, number_of_children: Column, disabled: Column
) -> tuple[Flags, Column, Column]:
    """Whose 児童 make one a lone parent, how many a household has, and how many of them are 児童 whatever their health.

    Nobody is the own child. The relation is that to the head: beside a lone parent who is head or spouse the head's
    children and others count; beside one who is a child of the head, or another, only others: the head's children are
    siblings of that child.
    """
    members, number = work.members, number_of_children
    grown = _grown_children(work) if some(disabled) else None
    of_others = members.relation[parents] > RELATIONS.index("spouse")
    are_others = some(of_others)
    if grown is None and not are_others:
        return children, number, number
    own = ~members.lone_parent
    if are_others:
        of_head = np.zeros(work.size, np.bool_)
        of_head[work.owner[parents]] = ~of_others
        own &= of_head.take(work.owner) | (members.relation == RELATIONS.index("other"))
        children, grown = children & own, grown if grown is None else grown & own
        number = work.total(children.astype(np.int64))
    if grown is None:
        return children, number, number
    if work.detailed:
        _say_who_has_become_20(work, parents, own)
    return children | grown, number + work.total(grown.astype(np.int64)), number


def _say_who_has_become_20(work: Work, parents: Codes, own: Flags) -> None:
    """Of who was a 児童 of 母子加算 within the year before; `own` are those whom a lone parent may bring up."""
    with_parent = np.zeros(work.size, np.bool_)
    with_parent[work.owner[parents]] = True
    become = _grown_children(work, last_age=20) & (work.members.age_now == 20) & own & with_parent.take(work.owner)
    work.withhold("addition.lone_parent", rows_where(become), _NO_CHILD_FROM_20)


def lone_parent(work: Work, children: Flags, number_of_children: Column, disabled: Column) -> tuple[Column, Column]:
    """母子加算 (別表第1 第2章 8), and who is still given 障害者加算 (2) beside it (重複調整, 9).

    Only the amount for one child is compared with the parent's own 障害者加算. Where that is as high or higher it is
    given, and of 母子加算 what it has more for the second and further children.

    Returns the disability codes, 0 for a person whose 母子加算 for one child is higher, and the number of children that
    make one a lone parent.
    """
    rows = rows_where(work.members.lone_parent)
    children, number, young = _of_lone_parents(work, rows, children, number_of_children, disabled)
    rows = rows[number.take(work.owner[rows]) > 0]
    if not len(rows):
        return disabled, number
    remaining = disabled.copy()
    if work.at_home is not None:
        at_home = as_at_home("addition.lone_parent", work.members.residence[rows])
        lone_parent_away(work, rows[~at_home], remaining)
        rows = rows[at_home]
    households = work.owner[rows]
    count, grades = number.take(households), work.grade.take(households) // 2
    own = _own_disability(work, disabled[rows], grades)
    yen = work.look_up("addition.lone_parent", grades, count, households=households)
    higher = np.ones(len(rows), np.bool_)
    meet = rows_where(own)
    if len(meet):
        for_one = work.look_up("addition.lone_parent", grades[meet], np.ones_like(meet), households=households[meet])
        higher[meet] = for_one > own[meet]
        yen[meet] -= for_one * ~higher[meet]
        if work.detailed:
            _say_which_is_higher(work, rows[meet], for_one, own[meet])
            work.doubt("additions_that_meet", households[meet[count[meet] > 1]])
    work.member_line("addition.lone_parent", rows, yen, children=count, own_disability_addition=own)
    if work.detailed and number is not young:
        work.doubt("disabled_child", households[count > young.take(households)])
    lone_parent_transitional(work, children, households[higher & (count == 1)])
    remaining[rows[higher]] = 0
    return remaining, number


def _say_which_is_higher(work: Work, parents: Codes, for_one: Column, own: Column) -> None:
    lost = rows_where(for_one > own)
    why = "障害者加算{own:,}円は、母子加算の児童1人の額{for_one:,}円の方が高いため給付しない (告示別表第1 第2章 9)"
    work.withhold("addition.disability", parents[lost], why, own=own[lost], for_one=for_one[lost])
    lost = rows_where(for_one <= own)
    why = "母子加算のうち児童1人の額{for_one:,}円は、障害者加算{own:,}円を給付するため給付しない (告示別表第1 第2章 9)"
    work.withhold("addition.lone_parent", parents[lost], why, own=own[lost], for_one=for_one[lost])


def lone_parent_away(work: Work, rows: Codes, remaining: Column) -> None:
    """母子加算 of who is away, by an amount of its own; `remaining` loses the disability of who has more by it."""
    for figure, there in work.amounts("addition.lone_parent", "addition.lone_parent", rows):
        yen = work.look_up(figure, households=work.owner[there])
        grades = work.grade.take(work.owner[there]) // 2
        higher = yen > _own_disability(work, remaining[there], grades, ".institution")
        work.member_line("addition.lone_parent", there, yen * higher)
        remaining[there[higher]] = 0


def _own_disability(work: Work, codes: Column, grades: Column, where: str = "") -> Column:
    """障害者加算 of the parents themselves, at home or by the figure of another residence."""
    own = np.zeros(len(codes), np.int64)
    if some(codes):
        for code, letter in ((1, "a"), (2, "b")):
            figure = work.tables[f"addition.disability.{letter}{where}"]
            own = np.where(codes == code, figure.flat.take(grades), own)
    return own


def lone_parent_transitional(work: Work, children: Flags, households: Codes) -> None:
    """母子世帯等に係る経過的加算, for one child only: by its age, persons and grade."""
    entitled = np.zeros(work.size, np.bool_)
    entitled[households] = True
    rows = rows_where(children & entitled[work.owner])
    owners = work.owner[rows]
    bands = CHILD_BAND_OF_AGE.take(work.members.age[rows])
    yen = work.look_up(
        "addition.lone_parent_transitional",
        work.grade.take(owners),
        bands,
        work.home_size.take(owners),
        households=owners,
    )
    work.member_line("addition.lone_parent_transitional", rows, yen)


def disability(work: Work, disabled: Column) -> None:
    """障害者加算 ア and イ, at home or away (別表第1 第2章 2)."""
    for code, letter in enumerate(DISABILITIES[1:], start=1):
        rows = rows_where(disabled == code)
        if len(rows):
            name = f"addition.disability.{letter}"
            _each(work, name, rows, work.grade_of_member // 2, kind="addition.disability")


def maternity(work: Work) -> None:
    """妊産婦加算: pregnant under or from six months, or after birth; not for who is fed in hospital (第2章 1)."""
    for code, status in enumerate(MATERNITIES[1:], start=1):
        rows = rows_where(work.members.maternity == code)
        if len(rows):
            name = f"addition.maternity.{status}"
            _each(work, name, rows, work.grade_of_member // 2, kind="addition.maternity")


def care_facility(work: Work, number_of_children: Column) -> None:
    """介護施設入所者加算, not beside 障害者加算 or 母子加算, which needs a child (別表第1 第2章 3)."""
    assert work.at_home is not None
    members = work.members
    rows = work.given_to("addition.care_facility", rows_where(~work.at_home))
    with_lone_parent = members.lone_parent[rows] & (number_of_children.take(work.owner[rows]) > 0)
    beside = (members.disability[rows] > 0) | with_lone_parent
    why = "介護施設入所者加算は、障害者加算または母子加算を給付する者には給付しない (告示別表第1 第2章 3)"
    work.withhold("addition.care_facility", rows[beside], why)
    rows = rows[~beside]
    if len(rows):
        _each(work, "addition.care_facility", rows, rule="care_facility_or_disability")


def child_rearing(work: Work, children: Flags, number_of_children: Column) -> None:
    """児童養育加算 for each child, and its 経過的加算 (別表第1 第2章 6)."""
    _each(work, "addition.child_rearing", rows_where(children))
    rows = _with_child_transitional(work, children, number_of_children)
    if len(rows):
        _each(work, "addition.child_rearing_transitional", rows, rule="child_transitional")


def _say_who_is_no_child_any_more(work: Work) -> None:
    members = work.members
    eighteen = members.age_in_april == LAST_CHILD_AGE + 1
    if not some(eighteen):
        return
    eighteen &= members.relation == RELATIONS.index("child")
    why = "児童養育加算は、18歳に達した日の後の3月31日までのため給付しない (告示別表第1 第2章 6)"
    work.withhold("addition.child_rearing", rows_where(eighteen), why)


def _with_child_transitional(work: Work, children: Flags, number_of_children: Column) -> Codes:
    """Under 3 (with 3 persons or less only in hospital), and from the third child on 3 to 11."""
    members = work.members
    of_three = number_of_children >= 3
    third = _third_children(work, rows_where(children & of_three.take(work.owner))) if some(of_three) else _NOBODY
    rows = rows_where(children & (members.age_now < 3))
    if not len(rows):
        return third
    entitled = (work.persons.take(work.owner[rows]) > 3) | (members.residence[rows] == _HOSPITAL)
    work.doubt("child_transitional", work.owner[rows[~entitled]])
    return np.sort(np.concatenate((rows[entitled], third)))


def _third_children(work: Work, rows: Codes) -> Codes:
    """Of the children of each household the third and further ones, the eldest first, from 3 to the age of 11."""
    ages, owners = work.members.age_in_april[rows].astype(np.int64), work.owner[rows]
    order = np.argsort(owners * MAX_SIZE + work.members.seniority[rows])
    begins, lengths = runs(owners)
    position = np.empty(len(rows), np.int64)
    position[order] = np.arange(len(rows)) - np.repeat(begins, lengths)
    return np.asarray(rows[(position >= 2) & (ages <= 11) & (work.members.age_now[rows] >= 3)])


def _each(work: Work, name: str, rows: Codes, *codes: Codes, kind: str | None = None, rule: str | None = None) -> None:
    """A line of each member in `rows` whose residence has it, with the yen of a figure; `codes` are of all members."""
    for figure, there in work.amounts(kind or name, name, rows):
        yen = work.look_up(figure, *(code[there] for code in codes), households=work.owner[there])
        work.member_line(kind or name, there, yen, rule=rule)
