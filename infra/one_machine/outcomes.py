"""Reads from pytest's report which tests were left out, and why."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True)
class Left:
    """Something that was not run, and why."""

    what: str
    why: str


def left_out(where: str, report: Path) -> list[Left]:
    """Return one line for each reason for which tests of a JUnit report were skipped; the report is used up."""
    if not report.exists():
        return []
    cases = ElementTree.parse(report).iter("testcase")  # noqa: S314  # written by our own pytest
    report.unlink()
    reasons = Counter(skipped.get("message", "") for case in cases for skipped in case.iter("skipped"))
    return [Left(f"{count} test{'s' if count > 1 else ''} of {where}", why) for why, count in reasons.items()]
