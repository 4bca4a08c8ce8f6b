"""Whose case is barred to whom (除斥): restrictions as the deciding services published them."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import select

from services.payments.adapters.tables import restrictions
from shared.contracts.facts.decisions import RestrictionApproved
from shared.decisions.domain.restrictions import Restriction, holding
from shared.service_kit.streams.envelope import ReceivedFact
from shared.service_kit.subscriptions.parking import parked_facts
from shared.service_kit.unit_of_work import UnitOfWork

CASE: Final = "case:"
_COLUMNS: Final = tuple(Restriction.__dataclass_fields__)


def restriction_of(fact: ReceivedFact) -> Restriction:
    """The restriction that a fact puts in force.

    Raises:
        ValueError: it is not of a case, or not as the contracts have it.
    """
    published = fact.parse(RestrictionApproved)
    case_no = fact.subject.removeprefix(CASE)
    if not (fact.subject.startswith(CASE) and len(case_no) == 8 and case_no.isascii() and case_no.isdigit()):
        raise ValueError("a restriction is of a case")
    return Restriction(
        published.restriction_id,
        case_no,
        published.kind,
        published.staff,
        published.from_,
        published.to,
        published.lifts,
    )


def keep_restrictions(work: UnitOfWork, published: Sequence[tuple[ReceivedFact, Restriction]]) -> None:
    """Keep restrictions for ever, each under the fact that published it."""
    rows = [
        (fact.id, fact.producer, *(getattr(restriction, name) for name in _COLUMNS)) for fact, restriction in published
    ]
    if rows:
        work.copy(restrictions, rows, ("fact_id", "producer", *_COLUMNS))


def barred_to(work: UnitOfWork, actors: Collection[str]) -> set[str]:
    """The cases that are barred today to one of the persons: their own or a relative's (親族等).

    What is parked counts as well, where it bars: a fact that waits for a person is no reason to let anybody in.
    """
    staff = {actor.removeprefix("person:") for actor in actors}
    rows = work.connection.execute(
        select(*(restrictions.c[name] for name in _COLUMNS)).where(restrictions.c.staff.in_(staff)),
    )
    known = [Restriction(*row) for row in rows]
    known += [restriction for restriction in _parked(work) if restriction.staff in staff and not restriction.lifts]
    return {held.case_no for held in holding(known, work.clock.today())}


def _parked(work: UnitOfWork) -> list[Restriction]:
    waiting_restrictions = []
    for fact in parked_facts(work, RestrictionApproved.TYPE):
        try:
            waiting_restrictions.append(restriction_of(fact))
        except ValueError:
            continue
    return waiting_restrictions
