"""Take restrictions (閲覧制限・除斥) as the deciding services publish them: who never acts on which case."""

from collections.abc import Sequence

from services.payments.adapters.accounts.restrictions import keep_restrictions, restriction_of
from shared.contracts.facts.decisions import RestrictionApproved
from shared.decisions.domain.restrictions import Restriction
from shared.service_kit.problems import ContentError
from shared.service_kit.streams.envelope import ReceivedFact
from shared.service_kit.unit_of_work import UnitOfWork


def take_restrictions(work: UnitOfWork, facts: Sequence[ReceivedFact]) -> None:
    """Keep the restrictions of a page, and the facts that lift them.

    Raises:
        ContentError: one says what cannot be; the fact is parked with that reason.
    """
    keep_restrictions(work, [(fact, _read(fact)) for fact in facts if fact.type == RestrictionApproved.TYPE])


def _read(fact: ReceivedFact) -> Restriction:
    try:
        return restriction_of(fact)
    except ValueError:
        raise ContentError("restriction-malformed") from None
