"""The kinds of lines: Japanese title, place in the law, and the need (扶助) that each belongs to."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Need: TypeAlias = Literal["livelihood", "housing", "education", "occupational", "spouse_support", "income", "result"]

NEEDS_IN_ORDER = ("livelihood", "housing", "education", "occupational")
"""The order in which income is charged (次官通知 第10): 生活, 住宅, 教育 and 高校等就学費."""


@dataclass(frozen=True)
class Kind:
    """A line kind. `prorated`: part of the daily proration at start and end."""

    name: str
    title: str
    basis: str
    need: Need
    prorated: bool = True


_BODY = "告示別表第1 第1章 1(1)"
_FACILITY = "告示別表第1 第1章 2"
_ADDITION = "告示別表第1 第2章 "
_DEDUCTION = "次官通知 第8-3-(4)"
_INCOME = "次官通知 第8-3-"

KINDS = {
    kind.name: kind
    for kind in (
        Kind("livelihood.class1", "第1類", _BODY + "ア", "livelihood"),
        Kind("livelihood.class2", "第2類", _BODY + "イ", "livelihood"),
        Kind("livelihood.base1", "第1類・第2類 (算式①×0.855)", _BODY, "livelihood"),
        Kind("livelihood.base2", "第1類・第2類 (算式②)", _BODY, "livelihood"),
        Kind("livelihood.special", "特例加算", "告示別表第1 第1章 4", "livelihood"),
        Kind("livelihood.transitional", "経過的加算", "告示別表第1 第1章 1(2)ア", "livelihood"),
        Kind("livelihood.winter", "冬季加算", _BODY + "イ", "livelihood"),
        Kind("livelihood.hospital", "入院患者日用品費", "告示別表第1 第3章 1", "livelihood"),
        Kind("livelihood.care_home", "介護施設入所者基本生活費", "告示別表第1 第3章 2", "livelihood"),
        Kind("livelihood.facility", "救護施設等・更生施設等の基準生活費", _FACILITY + "(1)ア", "livelihood"),
        Kind("livelihood.facility_winter", "地区別冬季加算 (救護施設等)", _FACILITY + "(1)イ", "livelihood"),
        Kind(
            "livelihood.facility_year_end",
            "期末一時扶助 (救護施設等)",
            _FACILITY + "(2)ア",
            "livelihood",
            prorated=False,
        ),
        Kind("livelihood.year_end", "期末一時扶助", "告示別表第1 第1章 1(2)ア", "livelihood", prorated=False),
        Kind("addition.maternity", "妊産婦加算", _ADDITION + "1", "livelihood"),
        Kind("addition.disability", "障害者加算", _ADDITION + "2", "livelihood"),
        Kind("addition.severe_disability", "重度障害者加算", _ADDITION + "2(3)", "livelihood"),
        Kind("addition.care_by_family", "重度障害者家族介護料", _ADDITION + "2", "livelihood"),
        Kind("addition.care_by_others", "重度障害者他人介護料", _ADDITION + "2", "livelihood"),
        Kind("addition.care_facility", "介護施設入所者加算", _ADDITION + "3", "livelihood"),
        Kind("addition.home_patient", "在宅患者加算", _ADDITION + "4", "livelihood"),
        Kind("addition.radiation", "放射線障害者加算", _ADDITION + "5", "livelihood"),
        Kind("addition.child_rearing", "児童養育加算", _ADDITION + "6", "livelihood"),
        Kind("addition.child_rearing_transitional", "児童養育に係る経過的加算", _ADDITION + "6", "livelihood"),
        Kind("addition.care_premium", "介護保険料加算", _ADDITION + "7", "livelihood", prorated=False),
        Kind("addition.lone_parent", "母子加算", _ADDITION + "8", "livelihood"),
        Kind("addition.lone_parent_transitional", "母子世帯等に係る経過的加算", _ADDITION + "8", "livelihood"),
        Kind("livelihood.proration", "日割", "別冊問答集 問7-13", "livelihood", prorated=False),
        Kind("housing.rent", "住宅扶助", "告示別表第3; 社援発0414第9号", "housing"),
        Kind("education.base", "教育扶助 基準額", "告示別表第2", "education"),
        Kind("occupational.high_school", "高等学校等就学費 基本額", "告示別表第7", "occupational"),
        Kind("income.earned", "就労収入", _INCOME + "(1)", "income"),
        Kind("deduction.basic", "基礎控除", _DEDUCTION, "income"),
        Kind("deduction.new_employment", "新規就労控除", _DEDUCTION, "income"),
        Kind("deduction.under_20", "20歳未満控除", _DEDUCTION, "income"),
        Kind("income.pension", "年金", _INCOME + "(2)", "income"),
        Kind("deduction.full_basic_pension", "老齢基礎年金の除外 (支援給付)", "支援給付の実施要領", "income"),
        Kind("deduction.expenses", "実費控除", _INCOME + "(1), (2)", "income"),
        Kind("deduction.support_share", "3割の控除 (支援給付)", "支援給付の実施要領", "income"),
        Kind("income.relatives", "仕送り", _INCOME + "(2)", "income"),
        Kind("income.other", "その他の収入", _INCOME + "(2)", "income"),
        Kind("income.occasional", "臨時的収入", _INCOME + "(2)-エ-(イ)", "income"),
        Kind("deduction.occasional", "臨時的収入の控除", _INCOME + "(2)-エ-(イ)", "income"),
        Kind("income.uncounted", "認定しない収入", _INCOME + "(3)", "income"),
        Kind("deduction.uncounted", "収入として認定しない", _INCOME + "(3)", "income"),
        Kind("floor", "収入が最低生活費を超える額", "生活保護法 第8条", "result"),
        Kind("start_test", "要否判定により否", "次官通知 第10", "result"),
        Kind("spouse_support", "配偶者支援金", "平成6年法律第30号 第15条", "spouse_support"),
    )
}
"""In the order in which lines are written: every deduction behind all income that it may be of."""
