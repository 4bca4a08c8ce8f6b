"""Canonical JSON (RFC 8785). Nearly all that facts are made of is written the short way, by orjson."""

from __future__ import annotations

from json.encoder import encode_basestring

import orjson
import rfc8785

_HOW = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
"""What is no plain JSON, and a number too long to be sure of, takes the long way, where it is refused."""
_WRITTEN_ALIKE = frozenset((str, int, bool, type(None)))


def canonical(value: dict[str, object]) -> str:
    """The canonical text of a JSON object as it was read (so that no number is infinite or none at all).

    Raises:
        rfc8785.CanonicalizationError, UnicodeEncodeError: it has none.
    """
    try:
        written = orjson.dumps(value, option=_HOW)
    except TypeError:
        return rfc8785.dumps(value).decode()  # type: ignore[arg-type]
    if _is_written_alike(value) and (written.isascii() or _sorts_alike(written.decode())):
        return written.decode()
    return rfc8785.dumps(value).decode()  # type: ignore[arg-type]


def _is_written_alike(value: dict[str, object]) -> bool:
    """Whether nothing but texts, whole numbers, booleans and null stands in it: a fraction is written otherwise."""
    inside: list[object] = [value]
    for part in inside:
        if isinstance(part, dict):
            inside += [other for other in part.values() if type(other) not in _WRITTEN_ALIKE]
        elif isinstance(part, list):
            inside += [other for other in part if type(other) not in _WRITTEN_ALIKE]
        else:
            return False
    return True


def quoted(value: str | None) -> str:
    """The canonical text of a string, or of null."""
    return "null" if value is None else encode_basestring(value)


def _sorts_alike(text: str) -> bool:
    """Whether keys sort by code points as by UTF-16: so they do where no character takes two units."""
    return len(text.encode("utf-16-le")) == 2 * len(text)
