"""The Japanese words for the codes of investigations, relatives and documents."""

from typing import Final

ADDRESSEES: Final = {
    "bank": "金融機関",
    "insurer": "保険会社",
    "pension_service": "年金事務所",
    "tax": "税務",
    "employer": "勤務先",
    "relatives_employer": "扶養義務者の勤務先",
    "other_office": "他の福祉事務所",
    "family_register": "戸籍",
    "land_registry": "登記所",
    "vehicle_registry": "自動車の登録",
    "landlord": "家主",
    "doctor": "医師(検診命令)",
    "other": "その他",
}
CONSENTS: Final = {"held": "受領済み", "missing": "同意なし", "not_needed": "不要"}
INVESTIGATION_ENTRIES: Final = {"reminded": "督促", "answered": "回答", "closed": "終結"}
INVESTIGATION_CLOSINGS: Final = {
    "no_answer": "回答なし",
    "refused": "回答拒否",
    "no_record": "該当なし",
    "not_needed": "調査不要",
    "mistake": "誤記",
}
INVESTIGATION_STATES: Final = {
    "overdue": "期限超過",
    "near": "期限間近",
    "waiting": "回答待ち",
    "answered": "回答済み",
    "closed": "終結",
}
RELATIVE_RELATIONS: Final = {
    "spouse": "配偶者",
    "parent": "父母",
    "child": "子",
    "sibling": "兄弟姉妹",
    "other_lineal": "ほかの直系血族",
    "within_third_degree": "3親等内の親族(家庭裁判所の審判)",
}
ENQUIRY_EXCLUSIONS: Final = {
    "violence": "暴力",
    "abuse": "虐待",
    "no_contact": "10年程度の音信不通",
    "estranged": "縁を切られている",
    "debts": "借金を重ねている",
    "inheritance_dispute": "相続をめぐる対立",
    "on_assistance": "生活保護を受けている",
    "in_institution": "社会福祉施設に入所している",
    "long_term_inpatient": "長期入院している",
    "not_earning": "主たる生計維持者でない非稼働者",
    "minor": "未成年",
    "about_70_or_older": "おおむね70歳以上",
    "other": "その他(文章で説明)",
}
ENQUIRY_STATES: Final = {
    "open": "検討前",
    "proposed": "決裁待ち",
    "returned": "差戻し",
    "excluded": "照会しない",
    "approved": "照会できる",
    "sent": "照会中",
    "overdue": "回答期限超過",
    "answered": "回答済み",
}
RELATIVE_OUTCOMES: Final = {
    "money": "金銭の援助",
    "in_kind": "物の援助",
    "refuses": "援助できない",
    "no_answer": "回答なし",
}
PROVEN: Final = {
    "case": "世帯",
    "circumstance": "事実",
    "application": "申請",
    "investigation": "調査",
    "consent": "同意書",
    "relative": "扶養義務者",
    "note": "ケース記録",
}
DOCUMENT_TYPES: Final = {
    "application/pdf": "PDF",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/tiff": "TIFF",
}
DOCUMENT_WITHDRAWALS: Final = {"misfiled": "誤添付", "unreadable": "判読できない", "replaced": "差替え"}
