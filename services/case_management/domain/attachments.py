"""Documents (添付): what a file is by its content, and whether its name says the same. Pure."""

import re
from collections.abc import Mapping
from typing import Final

MOST_BYTES: Final = 10 * 1024 * 1024
"""Bytes of one file: a passbook of some pages, as the office's copier scans it."""
SIGNATURES: Final[Mapping[str, tuple[bytes, ...]]] = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
}
"""How a file of each type begins (ISO 32000-1 §7.5.2, PNG §5.2, ITU-T T.81 B.1.1.3, TIFF 6.0 §2)."""
ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe"),
    "image/tiff": ("tif", "tiff"),
}
"""How the name of a file of each type ends; the first is put where a name has none."""
_ENDING: Final = re.compile(r"\.([A-Za-z0-9]{0,9}[A-Za-z][A-Za-z0-9]{0,9})$")


def type_of(content: bytes) -> str | None:
    """Return what a file is by how it begins; None where it is none of the types that are kept."""
    for kind, beginnings in SIGNATURES.items():
        if content.startswith(beginnings):
            return kind
    return None


def ending_fits(name: str, kind: str) -> bool:
    """Return whether a name ends like its type, or has no ending at all."""
    ending = _ENDING.search(name)
    return ending is None or ending[1].lower() in ENDINGS[kind]


def saved_name(name: str, kind: str) -> str:
    """Return the name under which a browser saves a file: with an ending, so that it opens as what it is."""
    return name if _ENDING.search(name) else f"{name}.{ENDINGS[kind][0]}"
