"""Where a log of a given size keeps its static files (c2sp.org/tlog-tiles), and how a bundle is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from infra.verifier.fault import Fault
from infra.verifier.tree import hash_leaf

WIDTH = 256


def number_path(number: int) -> str:
    """1234067 → `x001/x234/067`."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join([*("x" + g for g in groups[:-1]), groups[-1]])


def tile_path(level: int | str, number: int, width: int) -> str:
    """The path of a tile, or with level `entries` of a bundle; less than 256 wide means partial."""
    return f"tile/{level}/{number_path(number)}" + (f".p/{width}" if width < WIDTH else "")


def tiles_of(size: int, level: int) -> Iterator[tuple[int, int]]:
    """Number and width of each tile of one level in a tree of `size` leaves."""
    full, rest = divmod(size >> 8 * level, WIDTH)
    yield from ((number, WIDTH) for number in range(full))
    if rest:
        yield full, rest


def resources(size: int) -> Iterator[str]:
    """Every static file of a tree of `size` leaves, entry bundles first."""
    yield from (tile_path("entries", number, width) for number, width in tiles_of(size, 0))
    level = 0
    while size >> 8 * level:
        yield from (tile_path(level, number, width) for number, width in tiles_of(size, level))
        level += 1


def read(folder: Path, path: str, entry: int | None = None) -> bytes:
    """A file's bytes; a missing one is a fault that names it and the first entry it would hold."""
    try:
        return (folder / path).read_bytes()
    except OSError as error:
        raise Fault("file-missing", f"{path} cannot be read", entry, path) from error


def read_resource(folder: Path, path: str, width: int, entry: int) -> tuple[bytes, bool]:
    """A tile's or bundle's bytes, and whether they are those of the full one: a log may drop a partial file once it
    is outgrown, at any moment."""
    try:
        return read(folder, path, entry), width == WIDTH
    except Fault:
        whole = folder / path.partition(".p/")[0]
        if width == WIDTH or not whole.is_file():
            raise
        return whole.read_bytes(), True


def read_tile(folder: Path, level: int, number: int, width: int) -> list[bytes]:
    """The hashes of one tile."""
    path = tile_path(level, number, width)
    data, full = read_resource(folder, path, width, number * WIDTH ** (level + 1))
    if full and len(data) == 32 * WIDTH:
        data = data[: 32 * width]
    if len(data) != 32 * width:
        entry = number * WIDTH + min(len(data) // 32, width) if level == 0 else None
        raise Fault("tile", f"{path} has {len(data)} bytes where {32 * width} belong", entry, path)
    return [data[i : i + 32] for i in range(0, len(data), 32)]


def read_bundle(folder: Path, number: int, width: int, stored: Sequence[bytes]) -> list[bytes]:
    """The entries of one bundle. Where it cannot be cut into entries, the fault names the first entry that does not
    hash to its place in the tile `stored`: a wrong length shows only later."""
    path = tile_path("entries", number, width)
    data, full = read_resource(folder, path, width, number * WIDTH)
    entries: list[bytes] = []
    at = 0
    while len(entries) < width:
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            break
        entries.append(data[at + 2 : end])
        at = end
    if len(entries) < width or (at < len(data) and not (full and width < WIDTH)):
        unfit = (i for i, entry in enumerate(entries) if hash_leaf(entry) != stored[i])
        index = number * WIDTH + next(unfit, len(entries))
        raise Fault("entry", f"{path} is broken at entry {index}", index, path)
    return entries


def readable(folder: Path, number: int, width: int) -> list[tuple[bytes, bytes]]:
    """Entries of a damaged bundle with their hashes in the tile, as far as both can be read."""
    pairs: list[tuple[bytes, bytes]] = []
    try:
        data = read(folder, tile_path("entries", number, width))
        hashes = read(folder, tile_path(0, number, width))
    except Fault:
        return pairs
    at = 0
    while at + 2 <= len(data) and len(pairs) < min(width, len(hashes) // 32):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        pairs.append((data[at + 2 : end], hashes[32 * len(pairs) :][:32]))
        at = end
    return pairs
