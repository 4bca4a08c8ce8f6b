"""総合振込: the positions of a record of 120 bytes, as data (全銀協; domain.md §5.1, sources R:38-R:42).

A file is header, data records, trailer, end, each 120 bytes, **without line ends**: the length of a file is 120 times
its records, and no byte depends on a system's idea of a line. Positions count from 1.
"""

from dataclasses import dataclass
from typing import Final, Literal

RECORD_BYTES: Final = 120
MOST_RECORDS: Final = 900_000
"""Data records a file; the trailer counts six digits."""
MOST_YEN: Final = 9_999_999_999
"""Yen of one transfer: ten digits."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: digits are right-aligned and zero-filled (N), text left-aligned and space-filled (C)."""

    name: str
    first: int
    last: int
    form: Literal["N", "C"]
    fixed: str | None = None

    @property
    def width(self) -> int:
        """Bytes."""
        return self.last - self.first + 1


HEADER: Final = (
    Field("データ区分", 1, 1, "N", "1"),
    Field("種別コード", 2, 3, "N", "21"),
    Field("コード区分", 4, 4, "N", "0"),
    Field("委託者コード", 5, 14, "N"),
    Field("委託者名", 15, 54, "C"),
    Field("振込指定日", 55, 58, "N"),
    Field("仕向銀行番号", 59, 62, "N"),
    Field("仕向銀行名", 63, 77, "C"),
    Field("仕向支店番号", 78, 80, "N"),
    Field("仕向支店名", 81, 95, "C"),
    Field("預金種目", 96, 96, "N"),
    Field("口座番号", 97, 103, "N"),
    Field("ダミー", 104, 120, "C", ""),
)
DATA: Final = (
    Field("データ区分", 1, 1, "N", "2"),
    Field("被仕向銀行番号", 2, 5, "N"),
    Field("被仕向銀行名", 6, 20, "C"),
    Field("被仕向支店番号", 21, 23, "N"),
    Field("被仕向支店名", 24, 38, "C"),
    Field("手形交換所番号", 39, 42, "N", "0"),
    Field("預金種目", 43, 43, "N"),
    Field("口座番号", 44, 50, "N"),
    Field("受取人名", 51, 80, "C"),
    Field("振込金額", 81, 90, "N"),
    Field("新規コード", 91, 91, "N", "0"),
    Field("顧客コード1", 92, 101, "N"),
    Field("顧客コード2", 102, 111, "N", "0"),
    Field("振込指定区分", 112, 112, "N", "7"),
    Field("識別表示", 113, 113, "C", ""),
    Field("ダミー", 114, 120, "C", ""),
)
TRAILER: Final = (
    Field("データ区分", 1, 1, "N", "8"),
    Field("合計件数", 2, 7, "N"),
    Field("合計金額", 8, 19, "N"),
    Field("ダミー", 20, 120, "C", ""),
)
END: Final = (
    Field("データ区分", 1, 1, "N", "9"),
    Field("ダミー", 2, 120, "C", ""),
)
