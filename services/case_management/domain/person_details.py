"""Details of a person (本人情報) beside what the rules need: of which kinds, and which hold on a day. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

KINDS: Final[Mapping[str, frozenset[str]]] = {
    "address": frozenset({"registered", "living", "mailing", "facility"}),
    "contact": frozenset({"telephone", "mobile", "mail", "emergency_contact"}),
    "certificate": frozenset(
        {
            "physical_disability",
            "intellectual_disability",
            "mental_disability",
            "pension",
            "residence_card",
            "health_insurance",
            "long_term_care",
        }
    ),
    "work": frozenset({"regular", "part_time", "daily", "self_employed", "job_seeking"}),
    "school": frozenset({"nursery", "primary", "junior_high", "high_school", "vocational", "university"}),
}
"""The kinds of each fact."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail with its days (first and last included; None is open) and what it corrects.

    `content` is what its writer typed: `text` (the address, the number, the employer …), `number`, `grade`, `note`.
    It is None where the detail is `protected` and was not asked for by itself.
    """

    detail_id: UUID
    person_no: str
    fact: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    expires_on: date | None
    protected: bool
    corrects: UUID | None
    content: Mapping[str, Any] | None
    recorded_by: str
    recorded_at: datetime
    reason: str

    def holds_on(self, day: date) -> bool:
        """Whether it holds on the day; an expired certificate still holds until somebody says that it does not."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def holding(known: Iterable[Detail], day: date) -> list[Detail]:
    """Those of the details that hold on a day; what was corrected holds never."""
    all_ = list(known)
    corrected = {detail.corrects for detail in all_}
    return [detail for detail in all_ if detail.detail_id not in corrected and detail.holds_on(day)]


def protected_details(known: Iterable[Detail]) -> set[UUID]:
    """Those whose words stay out of lists: protected ones, and what a protected one corrects, all the way back."""
    by_id = {detail.detail_id: detail for detail in known}
    hidden: set[UUID] = set()
    for detail in by_id.values():
        at: Detail | None = detail if detail.protected else None
        while at and at.detail_id not in hidden:
            hidden.add(at.detail_id)
            at = by_id.get(at.corrects) if at.corrects else None
    return hidden
