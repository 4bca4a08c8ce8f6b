"""The columns of a ward's files in Japanese, for who fills them in: what a column is, and how a cell is written."""

from collections.abc import Mapping
from typing import Final

_CODE8: Final = "8けたの数字（先頭の0を残す）"
_YEN: Final = "円（月額）。数字だけ、コンマなし。なければ空"
_FLAG: Final = "1（はい）か 0（いいえ）。空は 0"
_DAY: Final = "YYYY-MM-DD（例 1980-02-16）"
_PROGRAMME: Final = "public_assistance（生活保護）か support_benefit（支援給付）"
_RESIDENCES: Final = (
    "home（居宅）、hospital（1か月を超える入院）、care_home（介護施設）、rescue_facility（救護施設）、"
    "rehabilitation_facility（更生施設）、free_low_cost_lodging（無料低額宿泊所）、"
    "daily_life_support_housing（日常生活支援住居施設）"
)
_ACCOUNT_TYPE: Final = "1（普通）、2（当座）、4（貯蓄）、9（その他）"

COLUMN_TEXTS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "households.csv": {
        "case_no": ("ケース番号", _CODE8),
        "programme": ("制度", _PROGRAMME),
        "prefecture": ("都道府県", "例 東京都"),
        "municipality": ("市区町村", "正式な名称。例 新宿区"),
        "grade": ("級地", "1級地-1 から 3級地-2。市区町村があれば空でよい"),
        "rent": ("家賃", _YEN),
        "floor_area": ("床面積", "平方メートル。小数は2けたまで"),
        "special_housing": ("住宅扶助の特別基準", _FLAG),
        "from": ("保護の開始日", f"{_DAY}。空は記録の前から"),
        "to": ("保護の終了日", f"{_DAY}。空は継続中"),
        "district": ("地区", "2けたの数字（例 07）"),
        "caseworker": ("担当現業員", "職員の ID"),
    },
    "members.csv": {
        "case_no": ("ケース番号", f"{_CODE8}。households.csv と同じ"),
        "person_no": ("宛名番号", "10けたの数字（先頭の0を残す）。個人番号は書かない"),
        "name": ("氏名", "100字まで"),
        "kana": ("フリガナ", "かな、またはローマ字。100字まで"),
        "foreign": ("外国人", _FLAG),
        "birth_date": ("生年月日", _DAY),
        "relation": ("続柄", "self（世帯主）、spouse（配偶者）、child（子）、other（その他）"),
        "residence": ("居所", f"{_RESIDENCES}。空は home"),
        "school": ("学校", "primary（小学校）、junior_high（中学校）、high_school（高校）。なければ空"),
        "disability": ("障害者加算", "a（ア）か b（イ）。なければ空"),
        "maternity": (
            "妊産婦加算",
            "under_6_months、from_6_months、after_birth（産後）。なければ空",
        ),
        "home_patient": ("在宅患者加算", _FLAG),
        "radiation": ("放射線障害者加算", "current（現に受療中）か former（治ゆ）。なければ空"),
        "care_premium": ("介護保険料", _YEN),
        "lone_parent": ("母子加算", _FLAG),
        "earned_income": ("勤労収入", _YEN),
        "necessary_expenses": ("必要経費", _YEN),
        "new_employment": ("新規就労控除", _FLAG),
        "basic_pension": ("老齢基礎年金", _YEN),
        "pension": ("その他の年金", _YEN),
        "support_from_relatives": ("仕送り", _YEN),
        "other_income": ("その他の収入", _YEN),
    },
    "accounts.csv": {
        "case_no": ("ケース番号", f"{_CODE8}。households.csv と同じ"),
        "programme": ("制度", _PROGRAMME),
        "method": ("支払方法", "bank（口座）か cash（窓口）"),
        "bank_code": ("銀行コード", "4けたの数字。口座払いに必要"),
        "branch_code": ("支店コード", "3けたの数字。口座払いに必要"),
        "account_type": ("預金種目", f"{_ACCOUNT_TYPE}。口座払いに必要"),
        "account_number": ("口座番号", "7けたの数字（先頭の0を残す）。口座払いに必要"),
        "holder_kana": ("口座名義（カナ）", "銀行に届けたとおり。口座払いに必要"),
        "reason_no_account": ("口座がない理由", "例 no_account。窓口払いに必要"),
    },
    "sender.csv": {
        "programme": ("制度", _PROGRAMME),
        "sender_code": ("委託者コード", "10けたの数字"),
        "sender_name": ("委託者名", "100字まで"),
        "bank_code": ("仕向銀行コード", "4けたの数字"),
        "branch_code": ("仕向支店コード", "3けたの数字"),
        "account_type": ("預金種目", _ACCOUNT_TYPE),
        "account_number": ("口座番号", "7けたの数字"),
    },
}
"""File → column → its name in Japanese, and how its cells are written."""
_PLACES: Final = {"column": "列目", "byte": "バイト目"}


def column_title(file: str, column: str) -> str:
    """Return a column as people read it, "birth_date（生年月日）"; what is no column stays as it is."""
    texts = COLUMN_TEXTS.get(file, {}).get(column)
    if texts:
        return f"{column}（{texts[0]}）"
    kind, _, number = column.partition(" ")
    return f"{number}{_PLACES[kind]}" if kind in _PLACES else column
