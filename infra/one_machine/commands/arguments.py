"""How commands read their arguments: what every command has, and one way to say that a call is wrong."""

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final, NoReturn

from infra.one_machine.folders import PROJECT, Folders, folders
from infra.one_machine.problems import CallError

MOST_HOUSEHOLDS: Final = 200_000
"""Of a made-up ward: it is drawn in memory, and no ward of Tokyo comes near."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises `CallError`, so that `--json` answers a wrong call too."""

    def __init__(self, command: str, description: str) -> None:
        super().__init__(prog=f"./kurashi {command}", description=description, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Raise instead of leaving."""
        raise CallError(f"{message}\n{self.format_usage().rstrip()}")

    def add_json(self) -> None:
        """Add `--json`."""
        self.add_argument("--json", action="store_true", help="print one JSON object as the last line")

    def add_data_dir(self) -> None:
        """Add `--data-dir`."""
        self.add_argument("--data-dir", type=Path, default=PROJECT / "var", metavar="DIR", help="var/ unless given")


def read_day(text: str, name: str = "--today") -> date:
    """Read a day.

    Raises:
        CallError: it is none of the form YYYY-MM-DD.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CallError(f"{name} is YYYY-MM-DD") from None


def read_month(text: str) -> str:
    """Read a month of this century.

    Raises:
        CallError: it is none of the form YYYY-MM.
    """
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise CallError(f"--month is YYYY-MM, not {text}")
    return text


def number_of_households(text: str) -> int:
    """Read how many households a made-up ward has; a type of argparse."""
    if not (re.fullmatch("[0-9]{1,9}", text) and 1 <= int(text) <= MOST_HOUSEHOLDS):
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_HOUSEHOLDS:,}, not {text}")
    return int(text)


def asks_for_help(arguments: Sequence[str]) -> bool:
    """True where a call asks to be explained and nothing more."""
    return bool({"-h", "--help"} & set(arguments))


def tell(words: str, *, as_json: bool) -> None:
    """What people read: on standard output, beside the JSON of `--json` on standard error."""
    print(words, file=sys.stderr if as_json else sys.stdout)


def data_folders(args: argparse.Namespace) -> Folders:
    """Return the layout of the data folder that was named."""
    return folders(args.data_dir)
