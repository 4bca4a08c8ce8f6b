"""How pages say amounts, days and states, in Japanese."""

import re
from datetime import date, datetime
from typing import Final
from uuid import UUID

from markupsafe import Markup

from shared.contracts.correlation import month_correlation
from shared.money_and_time.eras import format_era, format_era_month
from shared.service_kit.clock import TOKYO

MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
STATES: Final = {
    "drafting": "作成中",
    "proposed": "決裁待ち",
    "approving": "決裁処理中",
    "approved": "決裁済み",
    "failed": "失敗",
    "opened": "締め待ち",
    "ordering": "支払決定中",
    "accepted": "支出命令 確認済み",
    "files_made": "振込データ作成済み",
}
PROGRAMMES: Final = {
    "public_assistance": "生活保護",
    "support_benefit": "支援給付",
    "case_management": "生活保護",
    "support_benefits": "支援給付",
}


def yen(amount: int | None) -> str:
    """Yen with commas and the unit."""
    return "—" if amount is None else f"{amount:,} 円"


def month_words(month: str) -> Markup:
    """A month in 和暦; the western one on hover."""
    return _time(month, format_era_month(date.fromisoformat(f"{month}-01")))


def day_words(day: str | None) -> Markup | str:
    """A day in 和暦; the western one on hover."""
    return _time(day, format_era(date.fromisoformat(day))) if day else "—"


def instant_words(instant: str | None) -> Markup | str:
    """An instant in Tokyo, in 和暦."""
    if not instant:
        return "—"
    there = datetime.fromisoformat(instant).astimezone(TOKYO)
    return _time(there.isoformat(timespec="seconds"), f"{format_era(there.date())} {there:%H:%M:%S}")


def state_words(state: str) -> str:
    """A state as staff call it."""
    return STATES.get(state, state)


def programme_words(programme: str) -> str:
    """A programme or the room that determines it."""
    return PROGRAMMES.get(programme, programme)


def correlation_of(header: str, month: str | None) -> str:
    """The correlation of an act: the header's where it is an id, else that of the month; empty where neither is."""
    try:
        return str(UUID(header))
    except ValueError:
        return month_correlation(month) if month and MONTH.fullmatch(month) else ""


def _time(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(machine, words)
