"""The history of a stream: a running hash over its facts' ids, so that a position is an identity and not a count.

Two that have the same history at a number have the same facts up to it. A producer that was restored and goes on under
the old numbers has another one, and its readers see that at the next page.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

SIZE: Final = 32
"""Bytes of a history."""
BEGINNING: Final = bytes(SIZE)
"""The history before the first fact."""
ID: Final = 16
"""Bytes of a fact's id."""


def histories(before: bytes, ids: Iterable[bytes]) -> list[bytes]:
    """The history before each of these facts, and after the last."""
    chain = [before]
    for fact_id in ids:
        chain.append(hashlib.sha256(chain[-1] + fact_id).digest())
    return chain


def split_ids(ids: bytes) -> list[bytes]:
    """Return the ids that stand one behind the other in these bytes."""
    return [ids[at : at + ID] for at in range(0, len(ids), ID)]
