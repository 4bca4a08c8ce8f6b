"""Which code made an amount: beside the figures, a replay has to know the rules."""

import hashlib
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

_PACKAGES = ("shared.benefit_rules", "shared.money_and_time")
"""What an amount depends on: the rules, and the roundings and months that they use."""


def sources() -> dict[str, bytes]:
    """The source files of the rules by name."""
    return {name: content for package in _PACKAGES for name, content in _within(resources.files(package))}


def hash_of(files: dict[str, bytes]) -> str:
    """SHA-256 of files by name and content, whatever order they come in."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _within(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from ((f"{folder.name}/{name}", content) for name, content in _within(entry))
        elif entry.name.endswith(".py"):
            yield f"{folder.name}/{entry.name}", entry.read_bytes()


RULES_SHA256: Final = hash_of(sources())
"""Of the code as it was imported, whatever is put on the disk later. Comments count too: it says other, not worse."""
