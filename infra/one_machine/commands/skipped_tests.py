"""Reads from pytest's report which tests were left out, and why, and what each took; compares it with the budgets."""

import time
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

CPU = "cpu_seconds"
"""The property of a test in the report under which `tests/conftest.py` writes what it cost."""
ELSEWHERE = "elsewhere: "
"""How the reason of a test begins that lacks nothing here: it asks a service of others, or another server."""
REFERENCE_SECONDS = 0.3
"""CPU seconds of the reference work of `pace` on the machine for which the budgets are written."""


@dataclass(frozen=True)
class Left:
    """Something that was not run, and why."""

    what: str
    why: str

    @property
    def missing(self) -> bool:
        """True where this machine could have it."""
        return not self.why.startswith(ELSEWHERE)


@dataclass(frozen=True)
class Took:
    """What a test took, its fixtures with it: seconds by the clock, and CPU seconds of its process and its children."""

    test: str
    seconds: float
    cpu: float = 0.0

    @property
    def folder(self) -> str:
        """The folder of its file."""
        return ".".join(self.test.split(".")[:2])


@dataclass(frozen=True)
class Outcome:
    """What a report says."""

    left: list[Left] = field(default_factory=list)
    took: list[Took] = field(default_factory=list)


@dataclass
class Sum:
    """What the tests of a folder took together, in seconds."""

    seconds: float = 0.0
    cpu: float = 0.0


def read_outcome(where: str, report: Path) -> Outcome:
    """Return one line for each reason for which tests of a JUnit report were skipped; the report is used up."""
    if not report.exists():
        return Outcome()
    cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314  # written by our own pytest
    report.unlink()
    reasons = Counter(skipped.get("message", "") for case in cases for skipped in case.iter("skipped"))
    left = [Left(f"{count} test{'s' if count > 1 else ''} of {where}", why) for why, count in reasons.items()]
    return Outcome(left, [_took(case) for case in cases])


def _took(case: ElementTree.Element) -> Took:
    cpu = sum(float(part.get("value", 0)) for part in case.iter("property") if part.get("name") == CPU)
    return Took(f"{case.get('classname')}.{case.get('name')}", float(case.get("time", 0)), cpu)


def by_folder(took: Sequence[Took]) -> dict[str, Sum]:
    """Return what each folder of tests took, the longest first."""
    sums: dict[str, Sum] = {}
    for test in took:
        folder = sums.setdefault(test.folder, Sum())
        folder.seconds += test.seconds
        folder.cpu += test.cpu
    return dict(sorted(sums.items(), key=lambda pair: pair[1].seconds, reverse=True))


def read_budgets(path: Path) -> dict[str, float]:
    """Return the CPU seconds that each folder of tests may take."""
    return {f"tests.{folder}": float(cpu) for folder, cpu in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def pace() -> float:
    """Return how many times slower than the budgets' machine this one is now, at least 1: a fixed work is timed."""
    began, total = time.process_time(), 0
    for number in range(5_000_000):
        total += number
    return max(1.0, (time.process_time() - began) / REFERENCE_SECONDS)


def over_budget(took: Sequence[Took], budgets: Mapping[str, float], slower: float = 1.0) -> list[str]:
    """Return a line for each folder that took more CPU than it may on a machine so much `slower`, or has no budget."""
    over = []
    for folder, spent in by_folder(took).items():
        may = budgets.get(folder, 0.0) * slower
        if folder not in budgets:
            over.append(f"{folder} has no budget; it took {spent.cpu:.0f} s of CPU")
        elif spent.cpu > may:
            over.append(f"{folder} took {spent.cpu:.0f} s of CPU, its budget is {may:.0f} s")
    return over
