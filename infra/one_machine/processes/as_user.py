"""Become another user and ask to be told when the parent dies, then run a command in place of this process.

A file of its own, run by its path with `python -I -S`, so that it starts in milliseconds and needs nothing. It exists
because both things have to happen between fork and exec, in this order: the kernel forgets the parent-death signal
whenever the user changes. PostgreSQL refuses root, so it runs as `nobody`; with the ambient capability
CAP_DAC_READ_SEARCH, so that a folder on the way that only root may enter does not bar it. The broker needs no folder:
it becomes `nobody` bare, with no capability at all.
"""

import argparse
import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522
BARRED = 77
"""Exit status: a folder on the way cannot be entered by the user."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def prepare(arguments: Sequence[str]) -> tuple[int, list[str]]:
    """Do what the arguments say; return 0 and the command to run, or the exit status of a refusal."""
    options, command = _parse(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):  # ignored ones are handed down through exec
        signal.signal(number, signal.SIG_DFL)
    if options.bare:
        os.chdir("/")
    if options.user:
        _become(options.user, bare=options.bare)
    for path in options.reach:
        barred = first_barred_folder(Path(path))
        if barred is not None:
            user = options.user or pwd.getpwuid(os.geteuid()).pw_name
            sys.stderr.write(f"the user {user} may not enter the folder {barred}\n")
            return BARRED, command
    if sys.platform == "linux" and options.signal:
        _prctl(PR_SET_PDEATHSIG, options.signal)
        if os.getppid() != options.parent:
            return 128 + signal.SIGTERM, command
    return 0, command


def first_barred_folder(path: Path) -> Path | None:
    """Return the first folder from the root down to `path` that this process may not enter, None when all are open."""
    for folder in [*reversed(path.parents), path]:
        if folder.is_dir() and not os.access(folder, os.X_OK, effective_ids=os.access in os.supports_effective_ids):
            return folder
    return None


def _parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    cut = list(arguments).index("--")
    parser = argparse.ArgumentParser(prog="as_user")
    parser.add_argument("--user")
    parser.add_argument("--parent", type=int, default=os.getppid())
    parser.add_argument("--signal", type=int, default=0)
    parser.add_argument("--reach", action="append", default=[])
    parser.add_argument("--bare", action="store_true")
    return parser.parse_args(arguments[:cut]), list(arguments[cut + 1 :])


def _become(user: str, *, bare: bool) -> None:
    record = pwd.getpwnam(user)
    keeps = sys.platform == "linux" and not bare
    if keeps:
        _prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(record.pw_gid, record.pw_gid, record.pw_gid)
    os.setresuid(record.pw_uid, record.pw_uid, record.pw_uid)
    os.environ["HOME"] = "/"
    if keeps:
        _keep_only_read_search()


def _keep_only_read_search() -> None:
    """Hold CAP_DAC_READ_SEARCH and nothing else; hold nothing where even that cannot be had."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = _Header(CAPABILITY_VERSION_3, 0)
    capabilities = 1 << CAP_DAC_READ_SEARCH
    sets = (_Sets * 2)(_Sets(capabilities, capabilities, capabilities), _Sets(0, 0, 0))
    if libc.capset(ctypes.byref(header), sets) == 0:
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0)
        return
    libc.capset(ctypes.byref(header), (_Sets * 2)())


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _program(arguments: Sequence[str]) -> int | None:
    """Open the program of a bare command while every folder on the way may be entered."""
    options, command = _parse(arguments)
    return os.open(command[0], os.O_RDONLY | os.O_CLOEXEC) if options.bare and os.execve in os.supports_fd else None


if __name__ == "__main__":
    program = _program(sys.argv[1:])
    refusal, wanted_command = prepare(sys.argv[1:])
    if refusal:
        sys.exit(refusal)
    if program is not None:
        os.execve(program, wanted_command, os.environ)  # noqa: S606
    os.execvp(wanted_command[0], wanted_command)  # noqa: S606
