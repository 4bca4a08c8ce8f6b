"""Why a household is refused: the figure that may not be used, and between which bounds it lies where it is bounded."""

import numpy as np

from shared.benefit_rules.assessing.engine import work_out
from shared.benefit_rules.households.ages import BAND_STARTS
from shared.benefit_rules.households.batch import Batch
from shared.benefit_rules.households.household import Household, HouseholdError
from shared.benefit_rules.law.figures import Figure
from shared.benefit_rules.law.standards import MonthTables
from shared.benefit_rules.rules.work import Work


def refusal(household: Household, figure: Figure, bounds: str) -> HouseholdError:
    """The error of a household that needs a figure which may not be used; `bounds` are those of said_bounds()."""
    detail = (
        f"{figure.title}: この月の額を確かめていないため使わない({figure.source})。額を基準の表に加えるまで算定できない"
    )
    return HouseholdError(household.id, "figure-refused", figure.name, detail + bounds)


def said_bounds(figure: Figure, alone: Batch, tables: MonthTables) -> str:
    """Between which yen the cells lie that a household (a batch of one) needs; nothing where one of them has none."""
    work, _ = work_out(alone, tables, detailed=True)
    needed = _unknown_cells(figure, work)
    if not needed <= figure.between.keys():
        return ""
    return f"。逆算によれば、{'、'.join(_bounded(figure, cell) for cell in sorted(needed))}の間"


def _unknown_cells(figure: Figure, work: Work) -> set[int]:
    cells: set[int] = set()
    for used in (used for note in work.notes for used in note.figures):
        if used.figure is figure and used.place is not None:
            place = used.place if used.where is None else used.place[used.where]
            cells.update(place[~figure.usable[place]].tolist())
    return cells


def _bounded(figure: Figure, cell: int) -> str:
    """For whom a cell of a table by grade, age and persons is, and the least and the most that it can be."""
    least, most = figure.between[cell]
    _, band, size = (int(code) for code in np.unravel_index(cell, figure.values.shape))
    starts = [*BAND_STARTS, None]
    first, following = starts[band], starts[band + 1]
    ages = f"{first}歳以上" if following is None else f"{first}歳〜{following - 1}歳"
    return f"{size}人世帯の{ages}は1人{least:,}円から{most:,}円"
