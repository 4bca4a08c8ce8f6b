"""What whoever owns the database, the disk and even the log's key can do to the log; each attack by its seed.

An attack in the database happens in `rows` (entries alone), `hashes` (their leaf hashes too), or `tree`: everything is
made again from the forged entries and signed with the log's true key, as if nothing had been.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit_logging.domain.log.checkpoint import LogKey, sign_checkpoint
from services.audit_logging.domain.log.merkle import Hashes, leaf_hash, root
from services.audit_logging.domain.log.tiles import bundle, grow, tile_path
from tests.faults.published import STEPS, Published, Row

DEPTHS = ("rows", "hashes", "tree")


@dataclass(frozen=True)
class Attack:
    """What was done: where the log is now, and what a finding must name."""

    kind: str
    depth: str
    first_bad: int | None = None
    file: str | None = None
    key: bool = False


Change = Callable[[random.Random, list[bytes]], list[bytes]]


def alter(dice: random.Random, leaves: list[bytes]) -> list[bytes]:
    """One entry says something else."""
    at = dice.randrange(len(leaves))
    other = json.loads(leaves[at])
    field = dice.choice(["correlation", "type", "time", "id"])
    other[field] = f"{other[field][:-1]}{'f' if other[field][-1] != 'f' else 'e'}"
    return [*leaves[:at], _canonical(other), *leaves[at + 1 :]]


def delete(dice: random.Random, leaves: list[bytes]) -> list[bytes]:
    """One entry is gone."""
    at = dice.randrange(len(leaves) - 1)
    return leaves[:at] + leaves[at + 1 :]


def insert(dice: random.Random, leaves: list[bytes]) -> list[bytes]:
    """One entry was never told."""
    at = dice.randrange(len(leaves))
    made = {**json.loads(leaves[at]), "id": f"{dice.getrandbits(128):032x}"}
    return [*leaves[:at], _canonical(made), *leaves[at:]]


def swap(dice: random.Random, leaves: list[bytes]) -> list[bytes]:
    """Two entries change places."""
    first, second = sorted(dice.sample(range(len(leaves)), 2))
    changed = list(leaves)
    changed[first], changed[second] = changed[second], changed[first]
    return changed


def cut_tail(dice: random.Random, leaves: list[bytes]) -> list[bytes]:
    """The last entries are gone."""
    return leaves[: len(leaves) - dice.randrange(1, 60)]


def fork(dice: random.Random, leaves: list[bytes]) -> list[bytes]:
    """From one entry on there is another past, every number in its place, and it goes on."""
    at = dice.randrange(STEPS[-1])
    made = [json.loads(leaf) for leaf in leaves[at:]]
    return leaves[:at] + [_canonical({**one, "correlation": f"{dice.getrandbits(128):032x}"}) for one in made]


def back_date(dice: random.Random, leaves: list[bytes]) -> list[bytes]:
    """Entries from one on were made earlier than they were."""
    at = dice.randrange(len(leaves))
    made = [json.loads(leaf) for leaf in leaves[at:]]
    return leaves[:at] + [_canonical({**one, "time": f"2025{one['time'][4:]}"}) for one in made]


CHANGES: dict[str, Change] = {
    "alter": alter,
    "delete": delete,
    "insert": insert,
    "swap": swap,
    "cut_tail": cut_tail,
    "fork": fork,
    "back_date": back_date,
}


def in_database(kind: str, dice: random.Random, log: Published, folder: Path) -> Attack:
    """Forge the entries in the database and publish what it then holds."""
    depth = dice.choice(DEPTHS)
    with log.attacked() as connection:
        rows = _entries(connection)
        leaves = CHANGES[kind](dice, [row.leaf for row in rows])
        old = [row.leaf for row in rows]
        first_bad = next((i for i, (a, b) in enumerate(zip(old, leaves, strict=False)) if a != b), len(leaves))
        hashes = [leaf_hash(leaf) for leaf in leaves]
        if depth == "rows":
            hashes = [row.leaf_hash for row in rows][: len(leaves)] + hashes[len(rows) :]
        _store(connection, leaves, hashes, log.key if depth == "tree" else None)
        _publish(connection, log, folder)
    return Attack(kind, depth, first_bad)


def roll_back(dice: random.Random, log: Published, folder: Path) -> Attack:
    """The whole database and all that was published is that of an earlier day, perhaps signed again today."""
    size = dice.choice(STEPS[:-1])
    shutil.copytree(log.older[size], folder)
    depth = dice.choice(["as it was", "signed again"])
    if depth == "signed again":
        note = (folder / "checkpoint").read_text().split("\n")
        _sign(log.key, folder, int(note[1]), note[2])
    return Attack("roll_back", depth, size)


def back_date_checkpoint(dice: random.Random, log: Published, folder: Path) -> Attack:
    """The true tree, signed with the true key for an earlier hour."""
    shutil.copytree(log.folder, folder)
    note = (folder / "checkpoint").read_text().split("\n")
    _sign(log.key, folder, int(note[1]), note[2], int(time.time()) - dice.randrange(3600, 10**7))
    return Attack("back_date_checkpoint", "checkpoint", file="checkpoint")


def replace_key(dice: random.Random, log: Published, folder: Path) -> Attack:
    """Everything signed with another key under the log's name, the key beside it perhaps replaced too."""
    shutil.copytree(log.folder, folder)
    other = LogKey(log.key.origin, Ed25519PrivateKey.from_private_bytes(dice.randbytes(32)))
    depth = dice.choice(["checkpoint", "key.pub", "both"])
    if depth != "key.pub":
        note = (folder / "checkpoint").read_text().split("\n")
        _sign(other, folder, int(note[1]), note[2])
    if depth != "checkpoint":
        (folder / "key.pub").write_text(other.verifier_key + "\n")
    return Attack("replace_key", depth, key=True)


def flip_bit(dice: random.Random, log: Published, folder: Path) -> Attack:
    """One bit of one published file."""
    shutil.copytree(log.folder, folder)
    file = dice.choice(sorted(path for path in folder.rglob("*") if path.is_file()))
    data = bytearray(file.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    file.write_bytes(data)
    name = file.relative_to(folder).as_posix()
    return Attack("flip_bit", name.split("/")[-1] if "/" not in name else "/".join(name.split("/")[:2]), file=name)


def _canonical(entry: object) -> bytes:
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _entries(connection: psycopg.Connection) -> list[Row]:
    rows = connection.execute(b"SELECT leaf, leaf_hash FROM entries ORDER BY index").fetchall()
    return [Row(bytes(leaf), bytes(digest)) for leaf, digest in rows]


def _store(
    connection: psycopg.Connection, leaves: Sequence[bytes], hashes: Sequence[bytes], key: LogKey | None
) -> None:
    """Replace all entries; with the key the tiles and the checkpoint too."""
    connection.execute(b"DELETE FROM entries")
    with connection.cursor().copy(
        b"COPY entries (index, leaf_hash, leaf, producer, stream, epoch, number, fact_id, appended_at) FROM STDIN"
    ) as copy:
        for index, (leaf, digest) in enumerate(zip(leaves, hashes, strict=True)):
            fact = f"{index:032x}"
            copy.write_row([index, digest, leaf, "payments", "facts", "1", index + 1, fact, datetime.now(UTC)])
    if key is None:
        return
    tiles = grow(_reader(hashes, {}), 0, hashes)
    made = {(tile.level, tile.index): tile.root for tile in tiles}
    connection.execute(b"DELETE FROM tiles")
    for tile in tiles:
        connection.execute(
            b"INSERT INTO tiles VALUES (%s, %s, %s, %s)", [tile.level, tile.index, tile.hashes, tile.root]
        )
    head, now = root(_reader(hashes, made), len(hashes)), datetime.now(UTC)
    note = sign_checkpoint(key, len(hashes), head, now)
    connection.execute(
        b"INSERT INTO checkpoints (size, root, signed_at, note) VALUES (%s, %s, %s, %s)", [len(hashes), head, now, note]
    )


def _reader(hashes: Sequence[bytes], made: dict[tuple[int, int], bytes]) -> Hashes:
    def read(level: int, first: int, count: int) -> Sequence[bytes]:
        if level == 0:
            return hashes[first : first + count]
        return [made[level - 1, index] for index in range(first, first + count)]

    return read


def _publish(connection: psycopg.Connection, log: Published, folder: Path) -> None:
    """Write out whatever the database holds, as a publisher that asks no questions would."""
    rows = _entries(connection)
    note = str(connection.execute(b"SELECT note FROM checkpoints ORDER BY id DESC LIMIT 1").fetchall()[0][0])
    size = int(note.split("\n")[1])
    files = {"checkpoint": note.encode(), "key.pub": f"{log.key.verifier_key}\n".encode()}
    for first in range(0, size, 256):
        width = min(256, size - first)
        files[tile_path("entries", first // 256, width)] = bundle(row.leaf for row in rows[first : first + width])
        files[tile_path(0, first // 256, width)] = b"".join(row.leaf_hash for row in rows[first : first + width])
    tiles = connection.execute(b"SELECT index, root, hashes FROM tiles WHERE level = 0 ORDER BY index").fetchall()
    files |= {tile_path(0, int(index)): bytes(hashes) for index, _, hashes in tiles if index < size // 256}
    if above := b"".join(bytes(digest) for index, digest, _ in tiles if index < size // 256):
        files[tile_path(1, 0, len(above) // 32)] = above
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _sign(key: LogKey, folder: Path, size: int, encoded_root: str, at: int | None = None) -> None:
    when = datetime.fromtimestamp(at if at is not None else time.time(), UTC)
    note = sign_checkpoint(key, size, b64decode(encoded_root), when)
    (folder / "checkpoint").write_text(note)
