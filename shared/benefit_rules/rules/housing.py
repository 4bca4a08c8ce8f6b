"""住宅扶助 (告示別表第3; 社援発0414第9号): the rent up to the ceiling of the place."""

import numpy as np

from shared.benefit_rules.columns import Codes, Column, Flags, cut_below_1, rows_where, some
from shared.benefit_rules.rules.residences import as_at_home
from shared.benefit_rules.rules.work import Work

MONTHS_MET, MONTHS_AT_MOST = 6, 9
"""Of hospital, for which the rent of a person alone is met, and with the discharge in sight at most."""
_TENTHS_OF_SMALL_ROOMS = np.array([9, 8, 7])
"""Of the ceiling of one person, for rooms of up to 15, 10 and 6 square metres (社援発0414第9号 別記7〜9)."""
_TOO_LONG = "入院が9か月を超える単身の者の家賃は認定しない (局長通知 第7-4-(1)-エ)"


def housing(work: Work) -> None:
    """The rent, at most the ceiling by place and persons, the special one, or that of a small room."""
    rows = rows_where(work.households.rent)
    if not len(rows):
        return
    persons, rent = _persons(work)[rows], work.households.rent[rows]
    ceiling = _ceiling(work, rows, persons, rent)
    yen = np.minimum(rent, ceiling)
    if work.at_home is not None:
        yen = yen * ~empty_too_long(work, rows, persons)
    if work.detailed:
        _say_what_is_above(work, rows, rent, ceiling * (yen > 0))
    work.some_households_line("housing.rent", rows, yen, rent=rent, ceiling=ceiling, persons=persons)


def _ceiling(work: Work, rows: Codes, persons: Column, rent: Column) -> Column:
    households = work.households
    ceiling = work.look_up("housing.ceiling", households.place[rows], persons, households=rows)
    nobody = persons == 0
    if some(nobody):
        ceiling = ceiling + work.look_up("housing.ceiling.institution", households=rows, where=nobody) * nobody
    special = (rent > ceiling) & households.special_housing[rows]
    if some(special):
        special_ceiling = work.look_up(
            "housing.special_ceiling", households.place[rows], persons, households=rows, where=special
        )
        ceiling = np.where(special, special_ceiling, ceiling)
    room = households.room[rows].astype(np.int64)
    small = (room > 0) & ~households.special_housing[rows]
    if some(small):
        of_room = small_room_ceiling(work, rows, np.maximum(room - 1, 0), ceiling, small)
        ceiling = np.where(small, np.minimum(ceiling, of_room), ceiling)
    return ceiling


def small_room_ceiling(work: Work, rows: Codes, rooms: Column, of_one: Column, small: Flags) -> Column:
    """The ceiling of a small room, in whole thousands of yen.

    Where it is not known it is no less than 0.9, 0.8 or 0.7 of the ceiling of one person cut below 1,000 yen: only who
    has a higher rent is refused.
    """
    at_least = least_of_a_small_room(of_one, rooms)
    asked = small & (work.households.rent[rows] > at_least)
    known = work.look_up("housing.small_room_ceiling", work.households.place[rows], rooms, households=rows, where=asked)
    return np.maximum(known, at_least)


def least_of_a_small_room(of_one: Column, rooms: Column) -> Column:
    """What the ceiling of a small room is at least, however its last 500 yen are rounded."""
    return cut_below_1(of_one * _TENTHS_OF_SMALL_ROOMS.take(rooms), 10_000) * 1_000


def _say_what_is_above(work: Work, rows: Codes, rent: Column, ceiling: Column) -> None:
    above = rows_where((rent > ceiling) & (ceiling > 0))
    rent, ceiling = rent[above], ceiling[above]
    why = "家賃{rent:,}円のうち、限度額{ceiling:,}円を超える{above:,}円は給付しない (告示別表第3)"
    work.withhold("housing.rent", rows[above], why, of_members=False, rent=rent, ceiling=ceiling, above=rent - ceiling)


def _persons(work: Work) -> Column:
    """Who is counted for the rent: whose residence has it. Nobody, where all live at one with an amount of its own."""
    if work.at_home is None:
        return work.home_size
    counted = as_at_home("housing.rent", work.members.residence)
    return work.total(counted.astype(np.int64))


def empty_too_long(work: Work, rows: Codes, persons: Column) -> Flags:
    """Whether the home of a person alone has stood empty for over nine months of hospital (局長通知 第7-4-(1)-エ).

    Six months are met, and up to three more where the discharge is in sight. Without the day of admission the rent is
    given and the office is told to look.
    """
    empty = (work.home_size[rows] == 0) & (persons > 0)
    alone = empty & (work.persons[rows] == 1)
    stay = work.total(work.members.stay.astype(np.int64))[rows]
    work.doubt("rent_without_admission", rows[alone & (stay == 0)])
    work.doubt("rent_beyond_six_months", rows[alone & (stay > MONTHS_MET) & (stay <= MONTHS_AT_MOST)])
    work.doubt("rent_of_several_in_hospital", rows[empty & ~alone])
    too_long = np.asarray(alone & (stay > MONTHS_AT_MOST))
    work.withhold("housing.rent", rows[too_long], _TOO_LONG, of_members=False)
    return too_long
