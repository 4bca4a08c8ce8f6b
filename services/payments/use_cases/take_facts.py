"""What this service takes of the facts of the deciding services."""

from collections.abc import Sequence

from services.payments.use_cases.accounts.take_restrictions import take_restrictions
from services.payments.use_cases.entitlements.take_determinations import take_determinations
from shared.service_kit.streams.envelope import ReceivedFact
from shared.service_kit.unit_of_work import UnitOfWork


def take_facts(work: UnitOfWork, facts: Sequence[ReceivedFact]) -> None:
    """Apply a page: who never acts on which case, and what was determined.

    Raises:
        ContentError: a fact says what cannot be; it is parked with that reason.
    """
    take_restrictions(work, facts)
    take_determinations(work, facts)
