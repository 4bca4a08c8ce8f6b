"""A rule of a ward's files, as the tests and the document of faults know it."""

from dataclasses import dataclass

from tests.ward.spoils import Spoil


@dataclass(frozen=True)
class Rule:
    """A rule of the files."""

    says: str
    """The fault as the code that reads the files says it, with what stands in the spoiled ward."""
    remedy: str
    """What the clerk does."""
    spoil: Spoil | None = None
    """Breaks this rule and no other; None where a look at the files alone cannot see it."""
    held_by: str = ""
    """The test that breaks it with a database, where a look cannot."""
    beside: tuple[str, ...] = ()
    """Rules that cannot be kept where this one is broken."""
