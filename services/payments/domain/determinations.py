"""What determinations (決定) change: which entitlements count, which are held, and what is due.

Nothing is read or written here: the use case loads a ``Standing``, and stores what the ``Plan`` says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.payments.domain import coverage
from services.payments.domain.coverage import Cover, Covered, Held, Key
from services.payments.domain.due import Due
from shared.contracts.codes import EntitlementState

CaseMonth = tuple[str, str]
"""Case number and month."""


class CannotCount(Exception):
    """A determination says what cannot be; ``str`` is the reason, a code."""


@dataclass(frozen=True, slots=True)
class Determination:
    """A determination of one case and month, as its deciding service published it.

    Attributes:
        replaces: the determination that counted until now, as its producer knows it.
        kinds: whole yen by kind, in cash.
        covers: by kind, on which days it meets whose need.
    """

    determination_id: UUID
    case_no: str
    month: str
    programme: str
    replaces: UUID | None
    kinds: Mapping[str, int]
    covers: Mapping[str, tuple[Cover, ...]]

    @property
    def pair(self) -> CaseMonth:
        """Case and month."""
        return self.case_no, self.month


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Yen of one case, month and kind by the determination that counts, and whom they cover."""

    key: Key
    determination_id: UUID
    programme: str
    yen: int
    state: EntitlementState
    covers: tuple[Cover, ...]

    @property
    def pair(self) -> CaseMonth:
        """Case and month."""
        return self.key[:2]


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts before the determinations are taken.

    Attributes:
        current: programme and determination that count now, of the cases and months that have one.
        before_loss: by determination that counts now and is not named as replaced: what counted before those that a
            restored producer has lost; None where nothing did.
        overlapping: entitlements of other cases that cover the same persons, or persons of those, and so on.
        due: of all these cases and months.
    """

    current: Mapping[CaseMonth, tuple[str, UUID]]
    before_loss: Mapping[UUID, UUID | None]
    overlapping: Sequence[Entitlement]
    due: Mapping[Key, Due]


@dataclass(frozen=True, slots=True)
class DueChange:
    """What is due of one key before, and the yen that are entitled from now on."""

    key: Key
    programme: str
    before: Due
    entitled: int

    @property
    def is_fall(self) -> bool:
        """True where more is ordered than is entitled: orders that were not sent have to be withdrawn."""
        return self.before.ordered - self.before.claimed > self.entitled


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be written.

    Attributes:
        replaced: cases and months of which a determination counted until now: what it covered is closed.
        entitlements: those of the new determinations, each in its state.
        now_held, released: entitlements of other cases that change their state.
        held_by: why an entitlement is held: the person and the other case.
        changes: in the order of their keys.
    """

    replaced: Sequence[CaseMonth]
    entitlements: Sequence[Entitlement]
    now_held: Sequence[Entitlement]
    released: Sequence[Entitlement]
    held_by: Mapping[Key, Held]
    changes: Sequence[DueChange]


def unnamed(batch: Mapping[CaseMonth, Determination], current: Mapping[CaseMonth, tuple[str, UUID]]) -> list[UUID]:
    """The determinations that count now and that their successors do not name as replaced."""
    return [counted for pair, (_, counted) in current.items() if batch[pair].replaces != counted]


def plan(batch: Mapping[CaseMonth, Determination], standing: Standing) -> Plan:
    """Plan one determination each of some cases and months.

    Raises:
        CannotCount: a determination is of another programme than its case, or replaces what does not count.
    """
    _refuse_contradictions(batch, standing)
    fresh = [entitlement for determination in batch.values() for entitlement in _entitlements(determination)]
    held_by = coverage.resolve(_covered(entitlement, standing.due) for entitlement in (*fresh, *standing.overlapping))
    now_held = [other for other in standing.overlapping if other.state == "entitled" and other.key in held_by]
    released = [other for other in standing.overlapping if other.state == "held" and other.key not in held_by]
    entitlements = [replace(own, state="held") if own.key in held_by else own for own in fresh]
    return Plan(
        replaced=list(standing.current),
        entitlements=entitlements,
        now_held=now_held,
        released=released,
        held_by=held_by,
        changes=list(_changes(batch, standing.due, [*fresh, *now_held, *released], held_by)),
    )


def _refuse_contradictions(batch: Mapping[CaseMonth, Determination], standing: Standing) -> None:
    """A determination counts only where it names what counted until now, whatever order a stream came in.

    A producer that was restored cannot name what it has lost: it names what counted before that.
    """
    if any(batch[pair].programme != programme for pair, (programme, _) in standing.current.items()):
        raise CannotCount("case-of-another-programme")
    for pair, determination in batch.items():
        _, counted = standing.current.get(pair, ("", None))
        if determination.replaces == counted:
            continue
        if counted is None or standing.before_loss[counted] != determination.replaces:
            raise CannotCount("replaces-what-does-not-count")


def _entitlements(determination: Determination) -> Iterator[Entitlement]:
    for kind, yen in determination.kinds.items():
        yield Entitlement(
            key=(*determination.pair, kind),
            determination_id=determination.determination_id,
            programme=determination.programme,
            yen=yen,
            state="entitled",
            covers=determination.covers.get(kind, ()),
        )


def _covered(entitlement: Entitlement, due: Mapping[Key, Due]) -> Covered:
    now = due.get(entitlement.key, Due())
    return Covered(entitlement.key, entitlement.programme, now.ordered > now.claimed, entitlement.covers)


def _changes(
    batch: Mapping[CaseMonth, Determination],
    due: Mapping[Key, Due],
    granted: Sequence[Entitlement],
    held_by: Mapping[Key, Held],
) -> Iterator[DueChange]:
    """What moves: a kind that is granted no more falls to nothing, and what is held is not entitled."""
    programmes = {key: batch[key[:2]].programme for key in due if key[:2] in batch}
    programmes |= {entitlement.key: entitlement.programme for entitlement in granted}
    entitled = dict.fromkeys(programmes, 0) | {
        entitlement.key: entitlement.yen for entitlement in granted if entitlement.key not in held_by
    }
    for key, yen in sorted(entitled.items()):
        change = DueChange(key, programmes[key], due.get(key, Due()), yen)
        if change.is_fall or key not in due or change.before.entitled != yen:
            yield change
