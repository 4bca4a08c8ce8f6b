"""The walk through an exported log: every entry hashed, every tile compared, the root made again.

All is derived from the entries. Where the derived root is the signed one, the entries are right and a tile that
differs is wrong; where it is not, the stored tiles that still lead to the signed root show the first bad entry.
"""

from __future__ import annotations

from collections.abc import Sequence as Row
from dataclasses import dataclass, field
from pathlib import Path

from infra.verifier.entries import Sequence
from infra.verifier.fault import Fault
from infra.verifier.layout import WIDTH, read_bundle, read_tile, readable, tile_path, tiles_of
from infra.verifier.notes import Checkpoint
from infra.verifier.tree import edge_root, hash_leaf, hash_row, raise_level, tree_root


@dataclass
class Walk:
    """What was derived from the entries, and where the level-0 tiles differ."""

    folder: Path
    head: Checkpoint
    roots: list[bytes] = field(default_factory=list)
    rest: list[bytes] = field(default_factory=list)
    differing: dict[int, int] = field(default_factory=dict)
    stored_root: dict[int, bytes] = field(default_factory=dict)

    def entries(self) -> Fault | None:
        """Hash all entries beside the level-0 tiles; the first fault in their form is kept, since a bad byte
        may lie in the length of an entry before it."""
        malformed: Fault | None = None
        sequence = Sequence()
        for number, width in tiles_of(self.head.size, 0):
            try:
                stored = read_tile(self.folder, 0, number, width)
                entries = read_bundle(self.folder, number, width, stored)
            except Fault as fault:
                raise self._sooner(fault, malformed, sequence, number, width) from fault
            derived = [hash_leaf(entry) for entry in entries]
            if derived != stored:
                self.differing[number] = next(i for i in range(width) if derived[i] != stored[i])
                self.stored_root[number] = hash_row(stored)
            if malformed is None:
                try:
                    for position, entry in enumerate(entries):
                        sequence.take(number * WIDTH + position, entry)
                except Fault as fault:
                    malformed = fault
            if width == WIDTH:
                self.roots.append(hash_row(derived))
            else:
                self.rest = derived
        return malformed

    def _sooner(self, fault: Fault, malformed: Fault | None, sequence: Sequence, number: int, width: int) -> Fault:
        """The first bad entry before what could not be read; the fault itself when there is none."""
        faults = [fault, *([malformed] if malformed else [])]
        differing = [number * WIDTH + at for number, at in self.differing.items()]
        for index, (entry, stored) in enumerate(readable(self.folder, number, width), number * WIDTH):
            if hash_leaf(entry) != stored:
                differing.append(index)
            try:
                sequence.take(index, entry)
            except Fault as bad:
                faults.append(bad)
                break
        faults += [Fault("entry", f"entry {index} is not the one in the tree", index) for index in differing[:1]]
        return min(
            (candidate for candidate in faults if candidate.entry is not None),
            key=lambda candidate: candidate.entry or 0,
            default=fault,
        )

    def root(self) -> bytes:
        """The root that the entries lead to."""
        return tree_root(self.rest, self.roots)

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` leaves, once the tiles are known to be right."""
        number, width = divmod(size, WIDTH)
        now = min(WIDTH, self.head.size - number * WIDTH)
        rest = read_tile(self.folder, 0, number, now)[:width] if width else []
        return tree_root(rest, self.roots[:number])

    def upper(self) -> list[list[bytes]]:
        """The stored hashes of the levels above 0, level 1 first."""
        levels: list[list[bytes]] = []
        while self.head.size >> 8 * (len(levels) + 1):
            level = len(levels) + 1
            tiles = tiles_of(self.head.size, level)
            levels.append([h for number, width in tiles for h in read_tile(self.folder, level, number, width)])
        return levels

    def bad_tile(self, upper: list[list[bytes]]) -> Fault | None:
        """The first tile that differs from what the entries (which are right) lead to."""
        for number, position in self.differing.items():
            return _tile_fault(self.head.size, 0, number * WIDTH + position)
        row = self.roots
        for level, stored in enumerate(upper, start=1):
            for at, (mine, theirs) in enumerate(zip(row, stored, strict=True)):
                if mine != theirs:
                    return _tile_fault(self.head.size, level, at)
            row = raise_level(row)
        return None

    def bad_entry(self, upper: list[list[bytes]]) -> Fault:
        """The first entry that the stored tiles, as far as they lead to the signed root, do not have."""
        level_1 = upper[0] if upper else []
        for number, root in enumerate(self.roots):
            if root == level_1[number]:
                continue
            first = number * WIDTH
            if self.stored_root.get(number) == level_1[number]:
                index = first + self.differing[number]
                return Fault("entry", f"entry {index} is not the one in the tree", index)
            if _leads_to(upper, number, self.head, self._stored_rest()):
                text = f"the first bad entry is one of {first} to {first + WIDTH - 1}, its tile was altered with it"
                return Fault("entry", text, first, tile_path(0, number, WIDTH))
            return _tile_fault(self.head.size, 1, number)
        number = self.head.size // WIDTH
        if number in self.differing:
            index = number * WIDTH + self.differing[number]
            return Fault("entry", f"entry {index} is not the one in the tree", index)
        return Fault("root", "entries and tiles agree, but they are not the tree that the checkpoint signs")

    def _stored_rest(self) -> list[bytes]:
        number, width = divmod(self.head.size, WIDTH)
        return read_tile(self.folder, 0, number, width) if width else []


def _leads_to(upper: list[list[bytes]], number: int, head: Checkpoint, rest: Row[bytes]) -> bool:
    """Whether the stored hash `number` of level 1 stands under the signed root by the stored tiles."""
    at = number
    for level, row in enumerate(upper):
        tile = at // WIDTH
        if (tile + 1) * WIDTH > len(row):
            break
        if hash_row(row[tile * WIDTH : (tile + 1) * WIDTH]) != upper[level + 1][tile]:
            return False
        at = tile
    return edge_root([rest, *(row[len(row) // WIDTH * WIDTH :] for row in upper)]) == head.root


def _tile_fault(size: int, level: int, at: int) -> Fault:
    number, position = divmod(at, WIDTH)
    width = min(WIDTH, (size >> 8 * level) - number * WIDTH)
    path = tile_path(level, number, width)
    return Fault("tile", f"hash {position} of {path} is not the one in the tree", at * WIDTH**level, path)
