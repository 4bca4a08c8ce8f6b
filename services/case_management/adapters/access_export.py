"""The export of who could do what: its rows, as JSON and as CSV."""

import csv
import io
from datetime import date, datetime
from typing import Final

from pydantic import BaseModel

from shared.access.emergencies import Use


class AccessRow(BaseModel):
    """A person could use a permission in a scope; by whom that was proposed and approved.

    `known_then` says whether the register had it by the end of that day, `known_today` whether it has it now. Of a
    substitution the proposer and approver are its own, and `stands_in_for` names the other person.
    """

    person: str
    role: str
    permission: str
    scope: str
    districts: list[str]
    programmes: list[str]
    stands_in_for: str
    valid_from: date
    last_day: date | None
    ended_at: datetime | None
    proposer: str
    approver: str
    known_then: bool
    known_today: bool


class EmergencyRow(Use):
    """A record opened in an emergency, and the service in which."""

    service: str


class RestrictionRow(BaseModel):
    """A restriction that held on the day, and the service in which."""

    case_no: str
    kind: str
    staff: str | None
    valid_from: date
    valid_to: date | None
    proposer: str
    approver: str
    known_then: bool
    known_today: bool
    service: str


class Access(BaseModel):
    """Who could do what on a day, and what a restriction kept closed.

    `emergency_services` are the services that reported their emergencies, `restriction_services` those that reported
    their restrictions, which are the auditor's alone to see.
    """

    on: date
    items: list[AccessRow]
    emergencies: list[EmergencyRow]
    emergency_services: list[str]
    restrictions: list[RestrictionRow]
    restriction_services: list[str]


_COLUMNS: Final = (*AccessRow.model_fields, "service", "subject", "reason", "at", "until")


def as_csv(access: Access) -> bytes:
    """Return one line a row.

    An emergency has the permission `break_glass.use`, a service, a record and a reason. A restriction has no
    permission, but the member of staff whom it bars, a service, a record and its kind as the reason.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, ["on", *_COLUMNS], restval="", lineterminator="\n")
    writer.writeheader()
    for item in access.items:
        row = item.model_dump(mode="json")
        flags = {name: int(row[name]) for name in ("known_then", "known_today")}
        lists = {name: " ".join(row[name]) for name in ("districts", "programmes")}
        writer.writerow({"on": access.on, **row, **lists, **flags})
    for used in access.emergencies:
        row = used.model_dump(mode="json", exclude={"break_glass_id", "actor"})
        person = used.actor.removeprefix("person:")
        writer.writerow({"on": access.on, "person": person, "permission": "break_glass.use", **row})
    for held in access.restrictions:
        row = held.model_dump(
            mode="json", exclude={"case_no", "staff", "kind", "valid_to", "known_then", "known_today"}
        )
        flags = {"known_then": int(held.known_then), "known_today": int(held.known_today)}
        about = {"person": held.staff or "", "subject": f"case:{held.case_no}", "reason": held.kind}
        writer.writerow({"on": access.on, **row, **flags, **about, "last_day": held.valid_to or ""})
    return text.getvalue().encode()
