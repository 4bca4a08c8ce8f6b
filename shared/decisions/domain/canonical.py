"""Canonical rows and their SHA-256: what an approval names when it covers many rows (決裁の対象)."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date


def canonical(row: object) -> bytes:
    """One row as bytes: JSON with sorted keys, no spaces, dates as ISO text, UTF-8, ended by a line feed.

    Raises:
        TypeError: a value is neither text, whole number, flag, date, nothing, nor a list or mapping of those.
            Floats are refused, since two machines may print them differently.
    """
    text = json.dumps(_plain(row), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode() + b"\n"


def sha256_of(rows: Iterable[object]) -> str:
    """The SHA-256 (hex) of rows in the order given; the caller's order is part of what is hashed."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(canonical(row))
    return digest.hexdigest()


def _plain(value: object) -> object:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    raise TypeError(f"a canonical row holds no {type(value).__name__}")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key of a canonical row is text, not {type(key).__name__}")
    return key
