"""Who belongs to a case under this law. Pure."""

from shared.decisions.domain.circumstances import Record


def household(record: Record) -> list[str]:
    """The person numbers of everybody in the household (世帯単位の原則, 生活保護法 10条)."""
    return [member["id"] for member in record["members"]]
