"""Canonical rows and their SHA-256: what an approval names when it covers many rows (決裁の対象)."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Final, cast

_LEAVES: Final = frozenset({str, int, bool, type(None), date})


def canonical(row: object) -> bytes:
    """One row as bytes: JSON with sorted keys, no spaces, dates as ISO text, UTF-8, ended by a line feed.

    Raises:
        TypeError: a value is neither text, whole number, flag, date, nothing, nor a list or mapping of those.
            Floats are refused, since two machines may print them differently.
    """
    _check(row)
    return _ENCODER.encode(row).encode() + b"\n"


def sha256_of(rows: Iterable[object]) -> str:
    """The SHA-256 (hex) of rows in the order given; the caller's order is part of what is hashed."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(canonical(row))
    return digest.hexdigest()


def _check(value: object) -> None:
    kind = type(value)
    if kind in _LEAVES:
        return
    if kind is list or kind is tuple:
        inner: Iterable[object] = cast("list[object]", value)
    elif kind is dict:
        mapping = cast("dict[object, object]", value)
        if not all(type(key) is str for key in mapping):
            raise TypeError("a key of a canonical row is text")
        inner = mapping.values()
    else:
        raise TypeError(f"a canonical row holds no {kind.__name__}")
    for item in inner:
        if type(item) not in _LEAVES:
            _check(item)


def _day(value: object) -> str:
    return cast("date", value).isoformat()


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_day)
