"""Partial tiles and bundles that a growing log left behind: each must be the beginning of the one that outgrew it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from infra.verifier.fault import Fault
from infra.verifier.layout import WIDTH, read_resource, resources, tile_path

_PARTIAL = re.compile(r"tile/(entries|[0-9])/((?:x[0-9]{3}/)*[0-9]{3})\.p/([1-9][0-9]{0,2})")


def check_outgrown(folder: Path, size: int) -> None:
    """A fault for the first partial file below the tree of `size` leaves that is not what the log had then.

    Files beyond the tree belong to a publication that is under way, and those that go meanwhile to a log that grows.
    """
    expected = set(resources(size))
    for path in _partial_files(folder):
        match = _PARTIAL.fullmatch(path)
        if match is None or path in expected:
            continue
        level, number, width = match[1], int(re.sub("[x/]", "", match[2])), int(match[3])
        now = min(WIDTH, (size >> 8 * (0 if level == "entries" else int(level))) - number * WIDTH)
        if width < now and _read(folder / path) not in (None, _beginning(folder, level, number, now, width)):
            entry = number * WIDTH if level in ("entries", "0") else None
            raise Fault("tile", f"{path} is not what the log had when it was that long", entry, path)


def _partial_files(folder: Path) -> list[str]:
    """The partial files by their names; a folder that goes while it is walked through has none."""
    return sorted(
        (Path(home) / name).relative_to(folder).as_posix()
        for home, _, names in os.walk(folder / "tile")
        if home.endswith(".p")
        for name in names
    )


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _beginning(folder: Path, level: str, number: int, now: int, width: int) -> bytes:
    data, _ = read_resource(folder, tile_path(level, number, now), now, number * WIDTH)
    if level != "entries":
        return data[: 32 * width]
    end = 0
    for _ in range(width):
        end += 2 + int.from_bytes(data[end : end + 2], "big")
    return data[:end]
