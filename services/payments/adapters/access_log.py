"""Looks at many people in one answer: every one of them is named to the audit."""

from collections.abc import Iterable
from typing import Final

from shared.service_kit.unit_of_work import UnitOfWork

SUBJECTS_A_LOOK: Final = 1_000
"""An entry of the log stays a few tens of kilobytes, whatever the size of the ward."""


def look_at_cases(work: UnitOfWork, what: str, cases: Iterable[str], purpose: str, beside: str = "") -> None:
    """Record that an answer shows these cases; where they are many, in several entries of one transaction.

    Args:
        beside: what else the answer is of ("run:…"), named in each entry.
    """
    subjects = sorted({f"case:{case_no}" for case_no in cases})
    for first in range(0, len(subjects), SUBJECTS_A_LOOK):
        named = subjects[first : first + SUBJECTS_A_LOOK]
        work.look(what, [beside, *named] if beside else named, purpose)
