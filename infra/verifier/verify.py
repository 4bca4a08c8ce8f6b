"""The verdict on an exported log."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from infra.verifier.entries import read_entry
from infra.verifier.fault import Fault, refusing
from infra.verifier.layout import read
from infra.verifier.notes import Checkpoint, Key, cosigned_at, decode_hash, open_checkpoint
from infra.verifier.outgrown import check_outgrown
from infra.verifier.tree import hash_leaf, included
from infra.verifier.walk import Walk

_MOST_BYTES = 32_768
"""Of a proof: 63 hashes and a checkpoint."""
_INDEX = re.compile("0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Verdict:
    """A log, or a proof, or an export, in which everything holds.

    Args:
        entry: which entry was proved.
        rows: how many rows of an export were.
        compared: with how many older checkpoints a log was compared; None where none was given.
        sha256: of an export's bytes, as the entry of the act of exporting names it.
    """

    checkpoint: Checkpoint
    entry: int | None = None
    rows: int | None = None
    compared: int | None = None
    sha256: str | None = None


def verify_log(folder: Path, key: Key, since: Path | None = None, witness: Key | None = None) -> Verdict:
    """Check the whole log in `folder` against its signed checkpoint; raises the first Fault.

    `since` is an older checkpoint that was kept elsewhere, or a folder of them: the log must still begin with its tree.
    `witness` must have co-signed it, or without one the log's own. The log may grow meanwhile: what is kept is read
    first, and the checkpoint after it, so that what was kept is never newer.
    """
    with refusing(str(folder)):
        kept = sorted((_older(path, key, witness) for path in _files(since)), key=lambda old: old.size)
        data = read(folder, "checkpoint")
        head = open_checkpoint(data, key, "checkpoint")
        if witness and not since:
            cosigned_at(data, witness, "checkpoint")
        compared = None if since is None else _compared(since, kept, head)
        _verify(folder, head, key, kept)
    return Verdict(head, compared=compared)


def _verify(folder: Path, head: Checkpoint, key: Key, kept: list[Checkpoint]) -> None:
    walk = Walk(folder, head)
    malformed = walk.entries()
    upper = walk.upper()
    if walk.root() != head.root:
        fault = walk.bad_entry(upper)
        if fault.problem == "root":
            fault = malformed or _differs_from(walk, kept) or fault
        raise fault
    fault_or_none = malformed or walk.bad_tile(upper)
    if fault_or_none:
        raise fault_or_none
    check_outgrown(folder, head.size)
    _check_key(folder, key)
    _check_kept(walk, kept)


def _compared(since: Path, kept: list[Checkpoint], head: Checkpoint) -> int:
    """With how many older checkpoints the log is compared; none is a fault, and one of no entries proves nothing."""
    compared = sum(old.size > 0 for old in kept)
    if not kept or (head.size and not compared):
        text = f"{since} holds no older checkpoint with an entry: a history made anew would hold as well"
        raise Fault("nothing-compared", text, file=str(since))
    return compared


def _files(since: Path | None) -> list[Path]:
    if since is None or not since.is_dir():
        return [since] if since else []
    return sorted(path for path in since.iterdir() if path.suffix != ".part")


def _older(path: Path, key: Key, witness: Key | None) -> Checkpoint:
    data = read(path.parent, path.name)
    old = open_checkpoint(data, key, path.name)
    if witness:
        cosigned_at(data, witness, path.name)
    return old


def _check_key(folder: Path, key: Key) -> None:
    beside = folder / "key.pub"
    if beside.exists() and beside.read_bytes().removesuffix(b"\n") != key.text().encode():
        raise Fault("key", "the key beside the log is not the given key", file="key.pub")


def _differs_from(walk: Walk, kept: list[Checkpoint]) -> Fault | None:
    """Where the log leaves the trees of the kept checkpoints, smallest first; None when it does not."""
    within = [old for old in kept if old.size <= walk.head.size]
    differing = bisect_left(within, x=True, key=lambda old: walk.root_at(old.size) != old.root)
    if differing == len(within):
        return None
    first, size = within[differing - 1].size if differing else 0, within[differing].size
    text = f"the log does not begin with the {size} entries of a kept checkpoint: entry {first} to {size - 1} hold"
    return Fault("inconsistent", f"{text} the first that differs", first, "checkpoint")


def _check_kept(walk: Walk, kept: list[Checkpoint]) -> None:
    """The log still begins with the tree of each kept checkpoint, and is neither shorter nor signed earlier."""
    head = walk.head
    if fault := _differs_from(walk, kept):
        raise fault
    if kept and kept[-1].size > head.size:
        text = f"the log ends at {head.size} entries, a kept checkpoint had {kept[-1].size}: it was cut or rolled back"
        raise Fault("rolled-back", text, head.size, "checkpoint")
    if latest := next((old for old in kept if old.signed_at > head.signed_at), None):
        text = f"the log was signed at {head.signed_at}, a kept checkpoint at {latest.signed_at}: it is back-dated"
        raise Fault("back-dated", text, file="checkpoint")


def verify_proof(proof: bytes, entry: bytes, key: Key) -> Verdict:
    """Check an inclusion proof (c2sp.org/tlog-proof) for the bytes of one entry; raises the first Fault."""
    with refusing("the proof"):
        index, path, note = read_proof(proof)
        checkpoint = open_checkpoint(note, key, "the proof's checkpoint")
        check_included(index, entry, path, checkpoint)
        read_entry(index, entry)
        return Verdict(checkpoint, index)


def read_proof(proof: bytes) -> tuple[int, list[bytes], bytes]:
    """The index, the hashes and the checkpoint of an inclusion proof; a fault where it is not one."""
    if len(proof) > _MOST_BYTES:
        raise Fault("proof", "the proof is longer than any proof")
    try:
        head, _, note = proof.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise Fault("proof", "the proof is not UTF-8") from error
    lines = [line for line in head.split("\n") if not line.startswith("extra ")]
    if len(lines) < 2 or lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
        raise Fault("proof", "this is not an inclusion proof")
    digits = lines[1].removeprefix("index ")
    hashes = [decode_hash(line) for line in lines[2:]]
    if not _INDEX.fullmatch(digits) or None in hashes:
        raise Fault("proof", "the proof's index or hashes are malformed")
    return int(digits), [digest for digest in hashes if digest is not None], note.encode()


def check_included(index: int, entry: bytes, path: list[bytes], checkpoint: Checkpoint) -> None:
    """A fault unless the entry is the one at this index of the tree that the checkpoint signs."""
    if not included(hash_leaf(entry), index, checkpoint.size, path, checkpoint.root):
        raise Fault("proof", f"entry {index} is not in the tree that the checkpoint signs", index)
