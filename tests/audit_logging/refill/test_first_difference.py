"""Two logs that should be one: the first entry in which they differ is named, whatever follows it."""

from __future__ import annotations

import pytest

from services.audit_logging.domain.log.merkle import first_difference
from tests.audit_logging.log.memory_log import MemoryLog

LEAVES = [f"entry {number}".encode() for number in range(300)]
LOG = MemoryLog(LEAVES)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 300])
def test_logs_that_say_the_same_differ_nowhere(size: int) -> None:
    assert first_difference(LOG.hashes, MemoryLog(LEAVES).hashes, size) is None


@pytest.mark.parametrize("altered", [0, 1, 2, 127, 128, 254, 255, 256, 298, 299])
def test_the_first_entry_that_was_altered_is_named_and_none_where_it_lies_beyond(altered: int) -> None:
    forged = MemoryLog([*LEAVES[:altered], b"forged", *LEAVES[altered + 1 : -1], b"forged too"][:300])
    assert first_difference(LOG.hashes, forged.hashes, 300) == altered
    assert first_difference(LOG.hashes, forged.hashes, altered) is None
    assert first_difference(LOG.hashes, forged.hashes, altered + 1) == altered
