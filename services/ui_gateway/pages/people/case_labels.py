"""The Japanese words for the codes of intake and of a household's circumstances."""

from typing import Final

from services.ui_gateway.clients.people import Hit
from services.ui_gateway.forms import typed_days

CHANNELS: Final = {"counter": "来所", "telephone": "電話", "visit": "訪問", "letter": "手紙", "online": "オンライン"}
MATTERS: Final = {
    "livelihood": "生活",
    "housing": "住まい",
    "medical": "医療",
    "care": "介護",
    "funeral": "葬祭",
    "other_law": "他法他施策",
    "other": "その他",
}
CONSULTATION_RESULTS: Final = {
    "continuing": "相談継続",
    "form_handed": "申請書交付",
    "applied": "申請受理",
    "advice": "助言のみ",
    "other_law": "他法他施策の案内",
}
CHANGES: Final = {"first": "新規", "continued": "続き", "correction": "訂正"}
APPLICATION_KINDS: Final = {"start": "開始", "change": "変更"}
GROUNDS: Final = {"application": "申請", "emergency": "急迫", "ex_officio": "職権"}
APPLICATION_FORMS: Final = {"written": "書面", "oral": "口頭", "mail": "郵送", "online": "オンライン"}
APPLIED_BY: Final = {
    "self": "要保護者",
    "liable_relative": "扶養義務者",
    "cohabiting_relative": "同居の親族",
    "office": "福祉事務所(職権)",
}
LEGAL_BASES: Final = {"act": "生活保護法", "administrative_measure": "行政措置(外国籍の人)"}
PAPERS: Final = {
    "form": "申請書",
    "assets": "資産申告書",
    "income": "収入申告書",
    "consent": "同意書",
    "identity": "本人確認書類",
    "lease": "賃貸借契約書",
    "passbook": "通帳",
    "payslip": "給与明細",
    "other": "その他",
}
DELAY_REASONS: Final = {
    "relatives": "扶養義務者の調査に日時を要する",
    "assets": "資産の調査に日時を要する",
    "income": "収入の調査に日時を要する",
    "absent": "本人の不在",
    "other": "その他(文章で説明)",
}
APPLICATION_STATES: Final = {"open": "決定待ち", "withdrawn": "取下げ"}
LIMITS: Final = {
    "open": "期限内",
    "near": "期限間近",
    "extended": "延長中(30日以内)",
    "reason_missing": "14日超過・理由なし",
    "over": "30日超過",
}
DETERMINATION_STATES: Final = {"proposed": "起案", "approved": "決裁済み", "lapsed": "失効"}
PAID_THROUGH: Final = {"bank": "口座振込", "cash": "窓口", "set_off": "充当", "internal": "庁内振替"}
TRANSFER_STATES: Final = {
    "approved": "決裁済み",
    "withdrawn": "取消し",
    "in_file": "振込データ作成済み",
    "at_desk": "窓口払い",
}
HITS: Final = {"resident": "世帯員", "consultation": "面接相談", "application": "申請"}
FACTS: Final = {"home": "住まいと費用", "person": "世帯員", "income": "収入", "charge": "担当"}
CIRCUMSTANCE_REASONS: Final = {
    "declaration": "申告",
    "application": "申請",
    "hand_over": "引継ぎ",
    "investigation": "調査",
    "certificate": "証明書",
    "enquiry": "照会の回答",
    "late_report": "届出遅れ",
    "mistake": "誤記",
    "moved_out": "転出",
    "death": "死亡",
    "separated_household": "世帯分離",
}
RESIDENT_REASONS: Final = {
    "outside_the_register": "住民登録外の人",
    "birth": "出生",
    "certificate": "証明書",
    "declaration": "本人の申出",
    "family_register": "戸籍",
    "mistake": "誤記",
}
SAME_SIGNS: Final = {
    "birth": "生年月日が同じ",
    "reading": "フリガナが同じ",
    "name": "氏名が同じ(旧字体・異体字は同じ字とみなす)",
    "other_name": "一方の旧姓・通称が、他方の氏名か旧姓・通称と同じ",
    "telephone": "電話番号が同じ",
    "address": "住所が同じ",
}
MERGE_STATES: Final = {
    "proposed": "決裁待ち",
    "approved": "決裁済み",
    "undone": "取消し済み",
    "withdrawn": "取下げ・差戻し",
}
DETAIL_FACTS: Final = {
    "address": "住所・居所",
    "contact": "連絡先",
    "certificate": "手帳・証",
    "work": "就労",
    "school": "就学",
}
DETAIL_KINDS: Final[dict[str, dict[str, str]]] = {
    "address": {"registered": "住民登録地", "living": "居住地", "mailing": "送付先", "facility": "施設・病院"},
    "contact": {
        "telephone": "電話",
        "mobile": "携帯電話",
        "mail": "メール",
        "emergency_contact": "緊急連絡先",
    },
    "certificate": {
        "physical_disability": "身体障害者手帳",
        "intellectual_disability": "療育手帳(愛の手帳)",
        "mental_disability": "精神障害者保健福祉手帳",
        "pension": "年金証書",
        "residence_card": "在留カード",
        "health_insurance": "健康保険",
        "long_term_care": "介護保険被保険者証",
    },
    "work": {
        "regular": "常用",
        "part_time": "パート",
        "daily": "日雇",
        "self_employed": "自営",
        "job_seeking": "求職中",
    },
    "school": {
        "nursery": "保育所・幼稚園",
        "primary": "小学校",
        "junior_high": "中学校",
        "high_school": "高等学校",
        "vocational": "専修学校",
        "university": "大学",
    },
}
CERTIFICATES: Final = DETAIL_KINDS["certificate"]
DETAIL_WORDS: Final = {kind: word for kinds in DETAIL_KINDS.values() for kind, word in kinds.items()}
NAME_KINDS: Final = {"former": "旧氏・旧姓", "alias": "通称", "other": "その他"}
CELLS: Final = {
    "prefecture": "都道府県",
    "municipality": "市区町村",
    "grade": "級地",
    "rent": "家賃",
    "floor_area": "床面積",
    "special_housing": "住宅扶助の特別基準",
    "winter_special": "冬季加算の特別基準",
    "care_cost": "介護の費用",
    "medical_cost": "医療の費用",
    "maternity_cost": "出産の費用",
    "occupational_cost": "生業の費用",
    "funeral_cost": "葬祭の費用",
    "birth_date": "生年月日",
    "relation": "続柄",
    "residence": "居所",
    "admitted": "入院した日",
    "school": "学校",
    "disability": "障害者加算",
    "severe_disability": "重度障害者加算",
    "care_by_family": "家族介護料",
    "care_by_others": "他人介護料",
    "maternity": "妊産婦加算",
    "home_patient": "在宅患者加算",
    "radiation": "放射線障害者加算",
    "care_premium": "介護保険料",
    "lone_parent": "母子加算",
    "spouse_support": "配偶者支援金",
    "separated": "世帯分離",
    "earned_income": "勤労収入",
    "necessary_expenses": "必要経費",
    "new_employment": "新規就労控除",
    "basic_pension": "老齢基礎年金",
    "pension": "その他の年金",
    "support_from_relatives": "仕送り",
    "other_income": "その他の収入",
    "occasional_income": "臨時的収入",
    "uncounted_income": "認定しない収入",
    "district": "地区",
    "caseworker": "担当現業員",
}
"""What a household's record calls each cell of a fact."""
CELL_CODES: Final = {
    "relation": {"self": "世帯主", "spouse": "配偶者", "child": "子", "other": "その他"},
    "residence": {
        "home": "居宅",
        "hospital": "病院",
        "care_home": "介護施設",
        "rescue_facility": "救護施設",
        "rehabilitation_facility": "更生施設",
        "free_low_cost_lodging": "無料低額宿泊所",
        "daily_life_support_housing": "日常生活支援住居施設",
    },
    "school": {"primary": "小学校", "junior_high": "中学校", "high_school": "高校"},
    "disability": {"a": "ア(1・2級)", "b": "イ(3級)"},
    "maternity": {"under_6_months": "妊娠6か月未満", "from_6_months": "妊娠6か月以上", "after_birth": "産後"},
    "radiation": {"current": "現に受療中", "former": "治ゆ"},
}
"""The words for the codes in a cell."""
KINDS: Final = {
    "livelihood": "生活扶助",
    "housing": "住宅扶助",
    "education": "教育扶助",
    "care": "介護扶助",
    "medical": "医療扶助",
    "maternity": "出産扶助",
    "occupational": "生業扶助",
    "funeral": "葬祭扶助",
    "spouse_support": "配偶者支援金",
}
NOTE_KINDS: Final = {
    "contact": "訪問・連絡",
    "policy": "援助方針",
    "conference": "ケース診断会議",
    "other": "その他の記録",
}
NOTE_CONTACTS: Final = {
    "visit": "訪問",
    "absent": "不在",
    "telephone": "電話",
    "counter": "来所",
    "document": "文書",
    "none": "なし(方針・会議など)",
}
TASK_KINDS: Final = {
    "promise": "約束",
    "follow_up": "確認・指導",
    "declaration_income": "収入申告書",
    "declaration_assets": "資産申告書",
    "certificate": "証明書",
    "enquiry": "照会",
    "other": "その他",
}
TASK_OUTCOMES: Final = {"done": "済み", "not_needed": "不要になった", "received": "申告書の受理"}
TASK_RHYTHMS: Final = {"monthly": "毎月", "quarterly": "3か月ごと", "yearly": "毎年"}
URGENCIES: Final = {"overdue": "期限超過", "today": "きょうまで", "soon": "14日以内", "later": "15日以上先"}


def who_it_is(hit: Hit) -> str:
    """What tells somebody who was found from others of the same name: reading, birth, and the record."""
    record = " ".join(f"ケース {case.case_no}" for case in hit.cases) or f"{HITS[hit.kind]} {hit.no}"
    birth = typed_days.as_typed(typed_days.from_json(hit.birth)) if hit.birth else ""
    return " ".join(filter(None, (hit.kana, birth, record)))
