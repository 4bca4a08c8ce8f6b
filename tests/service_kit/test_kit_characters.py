"""What people write in the files and forms of an office: a list of what is good."""

import pytest

from shared.service_kit.characters import lines, reading, words

UNSEEN = {
    "\ufffd": "REPLACEMENT",
    "\u202e": "RIGHT-TO-LEFT OVERRIDE",
    "\u2066": "LEFT-TO-RIGHT ISOLATE",
    "\u200b": "ZERO WIDTH SPACE",
    "\u200d": "ZERO WIDTH JOINER",
    "\ufeff": "ZERO WIDTH NO-BREAK",
    "\u00a0": "NO-BREAK SPACE",
    "\u2028": "LINE SEPARATOR",
    "\x00": "U\\+0000",
    "\x1b": "U\\+001B",
    "\x7f": "U\\+007F",
    "\u3099": "COMBINING",
    "😀": "GRINNING",
    "\u0430": "CYRILLIC",
}


@pytest.mark.parametrize(
    "text", ["架空 花子", "佐々木　一郎", "髙橋 﨑", "𠮷田 𩸽", "NGUYEN VĂN Ánh", "ﾊﾝｶｸ", "ミドル・ネーム", "1-2（仮）"]
)
def test_names_and_words_of_an_office_are_taken_as_they_stand(text: str) -> None:
    assert words(text) == text


@pytest.mark.parametrize(("character", "named"), UNSEEN.items())
def test_what_nobody_sees_is_refused_by_its_name(character: str, named: str) -> None:
    for check in (words, reading, lines):
        with pytest.raises(ValueError, match=named):
            check(f"カク{character}ウ")


@pytest.mark.parametrize("character", ["\ue000", "\U000f0000", "葛\U000e0100", "辻\ufe00"])
def test_a_character_of_the_offices_own_font_is_refused_as_such(character: str) -> None:
    with pytest.raises(ValueError, match="外字"):
        words(f"架空 {character}")


@pytest.mark.parametrize("text", [" ", "\u3000", " \u3000 "])
def test_blanks_alone_say_nothing(text: str) -> None:
    for check in (words, reading, lines):
        with pytest.raises(ValueError, match="blanks alone"):
            check(text)


@pytest.mark.parametrize(
    "text", ["カクウ ハナコ", "かくう　はなこ", "ｶｸｳ ﾊﾅｺ", "グエン・ヴァン", "John Smith", "イ＝チ"]
)
def test_a_reading_is_kana_or_latin_letters(text: str) -> None:
    assert reading(text) == text


@pytest.mark.parametrize("text", ["架空 ハナコ", "カクウ 1", "カ々", "É"])
def test_a_reading_is_no_ideograph(text: str) -> None:
    with pytest.raises(ValueError, match="cannot stand here"):
        reading(text)


def test_words_of_a_form_may_have_lines() -> None:
    assert lines("確認した。\r\n問題なし\n") == "確認した。\r\n問題なし\n"
