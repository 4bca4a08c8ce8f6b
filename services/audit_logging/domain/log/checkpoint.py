"""Checkpoints: the root of the tree as a signed note (c2sp.org/tlog-checkpoint, c2sp.org/signed-note).

Each carries two signatures of the log's Ed25519 key: the plain one, which every tool for such logs reads, and a
timestamped one (c2sp.org/tlog-cosignature), which says at what second the log still had this tree: a checkpoint
signed again while nothing happens differs only in that line.
"""

from __future__ import annotations

import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PLAIN = b"\x01"
TIMESTAMPED = b"\x04"


@dataclass(frozen=True)
class LogKey:
    """The log's name (origin) and its signing key."""

    origin: str
    private: Ed25519PrivateKey

    def __post_init__(self) -> None:
        if not self.origin or "+" in self.origin or any(c.isspace() or ord(c) < 32 for c in self.origin):
            raise ValueError("the log's name must not be empty or hold spaces or '+'")

    @property
    def verifier_key(self) -> str:
        """The public key in the form that note verifiers read: name, key id, type and key."""
        return f"{self.origin}+{self.key_id(PLAIN).hex()}+{b64encode(PLAIN + self._public).decode()}"

    def key_id(self, kind: bytes) -> bytes:
        """The first four bytes of SHA-256 over name, newline, signature type and public key."""
        return sha256(self.origin.encode() + b"\n" + kind + self._public).digest()[:4]

    def signature_line(self, kind: bytes, signature: bytes) -> str:
        """One signature line of a note."""
        return f"— {self.origin} {b64encode(self.key_id(kind) + signature).decode()}\n"

    @property
    def _public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()


@dataclass(frozen=True)
class SignedHead:
    """Size and root of a tree, and the second at which the log signed that it had it."""

    size: int
    root: bytes
    at: datetime


def sign_checkpoint(key: LogKey, size: int, root: bytes, at: datetime) -> str:
    """The signed note for a tree of `size` leaves with this `root`, as the log had it `at` this instant."""
    body = f"{key.origin}\n{size}\n{b64encode(root).decode()}\n"
    seconds = int(at.timestamp())
    timed = f"cosignature/v1\ntime {seconds}\n{body}"
    return (
        body
        + "\n"
        + key.signature_line(PLAIN, key.private.sign(body.encode()))
        + key.signature_line(TIMESTAMPED, struct.pack(">Q", seconds) + key.private.sign(timed.encode()))
    )


def read_checkpoint(key: LogKey, note: bytes) -> SignedHead:
    """What this key signed in a note that it published; ValueError when the note is not its own, byte for byte."""
    try:
        origin, size, root, _, *lines = note.decode().split("\n")
        timed = b64decode(lines[1].split(" ")[2])
        head = SignedHead(int(size), b64decode(root), datetime.fromtimestamp(int.from_bytes(timed[4:12], "big"), UTC))
        same = sign_checkpoint(key, head.size, head.root, head.at).encode() == note
    except (ValueError, IndexError, OverflowError) as error:
        raise ValueError("not a checkpoint") from error
    if origin != key.origin or not same:
        raise ValueError("not a checkpoint of this log")
    return head


def inclusion_note(index: int, proof: list[bytes], checkpoint: str) -> str:
    """An inclusion proof that can be verified offline (c2sp.org/tlog-proof)."""
    hashes = "".join(b64encode(h).decode() + "\n" for h in proof)
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{hashes}\n{checkpoint}"
