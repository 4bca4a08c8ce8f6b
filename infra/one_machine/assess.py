"""`./kurashi assess`: households as JSON lines in, assessments as JSON lines out; no server, no database."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

from shared.benefit_rules import (
    Assessment,
    FigureError,
    Household,
    HouseholdError,
    Standards,
    assess,
    load_standards,
    parse_household,
)

_AT_ONCE = 5_000
"""Lines that are read, assessed and written together."""


def main(argv: Sequence[str]) -> int:
    """Runs the command; 0 when every household was assessed, 1 when one was refused, 2 when the call is wrong."""
    parser = argparse.ArgumentParser(prog="kurashi assess", description=__doc__)
    parser.add_argument("--explain", action="store_true", help="readable Japanese text instead of JSON")
    parser.add_argument("--standards", type=Path, help="a JSON file of figures laid over the standards")
    try:
        options = parser.parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        standards = _standards(options.standards)
    except (OSError, ValueError, KeyError, TypeError, FigureError) as error:
        print(f"kurashi assess: --standards: {error}", file=sys.stderr)
        return 2
    return run(sys.stdin, sys.stdout, standards)


def run(source: TextIO, target: TextIO, standards: Standards) -> int:
    """Answers each line of `source` on `target` in the same order; 1 where one was refused."""
    seen: set[str] = set()
    refused = False
    numbered = ((number, line) for number, line in enumerate(source, start=1) if line.strip())
    while lines := list(islice(numbered, _AT_ONCE)):
        read = [_read(number, line, standards, seen) for number, line in lines]
        for answer in _answers(read, standards):
            refused = refused or isinstance(answer, HouseholdError)
            json.dump(answer.to_json(), target, ensure_ascii=False)
            target.write("\n")
    return 1 if refused else 0


def _standards(path: Path | None) -> Standards:
    if path is None:
        return load_standards()
    changes = json.loads(path.read_text(encoding="utf-8"))
    return load_standards(changes)


def _read(number: int, line: str, standards: Standards, seen: set[str]) -> Household | HouseholdError:
    try:
        entry = json.loads(line)
    except ValueError:
        return HouseholdError(None, "wrong-form", None, f"line {number} is not JSON")
    try:
        household = parse_household(entry, standards)
    except HouseholdError as error:
        if error.household is not None:
            seen.add(error.household)
        return error
    if household.id in seen:
        return HouseholdError(household.id, "repeated", "id", "an earlier line has the same id")
    seen.add(household.id)
    return household


def _answers(read: Iterable[Household | HouseholdError], standards: Standards) -> Iterator[Assessment | HouseholdError]:
    """Assesses month by month, and answers in the order of the lines."""
    answers: dict[int, Assessment | HouseholdError] = {}
    months: dict[str, list[tuple[int, Household]]] = {}
    for place, entry in enumerate(read):
        if isinstance(entry, HouseholdError):
            answers[place] = entry
        else:
            months.setdefault(entry.month, []).append((place, entry))
    for month, entries in months.items():
        households = [household for _, household in entries]
        try:
            found: Sequence[Assessment | HouseholdError] = assess(households, standards, month)
        except ValueError as error:
            found = [HouseholdError(household.id, "wrong-value", "month", str(error)) for household in households]
        answers.update({place: answer for (place, _), answer in zip(entries, found, strict=True)})
    return (answers[place] for place in sorted(answers))
