"""Who belongs to a case under this law. Pure."""

from typing import Final

from shared.decisions.domain.circumstances import Record

_UNIT: Final = ("self", "spouse")


def unit(record: Record) -> list[str]:
    """The person numbers of the household unit: children and others who live there have no part in it."""
    return [member["id"] for member in record["members"] if member.get("relation", "self") in _UNIT]
