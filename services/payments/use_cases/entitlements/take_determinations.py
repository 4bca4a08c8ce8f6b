"""Take determinations as they are told: entitlements, who covers whom, and what is due."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg.types.range import DateRange
from pydantic import ValidationError

from services.payments.adapters import tables
from services.payments.adapters.deciding_services.populations import PRODUCERS
from services.payments.adapters.entitlements import entitlement_rows as rows
from services.payments.domain import coverage
from services.payments.domain.coverage import Cover, Covered, Held, Key
from services.payments.domain.due import Due, move
from services.payments.use_cases.runs.withdraw_orders import withdraw
from shared.contracts.assistance import IN_KIND
from shared.contracts.facts.decisions import DeterminationApproved
from shared.contracts.facts.payments import EntitlementHeld, EntitlementReleased
from shared.service_kit.problems import ContentError
from shared.service_kit.streams.envelope import ReceivedFact
from shared.service_kit.unit_of_work import UnitOfWork

_DETERMINATION: Final = (
    "determination_id",
    "fact_id",
    "case_no",
    "month",
    "programme",
    "replaces",
    "producer",
    "number",
    "correlation",
    "taken_at",
)
_ENTITLEMENT: Final = ("fact_id", "determination_id", "case_no", "month", "kind", "programme", "yen", "state")
_COVERAGE: Final = ("person_no", "need", "days", "case_no", "month", "kind", "determination_id", "state")


@dataclass(frozen=True, slots=True)
class Told:
    """A determination and the fact that told it."""

    fact: ReceivedFact
    data: DeterminationApproved

    @property
    def pair(self) -> rows.CaseMonth:
        """Case and month."""
        return self.data.case_no, self.data.month

    @property
    def yen(self) -> dict[Key, int]:
        """Cash yen by case, month and kind; what is given in kind is not paid by us."""
        kinds = self.data.kinds.items()
        return {(*self.pair, kind): yen for kind, yen in kinds if yen > 0 and kind not in IN_KIND}


def take_determinations(work: UnitOfWork, facts: Sequence[ReceivedFact]) -> None:
    """Apply a page; a newer determination replaces the older one of the same case and month.

    Raises:
        ContentError: a determination says what cannot be; the fact is parked with that reason.
    """
    told = [_read(fact) for fact in facts if fact.type == DeterminationApproved.TYPE]
    for batch in _each_case_once(told):
        rows.lock_entitlements(work)
        _take(work, batch)


def _read(fact: ReceivedFact) -> Told:
    try:
        data = fact.parse(DeterminationApproved)
    except ValidationError:
        raise ContentError("determination-malformed") from None
    if PRODUCERS.get(fact.producer) != data.programme:  # a producer's word counts for its own programme alone
        raise ContentError("programme-of-another-producer")
    if data.proposer == data.approver:
        raise ContentError("proposer-approved")
    if min(data.kinds.values(), default=0) < 0:
        raise ContentError("yen-below-zero")
    if any(cover.to < cover.from_ for cover in data.covers):
        raise ContentError("cover-ends-before-it-begins")
    return Told(fact, data)


def _each_case_once(told: Sequence[Told]) -> Iterator[dict[rows.CaseMonth, Told]]:
    batch: dict[rows.CaseMonth, Told] = {}
    for one in told:
        if one.pair in batch:
            yield batch
            batch = {}
        batch[one.pair] = one
    if batch:
        yield batch


def _take(work: UnitOfWork, batch: Mapping[rows.CaseMonth, Told]) -> None:
    replaced = rows.counting_now(work, batch)
    _check_replaced(work, batch, replaced)
    due = rows.lock_due(work, batch)
    covered = [one for told in batch.values() for one in _covered(told, due)]
    persons = {cover.person_no for one in covered for cover in one.covers}
    neighbours = rows.neighbours(work, batch, persons | rows.persons_covered(work, replaced))
    held = coverage.resolve([*covered, *(one.covered for one in neighbours)])
    now_held = [one for one in neighbours if one.state == "entitled" and one.key in held]
    released = [one for one in neighbours if one.state == "held" and one.key not in held]
    if replaced:
        rows.close_coverage(work, replaced)
    rows.set_state(work, now_held, "held")
    rows.set_state(work, released, "entitled")
    _write(work, batch, covered, held)
    due |= rows.lock_due(work, {one.key[:2] for one in (*now_held, *released)})
    wanted = dict.fromkeys((key for key in due if key[:2] in batch), 0)
    wanted |= {key: yen for told in batch.values() for key, yen in told.yen.items()}
    wanted |= {one.key: one.yen for one in (*now_held, *released)}
    _move(work, {key: 0 if key in held else yen for key, yen in wanted.items()}, due, batch)
    _tell(work, batch, now_held, released, held)


def _check_replaced(
    work: UnitOfWork, batch: Mapping[rows.CaseMonth, Told], replaced: Mapping[rows.CaseMonth, tuple[str, UUID]]
) -> None:
    """What is told last counts only where it names what counted until now, whatever order a stream came in.

    A producer that was restored cannot name what it has lost: it names what counted before that.
    """
    if any(batch[pair].data.programme != programme for pair, (programme, _) in replaced.items()):
        raise ContentError("case-of-another-programme")
    counting = {pair: counted for pair, (_, counted) in replaced.items()}
    others = [pair for pair, told in batch.items() if told.data.replaces != counting.get(pair)]
    known = rows.without_lost(work, [counting[pair] for pair in others if pair in counting]) if others else {}
    if any(pair not in counting or known[counting[pair]] != batch[pair].data.replaces for pair in others):
        raise ContentError("replaces-what-does-not-count")


def _covered(told: Told, due: Mapping[Key, tuple[str, Due]]) -> Iterator[Covered]:
    for key in told.yen:
        _, now = due.get(key, ("", Due()))
        covers = tuple(
            Cover(int(cover.person_no), coverage.NEEDS[cover.need], cover.from_, cover.to)
            for cover in told.data.covers
            if cover.need == key[2]
        )
        yield Covered(key, told.data.programme, now.ordered > now.claimed, covers)


def _write(
    work: UnitOfWork,
    batch: Mapping[rows.CaseMonth, Told],
    covered: Sequence[Covered],
    held: Mapping[Key, Held],
) -> None:
    now = work.clock.now()
    work.copy(
        tables.determinations,
        [
            (one.data.determination_id, one.fact.id, *one.pair, one.data.programme, *_source(one), now)
            for one in batch.values()
        ],
        _DETERMINATION,
    )
    work.copy(
        tables.entitlements,
        [
            (one.fact.id, one.data.determination_id, *key, one.data.programme, yen, _state(key in held, "entitled"))
            for one in batch.values()
            for key, yen in one.yen.items()
        ],
        _ENTITLEMENT,
    )
    work.copy(
        tables.coverage,
        [
            (*_cover(cover), *one.key, batch[one.key[:2]].data.determination_id, _state(one.key in held, "open"))
            for one in covered
            for cover in one.covers
        ],
        _COVERAGE,
    )
    rows.count_now(work, [(*one.pair, one.data.programme, one.data.determination_id) for one in batch.values()])


def _source(told: Told) -> tuple[UUID | None, str, int, str]:
    return told.data.replaces, told.fact.producer, told.fact.number, told.fact.correlation


def _cover(cover: Cover) -> tuple[int, int, DateRange]:
    return cover.person_no, cover.need, DateRange(cover.first, cover.last, "[]")


def _state(held: bool, otherwise: str) -> str:
    return "held" if held else otherwise


def _move(
    work: UnitOfWork,
    wanted: Mapping[Key, int],
    due: Mapping[Key, tuple[str, Due]],
    batch: Mapping[rows.CaseMonth, Told],
) -> None:
    moved: dict[Key, tuple[str, Due]] = {}
    for key, yen in sorted(wanted.items()):
        programme, before = due.get(key) or (batch[key[:2]].data.programme, Due())
        if before.ordered - before.claimed > yen:
            cause = batch[key[:2]].fact if key[:2] in batch else next(iter(batch.values())).fact
            moved[key] = (programme, withdraw(work, key, before, yen, cause))
        elif key not in due or before.entitled != yen:
            moved[key] = (programme, move(before, yen, unsent=0).due)
    rows.move_due(work, moved)


def _tell(
    work: UnitOfWork,
    batch: Mapping[rows.CaseMonth, Told],
    now_held: Sequence[rows.Entitlement],
    released: Sequence[rows.Entitlement],
    held: Mapping[Key, Held],
) -> None:
    cause = next(iter(batch.values())).fact
    fresh = [(key, one.data.determination_id, yen, one.fact) for one in batch.values() for key, yen in one.yen.items()]
    standing = [(one.key, one.determination_id, one.yen, cause) for one in now_held]
    for key, determination_id, yen, fact in (*fresh, *standing):
        if key in held:
            told = _named(key, determination_id, yen)
            told |= {"person_no": f"{held[key].person_no:010}", "other_case_no": held[key].other_case_no}
            work.fact(EntitlementHeld.model_validate(told), subject=f"case:{key[0]}", caused_by=fact)
    for one in released:
        told = _named(one.key, one.determination_id, one.yen)
        work.fact(EntitlementReleased.model_validate(told), subject=f"case:{one.key[0]}", caused_by=cause)


def _named(key: Key, determination_id: UUID, yen: int) -> dict[str, object]:
    case_no, month, kind = key
    return {"determination_id": determination_id, "case_no": case_no, "month": month, "kind": kind, "yen": yen}
