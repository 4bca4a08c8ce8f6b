"""`./kurashi audit export`: the log as static tlog-tiles in a folder, fetched as anybody else would fetch it.

A folder that holds an older export is brought up to date: full tiles and bundles never change, so only what is new
is fetched. The checkpoint is written last: the folder is a whole log at every moment.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import requests

from infra.one_machine.problems import MachineError
from infra.verifier.layout import resources

_TIMEOUT = (5, 60)
_UNAUTHORISED = 401


def export(base_url: str, token: str | Callable[[], str], directory: Path) -> int:
    """Fetch the log of the newest checkpoint into `directory`; gives its number of entries.

    Args:
        base_url: where audit_logging answers, without `/log`.
        token: a bearer token that may read the log, or a function that gives a fresh one (tokens last minutes).

    Raises:
        MachineError: the log does not answer, or it is smaller than what is already in the folder.
    """
    ask = _Asker(base_url.rstrip("/") + "/log/", token)
    checkpoint = ask.get("checkpoint")
    size = _size(checkpoint)
    kept = directory / "checkpoint"
    if kept.exists() and _size(kept.read_bytes()) > size:
        raise MachineError(f"the log has {size} entries now, the folder holds more: it was rolled back")
    _write(directory / "key.pub", ask.get("key.pub"))
    needed = set(resources(size))
    for path in sorted(needed):
        if not (directory / path).exists():
            _write(directory / path, ask.get(path))
    _write(kept, checkpoint)
    _drop_outgrown(directory, needed)
    return size


class _Asker:
    def __init__(self, prefix: str, token: str | Callable[[], str]) -> None:
        self._session, self._prefix = requests.Session(), prefix
        self._fresh = token if callable(token) else lambda: token
        self._token = self._fresh()

    def get(self, path: str) -> bytes:
        answer = self._get(path)
        if answer.status_code == _UNAUTHORISED:
            self._token = self._fresh()
            answer = self._get(path)
        if not answer.ok:
            raise MachineError(f"{path}: the log answers {answer.status_code}")
        return answer.content

    def _get(self, path: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            return self._session.get(self._prefix + path, headers=headers, timeout=_TIMEOUT)
        except requests.RequestException as error:
            raise MachineError(f"{path}: the log does not answer ({type(error).__name__})") from error


def _size(checkpoint: bytes) -> int:
    lines = checkpoint.split(b"\n")
    if len(lines) < 2 or not lines[1].isdigit():
        raise MachineError("the checkpoint has no size")
    return int(lines[1])


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    os.replace(part, path)


def _drop_outgrown(directory: Path, needed: set[str]) -> None:
    for folder in sorted((directory / "tile").rglob("*.p")):
        for partial in folder.iterdir():
            if partial.relative_to(directory).as_posix() not in needed:
                partial.unlink()
        if not any(folder.iterdir()):
            folder.rmdir()
