"""How commands read their arguments: what every command has, and one way to say that a call is wrong."""

import argparse
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


def data_folders(given: argparse.Namespace) -> Folders:
    """Return the layout of the data folder that was named."""
    return folders(given.data_dir)
