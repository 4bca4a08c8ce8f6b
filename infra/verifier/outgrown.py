"""Partial tiles and bundles that a growing log left behind: each must be the beginning of the one that outgrew it."""

from __future__ import annotations

import re
from pathlib import Path

from infra.verifier.fault import Fault
from infra.verifier.layout import WIDTH, read, resources, tile_path

_PARTIAL = re.compile(r"tile/(entries|[0-9])/((?:x[0-9]{3}/)*[0-9]{3})\.p/([1-9][0-9]{0,2})")


def check_outgrown(folder: Path, size: int) -> None:
    """A fault for the first partial file below the tree of `size` leaves that is not what the log had then.

    Files beyond the tree belong to a publication that is still under way.
    """
    wanted = set(resources(size))
    for file in sorted((folder / "tile").rglob("*.p/*")):
        path = file.relative_to(folder).as_posix()
        found = _PARTIAL.fullmatch(path)
        if found is None or path in wanted:
            continue
        level, number, width = found[1], int(re.sub("[x/]", "", found[2])), int(found[3])
        now = min(WIDTH, (size >> 8 * (0 if level == "entries" else int(level))) - number * WIDTH)
        if width < now and file.read_bytes() != _beginning(folder, level, number, now, width):
            entry = number * WIDTH if level in ("entries", "0") else None
            raise Fault("tile", f"{path} is not what the log had when it was that long", entry, path)


def _beginning(folder: Path, level: str, number: int, now: int, width: int) -> bytes:
    data = read(folder, tile_path(level, number, now))
    if level != "entries":
        return data[: 32 * width]
    end = 0
    for _ in range(width):
        end += 2 + int.from_bytes(data[end : end + 2], "big")
    return data[:end]
