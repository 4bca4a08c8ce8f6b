"""`./kurashi run`: start everything, pay a ward's month, print the summary, and keep the pages up."""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import Any, Final

from infra.one_machine.commands.arguments import Parser, data_folders, number_of_households, read_day, read_month
from infra.one_machine.commands.summary import in_words, summarise
from infra.one_machine.folders import full_disk
from infra.one_machine.known_months import refuse_unknown_month
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.office import Office
from infra.one_machine.processes.stack import Stack
from infra.one_machine.progress import Steps
from infra.one_machine.staff.acts import Acts
from infra.one_machine.staff.month import pay_month, propose_ward, wait_for_log
from infra.one_machine.ward import DEFAULT_SEED, HOUSEHOLDS, SUPPORT_HOUSEHOLDS
from infra.one_machine.ward.ward_input import InputFaults, WardInput, check_month, read_input, synthetic_input
from shared.money_and_time.months import month_of, next_month

MONTH: Final = "2026-12"
DAY_OF_WORK: Final = 24
"""The day of the month before on which the month is determined, unless --today names another."""


def main(arguments: Sequence[str]) -> int:
    """Run the main job; what is printed stands in infra/one_machine/README.md."""
    args = _arguments(arguments)
    steps = Steps()
    try:
        summary = _run(args, steps)
    except InputFaults as faults:
        sys.stderr.write(f"{faults}\n")
        if args.json:
            print(json.dumps({"ok": False, "problem": faults.problem, "faults": faults.faults}, ensure_ascii=False))
        return 1
    except (OSError, MachineError) as failed:
        if full := full_disk(args.data_dir):
            raise MachineError(f"{full}: {failed}") from failed
        raise
    return 0 if summary["ok"] else 1


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Parser("run", "Pay a ward's month on this machine.")
    parser.add_argument("--households", type=number_of_households, metavar="N", help="of public assistance")
    parser.add_argument("--month", default=MONTH, metavar="YYYY-MM")
    parser.add_argument("--today", default=None, metavar="YYYY-MM-DD", help="the business date; instants stay true")
    parser.add_argument("--seed", type=int, metavar="S")
    parser.add_argument("--input", type=Path, metavar="DIR", help="a ward's own files (docs/data/)")
    parser.add_argument("--approve-as-demo", action="store_true", help="with --input: synthetic staff approve")
    parser.add_argument("--once", action="store_true", help="stop when the month is paid")
    parser.add_data_dir()
    parser.add_json()
    args = parser.parse_args(arguments)
    _refuse_what_does_not_go_together(parser, args)
    args.households = HOUSEHOLDS if args.households is None else args.households
    args.seed = DEFAULT_SEED if args.seed is None else args.seed
    refuse_unknown_month(read_month(args.month), f"--month {args.month}")
    args.today = _today(args.month, args.today)
    refuse_unknown_month(next_month(month_of(args.today)), f"--today {args.today}")
    return args


def _refuse_what_does_not_go_together(parser: Parser, args: argparse.Namespace) -> None:
    for option in ("households", "seed"):
        if args.input and getattr(args, option) is not None:
            parser.error(f"--{option} does not go with --input: it is of a made-up ward")
    if args.approve_as_demo and not args.input:
        parser.error("--approve-as-demo needs --input: a made-up ward is approved without it")


def _today(month: str, named: str | None) -> date:
    if named is not None:
        return read_day(named)
    months = int(month[:4]) * 12 + int(month[5:]) - 2
    return date(months // 12, months % 12 + 1, DAY_OF_WORK)


def _run(args: argparse.Namespace, steps: Steps) -> dict[str, Any]:
    if args.input:
        _look_at_input(args, steps)
    stack = Stack(args.data_dir, today=args.today, say=steps.say, tell=steps.tell)
    with ExitStack() as until_end:
        stack.hold()
        until_end.callback(stack.stop)
        ward = _ward(args)
        with steps.part("start", "starting all processes"):
            stack.start()
        summary = _work(stack.office, ward, args, steps)
        _print(summary, as_json=args.json)
        if not args.once:
            _serve(stack, steps)
        return summary


def _look_at_input(args: argparse.Namespace, steps: Steps) -> None:
    """Look at the ward's own files while nothing runs yet.

    Raises:
        InputFaults: with all of them.
    """
    from infra.one_machine.ward.input_check import check_input

    with steps.part("input", "looking through the ward's files (入力ファイルの確認)"):
        is_new = not data_folders(args).postgres.is_dir()
        report = check_input(args.input, args.today, is_new_office=is_new)
    if report.faults:
        raise InputFaults(report.faults.listed, report.in_words())
    steps.tell(report.in_words())


def _ward(args: argparse.Namespace) -> WardInput:
    """The ward's files, its own or drawn; only who holds the data folder may draw into it."""
    where = data_folders(args)
    ward = (
        read_input(args.input) if args.input else synthetic_input(where, args.households, SUPPORT_HOUSEHOLDS, args.seed)
    )
    check_month(where, args.month, ward)
    return ward


def _work(office: Office, ward: WardInput, args: argparse.Namespace, steps: Steps) -> dict[str, Any]:
    if args.input and not args.approve_as_demo:
        with closing(Acts(office, args.month)) as acts, steps.part("load", "checking the ward's files"):
            proposed = propose_ward(acts, ward, steps)
        return {"ok": True, "month": args.month, "stopped": "before approval", "imports": proposed}
    run = pay_month(office, ward, args.month, steps)
    with steps.part("log", "reading the audit log"):
        wait_for_log(office, steps)
        return summarise(office, run, {**steps.seconds, "total": steps.total()})


def _print(summary: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(summary, ensure_ascii=False), flush=True)
    elif "stopped" in summary:
        print("The imports are proposed. Approve them in the pages, or run again with --approve-as-demo.", flush=True)
    else:
        print(in_words(summary), flush=True)


def _serve(stack: Stack, steps: Steps) -> None:
    """Keep the pages up until Ctrl-C.

    Raises:
        MachineError: a process died too often.
    """
    steps.say(f"the pages: {stack.urls['ui_gateway']} (Ctrl-C stops everything)")
    try:
        while not (problem := stack.problem()):
            signal.sigtimedwait([], 1.0)
    except KeyboardInterrupt:
        return
    raise MachineError(problem)
