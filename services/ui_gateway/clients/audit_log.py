"""The audit log, asked in the name of the person at the browser; its views as it answers them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from services.ui_gateway.clients.views import View, key_for
from shared.service_kit.service_client import ServiceClient


class Hit(View):
    """One entry: who did or saw what of whom, when and why; `through` is the case by which a resident was seen."""

    index: int
    at: datetime
    type: str
    what: str
    actor: str
    subjects: list[str]
    purpose: str
    producer: str
    break_glass: str
    signed: bool
    through: list[str] = Field(default_factory=list)


class Refill(View):
    """Entries that came back from the published log without what they say: no search finds them."""

    words: str
    first: int
    last: int
    refilled_at: datetime


class PassedOver(View):
    """An entry that index or review could not read: no search finds it."""

    words: str
    index: int
    passed_at: datetime


class Hits(View):
    """Entries newest first; `next` leads on."""

    hits: list[Hit]
    next: int | None
    refilled: list[Refill] = Field(default_factory=list)
    passed_over: list[PassedOver] = Field(default_factory=list)


class CaseLook(View):
    """Who looked at what of a case, when and why; `emergency`: through an emergency (緊急閲覧)."""

    at: datetime
    actor: str
    what: str
    purpose: str
    emergency: bool


class CaseLooks(View):
    """The newest looks at a case, and how many there are since the `first` day; `incomplete`: some cannot be read."""

    items: list[CaseLook]
    count: int
    first: date
    incomplete: bool


class Review(View):
    """What a reviewer said."""

    reviewer: str
    outcome: str
    words: str
    at: datetime


class Finding(View):
    """Unusual looks of one kind, with the entries behind them."""

    finding_id: UUID
    rule: str
    why: str
    day: date
    concerned: list[str]
    subject: str
    entries: list[int]
    through: int
    open: bool
    reviews: list[Review]


class Findings(View):
    """Findings newest first; `next` says that there are more."""

    items: list[Finding]
    next: int | None


def looks_at(log: ServiceClient, person: str, purpose: str, before: str) -> Hits:
    """Who looked at a resident, by 宛名番号; `before` leads on, empty for the newest."""
    query = {"person": person, "purpose": purpose, **({"before": before} if before else {})}
    return Hits.model_validate(log.get("/log/looks", query))


def case_looks(log: ServiceClient, case_no: str, purpose: str) -> CaseLooks:
    """Who looked at a case lately, newest first."""
    return CaseLooks.model_validate(log.get(f"/cases/{case_no}/looks", {"purpose": purpose}))


def findings(log: ServiceClient, state: str, purpose: str) -> Findings:
    """Unusual looks, `open` or `reviewed`."""
    return Findings.model_validate(log.get("/log/findings", {"state": state, "purpose": purpose}))


def review(log: ServiceClient, finding_id: UUID, body: dict[str, Any], key: str) -> View:
    """Say of unusual looks what they were."""
    return View.model_validate(log.post(f"/log/findings/{finding_id}/reviews", json=body, key=key_for(key, log.name)))
