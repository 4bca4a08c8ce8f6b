"""The verdict on an exported log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infra.verifier.entries import read_entry
from infra.verifier.fault import Fault
from infra.verifier.layout import read
from infra.verifier.notes import Checkpoint, Key, cosigned_at, decode_hash, open_checkpoint
from infra.verifier.tree import hash_leaf, included
from infra.verifier.walk import Walk


@dataclass(frozen=True)
class Verdict:
    """A log, or a proof, in which everything holds."""

    checkpoint: Checkpoint
    entry: int | None = None


def verify_log(folder: Path, key: Key, since: Path | None = None, witness: Key | None = None) -> Verdict:
    """Check the whole log in `folder` against its signed checkpoint; raises the first Fault.

    `since` is an older checkpoint that was kept elsewhere: the log must still begin with its tree. `witness` must have
    co-signed that older checkpoint, or without one the log's own.
    """
    data = read(folder, "checkpoint")
    head = open_checkpoint(data, key, "checkpoint")
    if witness:
        cosigned_at(since.read_bytes() if since else data, witness, since.name if since else "checkpoint")
    old = _older(since, key, head) if since else None
    walk = Walk(folder, head)
    malformed = walk.entries(old)
    upper = walk.upper()
    if walk.root_at(head.size, walk.rest) != head.root:
        fault = walk.bad_entry(upper)
        raise malformed if malformed and fault.problem == "root" else fault
    fault_or_none = malformed or walk.bad_tile(upper)
    if fault_or_none:
        raise fault_or_none
    if old and walk.root_at(old.size, walk.old_rest) != old.root:
        text = f"the log does not begin with the {old.size} entries of the older checkpoint"
        raise Fault("inconsistent", text, file=str(since))
    return Verdict(head)


def _older(path: Path, key: Key, head: Checkpoint) -> Checkpoint:
    old = open_checkpoint(read(path.parent, path.name), key, path.name)
    if old.size > head.size:
        text = f"the log ends at {head.size} entries, the older checkpoint had {old.size}: it was cut or rolled back"
        raise Fault("rolled-back", text, head.size, path.name)
    if old.signed_at > head.signed_at:
        text = f"the log was signed at {head.signed_at}, the older checkpoint at {old.signed_at}: it is back-dated"
        raise Fault("back-dated", text, file="checkpoint")
    return old


def verify_proof(proof: bytes, entry: bytes, key: Key) -> Verdict:
    """Check an inclusion proof (c2sp.org/tlog-proof) for the bytes of one entry; raises the first Fault."""
    try:
        head, _, note = proof.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise Fault("proof", "the proof is not UTF-8") from error
    lines = [line for line in head.split("\n") if not line.startswith("extra ")]
    if len(lines) < 2 or lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
        raise Fault("proof", "this is not an inclusion proof")
    digits = lines[1].removeprefix("index ")
    hashes = [decode_hash(line) for line in lines[2:]]
    if not (digits.isascii() and digits.isdigit()) or str(int(digits)) != digits or None in hashes:
        raise Fault("proof", "the proof's index or hashes are malformed")
    index, checkpoint = int(digits), open_checkpoint(note.encode(), key, "the proof's checkpoint")
    path = [h for h in hashes if h is not None]
    if not included(hash_leaf(entry), index, checkpoint.size, path, checkpoint.root):
        raise Fault("proof", f"entry {index} is not in the tree that the checkpoint signs", index)
    read_entry(index, entry)
    return Verdict(checkpoint, index)
