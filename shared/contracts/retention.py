"""How long what is kept, counted from what, and by whose rule (保存期間). docs/retention.md shows it as a table.

A period of the law has a source or is not here: where none is known the office decides, and until it does the longest
of the usual range holds. ``months=None``: kept until the office sets a period.
"""

from dataclasses import dataclass
from typing import Final

OPERATION_LOG: Final = "区の操作記録の保存は通常1〜5年。区が定めるまで最長の5年"
COPY: Final = "法令の定めなし。区が定めるまで操作記録と同じ最長の5年"

TWO_PEOPLE: Final = "two people"
DAILY: Final = "daily"
OFFICE: Final = "office"


@dataclass(frozen=True)
class Kept:
    """One kind of record: where it stands, how many months it is kept, from when on, why, and how it ends.

    ``ends``: ``two people`` delete it (who proposes, who approves), it goes ``daily`` by rule, or the ``office`` sees
    to it by its own means. The office sets months between ``least`` and ``most``.
    """

    what: str
    where: str
    months: int | None
    least: int
    most: int | None
    since: str
    ends: str
    source: str


RETENTION: Final[dict[str, Kept]] = {
    "looks": Kept(
        "監査ログのうち閲覧・印刷・ログイン・拒否の内容",
        "audit_logging: openings, search_entries, search_subjects, findings, reviews",
        60,
        12,
        60,
        "監査ログに入った日",
        TWO_PEOPLE,
        OPERATION_LOG,
    ),
    "facts": Kept(
        "監査ログのうち決定・支給・承認などの内容",
        "audit_logging: openings, search_entries, search_subjects",
        None,
        60,
        None,
        "監査ログに入った日",
        TWO_PEOPLE,
        "ケース記録は通常、廃止から5年。監査ログは廃止の日を知らないので、区が定めるまで消さない",
    ),
    "events": Kept(
        "各サービスが番号を付けて送った事実(監査ログの写しの元)",
        "all: events",
        60,
        1,
        60,
        "事実の日時。すべての受け手が受け取った後だけ",
        DAILY,
        COPY,
    ),
    "answers": Kept(
        "Idempotency-Key の答えの本文(キーと要求のハッシュは残る)",
        "all: idempotency.body",
        60,
        1,
        60,
        "答えた日時",
        DAILY,
        COPY,
    ),
    "parked": Kept("保留して解放した事実の本文", "all: parked.body", 60, 1, 60, "解放した日時", DAILY, COPY),
    "break_glass": Kept(
        "緊急閲覧の理由の文章(だれが・いつ・何を見たかは残る)",
        "all: break_glass.words",
        60,
        12,
        60,
        "緊急閲覧の日時",
        DAILY,
        OPERATION_LOG,
    ),
    "sessions": Kept("終わったログイン", "ui_gateway: sessions", 60, 12, 60, "終わった日時", DAILY, OPERATION_LOG),
    "backups": Kept(
        "バックアップ(消した内容の写しを含む)",
        "outside",
        60,
        1,
        60,
        "バックアップの日",
        OFFICE,
        COPY + "。区が実際の期間を登録し、削除の通知に載せる",
    ),
    "case_records": Kept(
        "ケース記録、決定、認定資料",
        "case_management, support_benefits",
        None,
        60,
        None,
        "廃止の日",
        OFFICE,
        "通常、廃止から5年。区の文書規程による。このシステムはまだ消さない",
    ),
    "bank_files": Kept(
        "振込ファイル、口座、支給の帳簿",
        "payments",
        None,
        60,
        None,
        "区の会計の規程による",
        OFFICE,
        "出典を確かめていない。区の会計の規程による。このシステムはまだ消さない",
    ),
    "traces": Kept(
        "トレースと動作ログ(個人情報を含まない)",
        "outside: KURASHI_TRACES_DIR, OTLP",
        None,
        1,
        None,
        "記録した日時",
        OFFICE,
        "法令の定めなし。運用者が消す",
    ),
}
"""By name: the log's streams are ``looks`` and ``facts``; the other names are those of the doors that delete."""

COPIES: Final = ("events", "answers", "parked", "break_glass")
"""What every service keeps in its own tables, and lets go daily."""


def periods(*names: str) -> dict[str, tuple[int | None, int, int | None]]:
    """Months, least and most by name, as a service's database is told them."""
    return {name: (RETENTION[name].months, RETENTION[name].least, RETENTION[name].most) for name in names}
