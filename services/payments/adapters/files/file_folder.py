"""The folder from which the treasurer takes bank files (``KURASHI_FILES_DIR``).

A file comes into it in two steps. ``prepare`` writes its bytes under a hidden name; ``place`` gives that file its name.
A prepared file can be placed once: a worker that was stopped in between, and goes on after another has placed it, finds
nothing left to place. No link is followed below the folder.
"""

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

from services.payments.domain.bank_file_inspector import inspect
from shared.service_kit.problems import ContentError

Standing = Literal["as_stored", "altered", "missing"]
_CODES: Final = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EFBIG: "disk-full",
    errno.EROFS: "folder-read-only",
    errno.EACCES: "folder-read-only",
    errno.EPERM: "folder-read-only",
    errno.ELOOP: "folder-leads-elsewhere",
    errno.ENOTDIR: "folder-leads-elsewhere",
}
"""What is wrong with the folder, in a code that a person is shown."""
_SET_ASIDE: Final = re.compile(r"\.set-aside-[0-9]+$")


def prepare(folder: Path, name: str, fence: int, content: bytes) -> None:
    """Write the bytes under a hidden name that ends in ``fence``, read back by the independent reader.

    What earlier attempts left behind goes first; a write that fails leaves nothing behind.

    Raises:
        ContentError: the folder is full, read-only or leads elsewhere, or what was read back is not what was written.
    """
    with _errors_as_codes(), _month(folder, name, make=True) as (place, file):
        for left in os.listdir(place):
            if left.startswith(f".{file}."):
                os.unlink(left, dir_fd=place)
        hidden = _hidden(file, fence)
        try:
            _write(place, hidden, content)
            if _read(place, hidden, len(content)) != content or inspect(content).errors:
                raise ContentError("not-read-back-as-written")
        except BaseException:
            with suppress(OSError):
                os.unlink(hidden, dir_fd=place)
            raise
        os.fsync(place)


def discard(folder: Path, name: str, fence: int) -> None:
    """Take a prepared file away that is not to be placed."""
    with suppress(OSError), _month(folder, name) as (place, file):
        os.unlink(_hidden(file, fence), dir_fd=place)


def place(folder: Path, name: str, prepared: int, sha256: str, size: int, *, again: bool) -> None:
    """Give the prepared file its name; nothing happens where that was done before, whatever stands there since.

    Args:
        prepared: the number under which the file was prepared.
        again: this is a re-issue: what stands in its place is set aside, and kept.

    Raises:
        ContentError: another file stands in its place, or the folder is read-only or leads elsewhere.
    """
    with _errors_as_codes(), _month(folder, name) as (here, file):
        hidden = _hidden(file, prepared)
        if not _exists(here, hidden):
            return
        if _standing(here, file, sha256, size) == "altered":
            if not again:
                raise ContentError("other-file-in-its-place")
            os.rename(file, f"{file}.set-aside-{prepared}", src_dir_fd=here, dst_dir_fd=here)
        with suppress(FileNotFoundError):
            os.rename(hidden, file, src_dir_fd=here, dst_dir_fd=here)
        os.fsync(here)


def standing_in_folder(folder: Path, name: str, sha256: str, size: int) -> Standing:
    """What stands in the folder under the name of a file of ``size`` bytes: read, never taken from a note of ours."""
    try:
        with _month(folder, name) as (here, file):
            return _standing(here, file, sha256, size)
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return "altered" if error.errno in (errno.ELOOP, errno.ENOTDIR) else "missing"


def listed(folder: Path) -> list[str]:
    """Names of all that a person finds in the folder: "month/file", and what lies beside the months.

    What ``place`` set aside is called as the file in whose place it stood. Hidden files are left out: nobody takes
    them, and prepared ones come and go. No link is followed.
    """
    names = []
    with suppress(FileNotFoundError), os.scandir(folder) as places:
        for entry in places:
            if entry.is_dir(follow_symlinks=False):
                with suppress(OSError):
                    names += [f"{entry.name}/{name}" for name in os.listdir(entry.path) if not name.startswith(".")]
            elif not entry.name.startswith("."):
                names.append(entry.name)
    return sorted({_SET_ASIDE.sub("", name) for name in names})


def _standing(here: int, file: str, sha256: str, size: int) -> Standing:
    try:
        content = _read(here, file, size + 1)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return "missing"
        if error.errno in (errno.ELOOP, errno.EISDIR):
            return "altered"
        raise
    return "as_stored" if hashlib.sha256(content).hexdigest() == sha256 else "altered"


@contextmanager
def _month(folder: Path, name: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
    """The open folder of the month of a file, and the file's name in it."""
    month, _, file = name.partition("/")
    if make:
        folder.mkdir(parents=True, exist_ok=True)
    root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if make:
            with suppress(FileExistsError):
                os.mkdir(month, dir_fd=root)
        here = os.open(month, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=root)
    finally:
        os.close(root)
    try:
        yield here, file
    finally:
        os.close(here)


@contextmanager
def _errors_as_codes() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        code = _CODES.get(error.errno or 0)
        if code is None:
            raise
        raise ContentError(code) from error


def _write(here: int, name: str, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(name, flags, 0o600, dir_fd=here), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read(here: int, name: str, most: int) -> bytes:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe in its place holds nobody up
    with os.fdopen(os.open(name, flags, dir_fd=here), "rb") as file:
        return file.read(most)


def _exists(here: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=here, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _hidden(file: str, fence: int) -> str:
    return f".{file}.{fence}"
