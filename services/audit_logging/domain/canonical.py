"""Canonical JSON (RFC 8785). Nearly all that facts are made of is written the short way, by the standard library."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring

import rfc8785

_write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
_SHAPE = bytes.maketrans(b"123456789[,eE", b"000000000::..")
_UNSURE = re.compile(rb":-?0+(?:\.|0{15})").search
"""In the shape of a text: where a fraction, or a whole number too long to be sure of, may stand."""


def canonical(value: dict[str, object]) -> str:
    """The canonical text of a JSON object (text as keys); an error of rfc8785 when it has none."""
    try:
        text = _write(value)
        plain = text.encode()
    except ValueError:
        return rfc8785.dumps(value).decode()  # type: ignore[arg-type]
    if _UNSURE(plain.translate(_SHAPE)) or not (text.isascii() or _sorts_alike(text)):
        return rfc8785.dumps(value).decode()  # type: ignore[arg-type]
    return text


def quoted(value: str | None) -> str:
    """The canonical text of a string, or of null."""
    return "null" if value is None else encode_basestring(value)


def _sorts_alike(text: str) -> bool:
    """Whether keys sort by code points as by UTF-16: so they do where no character takes two units."""
    return len(text.encode("utf-16-le")) == 2 * len(text)
