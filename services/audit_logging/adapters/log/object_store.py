"""Where the log is published: a store of named objects, here a directory; `bucket.py` is the other one."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class AlteredError(Exception):
    """What is published is not what the log published: people have to look."""


class ObjectStore(Protocol):
    """What publication needs of a store; object stores give it by conditional writes."""

    def read(self, name: str) -> bytes | None:
        """The object's bytes; None where there is none."""

    def create(self, name: str, data: bytes) -> None:
        """Write an object once; AlteredError when it is there with other bytes."""

    def replace(self, name: str, data: bytes, before: bytes | None) -> bool:
        """Write an object whole or not at all, if it still is what it was `before`; False when it is not."""

    def remove_below(self, name: str) -> None:
        """Remove all objects whose names begin with `name` and a slash."""


class Directory:
    """A directory as the store. Files appear whole and are on the disk before the call returns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def read(self, name: str) -> bytes | None:
        """The file's bytes; None where there is none."""
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def create(self, name: str, data: bytes) -> None:
        """Write a file once; AlteredError when it is there with other bytes."""
        with self._alone():
            there = self.read(name)
            if there is None:
                self._put(name, data)
            elif there != data:
                raise AlteredError(name)

    def replace(self, name: str, data: bytes, before: bytes | None) -> bool:
        """Replace a file at once, if it still is what it was `before`: who comes late changes nothing."""
        with self._alone():
            if self.read(name) != before:
                return False
            self._put(name, data)
            return True

    def remove_below(self, name: str) -> None:
        """Remove a folder of files."""
        folder = self._folder / name
        if folder.is_dir():
            for file in folder.iterdir():
                file.unlink(missing_ok=True)
            folder.rmdir()

    def _put(self, name: str, data: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync(path.parent)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time on this machine, also one whose database connection is long gone."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
