"""`./kurashi assess`: households as JSON lines in, assessments as JSON lines out; no server, no database."""

import argparse
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

from shared.benefit_rules import (
    Ages,
    Assessment,
    FigureError,
    Household,
    HouseholdError,
    Standards,
    assess,
    compare,
    explain,
    load_standards,
    parse_household,
    reasons,
    refused_in_japanese,
)

_AT_ONCE = 5_000
"""Lines that are read, assessed and written together."""
BYTE_ORDER_MARK = "\ufeff"


def main(argv: Sequence[str]) -> int:
    """Runs the command; 0 when every household was assessed, 1 when one was refused, 2 when the call is wrong."""
    parser = argparse.ArgumentParser(prog="./kurashi assess", description=__doc__)
    parser.add_argument(
        "--explain",
        action="store_true",
        help="with two Japanese texts, for the file and for the notice; on a terminal, the first alone",
    )
    parser.add_argument(
        "--ages",
        choices=("yearly", "monthly"),
        metavar="WHEN",
        default="yearly",
        help="when those who go on receiving grow older: yearly on 1 April, or monthly on the first day",
    )
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
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # one bad line is no reason to answer none
    simulated = Simulation(load_standards(), standards, options.ages) if options.standards else None
    status = run(sys.stdin, sys.stdout, standards, ages=options.ages, explained=options.explain, simulation=simulated)
    if simulated is not None:
        sys.stderr.write(simulated.report())
    return status


class Simulation:
    """Gathers, by month and type of household, what other standards would cost."""

    def __init__(self, before: Standards, after: Standards, ages: Ages = "yearly") -> None:
        self._before, self._after, self._ages = before, after, ages
        self._rows: dict[tuple[str, str], list[int]] = {}

    def add(self, months: Mapping[str, Sequence[Household]]) -> None:
        """Compares these households in their months."""
        for month, households in months.items():
            for row in compare(households, self._before, self._after, month, self._ages):
                sums = self._rows.setdefault((month, row.type), [0] * 6)
                assessed_now = (row.households, row.refused, row.before_yen, row.after_yen, row.raised, row.lowered)
                sums[:] = [known + more for known, more in zip(sums, assessed_now, strict=True)]

    def report(self) -> str:
        """A table of the difference by month and type of household."""
        head = "月 世帯類型 世帯 算定不可 現行(円) 新(円) 差(円) 増の世帯 減の世帯"
        lines = [head.replace(" ", "\t")]
        for (month, type_), (count, refused, before, after, raised, lowered) in sorted(self._rows.items()):
            figures = (count, refused, before, after, after - before, raised, lowered)
            lines.append("\t".join([month, type_, *(f"{figure:,}" for figure in figures)]))
        return "\n".join(lines) + "\n"


def run(
    source: TextIO,
    target: TextIO,
    standards: Standards,
    *,
    ages: Ages = "yearly",
    explained: bool = False,
    simulation: Simulation | None = None,
) -> int:
    """Answers each line of `source` on `target` in the same order; 1 where one was refused."""
    seen: set[str] = set()
    refused = False
    numbered = _decoded(source)
    while lines := list(islice(numbered, _AT_ONCE)):
        read = [line if isinstance(line, HouseholdError) else _read(n, line, standards, seen) for n, line in lines]
        months = _by_month(read, standards)
        for answer in _answers(read, months, standards, ages):
            refused = refused or isinstance(answer, HouseholdError)
            target.write(_written(answer, explained, as_text=explained and target.isatty()))
        if simulation is not None:
            simulation.add({month: [read_[1] for read_ in entries] for month, entries in months.items()})
    return 1 if refused else 0


def _standards(path: Path | None) -> Standards:
    if path is None:
        return load_standards()
    changes = json.loads(path.read_text(encoding="utf-8"))
    return load_standards(changes)


def _read(number: int, line: str, standards: Standards, seen: set[str]) -> Household | HouseholdError:
    try:
        entry = _entry(line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line)
    except (ValueError, RecursionError) as error:
        return HouseholdError(None, "wrong-form", None, f"line {number} {_why(error)}")
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


class _LineError(ValueError):
    """Why a line is none; the text goes on after "line 3 "."""


def _entry(line: str) -> object:
    entry = json.loads(line, object_pairs_hook=_each_key_once)
    if "\\u" in line:  # the one way in which half a character can come in without being seen in the text
        try:
            json.dumps(entry, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise _LineError("holds half a character (\\ud800 to \\udfff alone)") from None
    return entry


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entry = dict(pairs)
    if len(entry) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _LineError(f"names {next(key for key in keys if keys.count(key) > 1)!a} twice")
    return entry


def _why(error: ValueError | RecursionError) -> str:
    if isinstance(error, _LineError):
        return str(error)
    if isinstance(error, RecursionError):
        return "has more brackets within brackets than anybody writes"
    if not isinstance(error, json.JSONDecodeError):
        return "holds a number of more digits than any amount has"
    return "is not JSON"


def _decoded(source: TextIO) -> Iterator[tuple[int, str | HouseholdError]]:
    """The lines that hold something, numbered, and in place of one that is not UTF-8 what is wrong with it."""
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        if _is_utf_8(line):
            yield number, line
        else:
            yield number, HouseholdError(None, "wrong-form", None, f"line {number} is not UTF-8{_guess(line)}")


def _is_utf_8(line: str) -> bool:
    """UTF-16 may pass for UTF-8: each Latin letter is one beside a zero byte."""
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return not _is_utf_16(line)


def _is_utf_16(line: str) -> bool:
    return line.count("\0") * 5 > len(line)


def _guess(line: str) -> str:
    if _is_utf_16(line):
        return ": it looks like UTF-16; save the file as UTF-8"
    try:
        line.encode(errors="surrogateescape").decode("cp932")
    except UnicodeError:
        return ""
    return ": it looks like Shift_JIS; save the file as UTF-8"


def _written(answer: Assessment | HouseholdError, explained: bool, *, as_text: bool) -> str:
    entry = answer.to_json()
    if explained:
        text = refused_in_japanese(answer) if isinstance(answer, HouseholdError) else explain(answer)
        if as_text:
            return text + "\n"
        entry["explanation"] = text
    if explained and isinstance(answer, Assessment):
        entry["notice"] = reasons(answer)
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _by_month(read: list[Household | HouseholdError], standards: Standards) -> dict[str, list[tuple[int, Household]]]:
    """Households and their places, by month; a month without tables turns its households into errors."""
    months: dict[str, list[tuple[int, Household]]] = {}
    for place, entry in enumerate(read):
        if isinstance(entry, HouseholdError):
            continue
        try:
            standards.tables(entry.month)
        except ValueError as error:
            read[place] = HouseholdError(entry.id, "wrong-value", "month", str(error))
        else:
            months.setdefault(entry.month, []).append((place, entry))
    return months


def _answers(
    read: Iterable[Household | HouseholdError],
    months: Mapping[str, list[tuple[int, Household]]],
    standards: Standards,
    ages: Ages,
) -> Iterator[Assessment | HouseholdError]:
    """Assesses month by month, and answers in the order of the lines."""
    answers = {place: entry for place, entry in enumerate(read) if isinstance(entry, HouseholdError)}
    assessed: dict[int, Assessment | HouseholdError] = dict(answers)
    for month, entries in months.items():
        assessed_now = assess([household for _, household in entries], standards, month, ages)
        assessed.update({place: answer for (place, _), answer in zip(entries, assessed_now, strict=True)})
    return (assessed[place] for place in sorted(assessed))
