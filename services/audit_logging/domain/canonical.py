"""Canonical JSON (RFC 8785). What facts are made of mostly, ASCII and whole numbers, is written the short way."""

from __future__ import annotations

import json
import re

import rfc8785

_write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
_UNSURE = re.compile(r'(?:":|[\[,])-?(?:[0-9]{16}|[0-9]+[.eE])').search
"""Where a fraction, or a whole number too long to be sure of, may stand: those take the long way."""


def canonical(value: dict[str, object] | str) -> bytes:
    """The canonical bytes of a JSON object (text as keys) or text; an error of rfc8785 when it has none."""
    try:
        text = _write(value)
    except ValueError:
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    if not text.isascii() or (not isinstance(value, str) and _UNSURE(text)):
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    return text.encode()
