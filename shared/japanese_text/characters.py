"""Characters of names (旧字体・異体字), folded to one form of each."""

import json
import re
from importlib import resources
from typing import Final

from shared.japanese_text.folding import Table, folded, repeated

_REPEATED: Final = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff])(々+)")


def variants() -> dict[str, str]:
    """Each old or variant form, and the form it is searched by; sources: data/characters.json.

    No form is itself a variant.
    """
    data = resources.files("shared.japanese_text").joinpath("data/characters.json").read_text(encoding="utf-8")
    tables: dict[str, dict[str, str]] = json.loads(data)["characters"]
    return {variant: form for table in tables.values() for variant, form in table.items()}


_TABLE: Final[Table] = {ord(variant): form for variant, form in {**variants(), "〻": "々"}.items()}


def fold_name(text: str) -> str:
    """The name as it is searched: 渡辺 for 渡邉 and 渡邊, 斉藤 for 齋藤, 斎藤 and 齊藤, 高 for 髙, 吉 for 𠮷.

    - NFKC and lower case: half width, compatibility ideographs (神 of U+FA19), letters.
    - Variation selectors and blanks are dropped, those that nobody sees too.
    - Old and variant forms become one form (`variants`); 々 the character before it (佐々木 as 佐佐木).
    - Kana stay as they are, but for ヶ as ケ and ヵ as カ: a reading is folded by `fold_kana`.

    Returns at most as many characters as NFKC has; folded again it stays as it is. Never raises: half a surrogate
    pair that stands alone stays as it is.
    """
    return repeated(folded(text, _TABLE), _REPEATED)
