"""The table of approvals that every kind of proposal has: the database itself refuses a single person."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, MetaData, Table, Text, Uuid

from shared.approvals.two_people import Approval


def instant(name: str) -> Column[datetime]:
    """Return the column of an instant in UTC with its zone, never empty."""
    return Column(name, DateTime(timezone=True), nullable=False)


def approvals_table(metadata: MetaData, what: str) -> Table:
    """Declare ``<what>_approvals``, one row an approved row of ``<what>s``; it names that row's proposer again.

    Append-only: whether something is approved is whether its row exists.
    """
    key, proposals = f"{what}_id", f"{what}s"
    return Table(
        f"{what}_approvals",
        metadata,
        Column(key, Uuid, primary_key=True),
        Column("proposer", Text, nullable=False),
        Column("approver", Text, nullable=False),
        instant("approved_at"),
        Column("sha256", Text, nullable=False),
        ForeignKeyConstraint(
            [key, "proposer"], [f"{proposals}.{key}", f"{proposals}.proposer"], name=f"{what}_approvals_proposer"
        ),
        CheckConstraint("approver <> proposer", name=f"{what}_approvals_two_people"),
    )


def approval_values(approval: Approval, approved_at: datetime) -> dict[str, str | datetime]:
    """Return the columns of an approval beside its key."""
    return {**approval.people, "approved_at": approved_at, "sha256": approval.sha256}
