"""Read a copy of the published log, and believe nothing of it but what leads to the head that the log's key signed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.audit_logging.adapters.log.object_store import AlteredError, ObjectStore
from services.audit_logging.adapters.log.published_files import published_hashes, published_leaves
from services.audit_logging.domain.log.checkpoint import LogKey, SignedHead
from services.audit_logging.domain.log.merkle import TILE_HEIGHT, TILE_WIDTH, Hashes, by_tile, fold, leaf_hash, root
from services.audit_logging.domain.log.tiles import tile_path, tiles_after
from services.audit_logging.use_cases.log.publish_log import CHECKPOINT, read_published


class NotRefilledError(Exception):
    """Nothing was refilled, and nothing was changed: why, in Japanese and in English."""

    def __init__(self, japanese: str, english: str) -> None:
        super().__init__(f"{japanese}\n{english}")


@dataclass(frozen=True)
class PublishedEntry:
    """One entry as it was published; `fields` is what its leaf says."""

    leaf: bytes
    leaf_hash: bytes
    fields: dict[str, Any]


@dataclass(frozen=True)
class PublishedCopy:
    """A copy of the published log, its signed head, and the hashes of its tree."""

    store: ObjectStore
    head: SignedHead
    hashes: Hashes

    def entries(self, first: int) -> Iterator[PublishedEntry]:
        """The entries from an index on, each proved to be the one in the signed tree.

        Raises:
            NotRefilledError: one is not; says which.
            LookupError: a file is missing; names it.
        """
        for tile, width in tiles_after(first, self.head.size, 0):
            self._refuse_forged_tiles(tile)
            leaves = published_leaves(self.store, tile, self.head.size)
            for place, expected in enumerate(self.hashes(0, tile * TILE_WIDTH, width)):
                leaf = leaves[place] if place < len(leaves) else b""
                index = tile * TILE_WIDTH + place
                if leaf_hash(leaf) != expected:
                    raise NotRefilledError(
                        f"写しの記録{index}が、公開されたツリーにあるものと違います",
                        f"entry {index} of the copy is not the one in its tree",
                    )
                if index >= first:
                    yield PublishedEntry(leaf, expected, json.loads(leaf))

    def _refuse_forged_tiles(self, index: int) -> None:
        """A full tile is what the level above says, up to the partial ones, which lead to the signed root."""
        level = 0
        while index < self.head.size >> TILE_HEIGHT * (level + 1):
            if fold(self.hashes(level, index * TILE_WIDTH, TILE_WIDTH)) != self.hashes(level + 1, index, 1)[0]:
                name, first = tile_path(level, index), index << TILE_HEIGHT * (level + 1)
                raise NotRefilledError(
                    f"写しの {name}(記録{first}から)が、署名されたツリーのものではありません",
                    f"{name} of the copy, from entry {first} on, is not the one in the signed tree",
                )
            level, index = level + 1, index >> TILE_HEIGHT


def open_published_copy(key: LogKey, store: ObjectStore, published: Sequence[ObjectStore]) -> PublishedCopy:
    """The copy in this store.

    Args:
        published: where the log publishes, as far as this process knows: a copy may not be older.

    Raises:
        NotRefilledError: it is not this log's, older than what is published, or no tree that its head signs.
        LookupError: a tile is missing; names it.
    """
    try:
        head, *others = (read_published(key, source.read(CHECKPOINT)) for source in (store, *published))
    except AlteredError as error:
        raise NotRefilledError(
            "checkpoint が、この監査ログの鍵で署名されたものではありません",
            "a checkpoint is not signed by this log's key, as this log publishes it",
        ) from error
    if head is None:
        raise NotRefilledError("checkpoint がありません", "there is no checkpoint")
    newest = max((other.size for other in others if other), default=0)
    if newest > head.size:
        raise NotRefilledError(
            f"公開先には{newest}件あります。{head.size}件の古い写しからは復元できません",
            f"{newest} entries are published: a copy of {head.size} is too old",
        )
    hashes = by_tile(published_hashes(store, head.size), head.size)
    if root(hashes, head.size) != head.root:
        raise not_the_tree()
    return PublishedCopy(store, head, hashes)


def not_the_tree() -> NotRefilledError:
    """The copy does not lead to the root that its head signs."""
    return NotRefilledError(
        "写しが、署名されたツリーになりません。python -m infra.verifier verify がどこかを示します",
        "the copy is not the tree that its checkpoint signs: python -m infra.verifier verify says where",
    )
