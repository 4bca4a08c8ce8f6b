"""Facts that every service publishes of itself: looks and refusals, what was parked, streams, periods of keeping."""

from datetime import datetime
from uuid import UUID

from shared.contracts.codes import KeptName, RefusalReason, Stream
from shared.contracts.facts.fact_data import FactData
from shared.contracts.purposes import Emergency, Purpose


class ParkedReleased(FactData):
    """An operator let what was parked go on: facts of one subject (``count`` were applied), or a piece of a job."""

    TYPE = "parked.released.v1"
    parked_id: UUID
    subject: str
    count: int


class EpochBegun(FactData):
    """A service was restored and tells a stream in a new epoch, after its number ``after``.

    What it had told beyond that number in the epoch ``before`` is no longer its own.
    """

    TYPE = "epoch.begun.v1"
    stream: Stream
    epoch: str
    before: str
    after: int


class EpochAdopted(FactData):
    """A reader goes on with a producer's new epoch after the number ``after``: up to there both have the same facts.

    ``lost`` facts that it took beyond, in the epoch ``before``, are no longer known to the producer.
    """

    TYPE = "epoch.adopted.v1"
    producer: str
    stream: Stream
    epoch: str
    before: str
    after: int
    lost: int


class Look(FactData):
    """One answer that showed records of persons: all its subjects and the purpose."""

    TYPE = "look.v1"
    what: str
    subjects: list[str]
    purpose: Purpose
    break_glass: UUID | None = None


class Refusal(FactData):
    """A request that was refused: permission, problem, and the record where it is known; ``count`` told as one."""

    TYPE = "refusal.v1"
    method: str
    route: str
    permission: str
    problem: str
    subject: str = ""
    why: RefusalReason = ""
    count: int = 1


class BreakGlass(FactData):
    """A person opened a record out of their scope in an emergency (緊急閲覧); the words of the reason stay behind."""

    TYPE = "break_glass.v1"
    break_glass_id: UUID
    subject: str
    reason: Emergency
    until: datetime


class CopiesExpired(FactData):
    """Clear copies of one service went since their period was over: how many rows of each kind."""

    TYPE = "copies.expired.v1"
    counts: dict[KeptName, int]


class RetentionSet(FactData):
    """The office set how many months something is kept (保存期間)."""

    TYPE = "retention.set.v1"
    name: KeptName
    months: int
    before: int | None
