"""What the deciding services say of a month, asked before any transaction opens; and what of it has reached us."""

import json
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, text

from services.payments.adapters.tables import run_positions, runs
from services.payments.domain.population import Population
from shared.contracts.facts.decisions import DeterminationApproved
from shared.service_kit.runtime import Runtime
from shared.service_kit.service_client import ServiceClient
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

PRODUCERS: Final = {"case_management": "public_assistance", "support_benefits": "support_benefit"}
"""The deciding services, each with its own programme."""
STREAM: Final = "facts"
COUNTS: Final = (
    "on_assistance",
    "determined",
    "acts_approved",
    "refused",
    "left_out",
    "waiting",
    "unexplained",
    "ended_yen",
)
"""What a deciding service's figures of a month have to say."""
CHANGED: Final = "changed_since"
"""What they may say beside it: a deciding service of the release before does not."""
FIGURES_SECONDS: Final = 10
"""The figures of a month are counted over the whole office."""

Populations = dict[str, Population]
"""By deciding service."""

_SOURCES = text("""
SELECT p.producer, p.position, coalesce(c.number, 0) AS reached, p.on_assistance, p.determined, p.acts_approved,
       p.refused, p.left_out, p.waiting, p.ended_yen, p.changed_since,
       (SELECT count(DISTINCT d.case_no) FROM determinations d
        WHERE d.producer = p.producer AND d.month = r.month AND d.number <= p.position) AS taken
FROM run_positions p JOIN runs r USING (run_id)
LEFT JOIN cursors c ON c.producer = p.producer AND c.stream = p.stream
WHERE p.run_id = :run_id ORDER BY p.producer
""")


_PARKED = text("""
SELECT p.producer, w.subject, w.body FROM run_positions p
JOIN parked w ON w.producer = p.producer AND w.stream = p.stream AND w.number <= p.position
WHERE p.run_id = :run_id AND w.released_at IS NULL
""")
_TAKEN_OF = text("""
SELECT case_no FROM determinations WHERE producer = :producer AND month = :month AND case_no = ANY (:cases)
""")


def populations(runtime: Runtime, month: str) -> Populations:
    """Ask each deciding service for the month's cases, and then how far it has published.

    In this order: what was approved between the two is published beyond the count, never missing below the position.

    Raises:
        Problem: unavailable where one does not answer.
    """
    return {name: _ask(runtime.clients.client(name), programme, month) for name, programme in PRODUCERS.items()}


def populations_of_run(runtime: Runtime, run_id: UUID) -> Populations:
    """The same for the month of a run; empty where there is no such run."""
    with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
        month = work.connection.scalar(select(runs.c.month).where(runs.c.run_id == run_id))
    return populations(runtime, month) if month else {}


def _ask(peer: ServiceClient, programme: str, month: str) -> Population:
    figures: dict[str, Any] = peer.get("/figures", {"month": month}, seconds=FIGURES_SECONDS)
    position = int(peer.get("/events/positions")[STREAM])
    return Population(
        programme=programme,
        position=position,
        changed_since=int(figures[CHANGED]) if CHANGED in figures else None,
        **{name: int(figures[name]) for name in COUNTS},
    )


def note_populations(work: UnitOfWork, run_id: UUID, by_producer: Populations) -> None:
    """Keep with a run what each service said when it was opened."""
    rows = [
        {
            "run_id": run_id,
            "producer": producer,
            "stream": STREAM,
            "position": population.position,
            **{name: getattr(population, name) for name in (*COUNTS, CHANGED) if name != "unexplained"},
        }
        for producer, population in by_producer.items()
    ]
    work.connection.execute(insert(run_positions), rows)


def sources(work: UnitOfWork, run_id: UUID) -> list[dict[str, Any]]:
    """What a run is made of, by deciding service: how far we have read it, and how many of its determinations came."""
    rows = work.connection.execute(_SOURCES, {"run_id": run_id}).all()
    parked = _parked_cases(work, run_id)
    return [
        {**row._asdict(), "programme": PRODUCERS[row.producer], "parked": len(parked.get(row.producer, ()))}
        for row in rows
    ]


def _parked_cases(work: UnitOfWork, run_id: UUID) -> dict[str, set[str]]:
    """Cases of which a determination of the run's month waits as parked, and none came, by deciding service."""
    parked: dict[str, set[str]] = {}
    rows = work.connection.execute(_PARKED, {"run_id": run_id}).all()
    month = work.connection.scalar(select(runs.c.month).where(runs.c.run_id == run_id)) if rows else None
    for row in rows:
        body = json.loads(row.body)
        if body["type"] == DeterminationApproved.TYPE and body["data"].get("month") == month:
            parked.setdefault(row.producer, set()).add(row.subject.removeprefix("case:"))
    for producer, cases in parked.items():
        asked = {"producer": producer, "month": month, "cases": sorted(cases)}
        cases -= set(work.connection.execute(_TAKEN_OF, asked).scalars())
    return parked
