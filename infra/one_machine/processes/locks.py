"""One run at a time on a data folder, and nothing left over from the last one.

Two files in `run/`: `parent.lock` is held by the parent alone, `children.lock` is inherited by every child. A free
parent's lock with a held children's lock means that the parent was killed and something still lives: it has been told
by the kernel to end, so it is waited for, and ended when it does not go.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from infra.one_machine.problems import MachineError

GRACE_SECONDS = 8.0


class FolderLock:
    """The hold of one run on its data folder."""

    def __init__(self, folder: Path) -> None:
        self._parent = _open(folder / "parent.lock")
        self._children_path = folder / "children.lock"
        if not _lock_within(self._parent, seconds=1.0):
            holder = os.pread(self._parent, 20, 0).decode().strip()
            os.close(self._parent)
            raise MachineError(f"the data folder {folder.parent} is in use by another run (process {holder})")
        os.ftruncate(self._parent, 0)
        os.pwrite(self._parent, f"{os.getpid()}\n".encode(), 0)
        self.children = _open(self._children_path)
        """File descriptor that every child inherits."""
        self._clear()

    def _clear(self) -> None:
        while not _lock_within(self.children, GRACE_SECONDS):
            end_holders(self._children_path)

    def release(self) -> None:
        """End what still holds the children's lock and let the folder go."""
        os.close(self.children)
        end_holders(self._children_path)
        os.close(self._parent)


def is_held(folder: Path) -> bool:
    """Tell whether a run holds the data folder whose `run/` is given."""
    path = folder / "parent.lock"
    if not path.exists():
        return False
    descriptor = _open(path)
    try:
        return not _lock(descriptor)
    finally:
        os.close(descriptor)


def end_holders(path: Path) -> list[int]:
    """Kill every process, other than this one, that has the file open; return their ids."""
    ended = []
    for pid in holders(path):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
            ended.append(pid)
    return ended


def holders(path: Path) -> list[int]:
    """Return the ids of the processes, other than this one, that have the file open."""
    if sys.platform != "linux":
        listing = subprocess.run(["lsof", "-t", str(path)], capture_output=True, text=True, check=False)
        return [int(word) for word in listing.stdout.split() if int(word) != os.getpid()]
    file = path.stat()
    return [
        int(entry)
        for entry in os.listdir("/proc")
        if entry.isdigit() and int(entry) != os.getpid() and _has_open(Path("/proc", entry, "fd"), file)
    ]


def _has_open(descriptors: Path, file: os.stat_result) -> bool:
    try:
        links = list(descriptors.iterdir())
    except OSError:
        return False
    for link in links:
        with suppress(OSError):
            if os.readlink(link).endswith(".lock") and os.path.samestat(link.stat(), file):
                return True
    return False


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_within(descriptor: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not _lock(descriptor):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
