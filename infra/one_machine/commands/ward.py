"""`./kurashi ward`: a clerk's own files: an example, empty ones to fill in, and a look at them; no server."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from infra.one_machine.commands.arguments import Parser, read_day, tell
from infra.one_machine.ward import DEFAULT_SEED, generate
from infra.one_machine.ward.files import WARD_FILES
from infra.one_machine.ward.template import refuse_to_overwrite, write_template

EXAMPLE_HOUSEHOLDS: Final = 20
EXAMPLE_SUPPORT_HOUSEHOLDS: Final = 3


def main(arguments: Sequence[str]) -> int:
    """Make an example or a template, or look at a folder; 1 where there are faults."""
    parser = Parser("ward", "Make a ward's files (区のファイル), or look for faults in them before a run.")
    parser.add_argument("act", choices=["check", "example", "template"])
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument(
        "--households", type=int, default=EXAMPLE_HOUSEHOLDS, metavar="N", help="with example: how many"
    )
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="S", help="with example")
    parser.add_argument("--today", metavar="YYYY-MM-DD", help="with check: the business date")
    parser.add_json()
    args = parser.parse_args(arguments)
    if args.households < 1:
        parser.error("--households is at least 1")
    if args.act == "check":
        return _check(args)
    written = _example(args) if args.act == "example" else write_template(args.directory)
    for path in written:
        tell(f"{path}", as_json=args.json)
    if args.json:
        print(json.dumps({"ok": True, "files": [str(path.resolve()) for path in written]}, ensure_ascii=False))
    return 0


def _example(args: argparse.Namespace) -> list[Path]:
    paths = [args.directory / name for name in WARD_FILES]
    refuse_to_overwrite(paths)
    generate(args.directory, args.households, EXAMPLE_SUPPORT_HOUSEHOLDS, args.seed)
    return paths


def _check(args: argparse.Namespace) -> int:
    from infra.one_machine.ward.input_check import check_input
    from shared.service_kit.clock import Clock

    day = read_day(args.today) if args.today else Clock().today()
    report = check_input(args.directory, day, is_new_office=True)
    tell(report.in_words(), as_json=args.json)
    if args.json:
        counts = {"households": report.households, "persons": report.persons}
        by_kind = {"faults": report.faults.listed, "doubts": report.doubts.listed}
        problem = {"problem": "the files have faults"} if report.faults else {}
        print(json.dumps({"ok": not report.faults, **problem, **counts, **by_kind}, ensure_ascii=False))
    return 1 if report.faults else 0
