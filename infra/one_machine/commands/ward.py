"""`./kurashi ward`: a clerk's own files: an example, empty ones to fill in, and a look at them; no server."""

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from infra.one_machine.commands.arguments import Parser, number_of_households, read_day, tell
from infra.one_machine.new_files import BOM, refuse_to_overwrite, write_new_files
from infra.one_machine.problems import CallError
from infra.one_machine.ward import DEFAULT_SEED
from infra.one_machine.ward.files import WARD_FILES
from infra.one_machine.ward.generate import draw
from infra.one_machine.ward.template import write_template

EXAMPLE_HOUSEHOLDS: Final = 20
EXAMPLE_SUPPORT_HOUSEHOLDS: Final = 3
OPTIONS: Final = {"households": "example", "seed": "example", "today": "check"}
"""Each option with the act that it belongs to."""


def main(arguments: Sequence[str]) -> int:
    """Make an example or a template, or look at a folder; 1 where there are faults."""
    parser = Parser("ward", "Make a ward's files (区のファイル), or look for faults in them before a run.")
    parser.add_argument("act", choices=["check", "example", "template"])
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("--households", type=number_of_households, metavar="N", help="with example: how many")
    parser.add_argument("--seed", type=int, metavar="S", help="with example")
    parser.add_argument("--today", metavar="YYYY-MM-DD", help="with check: the business date")
    parser.add_json()
    args = parser.parse_args(arguments)
    for option, act in OPTIONS.items():
        if getattr(args, option) is not None and args.act != act:
            parser.error(f"--{option} は {act} の指定です。{args.act} では使えません")
    if args.act == "check":
        return _check(args)
    written = _example(args) if args.act == "example" else write_template(args.directory)
    for path in written:
        tell(f"{path}", as_json=args.json)
    if args.json:
        print(json.dumps({"ok": True, "files": [str(path.resolve()) for path in written]}, ensure_ascii=False))
    return 0


def _example(args: argparse.Namespace) -> list[Path]:
    refuse_to_overwrite(args.directory, WARD_FILES)
    households = EXAMPLE_HOUSEHOLDS if args.households is None else args.households
    seed = DEFAULT_SEED if args.seed is None else args.seed
    files = draw(households, EXAMPLE_SUPPORT_HOUSEHOLDS, seed)
    return write_new_files(args.directory, {name: BOM + data for name, data in files.items()})


def _refuse_without_figures(day: date) -> None:
    from infra.one_machine.known_months import has_figures, known_months
    from shared.money_and_time.months import month_of, next_month

    if not has_figures(next_month(month_of(day))):
        first, last = known_months()
        known = f"基準額があるのは {first} から {last} までです"
        raise CallError(f"{day} の翌月の基準額がありません。{known}。--today でその前の月の日を指定してください")


def _check(args: argparse.Namespace) -> int:
    from infra.one_machine.ward.input_check import check_input
    from shared.service_kit.clock import Clock

    day = read_day(args.today) if args.today else Clock().today()
    _refuse_without_figures(day)
    report = check_input(args.directory, day, is_new_office=True)
    tell(report.in_words(), as_json=args.json)
    if args.json:
        counts = {"households": report.households, "persons": report.persons}
        by_kind = {"faults": report.faults.listed, "doubts": report.doubts.listed}
        problem = {"problem": "the files have faults"} if report.faults else {}
        print(json.dumps({"ok": not report.faults, **problem, **counts, **by_kind}, ensure_ascii=False))
    return 1 if report.faults else 0
