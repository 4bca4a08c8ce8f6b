"""One correlation for all acts of an office's month, so that its journey can be read as one."""

from uuid import UUID, uuid5

_OFFICE_MONTH = UUID("5b0f3a52-4c0e-5e0a-9a1c-6f6b0d3c2a11")


def month_correlation(month: str) -> str:
    """The correlation id of the regular work of ``month`` ("YYYY-MM"), the same in every process."""
    return str(uuid5(_OFFICE_MONTH, month))
