"""Why a household was refused, in Japanese, as `assess --explain` says it; the error itself keeps its short English."""

import re
from typing import Final

from shared.benefit_rules.assessing.effects import HOUSEHOLD_KEYS, MEMBER_KEYS
from shared.benefit_rules.households.household import HouseholdError

_FIELDS: Final = {
    **{name: key.label for name, key in (*HOUSEHOLD_KEYS.items(), *MEMBER_KEYS.items())},
    "id": "番号",
    "month": "月",
    "programme": "制度",
    "prefecture": "都道府県",
    "municipality": "市区町村",
    "grade": "級地",
    "members": "世帯員",
    "birth_date": "生年月日",
    "age": "年齢",
    "relation": "続柄",
    "residence": "居所",
    "admitted": "入院の日",
    "separated": "世帯分離",
    "from": "保護の初日",
    "to": "保護の末日",
    "starting": "要否判定",
    "assistance_since": "保護の開始日",
}
_WRITTEN: Final = (
    ("a text is needed", "文字で入力すること"),
    (r"a whole number of yen from (\S+) to (\S+) is needed", r"\1から\2までの円の整数を入力すること"),
    (r"a whole number from (\S+) to (\S+) is needed", r"\1から\2までの整数を入力すること"),
    ("square metres above 0 are needed", "0より大きい平方メートルの数を入力すること"),
    ("true or false is needed", "はい (true) か、いいえ (false) を入力すること"),
    ("a date YYYY-MM-DD is needed", "年-月-日の形の日付を入力すること"),
    ("there is no such day", "暦にない日である"),
    ("a month is written .*", "年-月の形の月を入力すること"),
    ("one of (.*) is needed", r"次のどれかを入力すること: \1"),
    ("a (household|member) is a JSON object", "世帯または世帯員として読めない"),
    ("is required", "入力されていない"),
    ("birth_date or age is required", "生年月日か年齢が入力されていない"),
    ("no such key", "決められた項目ではない"),
    (r"a list of 1 to (\d+) members is needed", r"1人から\1人までの世帯員を入力すること"),
    ("(another member|an earlier line) has the same id", "同じ番号がすでにある"),
    ("a second self", "世帯主が二人いる"),
    ("a second spouse", "配偶者が二人いる"),
    ("a second lone parent", "母子加算の親が二人いる"),
    ("the day of admission belongs to who is in hospital", "入院の者についてだけ入力すること"),
    ("not the name of a prefecture", "都道府県の名称ではない"),
    ("a municipality needs its prefecture", "市区町村の都道府県が入力されていない"),
    ("no municipality of this name in the prefecture", "この都道府県にこの名称の市区町村はない"),
    ("grade, or prefecture and municipality", "級地、または都道府県と市区町村が入力されていない"),
    ("the municipality has another grade", "市区町村の級地と違う"),
    ("nobody is left who counts in the household", "世帯に数える者がいない"),
    ("lies outside the month", "月の外の日である"),
    ("lies outside the month, or before from", "月の外の日か、初日より前の日である"),
    ("lies after the month", "月より後の日である"),
    ("lies after the first day assessed", "算定する初日より後の日である"),
    ("lies before the birth", "生まれる前の日である"),
    ("after the month, or over 130 years before", "月より後の日か、130年より前の日である"),
    ("what starts in this month was not going on before", "この月に開始する世帯なのに、月より前の日である"),
    ("winter or rent needs the prefecture", "家賃または冬季加算のために都道府県が要る"),
    ("a city of the prefecture has ceilings of its own.*", "家賃の限度額が市によって違うため市区町村が要る"),
    ("no ceiling is known for this place", "この場所の家賃の限度額を確かめていない"),
    ("the tables begin with .*", "この月の基準はない"),
    (r"line (\d+) is not UTF-8: it looks like (\S+); .*", r"\1行目は文字コードが \2 らしい。UTF-8 で保存すること"),
    (r"line (\d+) is not UTF-8", r"\1行目は文字コードが UTF-8 ではない"),
    (r"line (\d+) names '(.*)' twice", r"\1行目に同じ項目 (\2) が二つある"),
    (r"line (\d+) (is not JSON|has|holds) ?.*", r"\1行目は読めない"),
)


def refused_in_japanese(error: HouseholdError) -> str:
    """Whose household cannot be assessed, which entry is wrong, and why."""
    who = f"世帯 {error.household} " if error.household else "この行"
    return f"{who}は算定できない\n  ・{_place(error)}{_why(error.detail)}\n"


def _place(error: HouseholdError) -> str:
    """The label of the field, and of whom; a figure that is not known names itself."""
    if error.field is None or error.of_a_figure:
        return ""
    of_member = re.match(r"members\[(.*)\]\.?", error.field, re.DOTALL)
    member, key = (of_member[1], error.field[of_member.end() :]) if of_member else ("", error.field)
    return f"{_FIELDS.get(key, key or '世帯員')}{f' ({member})' if member else ''}: "


def _why(detail: str) -> str:
    for english, japanese in _WRITTEN:
        match = re.fullmatch(english, detail)
        if match:
            return match.expand(japanese)
    return detail
