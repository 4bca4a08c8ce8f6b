"""Made-up names: common family and given names under the mark 架空, so that nobody takes them for a real person."""

from dataclasses import dataclass
from random import Random
from typing import Final

MARK: Final = "架空"
MARK_KANA: Final = "カクウ"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the register has it, and its reading in full-width katakana."""

    written: str
    kana: str


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    written_and_read = (pair.split("/") for pair in text.split())
    return tuple((written, read) for written, read in written_and_read)


FAMILIES: Final = _pairs(
    "佐藤/サトウ 鈴木/スズキ 高橋/タカハシ 田中/タナカ 伊藤/イトウ 渡辺/ワタナベ 山本/ヤマモト 中村/ナカムラ "
    "小林/コバヤシ 加藤/カトウ 吉田/ヨシダ 山田/ヤマダ 佐々木/ササキ 山口/ヤマグチ 松本/マツモト 井上/イノウエ "
    "木村/キムラ 林/ハヤシ 斎藤/サイトウ 清水/シミズ 山崎/ヤマザキ 森/モリ 池田/イケダ 橋本/ハシモト 阿部/アベ "
    "石川/イシカワ 山下/ヤマシタ 中島/ナカジマ 石井/イシイ 小川/オガワ 前田/マエダ 岡田/オカダ 長谷川/ハセガワ "
    "藤田/フジタ 後藤/ゴトウ 近藤/コンドウ 村上/ムラカミ 遠藤/エンドウ 青木/アオキ 坂本/サカモト 福田/フクダ "
    "太田/オオタ 西村/ニシムラ 藤井/フジイ 岡本/オカモト 金子/カネコ 藤原/フジワラ 三浦/ミウラ 中野/ナカノ "
    "原田/ハラダ",
)
WOMEN: Final = _pairs(
    "和子/カズコ 幸子/サチコ 洋子/ヨウコ 節子/セツコ 恵子/ケイコ 久美子/クミコ 由美子/ユミコ 明美/アケミ "
    "裕子/ヒロコ 京子/キョウコ 美智子/ミチコ 文子/フミコ 千代子/チヨコ 陽子/ヨウコ 直美/ナオミ 智子/トモコ "
    "真由美/マユミ 愛/アイ 美咲/ミサキ 順子/ジュンコ",
)
MEN: Final = _pairs(
    "清/キヨシ 勇/イサム 博/ヒロシ 茂/シゲル 実/ミノル 隆/タカシ 誠/マコト 浩/ヒロシ 正/タダシ 健一/ケンイチ "
    "弘/ヒロシ 進/ススム 昭/アキラ 和夫/カズオ 勝/マサル 修/オサム 豊/ユタカ 大輔/ダイスケ 翔太/ショウタ "
    "純一/ジュンイチ",
)
ABROAD: Final = tuple(
    ((family, given_name), (family_kana, given_kana))
    for family, given_name, family_kana, given_kana in (
        line.split()
        for line in (
            "KIM YOUNGJA キム ヨンジャ",
            "LEE SUNHEE イ スンヒ",
            "PARK JUNHO パク ジュンホ",
            "WANG LI オウ リ",
            "ZHANG WEI チョウ ウェイ",
            "CHEN MEI チン メイ",
            "SANTOS MARIA サントス マリア",
            "REYES JOSE レイエス ホセ",
            "NGUYEN LAN グエン ラン",
            "TRAN MINH チャン ミン",
            "GURUNG MAYA グルン マヤ",
            "SILVA ANA シルヴァ アナ",
            "MYINT AYE ミン エー",
            "SMITH JOHN スミス ジョン",
        )
    )
)


def family_name(random: Random) -> tuple[str, str]:
    """A Japanese family name with its reading, without the mark."""
    return random.choice(FAMILIES)


def resident(random: Random, family: tuple[str, str], woman: bool) -> Name:
    """A name written in kanji."""
    given_name = random.choice(WOMEN if woman else MEN)
    return Name(f"{MARK}{family[0]} {given_name[0]}", f"{MARK_KANA}{family[1]} {given_name[1]}")


def foreign_resident(random: Random) -> Name:
    """A name in Latin letters, as the register has those of foreign residents."""
    written, read = random.choice(ABROAD)
    return Name(f"{MARK} {' '.join(written)}", f"{MARK_KANA} {' '.join(read)}")
