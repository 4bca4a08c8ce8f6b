"""An office under way, on a disk of its own where the machine allows it, and what a run draws from."""

import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.one_machine.folders import folders
from tests.faults.host import Host
from tests.faults.months import TODAY

SERVICES: Final = ("case_management", "support_benefits", "payments", "audit_logging", "ui_gateway")
DATABASES: Final = tuple(f"kurashi_{service}" for service in SERVICES)
DISK_MIB: Final = 900


@dataclass(frozen=True)
class Scene:
    """What a fault befalls; `skew_file` turns the clock of the services, `dumps` holds their databases as they were.

    `turn` counts how often the seeds have gone through all faults: who is to be befallen in turn goes by it.
    """

    host: Host
    dice: random.Random
    turn: int
    skew_file: Path
    dumps: Path


@contextmanager
def an_office(folder: Path) -> Iterator[Scene]:
    """A running office on a folder of its own."""
    data, skew_file, dumps = folder / "var", folder / "skew", folder / "dumps"
    for made in (data, dumps):
        made.mkdir(parents=True)
    host = Host(data, TODAY, {"KURASHI_CLOCK_SKEW_FILE": str(skew_file)})
    with _a_disk(data):
        folders(data).make()
        try:
            host.start()
            yield Scene(host, random.Random(0), 0, skew_file, dumps)
        finally:
            host.stop()


def has_disks(folder: Path) -> bool:
    """Whether a folder can be a disk of its own here (root on Linux), so that it can be full and harm nobody else."""
    folder.mkdir(parents=True, exist_ok=True)
    with _a_disk(folder) as own:
        return own


@contextmanager
def _a_disk(folder: Path) -> Iterator[bool]:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m,mode=755", "kurashi-faults", str(folder)]
    try:
        own = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        own = False
    try:
        yield own
    finally:
        if own:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
