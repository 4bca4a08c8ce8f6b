"""Reads from pytest's report which tests were left out, and why, and how long each took."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True)
class Left:
    """Something that was not run, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Took:
    """How many seconds a test took by the clock, its fixtures with it."""

    test: str
    seconds: float

    @property
    def folder(self) -> str:
        """The folder of its file."""
        return ".".join(self.test.split(".")[:2])


@dataclass(frozen=True)
class Outcome:
    """What a report tells."""

    left: list[Left] = field(default_factory=list)
    took: list[Took] = field(default_factory=list)


def read_outcome(where: str, report: Path) -> Outcome:
    """Return one line for each reason for which tests of a JUnit report were skipped; the report is used up."""
    if not report.exists():
        return Outcome()
    cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314  # written by our own pytest
    report.unlink()
    reasons = Counter(skipped.get("message", "") for case in cases for skipped in case.iter("skipped"))
    left = [Left(f"{count} test{'s' if count > 1 else ''} of {where}", why) for why, count in reasons.items()]
    names = [(f"{case.get('classname')}.{case.get('name')}", float(case.get("time", 0))) for case in cases]
    return Outcome(left, [Took(name, seconds) for name, seconds in names])


def by_folder(took: Sequence[Took]) -> list[tuple[str, float]]:
    """Return the seconds of each folder of tests, the longest first."""
    seconds: dict[str, float] = {}
    for one in took:
        seconds[one.folder] = seconds.get(one.folder, 0.0) + one.seconds
    return sorted(seconds.items(), key=lambda pair: pair[1], reverse=True)
