"""A ward's files as they are handed in: their content, whose they are, and how faults are told."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.one_machine.folders import Folders
from infra.one_machine.problems import CallError, MachineError
from infra.one_machine.processes.postgres import write_secret
from infra.one_machine.ward import generate
from infra.one_machine.ward.files import ACCOUNTS_FILE, SENDER_FILE, WARD_FILES
from infra.one_machine.ward.found_faults import FoundFaults
from shared.contracts.ward_files import HOUSEHOLDS_FILE, MEMBERS_FILE
from shared.service_kit.csv_files import Fault

FILES_OF: Final = {
    "case_management": (HOUSEHOLDS_FILE, MEMBERS_FILE),
    "support_benefits": (HOUSEHOLDS_FILE, MEMBERS_FILE),
    "payments": (ACCOUNTS_FILE, SENDER_FILE),
}
NOTE: Final = "months.json"
"""Which input each month of a data folder was approved with."""


class InputFaults(MachineError):
    """Faults of a ward's files: file, line, column, problem; never a value.

    Args:
        report: what people read; made of the faults where a service found them.
    """

    problem = "the input has faults; nothing was loaded"

    def __init__(self, faults: Iterable[Mapping[str, Any]], report: str = "") -> None:
        places = {(fault["file"], fault["line"], fault["column"], fault["problem"]) for fault in faults}
        faults_found = FoundFaults()
        faults_found.add(*(Fault(*place) for place in sorted(places)))
        self.faults = faults_found.listed
        super().__init__(report or "\n".join(["誤り（直すまで何も取り込みません）", *faults_found.in_words()]))


@dataclass(frozen=True)
class WardInput:
    """The files of a ward by name, and the SHA-256 over all of them."""

    files: Mapping[str, bytes]

    @property
    def content(self) -> str:
        """SHA-256 of names and bytes."""
        return _content(self.files)

    def of(self, service: str) -> dict[str, bytes]:
        """The files that a service reads."""
        return {name: self.files[name] for name in FILES_OF[service] if name in self.files}

    def content_of(self, service: str) -> str:
        """SHA-256 of the files that a service reads."""
        return _content(self.of(service))


def read_input(directory: Path) -> WardInput:
    """Read a ward's folder; what is missing is the services' to tell.

    Raises:
        CallError: there is no such folder, or none of the files in it.
    """
    files = {name: (directory / name).read_bytes() for name in WARD_FILES if (directory / name).is_file()}
    if not files:
        raise CallError(f"{directory} holds none of {', '.join(WARD_FILES)}")
    return WardInput(files)


def synthetic_input(folders: Folders, households: int, support_households: int, seed: int) -> WardInput:
    """Draw the synthetic ward below the data folder and read it."""
    directory = folders.root / "ward" / f"{households}-{support_households}-{seed}"
    generate(directory, households, support_households, seed)
    return read_input(directory)


def check_month(folders: Folders, month: str, ward: WardInput) -> None:
    """Refuse an input that is not the one with which a month was begun.

    Raises:
        MachineError: the month was begun with other files.
    """
    if _noted(folders).get(month, ward.content) != ward.content:
        raise MachineError(
            f"{month} was begun in this data folder with another input, seed or size; "
            "name that again, or another --data-dir"
        )


def note_month(folders: Folders, month: str, ward: WardInput) -> None:
    """Note the input with which a month is begun, before anything of it is approved; raises as `check_month`."""
    check_month(folders, month, ward)
    write_secret(folders.root / NOTE, json.dumps(_noted(folders) | {month: ward.content}, indent=1))


def _noted(folders: Folders) -> dict[str, str]:
    path = folders.root / NOTE
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _content(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name} {len(files[name])}\n".encode() + files[name])
    return digest.hexdigest()
