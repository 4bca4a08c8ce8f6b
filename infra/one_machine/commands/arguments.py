"""How commands read their arguments: what every command has, and one way to say that a call is wrong."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from infra.one_machine.folders import PROJECT, Folders, folders
from infra.one_machine.problems import CallError


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


def asks_for_help(arguments: Sequence[str]) -> bool:
    """True where a call asks to be explained and nothing more."""
    return bool({"-h", "--help"} & set(arguments))


def tell(words: str, *, as_json: bool) -> None:
    """What people read: on standard output, beside the JSON of `--json` on standard error."""
    print(words, file=sys.stderr if as_json else sys.stdout)


def data_folders(args: argparse.Namespace) -> Folders:
    """Return the layout of the data folder that was named."""
    return folders(args.data_dir)
