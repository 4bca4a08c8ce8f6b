"""Empty files of a ward for a clerk to fill in, and what stands in each column."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.one_machine.new_files import BOM, write_new_files
from infra.one_machine.ward.column_texts import COLUMN_TEXTS

GUIDE_FILE: Final = "書き方.txt"
_GUIDE: Final = """区の4つのファイルの書き方

1. 各 CSV の1行目は列の名前です。変えないでください。2行目から1行に1件を書きます。
2. 例は ./kurashi ward example フォルダー で作れます（すべて架空の人です）。
3. 番号と日付の列は、Excel では先に「文字列」の書式にしてください（先頭の 0 と日付の形が変わるのを防ぎます）。
4. 保存は「CSV UTF-8（コンマ区切り）」で、名前は変えずに。
5. ./kurashi ward check フォルダー で、取り込む前に誤りを調べられます。

* の列は必ず書きます。
"""


def write_template(directory: Path) -> list[Path]:
    """Write the empty files with their header lines, and the guide; return what was written.

    Raises:
        MachineError: one of the files is there already, or cannot be written; nothing is overwritten.
    """
    texts = {name: _header(name) for name in COLUMN_TEXTS}
    texts[GUIDE_FILE] = "\r\n".join([*_GUIDE.splitlines(), *_columns()]) + "\r\n"
    return write_new_files(directory, {name: BOM + text.encode() for name, text in texts.items()})


def _header(file: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(COLUMN_TEXTS[file])
    return text.getvalue()


def _columns() -> Iterator[str]:
    from services.payments.adapters.accounts.account_files import ACCOUNTS, ACCOUNTS_FILE, SENDER_FILE, SENDERS
    from shared.contracts.ward_files import HOUSEHOLDS, HOUSEHOLDS_FILE, MEMBERS, MEMBERS_FILE

    layouts = (
        (HOUSEHOLDS_FILE, HOUSEHOLDS),
        (MEMBERS_FILE, MEMBERS),
        (ACCOUNTS_FILE, ACCOUNTS),
        (SENDER_FILE, SENDERS),
    )
    for file, layout in layouts:
        required = {column.name for column in layout if column.required}
        yield from ("", file)
        for name, (title, form) in COLUMN_TEXTS[file].items():
            yield f"  {'*' if name in required else ' '} {name}  {title}: {form}"
