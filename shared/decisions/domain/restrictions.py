"""Restrictions on cases (閲覧制限): shielded persons (支援措置), and cases of staff or of their relatives. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

Kind = Literal["shielded", "barred"]
SHIELDED: Final = "shielded"
BARRED: Final = "barred"


@dataclass(frozen=True, slots=True)
class Restriction:
    """One restriction on its days, first and last included; None is open.

    `barred` names the member of staff who never sees the case. With `lifts` it takes another one back from its first
    day on, and restricts nothing itself.
    """

    restriction_id: UUID
    case_no: str
    kind: Kind
    staff: str | None
    valid_from: date
    valid_to: date | None
    lifts: UUID | None

    def canonical_row(self) -> tuple[object, ...]:
        """What an approval names."""
        lifts = str(self.lifts) if self.lifts else None
        return (
            str(self.restriction_id),
            self.case_no,
            self.kind,
            self.staff,
            self.valid_from,
            self.valid_to,
            lifts,
        )


def holding(approved: Iterable[Restriction], day: date) -> list[Restriction]:
    """Those of the approved restrictions that hold on the day."""
    all_ = list(approved)
    lifted = {restriction.lifts for restriction in all_ if restriction.lifts and restriction.valid_from <= day}
    return [
        restriction
        for restriction in all_
        if not restriction.lifts
        and restriction.restriction_id not in lifted
        and restriction.valid_from <= day
        and (restriction.valid_to is None or day <= restriction.valid_to)
    ]
