"""The folder from which the treasurer takes bank files (``KURASHI_FILES_DIR``)."""

import os
from pathlib import Path

from services.payments.domain.bank_file_inspector import inspect


class NotAsStored(RuntimeError):
    """What stands in the folder is not what the database holds."""


def write_out(folder: Path, name: str, content: bytes, sha256: str, fence: int) -> Path:
    """Put the bytes in place in one step, then read them back with the independent reader.

    Writing the same file twice is harmless: the bytes are the stored ones. A file that is there with other bytes is
    left alone.

    Raises:
        NotAsStored: other bytes stand there, or those read back are not the stored ones.
    """
    target = (folder / name).resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and inspect(target.read_bytes()).sha256 != sha256:
        raise NotAsStored("a file of this name stands in the folder with other bytes")
    waiting = target.with_name(f".{target.name}.{fence}")
    descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(target)
    found = inspect(target.read_bytes())
    if found.sha256 != sha256 or found.errors:
        raise NotAsStored("the file read back is not the stored one")
    return target
