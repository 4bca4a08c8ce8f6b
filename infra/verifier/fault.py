"""What the verifier says when something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def refusing(what: str, *but: type[Exception]) -> Iterator[None]:
    """Whatever goes wrong while something foreign is read is a fault of it: a traceback would be no verdict.

    `but` names errors that are the reader's own.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, (Fault, *but)):
            raise
        raise Fault("unreadable", f"{what} cannot be read ({type(error).__name__})", file=what) from error
