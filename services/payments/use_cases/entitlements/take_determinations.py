"""Take determinations as they are published: entitlements, who covers whom, and what is due."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError

from services.payments.adapters.deciding_services.populations import PRODUCERS
from services.payments.adapters.entitlements import changes
from services.payments.adapters.entitlements.standing import load_standing, lock_entitlements
from services.payments.adapters.runs.unsent_orders import lock_unsent_orders
from services.payments.domain.coverage import NEEDS, Cover, Key
from services.payments.domain.determinations import CannotCount, CaseMonth, Determination, Plan, plan
from services.payments.domain.withdrawals import settle
from services.payments.use_cases.runs.withdraw_orders import withdraw_orders
from shared.contracts.assistance import IN_KIND
from shared.contracts.facts.decisions import DeterminationApproved
from shared.contracts.facts.payments import EntitlementHeld, EntitlementReleased
from shared.service_kit.problems import ContentError
from shared.service_kit.streams.envelope import ReceivedFact
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Received:
    """A determination and the fact that published it."""

    fact: ReceivedFact
    determination: Determination


Batch = Mapping[CaseMonth, Received]
"""One determination each of some cases and months."""


def take_determinations(work: UnitOfWork, facts: Sequence[ReceivedFact]) -> None:
    """Apply a page; a newer determination replaces the older one of the same case and month.

    Raises:
        ContentError: a determination says what cannot be; the fact is parked with that reason.
    """
    page = [_read(fact) for fact in facts if fact.type == DeterminationApproved.TYPE]
    for batch in _each_case_once(page):
        lock_entitlements(work)
        _take(work, batch)


def _read(fact: ReceivedFact) -> Received:
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
    return Received(fact, _determination(data))


def _determination(data: DeterminationApproved) -> Determination:
    """The determination without what is given in kind, which is not paid by us."""
    kinds: dict[str, int] = {kind: yen for kind, yen in data.kinds.items() if yen > 0 and kind not in IN_KIND}
    covers: dict[str, tuple[Cover, ...]] = {
        kind: tuple(
            Cover(int(cover.person_no), NEEDS[cover.need], cover.from_, cover.to)
            for cover in data.covers
            if cover.need == kind
        )
        for kind in kinds
    }
    return Determination(data.determination_id, data.case_no, data.month, data.programme, data.replaces, kinds, covers)


def _each_case_once(page: Iterable[Received]) -> Iterator[dict[CaseMonth, Received]]:
    batch: dict[CaseMonth, Received] = {}
    for received in page:
        if received.determination.pair in batch:
            yield batch
            batch = {}
        batch[received.determination.pair] = received
    if batch:
        yield batch


def _take(work: UnitOfWork, batch: Batch) -> None:
    """Load what counts now, plan what changes, store it and publish it."""
    determinations = {pair: received.determination for pair, received in batch.items()}
    standing = load_standing(work, determinations)
    try:
        planned = plan(determinations, standing)
    except CannotCount as error:
        raise ContentError(str(error)) from None
    _store(work, batch, planned)
    _settle(work, batch, planned)
    _publish(work, batch, planned)


def _store(work: UnitOfWork, batch: Batch, planned: Plan) -> None:
    changes.close_coverage(work, planned.replaced)
    changes.set_state(work, planned.now_held, "held")
    changes.set_state(work, planned.released, "entitled")
    changes.keep_determinations(work, [(received.determination, received.fact) for received in batch.values()])
    changes.keep_entitlements(work, [(new, batch[new.pair].fact.id) for new in planned.entitlements])


def _settle(work: UnitOfWork, batch: Batch, planned: Plan) -> None:
    """Withdraw unsent orders of what has fallen, and write what is due."""
    unsent = lock_unsent_orders(work, [change.key for change in planned.changes if change.is_fall])
    due = []
    reopened: set[UUID] = set()
    for change in planned.changes:
        after, withdrawals = settle(change.before, change.entitled, unsent.get(change.key, ()))
        due.append((change, after))
        withdraw_orders(work, change.key, withdrawals, _cause(batch, change.key), reopened)
    changes.set_due(work, due)


def _cause(batch: Batch, key: Key) -> ReceivedFact:
    """The fact behind a change: the determination of the case itself, else the first of the page."""
    return batch.get(key[:2], next(iter(batch.values()))).fact


def _publish(work: UnitOfWork, batch: Batch, planned: Plan) -> None:
    for entitlement in (*planned.entitlements, *planned.now_held):
        if held := planned.held_by.get(entitlement.key):
            payload = _payload(entitlement.key, entitlement.determination_id, entitlement.yen)
            payload |= {"person_no": f"{held.person_no:010}", "other_case_no": held.other_case_no}
            event = EntitlementHeld.model_validate(payload)
            work.fact(event, subject=f"case:{entitlement.key[0]}", caused_by=_cause(batch, entitlement.key))
    for entitlement in planned.released:
        release = EntitlementReleased.model_validate(
            _payload(entitlement.key, entitlement.determination_id, entitlement.yen)
        )
        work.fact(release, subject=f"case:{entitlement.key[0]}", caused_by=_cause(batch, entitlement.key))


def _payload(key: Key, determination_id: UUID, yen: int) -> dict[str, object]:
    case_no, month, kind = key
    return {"determination_id": determination_id, "case_no": case_no, "month": month, "kind": kind, "yen": yen}
