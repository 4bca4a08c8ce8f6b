"""Which numbers are one person by merges that are in force (名寄せ)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from services.case_management.adapters.merging.tables import MERGING, merge_approvals, merges
from shared.decisions.adapters.on_record import among
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Merged:
    """Numbers that were merged, with those that stay; no number that stays was merged itself."""

    into: Mapping[str, str]

    def number(self, person_no: str) -> str:
        """The number that stays of a person."""
        return self.into.get(person_no, person_no)

    def gone(self, person_no: str) -> list[str]:
        """The numbers that lead to this one."""
        return sorted(goes for goes, stays in self.into.items() if stays == person_no)

    def numbers(self, person_no: str) -> list[str]:
        """All numbers of a person, the one that stays first."""
        stays = self.number(person_no)
        return [stays, *self.gone(stays)]


def merged_numbers(work: UnitOfWork, person_nos: Collection[str] | None = None) -> Merged:
    """Return the merges that are in force: all, or those of persons who have one of these numbers."""
    undoing, approved = merges.alias("undoing"), merge_approvals.alias("approved")
    undone = (
        select(undoing.c.merge_id)
        .join(approved, approved.c.merge_id == undoing.c.merge_id)
        .where(undoing.c.undoes == merges.c.merge_id)
    )
    rows = (
        select(merges.c.goes, merges.c.stays)
        .join(merge_approvals, merge_approvals.c.merge_id == merges.c.merge_id)
        .where(merges.c.undoes.is_(None), ~undone.exists())
    )
    if person_nos is not None:
        goes, stays = (among(column, person_nos) for column in (merges.c.goes, merges.c.stays))
        rows = rows.where(goes | stays | merges.c.stays.in_(select(merges.c.stays).where(goes)))
    return Merged(dict(work.connection.execute(rows).tuples().all()))


def refuse_merged(work: UnitOfWork, person_no: str) -> None:
    """Refuse an act on a number that was merged into another; nobody merges it before the act is done.

    Raises:
        Problem: wrong-state, with the number to use.
    """
    MERGING.hold(work.connection)
    if (stays := merged_numbers(work, [person_no]).number(person_no)) != person_no:
        raise merged_problem(stays)


def merged_problem(stays: str) -> Problem:
    """Return the refusal that names the number to use."""
    detail = f"この宛名番号は {stays} に統合されました。{stays} を使ってください"
    return Problem("wrong-state", field="person_no", detail=detail, extra={"person_no": stays})
