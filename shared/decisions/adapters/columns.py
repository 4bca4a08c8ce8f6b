"""Columns that many tables of deciding have."""

from datetime import datetime

from sqlalchemy import Column, DateTime


def instant(name: str) -> Column[datetime]:
    """An instant in UTC with its zone, never empty."""
    return Column(name, DateTime(timezone=True), nullable=False)
