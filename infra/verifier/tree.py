"""Merkle tree hashes and proof checks after RFC 6962 and RFC 9162, written from the text of the standards."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

WIDTH = 256


def hash_leaf(data: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\0" + data).digest()


def hash_pair(left: bytes, right: bytes) -> bytes:
    """The hash of two nodes."""
    return hashlib.sha256(b"\1" + left + right).digest()


def hash_row(row: Sequence[bytes]) -> bytes:
    """The root over a row of nodes, whose last may stand for a smaller tree; an odd one moves up unchanged."""
    if not row:
        return hashlib.sha256().digest()
    nodes = list(row)
    while len(nodes) > 1:
        pairs = [hash_pair(nodes[i], nodes[i + 1]) for i in range(0, len(nodes) - 1, 2)]
        nodes = pairs + nodes[len(pairs) * 2 :]
    return nodes[0]


def raise_level(row: Sequence[bytes]) -> list[bytes]:
    """The roots of the full tiles of a level: the level above."""
    return [hash_row(row[i : i + WIDTH]) for i in range(0, len(row) - WIDTH + 1, WIDTH)]


def tree_root(rest: Sequence[bytes], tile_roots: Sequence[bytes]) -> bytes:
    """The root of a tree from the leaf hashes of its partial tile and the roots of its full level-0 tiles."""
    edges, level = [list(rest)], list(tile_roots)
    while level:
        edges.append(level[len(level) // WIDTH * WIDTH :])
        level = raise_level(level)
    return edge_root(edges)


def edge_root(edges: Sequence[Sequence[bytes]]) -> bytes:
    """The root of a tree from its partial tiles, level 0 first (empty where a level has none)."""
    below: list[bytes] = []
    for edge in edges:
        row = [*edge, *below]
        below = [hash_row(row)] if row else []
    return hash_row(below)


def included(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2: the leaf is the `index`-th of the tree of `size` leaves with this root."""
    if not 0 <= index < size:
        return False
    fn, sn, node = index, size - 1, leaf_hash
    for sibling in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            node = hash_pair(sibling, node)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = hash_pair(node, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and node == root


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2: the tree of `new` leaves begins with the tree of `old` leaves."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for node in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = hash_pair(node, first), hash_pair(node, second)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = hash_pair(second, node)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_root and second == new_root
