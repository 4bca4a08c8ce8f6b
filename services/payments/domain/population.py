"""Whether a month may be paid: what the deciding services say of it, and what of that has reached us.

Counts of cases and acts of one month. Nothing here is a sum of yen: sums hold when all of them are 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.contracts.codes import RunKind


@dataclass(frozen=True, slots=True)
class Population:
    """What one deciding service says of its cases in a month.

    Attributes:
        on_assistance: cases that receive in the month, as known there now.
        determined: cases with a determination in force for the month.
        acts_approved: collective acts (一括決定) of the month that are approved.
        refused: cases that the rules cannot determine.
        left_out: cases that wait for another pair of people: the act's own were barred from them.
        waiting: cases that came on record after the newest approved act.
        unexplained: cases that the newest approved act knew, and that have no outcome.
        ended_yen: yen in force of cases that are no longer on assistance.
        changed_since: cases determined of which something was recorded since, or that the newest act refuses or leaves
            to another pair: they are paid by what was known before. None where the service does not say.
        position: how far the service had published when it was asked.
    """

    programme: str
    on_assistance: int
    determined: int
    acts_approved: int
    refused: int
    left_out: int
    waiting: int
    unexplained: int
    ended_yen: int
    position: int
    changed_since: int | None = None


def undetermined(populations: Iterable[Population]) -> list[str]:
    """The programmes whose month is not determined; all of them where nobody has approved anything.

    A month in which nobody is on assistance under a law needs no act of that law.
    """
    asked = list(populations)
    if not any(population.acts_approved for population in asked):
        return [population.programme for population in asked]
    return [
        population.programme
        for population in asked
        if (population.on_assistance and not population.acts_approved) or population.unexplained
    ]


def needs_determination(run_kind: RunKind) -> bool:
    """A regular run (定例) pays the whole office; an extra one (随時) whoever is determined."""
    return run_kind == "regular"
