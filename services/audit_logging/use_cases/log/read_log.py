"""What the log gives over HTTP: static files after c2sp.org/tlog-tiles, how far it has come, and its figures."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from services.audit_logging.adapters.log.log_key import load_log_key
from services.audit_logging.adapters.log.settings import published_folder
from services.audit_logging.adapters.log.tree import leaves, newest_checkpoint, tile_bytes, tree_size
from services.audit_logging.adapters.refill.refills import refilled_lately
from services.audit_logging.adapters.search.progress import missing_from_index, passed_over_count
from services.audit_logging.adapters.self_check.checks import newest_check, newest_result
from services.audit_logging.domain.log.tiles import bundle, parse_index
from services.audit_logging.use_cases.log.publish_log import CHECKPOINT, read_published
from services.audit_logging.use_cases.log.watch_lag import index_lag
from shared.service_kit.problems import Problem
from shared.service_kit.subscriptions.positions import cursor_positions
from shared.service_kit.unit_of_work import UnitOfWork

_TOP_LEVEL = 7
"""Tiles of level 7 would span 2**64 leaves; an index beyond it is in no log."""


@dataclass(frozen=True)
class Positions:
    """How far the log has come: the last number taken of each stream, entries in the tree, signed, published.

    `published` is null where this process sees nothing published: over HTTP alone, or in a bucket that is the worker's.
    """

    positions: dict[str, int]
    entries: int
    signed: int
    published: int | None


def read_checkpoint(work: UnitOfWork) -> bytes:
    """The newest signed tree head."""
    newest = newest_checkpoint(work.connection)
    if newest is None:
        raise Problem("not-found")
    return str(newest.note).encode()


def read_tile(work: UnitOfWork, path: str) -> bytes:
    """A tile `<level>/<index>[.p/<width>]`, or an entry bundle with level `entries`; a Problem where there is none."""
    level, _, rest = path.partition("/")
    try:
        index, width = parse_index(rest)
    except ValueError as error:
        raise Problem("not-found") from error
    if index >= 1 << 40:
        raise Problem("not-found")
    if level == "entries":
        tile_leaves = leaves(work.connection, index, width)
        data = bundle(tile_leaves) if tile_leaves is not None else None
    else:
        known = level in {str(number) for number in range(_TOP_LEVEL)}
        data = tile_bytes(work.connection, int(level), index, width) if known else None
    if data is None:
        raise Problem("not-found")
    return data


def positions(work: UnitOfWork) -> Positions:
    """Where the log stands in every stream, and how much of it is signed."""
    newest, store = newest_checkpoint(work.connection), published_folder()
    published = read_published(load_log_key(work.runtime.settings), store.read(CHECKPOINT)) if store else None
    return Positions(
        positions=cursor_positions(work),
        entries=tree_size(work.connection),
        signed=newest.size if newest else 0,
        published=None if store is None else published.size if published else 0,
    )


def figures(work: UnitOfWork, month: str | None) -> dict[str, Any]:
    """Entries in the tree, how many came back without openings, size and root (base64) of the newest checkpoint, how
    the index stands, and the newest daily self-check.

    `index_lag`: seconds that the oldest entry waits for index or review; `index_missing`: entries that the index has
    passed and does not have, without a reason; `passed_over`: entries that could not be read.

    `self_check` is "none" before the first canary, "waiting" until it was looked for, then "good" or "faulty"; the
    log knows no months.
    """
    del month
    newest = newest_checkpoint(work.connection)
    head = {"size": newest.size, "root": b64encode(newest.root).decode()} if newest else {"size": 0, "root": ""}
    refilled = refilled_lately(work.connection)[0]
    return {"entries": tree_size(work.connection), "refilled": refilled, **head, **_index(work), **_self_check(work)}


def _index(work: UnitOfWork) -> dict[str, int]:
    missing, passed_over = missing_from_index(work.connection), passed_over_count(work.connection)
    return {"index_lag": index_lag(work), "index_missing": missing, "passed_over": passed_over}


def _self_check(work: UnitOfWork) -> dict[str, Any]:
    canary = newest_check(work.connection, work.clock.today())
    if canary is None:
        return {"self_check": "none", "self_check_day": "", "self_check_faults": []}
    result = newest_result(work.connection, canary.day)
    state = "waiting" if result is None else "faulty" if result.faults else "good"
    faults = list(result.faults) if result else []
    return {"self_check": state, "self_check_day": str(canary.day), "self_check_faults": faults}
