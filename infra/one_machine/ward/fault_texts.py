"""What is wrong with a ward's files, in Japanese: the services name a fault in English, a clerk reads it here.

Only words are translated: whether something is a fault is decided by the code that the services read files with.
"""

import re
from typing import Final

WRITTEN: Final = (
    # the file, its header, its lines
    ("this file is missing", "このファイルがありません"),
    ("no file of this name is known", "決められたファイル名ではありません"),
    (
        r"not UTF-8.*",
        "文字コードが UTF-8 ではありません。Excel では「CSV UTF-8（コンマ区切り）」で保存してください",
    ),
    ("the file is empty; .*", "ファイルが空です。1行目に列の名前が要ります"),
    (
        r"(\d+) cells where the header names (\d+)",
        r"セルが \1 個あります（列は \2 個）。値の中のコンマは二重引用符で囲んでください",
    ),
    ("this column is missing", "この列がありません"),
    ("no column of this name is known", "決められた列の名前ではありません"),
    ("this column stands twice", "同じ列が二つあります"),
    ("not CSV: a line has more than .*", "行が長すぎます。二重引用符が閉じているか確かめてください"),
    ("not CSV: .*", "CSV として読めません。二重引用符が閉じているか確かめてください"),
    # one cell
    ("empty; (a value|a name) is needed", "空です。値が要ります"),
    (r"longer than (\d+) characters", r"\1 字を超えています"),
    (
        r"not (\d+) digits",
        r"\1 けたの数字ではありません。Excel が先頭の 0 を消すことがあります（列を「文字列」にしてください）",
    ),
    ("not whole yen: .*", "円の整数ではありません。コンマ、小数、「円」を付けず数字だけにしてください"),
    ("negative; .*", "負の数です。0 円以上にしてください"),
    ("a day as a number of Excel.*", "Excel の通し番号の日付です。YYYY-MM-DD の文字列にしてください"),
    ("not a date of the form .*", "日付が YYYY-MM-DD の形ではありません（例 1980-02-16。和暦や / は使えません）"),
    ("no such day in the calendar", "暦にない日です"),
    ("not 0 or 1", "0 か 1 ではありません"),
    (r"not one of (.*)", r"次のどれでもありません: \1"),
    (r"not square metres: .*", "平方メートルの数ではありません（小数は2けたまで）"),
    (r"not an id of staff: .*", "職員の ID ではありません（英数字と . _ @ - で 64 字まで）"),
    (r"外字 \((.*)\): .*", r"外字があります（\1）。標準の文字にしてください"),
    (r"the character (.*) cannot stand here", r"使えない文字があります（\1）"),
    ("a character that Unicode does not have .*", "Unicode にない文字があります"),
    ("blanks alone; .*", "空白だけです"),
    ("a voiced mark stands .*", "濁点・半濁点の前にかながありません"),
    (r"no bank takes the character (.*)", r"銀行のファイルに書けない文字があります（\1）"),
    # lines beside one another
    ("lies before the day in column from", "開始日より前の日です"),
    (r"this household stands in line (\d+) already", r"同じ世帯がすでに \1行目にあります"),
    ("no member of this household .*", "この世帯の世帯員が members.csv にいません"),
    ("no household of this number stands .*", "この番号の世帯が households.csv にありません"),
    (r"has more than (\d+) members", r"世帯員が \1 人を超えています"),
    (r"this person has another name .* line (\d+)", r"同じ宛名番号の人の氏名・フリガナ・外国人が \1行目と違います"),
    (r"this person stands in line (\d+) .*", r"同じ制度の同じ人がすでに \1行目にいます"),
    (r"stands on line (\d+) already", r"同じものがすでに \1行目にあります"),
    (
        r"the numbers from (\d+) to (\d+) are given by the desk alone",
        r"\1 から \2 までは、窓口で付けるケース番号です。ほかの番号にしてください",
    ),
    ("this number was given here, .*", "この仮の宛名番号は、登録簿でこの氏名・フリガナ・外国人の人に付いていません"),
    (
        r"this number was merged into another one: use (\d+)",
        r"この宛名番号は \1 に統合されました。\1 に直してください",
    ),
    ("this household is on record already", "この世帯はすでに登録されています"),
    ("this person is on record already .*", "この人はこの制度ですでに登録されています"),
    # corrections
    ("a correction has some hundred households .*", "訂正としては多すぎます。数百世帯までに分けてください"),
    ("no household of this number is on record for you", "この番号の世帯は、あなたの見られる範囲に登録されていません"),
    ("a member on record is not named", "登録されている世帯員が members.csv にいません（訂正は世帯の全員を書きます）"),
    ("a fact of it changed over time", "途中で変わった内容があるので、この行だけでは訂正できません"),
    ("this person is on record in another household", "この人は別の世帯に登録されています"),
    ("nothing differs from what is on record", "登録されている内容と違うところがありません"),
    # accounts
    ("empty; paying into an account .*", "空です。口座払いに要ります"),
    ("has a value although .*", "窓口払いなのに値があります"),
    ("empty; say why no account .*", "空です。口座がない理由が要ります"),
    ("there is no such bank", "この番号の銀行はありません（統廃合を確かめてください）"),
    ("there is no such branch", "この銀行にこの番号の支店はありません（統廃合を確かめてください）"),
    (
        r"the office's own account for (.*) is missing",
        r"\1 に口座払いがあるのに、その振込依頼人（事務所の口座）がありません。登録ずみの事務所では要りません",
    ),
    ("this case was determined under .*", "この世帯はもう一方の制度で決定されています"),
    # the rules of the law
    ("contradiction: a second self", "世帯主が二人います"),
    ("contradiction: a second spouse", "配偶者が二人います"),
    ("contradiction: a second lone parent", "母子加算の親が二人います"),
    ("contradiction: the municipality has another grade", "市区町村の級地と違います"),
    (".*: not the name of a prefecture", "都道府県の名称ではありません"),
    (".*: a municipality needs its prefecture", "市区町村には都道府県が要ります"),
    (".*: no municipality of this name .*", "この都道府県にこの名称の市区町村はありません"),
    (".*: grade, or prefecture and municipality", "級地、または都道府県と市区町村が要ります"),
    (".*: winter or rent needs the prefecture", "家賃または冬季加算のために都道府県が要ります"),
    (".*: a city of the prefecture has ceilings .*", "家賃の上限が市によって違うので、市区町村が要ります"),
    (".*: no ceiling is known .*", "この場所の家賃の上限が分かりません"),
    (".*: nobody is left who counts .*", "世帯に数える人がいません"),
    (".*: after the month, .*", "生年月日が、支給する月より後か、130年より前です"),
    (r".*: a list of 1 to (\d+) members is needed", r"世帯員は 1 人から \1 人までです"),
    (r".*: a whole number of yen from 0 to ([\d,]+) is needed", r"0 円から \1 円までの整数ではありません"),
    (".*: square metres above 0 are needed", "床面積は 0 より大きい数です"),
)
"""The rules: what is said in English, as a pattern, and what a clerk reads; the first that fits speaks."""
_TEXTS: Final = tuple((re.compile(english), japanese) for english, japanese in WRITTEN)


def in_japanese(problem: str) -> str:
    """Return what a fault says, in Japanese; a fault that nobody has translated stays as it is."""
    for pattern, text in _TEXTS:
        if match := pattern.fullmatch(problem):
            return match.expand(text)
    return problem
