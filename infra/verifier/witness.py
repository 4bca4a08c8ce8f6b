"""The witness: it remembers the last checkpoint of a log that it saw, and co-signs only what follows from it.

Its folder holds its private key (`key.pem`), its public key (`witness.pub`), the log's key as it met it first
(`log.pub`), the last checkpoint it co-signed (`checkpoint`) and all of them by size (`kept/`). It belongs on a machine
where whoever runs the log or its database cannot write.
"""

from __future__ import annotations

import fcntl
import os
import struct
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from infra.verifier.consistency import check_follows
from infra.verifier.fault import Fault, refusing
from infra.verifier.layout import read
from infra.verifier.notes import WITNESS, Checkpoint, Key, cosigned_at, open_checkpoint, parse_key


class Witness:
    """One witness with its memory; `name` is what it signs under when its key is made now."""

    def __init__(self, state: Path, name: str = "kurashi-witness") -> None:
        self.state, self._name = state, name

    def cosign(self, folder: Path, key_file: Path | None = None) -> Checkpoint:
        """Co-sign the checkpoint of the log in `folder`, and remember it; raises the Fault for which it does not.

        `key_file` is the log's public key; without it the one met first, at the very first that beside the log.
        """
        (self.state / "kept").mkdir(parents=True, exist_ok=True)
        with self._alone(), refusing(str(folder), OSError):
            key = self._log_key(folder, key_file)
            note = read(folder, "checkpoint")
            head = open_checkpoint(note, key, "checkpoint")
            if (last := self.last(key)) is not None:
                check_follows(folder, last, head)
            signed = note + self._line(note)
            write(self.state / "kept" / f"{head.size:012}", signed)
            write(self.state / "checkpoint", signed)
            return head

    def last(self, key: Key) -> Checkpoint | None:
        """The last checkpoint that it co-signed; a fault when its memory is damaged."""
        path = self.state / "checkpoint"
        if not path.exists():
            return None
        data = path.read_bytes()
        cosigned_at(data, self._own_key(), path.name)
        return open_checkpoint(data, key, path.name)

    def _log_key(self, folder: Path, key_file: Path | None) -> Key:
        pinned = self.state / "log.pub"
        if not pinned.exists():
            text = key_file.read_bytes() if key_file else read(folder, "key.pub")
            parse_key(text.decode(errors="replace"))
            write(pinned, text)
        key = parse_key(pinned.read_text())
        if key_file and parse_key(key_file.read_text()) != key:
            raise Fault("key", f"{key_file} is not the key of the log that this witness knows", file=str(key_file))
        return key

    def _line(self, note: bytes) -> bytes:
        """The witness's signature line (cosignature/v1)."""
        private, own = self._private(), self._own_key()
        if private.public_key().public_bytes_raw() != own.public:
            raise Fault("key", "the witness's private key is not that of its public key", file="key.pem")
        at = int(time.time())
        body = note.rpartition(b"\n\n")[0] + b"\n"
        signature = private.sign(b"cosignature/v1\ntime %d\n" % at + body)
        encoded = b64encode(own.id(WITNESS) + struct.pack(">Q", at) + signature).decode()
        return f"— {own.name} {encoded}\n".encode()

    def _private(self) -> Ed25519PrivateKey:
        path = self.state / "key.pem"
        if not path.exists():
            made = Ed25519PrivateKey.generate()
            public = made.public_key().public_bytes_raw()
            key_id = Key(self._name, public).id(WITNESS).hex()
            text = f"{self._name}+{key_id}+{b64encode(bytes([WITNESS]) + public).decode()}\n"
            write(self.state / "witness.pub", text.encode())
            write(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        private = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(private, Ed25519PrivateKey):
            raise Fault("key", "the witness's key is not an Ed25519 key", file=str(path))
        return private

    def _own_key(self) -> Key:
        return parse_key((self.state / "witness.pub").read_text(), WITNESS)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = os.open(self.state, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def write(path: Path, data: bytes) -> None:
    """Write a file whole, for its owner's eyes, on the disk when this returns."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
