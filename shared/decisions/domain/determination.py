"""A determination (決定): absolute yen of one case and month by kind, with the lines that add up to its kinds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from shared.approvals.canonical import canonical, sha256_of
from shared.decisions.domain.circumstances import Record
from shared.money_and_time.months import Month, first_day, last_day

Content = list[Any]


class LinesDoNotAddUp(Exception):
    """The lines of a determination give another sum than its kinds."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as assessed: line kind, member (person number) or None, yen of the month, basis, inputs, trust."""

    kind: str
    member: str | None
    yen: int
    basis: str
    inputs: dict[str, Any]
    trust: str


@dataclass(frozen=True, slots=True)
class Cover:
    """Days (ISO, both included) on which the case meets one person's need of one kind."""

    person_no: str
    need: str
    first: str
    last: str

    def as_fact(self) -> dict[str, str]:
        """The cover as the event carries it."""
        return {"person_no": self.person_no, "need": self.need, "from": self.first, "to": self.last}


@dataclass(frozen=True, slots=True)
class Draft:
    """What is proposed for one case and month (起案). Kinds are yen of the month, never a difference.

    Raises:
        LinesDoNotAddUp: the sum of the lines is not that of the kinds.
        ValueError: a kind is below zero.
    """

    case_no: str
    month: str
    standards: str
    kinds: Mapping[str, int]
    lines: Sequence[Line]
    covers: Sequence[Cover]
    warnings: Sequence[Any] = ()
    """Doubts that the deciding person should see; no part of what is decided."""

    def __post_init__(self) -> None:
        if any(yen < 0 for yen in self.kinds.values()):
            raise ValueError("a kind of assistance is below zero")
        if sum(line.yen for line in self.lines) != self.yen:
            raise LinesDoNotAddUp(self.case_no)

    @property
    def yen(self) -> int:
        """Yen of the month over all kinds."""
        return sum(self.kinds.values())

    @property
    def persons(self) -> set[str]:
        """The person numbers that stand in its lines and covers."""
        return {line.member for line in self.lines if line.member} | {cover.person_no for cover in self.covers}

    def naming(self, kinds: Iterable[str]) -> "Draft":
        """The same draft that also names ``kinds``, those of the determination it replaces, at zero where gone."""
        return replace(self, kinds={**dict.fromkeys(kinds, 0), **self.kinds})

    def content(self) -> Content:
        """What is decided, without ids: equal content is an equal decision.

        A kind of zero yen is no part of it, nor is the version of the standards: figures that do not concern a case may
        have changed.
        """
        return [
            self.case_no,
            self.month,
            {kind: yen for kind, yen in self.kinds.items() if yen},
            [[line.kind, line.member, line.yen, line.basis, line.inputs, line.trust] for line in self.lines],
            [[cover.person_no, cover.need, cover.first, cover.last] for cover in self.covers],
        ]

    def sha256(self) -> str:
        """The SHA-256 of the canonical content."""
        return sha256_of([self.content()])


def brought_to_zero(case_no: str, month: Month, standards: str, kinds: Iterable[str]) -> Draft:
    """What is decided of a case that is no longer on assistance in a month for which it was determined before.

    It covers nobody; ``standards`` are those of what it replaces, since no figure of them is used.
    """
    line = Line("not_on_assistance", None, 0, "この月に保護の期間が及ばない", {}, "confirmed")
    return Draft(case_no, month, standards, dict.fromkeys(kinds, 0), lines=[line], covers=[])


def covers(record: Record, month: Month, persons: Iterable[str], kinds: Mapping[str, int]) -> list[Cover]:
    """Every kind above zero covers every one of ``persons`` on the case's days of the month."""
    first = record.get("from", first_day(month).isoformat())
    last = record.get("to", last_day(month).isoformat())
    needs = sorted(kind for kind, yen in kinds.items() if yen)
    return [Cover(person_no, need, first, last) for person_no in persons for need in needs]


def named_kinds(benefits: Mapping[str, int]) -> dict[str, int]:
    """The kinds above zero; of none, the first one at zero, since a determination of nothing is one too."""
    return {kind: yen for kind, yen in benefits.items() if yen} or dict.fromkeys(list(benefits)[:1], 0)


@dataclass(frozen=True, slots=True)
class Refused:
    """A case that cannot be determined: problem type, wrong field (never its value) and what is wrong.

    Attributes:
        of_a_figure: nothing is wrong with the case; `field` names a figure of the law that is not known.
    """

    case_no: str
    type: str
    field: str
    detail: str
    of_a_figure: bool = False


Covered = tuple[str, str, str, str | None]
"""One determination under an approval of many: case number, standards, hash of its content, id of what it replaces."""


def covered(case_no: str, standards: str, sha256: str, replaces: UUID | None) -> Covered:
    """A determination as the hash of many takes it."""
    return case_no, standards, sha256, str(replaces) if replaces else None


def rows_sha256(rows: Sequence[Covered]) -> str:
    """The hash of some determinations, whatever their order."""
    return sha256_of(sorted(rows, key=canonical))


def collective_sha256(act: str, rows: Sequence[Covered]) -> str:
    """The hash that an approval of many names: of the act, its id and month, and of its determinations.

    It does not depend on the order of ``rows`` nor on how the work was cut into chunks. Two acts never have one hash,
    even where both determine nothing: what is confirmed for the one serves for no other.
    """
    return sha256_of([["collective", act], *sorted(rows, key=canonical)])
