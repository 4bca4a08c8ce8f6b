"""Lines and warnings of a block of households, written from the notes that the rules left."""

from collections.abc import Sequence

import numpy as np

from shared.benefit_rules.assessing.assessment import AssessmentWarning, Line
from shared.benefit_rules.assessing.doubts import doubts_about, once
from shared.benefit_rules.assessing.effects import without_effect
from shared.benefit_rules.columns import Codes, Column, rows_where
from shared.benefit_rules.households.batch import counted_members
from shared.benefit_rules.households.household import Household
from shared.benefit_rules.kinds import KINDS
from shared.benefit_rules.law.figures import Figure, Trust
from shared.benefit_rules.rules.benefit import Result
from shared.benefit_rules.rules.work import Note, Used, Work
from shared.money_and_time import first_day, last_day

_ORDER = {kind: place for place, kind in enumerate(KINDS)}
_NAMES = [trust.name.lower() for trust in Trust]
_IN_WORDS = {
    Trust.SINGLE: "一つの資料による",
    Trust.RECONSTRUCTED: "公表された額から逆算した額による",
    Trust.DERIVED: "計算で導いた額による",
}


class Written:
    """Lines and warnings, one list per household of the block."""

    def __init__(self, work: Work, result: Result, households: Sequence[Household]) -> None:
        self.lines: list[list[Line]] = [[] for _ in households]
        self.warnings: list[list[AssessmentWarning]] = [[] for _ in households]
        self._work = work
        self._households = households
        self._owners: list[int] = work.owner.tolist()
        self._all = np.arange(work.size)
        counted = [counted_members(household) for household in households]
        self._names = [member.id for members in counted for member in members]
        for note in sorted(work.notes, key=lambda note: _ORDER[note.kind]):
            self._write(note)
        self._warn_of_doubts()
        self._say_what_is_not_given()
        self._warn_of_allocation(result)
        for place, household in enumerate(households):
            self.warnings[place].extend(doubts_about(household, counted[place], work.tables, work.batch.ages))
            charged = {name: int(yen[place]) for name, yen in result.charged.items()}
            not_given = {
                (warning.kind, warning.member) for warning in self.warnings[place] if warning.type == "not-given"
            }
            lines = self.lines[place]
            self.warnings[place].extend(
                without_effect(household, counted[place], lines, charged, not_given, work, place)
            )
            self.warnings[place] = once(self.warnings[place])

    def _write(self, note: Note) -> None:
        yens: list[int] = note.yen.tolist()
        if not any(yens):
            return
        kind = KINDS[note.kind]
        trusts, weakest = self._trusts(note)
        rule = self._work.tables.rules[note.rule] if note.rule else None
        rows: list[int] = note.rows.tolist()
        inputs = [(name, column.tolist()) for name, column in note.inputs.items()]
        for i, yen in enumerate(yens):
            if not yen:
                continue
            place, member = (self._owners[rows[i]], self._names[rows[i]]) if note.of_members else (rows[i], None)
            trust = trusts[i] if trusts else 0
            if trust:
                figure = note.figures[weakest[i]].figure
                self._warn(place, _NAMES[trust], note.kind, member, _doubt(figure, Trust(trust)))
            if rule is not None and (note.ruled is None or note.ruled[i]):
                self._warn(place, "rule-not-read", note.kind, member, f"条文を読んでいない規則: {rule.text}")
                trust = max(trust, rule.trust)
            shown: dict[str, int | str] = {name: values[i] for name, values in inputs}
            if note.of_each is not None:
                shown.update(self._of_each(note.of_each, place))
            if note.kind == "livelihood.proration":
                household, month = self._households[place], self._work.tables.month
                shown["from"] = (household.first or first_day(month)).isoformat()
                shown["to"] = (household.last or last_day(month)).isoformat()
            self.lines[place].append(Line(note.kind, member, yen, note.basis or kind.basis, shown, _NAMES[trust]))

    def _of_each(self, yen: Codes, place: int) -> dict[str, int]:
        first, end = self._work.batch.begins[place : place + 2].tolist()
        per_member: list[int] = yen[first:end].tolist()
        return {
            f"members.{name}": amount for name, amount in zip(self._names[first:end], per_member, strict=True) if amount
        }

    def _trusts(self, note: Note) -> tuple[list[int], list[int]]:
        """The weakest trust of each row, and which of the figures it came from; empty where all is confirmed."""
        doubtful = [(number, used) for number, used in enumerate(note.figures) if not used.figure.all_confirmed]
        if not doubtful:
            return [], []
        trusts, weakest = [0] * len(note.rows), [0] * len(note.rows)
        for number, used in doubtful:
            for row, trust in enumerate(self._cells(note, used).tolist()):
                if trust > trusts[row]:
                    trusts[row], weakest[row] = trust, number
        return trusts, weakest

    def _cells(self, note: Note, used: Used) -> Column:
        """The trust that each row of the note has from one figure; a row of many cells has that of the weakest."""
        if used.place is None:
            return np.full(len(note.rows), used.figure.weakest)
        cells: Column = used.figure.flat_trusts.take(used.place)
        if used.where is not None:
            cells = cells * used.where
        if note.of_members and len(cells) == len(note.rows):
            return cells
        of_household: Column = np.zeros(self._work.size, np.int64)
        np.maximum.at(of_household, self._all if used.households is None else used.households, cells)
        return of_household.take(self._work.owner[note.rows] if note.of_members else note.rows)

    def _warn(self, place: int, type_: str, kind: str | None, member: str | None, detail: str) -> None:
        self.warnings[place].append(AssessmentWarning(type_, kind, member, detail))

    def _warn_of_doubts(self) -> None:
        for rule, households in self._work.doubts:
            text = self._work.tables.rules[rule].text
            for place in np.unique(households).tolist():
                self._warn(place, "rule-not-read", None, None, f"条文を読んでいない規則: {text}")

    def _say_what_is_not_given(self) -> None:
        """What was asked for or compared and is not given, with the article."""
        for kind, of_members, rows, why, inputs in self._work.withheld:
            yen = {name: column.tolist() for name, column in inputs.items()}
            for i, row in enumerate(rows.tolist()):
                place, member = (self._owners[row], self._names[row]) if of_members else (row, None)
                text = why.format(**{name: values[i] for name, values in yen.items()})
                self._warn(place, "not-given", kind, member, text)

    def _warn_of_allocation(self, result: Result) -> None:
        """Where the income reaches beyond the livelihood, the order in which it is charged matters."""
        text = self._work.tables.rules["order_of_allocation"].text
        reached = (result.countable_income > 0) & (result.benefits["livelihood"] == 0) & (result.payable > 0)
        for place in rows_where(reached).tolist():
            self._warn(place, "rule-not-read", None, None, f"条文を読んでいない規則: {text}")


def _doubt(figure: Figure, trust: Trust) -> str:
    return f"{figure.title}は{_IN_WORDS.get(trust, trust.name)}({figure.source})"
