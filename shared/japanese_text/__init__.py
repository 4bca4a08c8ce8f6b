"""How names are folded for search, so that a person is found however the name is written, and how readings are sorted.

    fold_kana("ﾜﾀﾅﾍﾞ　じゅんこ") == fold_kana("ワタナヘ ジユンコ")    # the reading (フリガナ)
    fold_name("渡邉 𠮷郎") == fold_name("渡辺吉郎")                  # the characters
    sorted(["ガトウ", "カトウ", "エダ"], key=kana_order)           # エダ, カトウ, ガトウ

Standard library only. A folded text is what two texts are compared by; it is no name, and is never shown.
"""

from shared.japanese_text.characters import fold_name
from shared.japanese_text.kana import fold_kana
from shared.japanese_text.kana_order import kana_order

__all__ = ["fold_kana", "fold_name", "kana_order"]
