"""How names are folded for search, so that a person is found however the name is written. Standard library only.

    fold_kana("ﾜﾀﾅﾍﾞ　じゅんこ") == fold_kana("ワタナヘ ジユンコ")    # the reading (フリガナ)
    fold_name("渡邉 𠮷郎") == fold_name("渡辺吉郎")                  # the characters

A folded text is what two texts are compared by; it is no name, and is never shown.
"""

from shared.japanese_text.characters import fold_name
from shared.japanese_text.kana import fold_kana

__all__ = ["fold_kana", "fold_name"]
