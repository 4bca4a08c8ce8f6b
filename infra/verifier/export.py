"""An export for the privacy board: every row of its table is in the log, and says what was logged."""

from __future__ import annotations

import base64
import binascii
import csv
import hmac
import io
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from infra.verifier.entries import read_entry
from infra.verifier.fault import Fault
from infra.verifier.notes import Key, open_checkpoint
from infra.verifier.verify import Verdict, verify_proof

_TOKYO = timezone(timedelta(hours=9))
_FIELDS = ("actor", "subject", "details")


def verify_export(path: Path, key: Key) -> Verdict:
    """Check each row of an export, its proof and its openings; raises the first Fault."""
    try:
        with ZipFile(path) as file:
            return _verify(file, key)
    except (BadZipFile, OSError, KeyError) as error:
        raise Fault("file-missing", f"{path} is not a whole export", file=str(path)) from error


def _verify(file: ZipFile, key: Key) -> Verdict:
    _, *rows = csv.reader(io.StringIO(file.read("looks.csv").decode("utf-8-sig")))
    openings = [_json(line) for line in file.read("openings.jsonl").decode().splitlines()]
    listed = {name.removeprefix("entries/") for name in file.namelist() if name.startswith("entries/")}
    indexes = [row[0] for row in rows]
    if len(rows) != len(openings) or listed != set(indexes) or len(set(indexes)) != len(indexes):
        raise Fault("export", "table, entries and openings are not of the same rows", file="looks.csv")
    head = open_checkpoint(file.read("checkpoint"), key, "checkpoint")
    for row, opened in zip(rows, openings, strict=True):
        _check_row(file, key, row, opened)
    return Verdict(head, rows=len(rows))


def _check_row(file: ZipFile, key: Key, row: list[str], opened: dict[str, Any]) -> None:
    data = file.read(f"entries/{row[0]}")
    verdict = verify_proof(file.read(f"proofs/{row[0]}"), data, key)
    index = verdict.entry
    if index is None or str(index) != row[0] or opened["index"] != index:
        raise Fault("export", f"the proof of row {row[0]} is that of another entry", index, "looks.csv")
    entry = read_entry(index, data)
    said = {field: _opened(entry, index, field, opened["openings"][field]) for field in _FIELDS}
    if _cells(index, entry, said) != row:
        raise Fault("export", f"the row of entry {index} does not say what was logged", index, "looks.csv")


def _opened(entry: dict[str, Any], index: int, field: str, opening: dict[str, str]) -> Any:
    try:
        salt = base64.b64decode(opening["salt"], validate=True)
    except binascii.Error:
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
        " ".join(data["subjects"]) if is_look else data["subject"],
        data["purpose"] if is_look else data["reason"],
        (data["break_glass"] or "") if is_look else data["break_glass_id"],
        entry["producer"],
    ]
    return [str(index), *("'" + cell if cell[:1] in tuple("=+-@\t\r") else cell for cell in cells)]


def _json(line: str) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except ValueError as error:
        raise Fault("export", "openings.jsonl is not JSON", file="openings.jsonl") from error
