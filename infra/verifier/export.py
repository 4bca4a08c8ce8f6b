"""An export for the privacy board: every row of its table is in the log, and says what was logged."""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import io
import json
import zlib
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from infra.verifier.entries import read_entry
from infra.verifier.fault import Fault, refusing
from infra.verifier.notes import Checkpoint, Key, open_checkpoint
from infra.verifier.verify import Verdict, check_included, read_proof

_TOKYO = timezone(timedelta(hours=9))
_FIELDS = ("actor", "subject", "details")
_HEADER = ["番号", "日時", "職員", "種類", "見たもの", "対象", "目的", "緊急閲覧", "システム"]
_MOST_SUBJECTS = 500
"""Named in one cell of the table; the openings have the others."""
_ONCE = {"README.txt", "looks.csv", "openings.jsonl", "checkpoint", "key.pub"}
_MOST_BYTES = 1 << 30
"""Of all files of an export together, unpacked."""


def verify_export(path: Path, key: Key) -> Verdict:
    """Check each row of an export, its proof and its openings; raises the first Fault.

    `README.txt` is words for its reader, which nothing proves; its bytes and all others are in `sha256`.
    """
    with refusing(str(path)):
        try:
            data = path.read_bytes()
            with ZipFile(io.BytesIO(data)) as file:
                return _verify(_files(file), key, hashlib.sha256(data).hexdigest())
        except (BadZipFile, OSError, EOFError, zlib.error) as error:
            raise Fault("file-missing", f"{path} is not a whole export", file=str(path)) from error


def _files(file: ZipFile) -> dict[str, bytes]:
    """All that the archive holds, every byte of it read and compared with its checksum; nothing is there twice."""
    infos = file.infolist()
    if sum(info.file_size for info in infos) > _MOST_BYTES:
        raise Fault("export", "the export is larger than any export")
    if len({info.filename for info in infos}) != len(infos) or file.comment:
        raise Fault("export", "the archive holds a name twice, or more than files")
    return {info.filename: file.read(info) for info in infos}


def _verify(files: dict[str, bytes], key: Key, sha256: str) -> Verdict:
    if missing := sorted(_ONCE - files.keys()):
        raise Fault("file-missing", f"{missing[0]} is missing", file=missing[0])
    header, *rows = _table(files["looks.csv"])
    openings = [_json(line) for line in files["openings.jsonl"].decode().split("\n")[:-1]]
    indexes = [row[0] for row in rows]
    expected = {f"{folder}/{index}" for folder in ("entries", "proofs") for index in indexes}
    if header != _HEADER:
        raise Fault("export", "the head of the table is not that of an export", file="looks.csv")
    if len(rows) != len(openings) or len(set(indexes)) != len(indexes):
        raise Fault("export", "table, entries and openings are not of the same rows", file="looks.csv")
    if other := sorted((files.keys() - _ONCE) ^ expected):
        raise Fault("export", f"{other[0]} belongs to no row, or is missing", file=other[0])
    if files["key.pub"] != f"{key.text()}\n".encode():
        raise Fault("key", "the key in the export is not the given key", file="key.pub")
    head = open_checkpoint(files["checkpoint"], key, "checkpoint")
    for row, opened in zip(rows, openings, strict=True):
        _check_row(files, head, row, opened)
    return Verdict(head, rows=len(rows), sha256=sha256)


def _table(data: bytes) -> list[list[str]]:
    """The rows of the table; a fault unless these are the bytes by which it is written, so that all read it alike."""
    csv.field_size_limit(_MOST_BYTES)
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Fault("export", "looks.csv is not a table in UTF-8", file="looks.csv") from error
    again = io.StringIO(newline="")
    csv.writer(again).writerows(rows)
    if not rows or again.getvalue().encode("utf-8-sig") != data or any(len(row) != len(_HEADER) for row in rows):
        raise Fault("export", "looks.csv is not written as an export is", file="looks.csv")
    return rows


def _check_row(files: dict[str, bytes], head: Checkpoint, row: list[str], opened: dict[str, Any]) -> None:
    data = files[f"entries/{row[0]}"]
    index, path, note = read_proof(files[f"proofs/{row[0]}"])
    if str(index) != row[0] or opened["index"] != index or note != files["checkpoint"]:
        text = f"the proof of row {row[0]} is that of another entry or checkpoint"
        raise Fault("export", text, index, f"proofs/{row[0]}")
    check_included(index, data, path, head)
    entry = read_entry(index, data)
    said = {field: _opened(entry, index, field, opened["openings"][field]) for field in _FIELDS}
    if _cells(index, entry, said) != row:
        raise Fault("export", f"the row of entry {index} does not say what was logged", index, "looks.csv")


def _opened(entry: dict[str, Any], index: int, field: str, opening: dict[str, str]) -> Any:
    try:
        salt = base64.b64decode(opening["salt"], validate=True)
    except ValueError:
        salt = b""
    digest = hmac.digest(salt, f"{field}\0{opening['value']}".encode(), "sha256")
    if len(salt) != 32 or base64.b64encode(digest).decode() != entry["commitments"][field]:
        raise Fault("opening", f"the opening of {field} does not open entry {index}", index, "openings.jsonl")
    return json.loads(opening["value"])


def _cells(index: int, entry: dict[str, Any], said: dict[str, Any]) -> list[str]:
    data, is_look = said["details"]["data"], entry["type"] == "look.v1"
    at = datetime.fromisoformat(entry["time"].replace("Z", "+00:00")).astimezone(_TOKYO)
    cells = [
        at.strftime("%Y-%m-%d %H:%M:%S"),
        said["actor"],
        entry["type"],
        data["what"] if is_look else "",
        _subjects(data["subjects"]) if is_look else data["subject"],
        data["purpose"] if is_look else data["reason"],
        (data["break_glass"] or "") if is_look else data["break_glass_id"],
        entry["producer"],
    ]
    return [str(index), *("'" + cell if cell[:1] in tuple("=+-@\t\r") else cell for cell in cells)]


def _subjects(named: list[str]) -> str:
    more = len(named) - _MOST_SUBJECTS
    return " ".join([*named[:_MOST_SUBJECTS], *([f"…ほか{more}"] if more > 0 else [])])


def _json(line: str) -> dict[str, Any]:
    """One line of openings: an index and one salt and value a field, and nothing else beside them."""
    try:
        opened = json.loads(line, object_pairs_hook=_once)
        shape = [opened.keys(), opened["openings"].keys(), *(opening.keys() for opening in opened["openings"].values())]
        exact = shape == [{"index", "openings"}, {*_FIELDS}, *[{"salt", "value"}] * len(_FIELDS)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Fault("export", "openings.jsonl is not JSON as an export has it", file="openings.jsonl") from error
    if not exact:
        raise Fault("export", "openings.jsonl holds more or less than the openings", file="openings.jsonl")
    return dict(opened)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name twice")
    return dict(pairs)
