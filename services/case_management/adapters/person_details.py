"""Details of persons (本人情報) in the database, append-only: a correction takes the place of what it names."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    insert,
    select,
)

from services.case_management.adapters.tables import metadata
from services.case_management.domain.person_details import Detail
from shared.approvals.tables import instant
from shared.service_kit.encryption.sealing import Sealed
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

person_details = Table(
    "person_details",
    metadata,
    Column("detail_id", Uuid, primary_key=True),
    Column("person_no", Text, nullable=False),
    Column("fact", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("expires_on", Date),
    Column("protected", Boolean, nullable=False),
    Column("corrects", Uuid, ForeignKey("person_details.detail_id")),
    Column("content", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    UniqueConstraint("corrects", name="person_details_corrected_once"),
    CheckConstraint("valid_from <= valid_to", name="person_details_period"),
    CheckConstraint("expires_on IS NULL OR fact = 'certificate'", name="person_details_expiry"),
    CheckConstraint("NOT protected OR fact IN ('address', 'contact')", name="person_details_protected"),
    Index("person_details_person", "person_no", "number"),
    Index("person_details_expires", "expires_on"),
)
"""Where somebody lives, how they are reached, which papers they hold, where they work and learn; words are sealed."""
DETAILS: Final = Sealed("person_details", ("detail_id",), ("content",))


def details_of_person(work: UnitOfWork, person_no: str, known_until: datetime | None = None) -> list[Detail]:
    """Return the details of a person as the office knew them at an instant (now), oldest first."""
    table = person_details.c
    rows = select(person_details).where(table.person_no == person_no).order_by(table.number)
    if known_until is not None:
        rows = rows.where(table.recorded_at <= known_until)
    return [_detail(row) for row in work.unseal(DETAILS, work.connection.execute(rows).mappings().all())]


def detail_of_person(work: UnitOfWork, person_no: str, detail_id: UUID) -> Detail:
    """Return one detail of a person.

    Raises:
        Problem: not-found.
    """
    for detail in details_of_person(work, person_no):
        if detail.detail_id == detail_id:
            return detail
    raise Problem("not-found", field="detail_id")


def held_papers(work: UnitOfWork, person_nos: Collection[str], day: date) -> list[tuple[str, str, date]]:
    """Return the papers that persons hold on a day: whose, of which kind, and until when (`date.max`: for good)."""
    table, later = person_details.c, person_details.alias("later").c
    corrected = select(later.detail_id).where(later.corrects == table.detail_id)
    holds = table.valid_to.is_(None) | (table.valid_to >= day)
    mine = table.person_no.in_(person_nos), table.fact == "certificate", holds, ~corrected.exists()
    rows = work.connection.execute(select(table.person_no, table.kind, table.expires_on).where(*mine))
    return [(row.person_no, row.kind, row.expires_on or date.max) for row in rows]


def write_detail(work: UnitOfWork, detail: Detail) -> None:
    """Write a detail."""
    row = {name: getattr(detail, name) for name in Detail.__dataclass_fields__}
    row["content"] = json.dumps(detail.content, ensure_ascii=False)
    work.connection.execute(insert(person_details).values(**work.seal(DETAILS, [row])[0]))


def _detail(row: Any) -> Detail:
    values = {name: row[name] for name in Detail.__dataclass_fields__}
    return Detail(**{**values, "content": json.loads(row["content"])})
