"""The bench on which the rules work: one block of households, its line columns, its refusals and its notes."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared.benefit_rules.columns import Codes, Column, Flags, rows_where, some
from shared.benefit_rules.households.batch import Batch
from shared.benefit_rules.kinds import KINDS
from shared.benefit_rules.law.figures import Figure
from shared.benefit_rules.law.standards import MonthTables
from shared.benefit_rules.rules.residences import AMOUNTS, EVERYWHERE, GIVEN, to_say, why_not


class Used(NamedTuple):
    """Cells of a figure that a rule looked up, the household of each, and which count (None: all)."""

    figure: Figure
    place: Codes | None
    households: Codes | None
    where: Flags | None


class Note(NamedTuple):
    """What one rule found: rows (members or households), yen, the figures it used, its inputs, the rule it followed.

    `of_each`: for a line of the household, the yen of each member that went into it. `ruled`: which rows follow the
    rule (None: all). `basis`: the article, where it is another one than that of the kind.
    """

    kind: str
    of_members: bool
    rows: Codes
    yen: Column
    figures: tuple[Used, ...]
    rule: str | None
    inputs: dict[str, Column]
    of_each: Column | None = None
    ruled: Flags | None = None
    basis: str | None = None


class Withheld(NamedTuple):
    """What was asked for, or compared, and is not given: to which members or households, and why.

    `why` is Japanese for whoever reads the notice; the names of `inputs` (yen) stand in it in braces.
    """

    kind: str
    of_members: bool
    rows: Codes
    why: str
    inputs: dict[str, Column]


class Work:
    """One block. `columns` gathers yen per household by kind, `sum_of` by need; `refused` the figure that bars one.

    With `detailed`, notes are kept from which lines are written. The yen come from the same code either way.
    `persons`: how many members a household has, `home_size` how many of them live at home; `owner` the household of a
    member, `at_home` whether it lives there (None where all do); `grade` 0 to 5. `withheld` is what
    was asked for or compared and is not given.
    """

    def __init__(self, batch: Batch, tables: MonthTables, *, detailed: bool = False) -> None:
        self.batch = batch
        self.tables = tables
        self.detailed = detailed
        self.households = batch.households
        self.members = batch.members
        self.size = len(batch)
        self.persons: Column = batch.begins[1:] - batch.begins[:-1]
        self._all = np.arange(self.size)
        self.owner: Codes = np.repeat(self._all, self.persons)
        self.at_home: Flags | None = None
        if some(self.members.residence):
            self.at_home = GIVEN["livelihood.class1"].take(self.members.residence)
        self.home_size = self.persons if self.at_home is None else self.total(self.at_home.astype(np.int64))
        self.grade: Column = self.households.grade.astype(np.int64)
        self.grade_of_member: Column = self.grade.take(self.owner)
        self.columns: dict[str, Column] = {}
        self._sums: dict[str, Column] = {}
        self.notes: list[Note] = []
        self.refused: dict[int, Figure] = {}
        self.doubts: list[tuple[str, Codes]] = []
        self.withheld: list[Withheld] = []
        self._used: list[Used] = []
        self.body = np.zeros(self.size, np.int64)

    def total(self, of_members: Column) -> Column:
        """Sums over the members of each household."""
        return np.add.reduceat(of_members, self.batch.begins[:-1])

    def total_of(self, rows: Codes, yen: Column) -> Column:
        """Sums over the members in `rows`. Those of one household alone are added up faster without a column."""
        if self.size == 1:
            return np.array([sum(yen.tolist())], np.int64)
        sums = np.zeros(self.size, np.int64)
        np.add.at(sums, self.owner[rows], yen)
        return sums

    def look_up(self, name: str, *codes: Codes, households: Codes | None = None, where: Flags | None = None) -> Column:
        """The values of a figure. A cell that may not be used refuses its household.

        `households` names the household of each row (left out: one row per household); `where` the rows that count.
        """
        figure = self.tables[name]
        place = (
            figure.index(*codes) if codes else np.zeros(self.size if households is None else len(households), np.intp)
        )
        if not figure.all_usable:
            bad = ~figure.usable[place]
            if where is not None:
                bad &= where
            self._refuse(figure, bad, households)
        if self.detailed:
            self._used.append(Used(figure, place, households, where))
        yen: Column = figure.flat.take(place)
        return yen

    def figure(self, name: str) -> Figure:
        """A figure that is used as a whole."""
        figure = self.tables[name]
        if self.detailed:
            self._used.append(Used(figure, None, None, None))
        return figure

    def doubt(self, rule: str, households: Codes) -> None:
        """A rule that was not read decided something for these households: a warning that belongs to no line."""
        if self.detailed and len(households):
            self.doubts.append((rule, households))

    def withhold(self, kind: str, rows: Codes, why: str, *, of_members: bool = True, **inputs: Column) -> None:
        """Nothing of a kind, or not all of it, is given to `rows`: the explanation says why."""
        if self.detailed and len(rows):
            self.withheld.append(Withheld(kind, of_members, rows, why, inputs))

    def given_to(self, kind: str, rows: Codes) -> Codes:
        """Of the members in `rows` those whose residence has a line of the kind; of the others a note is kept."""
        if self.at_home is None or kind in EVERYWHERE:
            return rows
        residence = self.members.residence[rows]
        if self.detailed:
            self._keep_what_to_say(kind, rows, residence)
        kept: Codes = rows[GIVEN[kind].take(residence)]
        return kept

    def _keep_what_to_say(self, kind: str, rows: Codes, residence: Codes) -> None:
        for code, cell in to_say(kind).items():
            there = rows[residence == code]
            if len(there) and cell.article:
                self.withhold(kind, there, why_not(kind, code))
            if cell.rule:
                self.doubt(cell.rule, self.owner[there])

    def amounts(self, kind: str, figure: str, rows: Codes) -> Iterator[tuple[str, Codes]]:
        """The figure that holds where the members in `rows` live, each with its members.

        `figure` is that of who lives at home; at a residence that has an amount of its own it is another one.
        """
        if self.at_home is None or kind in EVERYWHERE:
            yield figure, rows
            return
        rows = self.given_to(kind, rows)
        residence = self.members.residence[rows]
        for own, holds in AMOUNTS[kind]:
            there = rows[holds.take(residence)]
            if len(there):
                yield own.format(home=figure) or figure, there

    def household_line(
        self,
        kind: str,
        yen: Column,
        *,
        rule: str | None = None,
        keep_figures: bool = False,
        of_each: Column | None = None,
        **inputs: Column,
    ) -> None:
        """A line with one yen per household. `keep_figures`: the next line rests on the same figures."""
        self._add(kind, yen)
        used = tuple(self._used) if keep_figures else self._take_used()
        self._note(Note(kind, False, self._all, yen, used, rule, inputs, of_each))

    def some_households_line(
        self, kind: str, rows: Codes, yen: Column, *, rule: str | None = None, **inputs: Column
    ) -> None:
        """A line of the households in `rows` alone."""
        sums = np.zeros(self.size, np.int64)
        sums[rows] = yen
        self._add(kind, sums)
        self._note(Note(kind, False, rows, yen, self._take_used(), rule, inputs))

    def member_line(
        self,
        kind: str,
        rows: Codes,
        yen: Column,
        *,
        rule: str | None = None,
        ruled: Flags | None = None,
        basis: str | None = None,
        **inputs: Column,
    ) -> None:
        """A line of each member in `rows`; `ruled` names those that follow the rule, where not all do."""
        self._add(kind, self.total_of(rows, yen))
        self._note(Note(kind, True, rows, yen, self._take_used(), rule, inputs, ruled=ruled, basis=basis))

    def column(self, kind: str) -> Column:
        """Yen per household of a kind, 0 where no rule made it."""
        column = self.columns.get(kind)
        return column if column is not None else np.zeros(self.size, np.int64)

    def sum_of(self, need: str) -> Column:
        """Yen per household of all lines of a need so far."""
        total = self._sums.get(need)
        return total if total is not None else np.zeros(self.size, np.int64)

    def _add(self, kind: str, yen: Column) -> None:
        known = self.columns.get(kind)
        self.columns[kind] = yen if known is None else known + yen
        need = KINDS[kind].need
        summed = self._sums.get(need)
        self._sums[need] = yen if summed is None else summed + yen

    def _note(self, note: Note) -> None:
        if self.detailed:
            self.notes.append(note)

    def forget_figures(self) -> None:
        """What was looked up belongs to no line."""
        self._used = []

    def _take_used(self) -> tuple[Used, ...]:
        used, self._used = tuple(self._used), []
        return used

    def _refuse(self, figure: Figure, bad: Flags, households: Codes | None) -> None:
        rows: NDArray[np.intp] = rows_where(bad)
        if len(rows):
            owners = rows if households is None else households[rows]
            self.refused = dict.fromkeys(owners.tolist(), figure) | self.refused
