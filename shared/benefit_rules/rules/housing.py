"""住宅扶助 (告示別表第3; 社援発0414第9号): the rent up to the ceiling of the place."""

import numpy as np

from shared.benefit_rules.columns import Codes, Column, rows_where, some
from shared.benefit_rules.rules.residences import as_at_home
from shared.benefit_rules.rules.work import Work


def housing(work: Work) -> None:
    """The rent, at most the ceiling by place and persons, the special one, or that of a small room."""
    households = work.households
    rows = rows_where(households.rent)
    if not len(rows):
        return
    persons = _persons(work)[rows]
    rent = households.rent[rows]
    ceiling = work.look_up("housing.ceiling", households.place[rows], persons, households=rows)
    nobody = persons == 0
    if some(nobody):
        ceiling = ceiling + work.look_up("housing.ceiling.institution", households=rows, where=nobody) * nobody
    special = (rent > ceiling) & households.special_housing[rows]
    if some(special):
        special_ceiling = work.look_up(
            "housing.special_ceiling", households.special_place[rows], persons, households=rows, where=special
        )
        ceiling = np.where(special, special_ceiling, ceiling)
    room = households.room[rows].astype(np.int64)
    small = (room > 0) & ~households.special_housing[rows]
    if some(small):
        small_room_ceiling = work.look_up(
            "housing.small_room_ceiling",
            households.special_place[rows],
            np.maximum(room - 1, 0),
            households=rows,
            where=small,
        )
        ceiling = np.where(small, np.minimum(ceiling, small_room_ceiling), ceiling)
    yen = np.minimum(rent, ceiling)
    if work.detailed:
        _say_what_is_above(work, rows, rent, ceiling)
    work.some_households_line("housing.rent", rows, yen, rent=rent, ceiling=ceiling, persons=persons)


def _say_what_is_above(work: Work, rows: Codes, rent: Column, ceiling: Column) -> None:
    above = rows_where(rent > ceiling)
    rent, ceiling = rent[above], ceiling[above]
    why = "家賃{rent:,}円のうち、限度額{ceiling:,}円を超える{above:,}円は給付しない (告示別表第3)"
    work.withhold("housing.rent", rows[above], why, of_members=False, rent=rent, ceiling=ceiling, above=rent - ceiling)


def _persons(work: Work) -> Column:
    """Who is counted for the rent: whose residence has it. Nobody, where all live at one with an amount of its own."""
    if work.at_home is None:
        return work.home_size
    counted = as_at_home("housing.rent", work.members.residence)
    return work.total(counted.astype(np.int64))
