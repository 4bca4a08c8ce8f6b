"""What all tables of this service have in common."""

from datetime import datetime

from sqlalchemy import Column, DateTime, MetaData

metadata = MetaData()


def instant(name: str, *, needed: bool = False) -> Column[datetime]:
    """A column of an instant, with its zone."""
    return Column(name, DateTime(timezone=True), nullable=not needed)
