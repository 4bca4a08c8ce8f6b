"""Whether a published log still begins with an older tree: a consistency proof made from its tiles alone."""

from __future__ import annotations

from pathlib import Path

from infra.verifier.fault import Fault
from infra.verifier.layout import WIDTH, read_tile
from infra.verifier.notes import Checkpoint
from infra.verifier.tree import consistent, hash_pair, hash_row


def check_follows(folder: Path, old: Checkpoint, new: Checkpoint) -> None:
    """A fault unless the tree of `new`, whose tiles are in `folder`, begins with the tree of `old`."""
    if new.size < old.size:
        text = f"the log ends at {new.size} entries where {old.size} were seen: it was cut or rolled back"
        raise Fault("rolled-back", text, new.size, "checkpoint")
    if new.signed_at < old.signed_at:
        text = f"the log was signed at {new.signed_at} where {old.signed_at} was seen: it is back-dated"
        raise Fault("back-dated", text, file="checkpoint")
    if new.size == old.size:
        if new.root != old.root:
            raise _fork(old, new)
        return
    tiles = _Tiles(folder, new.size)
    if tiles.root(0, new.size) != new.root:
        raise Fault("tile", "the tiles do not lead to the root that the checkpoint signs", file="checkpoint")
    if old.size and not consistent(old.size, old.root, new.size, new.root, tiles.proof(old.size)):
        raise _fork(old, new)


def _fork(old: Checkpoint, new: Checkpoint) -> Fault:
    text = f"the log of {new.size} entries does not begin with the {old.size} that were seen: it is a fork"
    return Fault("inconsistent", text, file="checkpoint")


class _Tiles:
    """The hashes of any range of leaves, read from the tiles of a tree of `size` leaves."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder, self._size = folder, size
        self._read: dict[tuple[int, int], list[bytes]] = {}

    def root(self, start: int, end: int) -> bytes:
        """The hash over the leaves from `start` to `end`, a range into which RFC 6962 cuts the tree."""
        count = end - start
        if count & (count - 1):
            middle = start + (1 << count.bit_length() - 1)
            return hash_pair(self.root(start, middle), self.root(middle, end))
        level, height = divmod(count.bit_length() - 1, 8)
        first = start >> 8 * level
        return hash_row(self._tile(level, first // WIDTH)[first % WIDTH :][: 1 << height])

    def proof(self, old: int) -> list[bytes]:
        """RFC 6962 section 2.1.2, its recursion unrolled from the top."""
        start, end, path = 0, self._size, list[bytes]()
        while end != old:
            middle = start + (1 << (end - start - 1).bit_length() - 1)
            if old > middle:
                path.append(self.root(start, middle))
                start = middle
            else:
                path.append(self.root(middle, end))
                end = middle
        return [*([self.root(start, end)] if start else []), *reversed(path)]

    def _tile(self, level: int, number: int) -> list[bytes]:
        if (level, number) not in self._read:
            width = min(WIDTH, (self._size >> 8 * level) - number * WIDTH)
            self._read[level, number] = read_tile(self._folder, level, number, width)
        return self._read[level, number]
