"""After a restore: a producer begins a new epoch by an operator's command, and each reader adopts it by an act.

The producer's past, as far as it came back, is its past; what it had told after that is lost to it, not to its readers.
A reader finds by the histories up to which number it has taken what the producer still has, sets down as lost what it
took beyond, and goes on from that number: nothing is passed over, and nothing is applied twice.
"""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from pydantic import BaseModel
from sqlalchemy import select, update

from shared.service_kit.problems import Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.streams.envelope import STREAMS
from shared.service_kit.streams.numbering import NUMBERING
from shared.service_kit.streams.tables import stream_heads
from shared.service_kit.subscriptions import taken
from shared.service_kit.subscriptions.locks import lock_subscription
from shared.service_kit.subscriptions.pages import Dropped, Page, ask
from shared.service_kit.subscriptions.positions import Cursor, move_cursor, read_cursor
from shared.service_kit.subscriptions.subscription import Subscription, subscription_to
from shared.service_kit.unit_of_work import UnitOfWork, owner_unit_of_work

_UNREADABLE: Final = "送信元の応答を確認できません"


class Adopted(BaseModel):
    """Where a reader goes on: after which number of the new epoch, and how many facts it has that are lost."""

    epoch: str
    after: int
    lost: int


def begin_epoch(runtime: Runtime) -> str:
    """``new-epoch``: for a service whose database was restored, before any process of it starts. Says what begins.

    Its readers stand still until each has adopted it. Needs the owner's login.

    Raises:
        RuntimeError: the owner's database is not named.
    """
    said = []
    with owner_unit_of_work(runtime) as work:
        for stream in STREAMS:
            NUMBERING.each(stream).hold(work.connection)
            here = stream_heads.c.stream == stream
            head = work.connection.execute(select(stream_heads).where(here).with_for_update()).one()
            epoch = str(uuid4())
            work.connection.execute(update(stream_heads).where(here).values(epoch=epoch))
            begun = runtime.fact_types["epoch.begun.v1"]
            work.fact(begun(stream=stream, epoch=epoch, before=head.epoch, after=head.number), f"stream:{stream}")
            said.append(f"{stream}: epoch {epoch} after number {head.number} (before: {head.epoch})\n")
    return "".join(said)


def adopt(work: UnitOfWork, subscriptions: Sequence[Subscription], producer: str, stream: str) -> Adopted:
    """Go on with a producer's new epoch, from the last number up to which both have the same history.

    Raises:
        Problem: not-found where this service listens to no such stream, or took nothing of it; wrong-state where the
            producer is in no new epoch, was restored to before what this service remembers, or was just being read.
    """
    of = subscription_to(subscriptions, producer, stream)
    cursor = read_cursor(work.runtime, of) if of else None
    if of is None or cursor is None:
        raise Problem("not-found", field="stream", detail="この系列は受信していません")
    epoch, after = _last_in_common(work, of, cursor)
    lock_subscription(work, producer, stream)
    if read_cursor(work.runtime, of) != cursor:
        raise Problem("wrong-state", field="stream", detail="受信中です。もう一度実行してください")
    history = taken.taken_until(work, producer, stream, after) if after < cursor.number else cursor.history
    lost = taken.lose(work, producer, stream, cursor.epoch, after)
    move_cursor(work, producer, stream, epoch=epoch, number=after, history=history)
    payload = {
        "producer": producer,
        "stream": stream,
        "epoch": epoch,
        "before": cursor.epoch,
        "after": after,
        "lost": lost,
    }
    work.fact(work.runtime.fact_types["epoch.adopted.v1"](**payload), f"stream:{producer}.{stream}")
    return Adopted(epoch=epoch, after=after, lost=lost)


def _last_in_common(work: UnitOfWork, of: Subscription, cursor: Cursor) -> tuple[str, int]:
    """The producer's epoch, and the last number up to which it has what this service has taken.

    Histories that agree at a number agree at every number before it: halving finds the last.
    """
    low = taken.first_known(work, of.producer, of.stream)
    low = cursor.number if low is None else low
    page = _theirs(work, of, low)
    if page is None or page.known != _ours(work, of, cursor, low):
        detail = (
            "送信元は、この受信側が記録しているより前の状態に戻されています。より新しいバックアップから戻してください"
        )
        raise Problem("wrong-state", field="stream", detail=detail)
    if page.epoch == cursor.epoch:
        raise Problem("wrong-state", field="stream", detail="送信元で新しいエポックが始まっていません (new-epoch)")
    high = cursor.number
    while low < high:
        middle = (low + high + 1) // 2
        theirs = _theirs(work, of, middle)
        if theirs is not None and theirs.known == _ours(work, of, cursor, middle):
            low = middle
        else:
            high = middle - 1
    return page.epoch, low


def _ours(work: UnitOfWork, of: Subscription, cursor: Cursor, number: int) -> bytes | None:
    return cursor.history if number == cursor.number else taken.taken_until(work, of.producer, of.stream, number)


def _theirs(work: UnitOfWork, of: Subscription, number: int) -> Page | None:
    """The producer's page after a number; None where it has not come so far."""
    try:
        return ask(work.runtime, of, number, most=1)
    except Dropped:
        raise Problem("unavailable", detail=_UNREADABLE) from None
    except Problem as problem:
        if problem.name == "wrong-state":
            return None
        raise
