"""The file for the privacy board (個人情報保護審査会): a table, and what proves each of its rows."""

from __future__ import annotations

import csv
import io
import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from services.audit_logging.domain.log.leaf import Opening
from services.audit_logging.domain.search.access_row import HEADER, MOST_SUBJECTS, AccessRow

_NOTE = """\
監査ログの書出し(個人情報保護審査会用)

期間          {first} から {last} まで
対象          {whom}
行数          {rows}
監査ログ      {origin}、先頭から {size} 件までに含まれるすべての閲覧
書き出した日時 {at}(日本時間)

ファイル
  looks.csv       だれが、いつ、だれの何を、なぜ見たか(Excel で開けます)
  entries/番号    監査ログに記録されたとおりの内容(氏名等は含みません)
  proofs/番号     その記録が署名済みの監査ログにあることの証明(c2sp.org/tlog-proof)
  openings.jsonl  記録の封印(コミットメント)を開く値
  checkpoint      署名された監査ログの先頭(ツリーヘッド)
  key.pub         監査ログの公開鍵。検証には、書面などほかの方法で受け取った鍵を使ってください

検証のしかた(docs/audit.md)
  すべての行      python -m infra.verifier export この.zip --key log.pub
  1行だけ         python -m infra.verifier proof proofs/番号 entries/番号 --key log.pub

一つの行の対象が{most:,}を超えるときは、その数だけを示し、すべては openings.jsonl にあります。
種類が break_glass.v1 の行は、緊急閲覧の申出です。目的の欄はその理由です。
行が一つも抜けていないことは、この証明では分かりません。監査ログ全体の検証と検索で確かめます。
保存期間を過ぎて開く値を消した記録は、この表に現れません。
公開済みの記録から復元した記録({refilled}件)も、開く値がないため、この表に現れません。
読めない記録({unread}件)は、この表に現れません。検索の画面が番号を示します。
"""


@dataclass(frozen=True)
class Proved:
    """A row with what proves it: the leaf's bytes, its openings, its inclusion proof."""

    row: AccessRow
    leaf: bytes
    openings: Sequence[Opening]
    proof: str


@dataclass(frozen=True)
class About:
    """What an export is about: days, whom, the log's name, how much of it, how many entries without openings since they
    were refilled and how many that cannot be read, its head and key, and when it was made.
    """

    first: str
    last: str
    whom: str
    origin: str
    size: int
    refilled: int
    unread: int
    checkpoint: str
    key: str
    at: datetime


def export_file(about: About, rows: Sequence[Proved]) -> bytes:
    """The zip file."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:

        def put(name: str, content: bytes) -> None:
            entry = ZipInfo(name, about.at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            file.writestr(entry, content)

        names = ("first", "last", "whom", "origin", "size", "refilled", "unread")
        values = {"rows": len(rows), "most": MOST_SUBJECTS, **{name: getattr(about, name) for name in names}}
        put(
            "README.txt",
            _NOTE.format(at=f"{about.at:%Y-%m-%d %H:%M:%S}", **values).encode(),
        )
        put("looks.csv", as_csv(proved.row for proved in rows))
        put("checkpoint", about.checkpoint.encode())
        put("key.pub", f"{about.key}\n".encode())
        put("openings.jsonl", "".join(_openings(proved) for proved in rows).encode())
        for proved in rows:
            put(f"entries/{proved.row.index}", proved.leaf)
            put(f"proofs/{proved.row.index}", proved.proof.encode())
    return made.getvalue()


def as_csv(rows: Iterable[AccessRow]) -> bytes:
    """The table as offices open it: UTF-8 with a byte order mark, lines ended as on Windows."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(row.cells() for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _openings(proved: Proved) -> str:
    opened = {
        opening.field: {"salt": b64encode(opening.salt).decode(), "value": opening.value} for opening in proved.openings
    }
    return json.dumps({"index": proved.row.index, "openings": opened}, ensure_ascii=False) + "\n"
