"""Rows are read and hashed anew, approved by the hash that a person named, and a refusal becomes a problem (決裁)."""

from collections.abc import Callable
from typing import Final

from shared.approvals.two_people import Approval, Moved, Proposal, SamePerson, approve
from shared.service_kit.encryption.sealing import NotOpened
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

CHECK_AGAIN: Final = "もう一度内容を確認してから決裁してください"
OPEN_AGAIN: Final = "画面を開き直して、もう一度確認してください"
"""What a person is told to do where the rows moved."""


def approve_by_hash(
    work: UnitOfWork,
    proposal: Proposal,
    named_sha256: str,
    hash_anew: Callable[[], str],
    moved: str = "content-moved",
    again: str = CHECK_AGAIN,
) -> Approval:
    """Return the approval of ``proposal`` by the person of the unit of work, over the rows as they stand now.

    Args:
        hash_anew: reads the rows and returns their SHA-256. It raises ``Moved`` where they no longer fit together, and
            ``NotOpened`` where a sealed value was altered.
        moved: the problem type that names rows which moved.
        again: what the person is told to do then.

    Raises:
        Problem: same-person; ``moved`` where the rows are not those that the person named.
    """
    try:
        return approve(proposal, work.actor, named_sha256, hash_anew())
    except SamePerson as error:
        raise Problem("same-person", field="approver") from error
    except (Moved, NotOpened) as error:
        raise Problem(moved, field="sha256", detail=again) from error
