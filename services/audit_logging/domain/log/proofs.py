"""Inclusion and consistency proofs of RFC 6962 sections 2.1.1 and 2.1.2."""

from __future__ import annotations

from collections.abc import Sequence

from services.audit_logging.domain.log.merkle import Hashes, largest_power_below, node_hash, range_root


def inclusion_proof(hashes: Hashes, index: int, size: int) -> list[bytes]:
    """The hashes from the leaf's sibling up to the root's child; ValueError unless 0 <= index < size."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + largest_power_below(end - start)
        if index < middle:
            path.append(range_root(hashes, middle, end))
            end = middle
        else:
            path.append(range_root(hashes, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(hashes: Hashes, old: int, new: int) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with that of `old`; ValueError unless 0 < old <= new."""
    if not 0 < old <= new:
        raise ValueError("a consistency proof leads from a tree with leaves to one not smaller")
    path = []
    start, end = 0, new
    while end != old:
        middle = start + largest_power_below(end - start)
        if old <= middle:
            path.append(range_root(hashes, middle, end))
            end = middle
        else:
            path.append(range_root(hashes, start, middle))
            start = middle
    if start:
        path.append(range_root(hashes, start, end))
    return path[::-1]


def proved_root(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root to which an inclusion proof leads from the hash of a leaf; None where it leads nowhere."""
    if not 0 <= index < size:
        return None
    node, last = leaf, size - 1
    for sibling in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = node_hash(sibling, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None
