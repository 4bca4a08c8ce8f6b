"""What one entry must look like: canonical JSON of the known shape, and no gap in what a producer said."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from infra.verifier.fault import Fault

_PLAIN: dict[str, tuple[type, ...]] = {
    "v": (int,),
    "producer": (str,),
    "stream": (str,),
    "epoch": (str,),
    "number": (int,),
    "id": (str,),
    "type": (str,),
    "time": (str,),
    "correlation": (str,),
    "causation": (str, type(None)),
    "commitments": (dict,),
}
_COMMITMENTS = {"actor", "subject", "details"}


class Sequence:
    """The numbers of each producer's stream: from 1, each once, in order.

    A producer that was restored from a backup goes on under a new epoch, from a number it had before; nothing may
    come under an old epoch after that.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], tuple[str, int]] = {}
        self._ended: set[tuple[str, str, str]] = set()

    def take(self, index: int, data: bytes) -> None:
        """Check the entry at this index; a fault names it."""
        entry = read_entry(index, data)
        stream, epoch, number = (entry["producer"], entry["stream"]), entry["epoch"], entry["number"]
        last_epoch, last = self._last.get(stream, (epoch, 0))
        restored = epoch != last_epoch
        if restored:
            self._ended.add((*stream, last_epoch))
        if (*stream, epoch) in self._ended or number > last + 1 or number < 1 or (number <= last and not restored):
            text = f"entry {index} is number {number} of {stream[0]}/{stream[1]} where {last + 1} belongs"
            raise Fault("gap", text, index)
        self._last[stream] = epoch, number


def read_entry(index: int, data: bytes) -> dict[str, Any]:
    """The entry's fields; a fault unless these are the canonical bytes (RFC 8785) of an entry."""
    try:
        entry = json.loads(data.decode(), parse_float=_refuse, parse_constant=_refuse)
        canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Fault("entry", f"entry {index} is not JSON as the log writes it", index) from error
    if canonical != data:
        raise Fault("entry", f"entry {index} is not in canonical form", index)
    if not _is_entry(entry):
        raise Fault("entry", f"entry {index} has not the fields of an entry", index)
    return dict(entry)


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and entry.keys() == _PLAIN.keys()
        and all(type(entry[name]) in kinds for name, kinds in _PLAIN.items())
        and entry["v"] == 1
        and entry["commitments"].keys() == _COMMITMENTS
        and all(_is_digest(value) for value in entry["commitments"].values())
    )


def _is_digest(value: object) -> bool:
    try:
        return isinstance(value, str) and len(base64.b64decode(value, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _refuse(text: str) -> object:
    raise ValueError(f"no number of this form: {text[:10]}")
