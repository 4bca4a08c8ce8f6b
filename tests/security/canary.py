"""A resident who does not exist, put into every field that takes personal data, and a search for her everywhere."""

import base64
import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jaconv
import psycopg

from infra.one_machine.ward.ward_input import WardInput

NAME, KANA = "夜啼鳥不在子", "ヨナキドリ フザイコ"
ADDRESS = "夜啼鳥荘二〇三号室"
ACCOUNT, BIRTH = "7391846", "1931-02-17"
TOLD_BY_STREAMS = ("outbox", "events", "parked", "chunks")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")


def with_canary(ward: WardInput) -> WardInput:
    """The same ward: every resident has her name and birth date, every account her number."""
    members = _filled(ward.files["members.csv"], {"name": NAME, "kana": KANA, "birth_date": BIRTH})
    accounts = _filled(ward.files["accounts.csv"], {"account_number": ACCOUNT, "holder_kana": KANA})
    return WardInput({**ward.files, "members.csv": members, "accounts.csv": accounts})


def _filled(data: bytes, values: dict[str, str]) -> bytes:
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    told = io.StringIO()
    writer = csv.DictWriter(told, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, **{name: value for name, value in values.items() if row[name]}})
    return told.getvalue().encode()


def spoiled(ward: WardInput, file: str, column: str, value: str) -> WardInput:
    """The ward with a value that its column cannot take, in the first line of a file."""
    rows = list(csv.reader(io.StringIO(ward.files[file].decode())))
    rows[1][rows[0].index(column)] = value
    told = io.StringIO()
    csv.writer(told, lineterminator="\n").writerows(rows)
    return WardInput({**ward.files, file: told.getvalue().encode()})


def _forms() -> Iterator[bytes]:
    """Each word as it could be written: text, escapes of JSON and of addresses, bank bytes."""
    words = [NAME[:3], NAME[3:], *KANA.split(), ADDRESS, BIRTH.replace("-", "")]
    for word in [*words, *(jaconv.z2h(kana) for kana in KANA.split())]:
        yield re.escape(word.encode())
        yield re.escape(json.dumps(word).strip('"').encode())
        yield re.escape(quote(word).encode())
    for kana in KANA.split():
        yield re.escape(jaconv.z2h(kana).encode("shift_jis"))
    yield re.escape(BIRTH.encode())
    yield rb"(?<![0-9a-f])" + ACCOUNT.encode() + rb"(?![0-9a-f])"


_ANY = re.compile(b"|".join(sorted(set(_forms()))))


def found_in(data: bytes) -> bool:
    """True where any of her words stands in the bytes, or in base64 within them (messages of the broker)."""
    if _ANY.search(data):
        return True
    return any(_ANY.search(_decoded(block)) for block in _BASE64.findall(data))


def _decoded(block: bytes) -> bytes:
    whole = block.rstrip(b"=")
    return base64.b64decode(whole[: len(whole) // 4 * 4])


def files_with_her(folder: Path, without: set[str]) -> list[str]:
    """The files below a folder, but for some of its subfolders, that hold a word of hers."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    kept = [path for path in files if path.relative_to(folder).parts[0] not in without]
    return [str(path.relative_to(folder)) for path in kept if found_in(path.read_bytes())]


def tables_with_her(admin_url: str, database: str, tables: tuple[str, ...]) -> list[str]:
    """The tables of a database in whose rows a word of hers stands; those that are missing are passed over."""
    with psycopg.connect(admin_url, dbname=database) as connection:
        known = {name for (name,) in connection.execute("SELECT relname FROM pg_class WHERE relkind = 'r'").fetchall()}
        return [name for name in tables if name in known and _rows_hold_her(connection, name)]


def _rows_hold_her(connection: psycopg.Connection[Any], table: str) -> bool:
    rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
    return any(found_in(value if isinstance(value, bytes) else str(value).encode()) for row in rows for value in row)
