"""What the verifier says when something is wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class Fault(Exception):
    """One finding: its kind, in words, and where: the first bad entry (index from 0), or the file."""

    problem: str
    detail: str
    entry: int | None = None
    file: str | None = None

    def __str__(self) -> str:
        return self.detail
