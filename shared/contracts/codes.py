"""Codes that services publish and answer with: states, kinds, reasons. Each has one name, so that none is misspelt.

A code that was published once stays: the log of many years has it.
"""

from typing import Annotated, Literal

from pydantic import Field

OfficeCode = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
"""A code of the office's own list, which the code base does not have."""
Stream = Literal["facts", "looks"]
"""A stream of a producer: business facts; and for the log alone what was seen, printed, exported and refused."""
RefusalReason = Literal[
    "",
    "no_token",
    "too_long",
    "form",
    "kind",
    "signature",
    "claims",
    "issuer",
    "audience",
    "not_yet",
    "expired",
    "scope",
    "shielded",
    "barred",
    "case_management",
    "support_benefits",
    "emergencies",
]
"""Why a request was refused: what is wrong with the token; out of scope, 支援措置, 親族等, or refused by that deciding
service; too many 緊急閲覧. Empty where the problem says it.
"""
KeptName = Literal[
    "looks",
    "facts",
    "events",
    "answers",
    "parked",
    "break_glass",
    "sessions",
    "backups",
    "case_records",
    "bank_files",
    "traces",
]
"""What is kept for a period (保存期間): `contracts/retention.py` says how long."""

CircumstanceReason = Literal[
    "declaration",
    "application",
    "hand_over",
    "investigation",
    "certificate",
    "enquiry",
    "late_report",
    "mistake",
    "moved_out",
    "death",
    "separated_household",
]
"""From where the office knows a fact, or why it corrects one: 申告, 申請, 引継ぎ, 調査, 証明書, 照会の回答, 届出遅れ,
誤記; why a member leaves: 転出, 死亡, 世帯分離."""

ResidentReason = Literal["outside_the_register", "birth", "certificate", "declaration", "family_register", "mistake"]
"""Why somebody is entered into the register by hand: 住登外, 出生, 証明書, 本人の申出, 戸籍, 誤記."""
NameKind = Literal["former", "alias", "other"]
"""What a further name of a person is: 旧氏・旧姓, 通称, その他."""
SameSign = Literal["birth", "reading", "name", "other_name", "telephone", "address"]
"""By which signs two numbers may be one person (名寄せ): 生年月日, フリガナ, 氏名, 旧姓・通称, 電話番号, 住所."""
MergeState = Literal["proposed", "approved", "undone", "withdrawn"]
"""How far a merge (名寄せ) is: 決裁待ち, 統合中, 取消済, 取下げ・差戻し."""
DetailFact = Literal["address", "contact", "certificate", "work", "school"]
"""What is known of a person beside what the rules need: 住所・居所, 連絡先, 手帳・証, 就労, 就学."""
DetailKind = Literal[
    "registered",
    "living",
    "mailing",
    "facility",
    "telephone",
    "mobile",
    "mail",
    "emergency_contact",
    "physical_disability",
    "intellectual_disability",
    "mental_disability",
    "pension",
    "residence_card",
    "health_insurance",
    "long_term_care",
    "regular",
    "part_time",
    "daily",
    "self_employed",
    "job_seeking",
    "nursery",
    "primary",
    "junior_high",
    "high_school",
    "vocational",
    "university",
]
"""Of which kind: 住民登録地, 居住地, 送付先, 施設・病院; 電話, 携帯電話, メール, 緊急連絡先; 身体障害者手帳, 療育手帳,
精神障害者保健福祉手帳, 年金証書, 在留カード, 健康保険, 介護保険; 常用, パート, 日雇, 自営, 求職中; 保育所・幼稚園,
小学校, 中学校, 高等学校, 専修学校, 大学.
"""
ActReason = Literal["monthly", "standard_revision", "winter", "year_end"]
"""Why the office is determined as one act (一括決定): 毎月, 基準改定, 冬季加算, 期末一時扶助."""
ActState = Literal["drafting", "proposed", "approving", "approved", "failed", "withdrawn"]
"""How far such an act is."""
DeterminationState = Literal["proposed", "approved", "lapsed"]
"""How far one determination (決定) is; ``lapsed``: its act is over without it."""
GivenUp = Literal["cases_missing"]
"""Why a service gives its own act up: somebody on assistance has no outcome, or nobody is determined."""
ImportKind = Literal["ward", "correction"]
"""What an import (取込) holds: a ward's cases, or a correction (訂正) of some that are on record."""
ImportState = Literal["proposed", "approving", "approved", "failed", "withdrawn"]
"""How far an import is."""
FaultKind = Literal["form", "unfit", "on_record", "rules", "bank", "sender"]
"""What is wrong with a line of an import: its form, what it says beside other lines, what is on record, what the rules
cannot determine, no such bank, no account of the office.
"""
ProposalState = Literal["proposed", "approved"]
"""How far a proposal is that one other person decides."""
RestrictionKind = Literal["shielded", "barred"]
"""支援措置, 親族等."""
TakenBack = Literal["mistake", "facts_changed", "returned"]
"""Why a proposal is taken back by its proposer (取下げ), or ``returned`` by another person (差戻し)."""

RunKind = Literal["regular", "extra"]
"""regular: 定例, one a month; extra: 随時."""
RunState = Literal["opened", "ordering", "proposed", "approved", "accepted", "files_made", "withdrawn"]
"""Each follows the one before; an order withdrawn sends a run that nobody has accepted back to ``ordering``.

``withdrawn`` (取下げ) ends a run that nobody has approved, or that nobody accepted before its payment date passed.
"""
NotedStanding = Literal["as_stored", "altered", "missing", "taken"]
"""How a bank file was found in the treasurer's folder; taken: gone, and the treasurer has it (受領済)."""
FileStanding = Literal["waiting", "stuck", "as_stored", "altered", "missing", "taken"]
"""The same as it is shown; waiting: not handed over yet; stuck: that failed several times."""
EntitlementState = Literal["entitled", "held"]
"""held: another case covers the same person, need and day; ordered by nobody."""
Channel = Literal["bank", "cash", "set_off", "internal"]
"""By which way a transfer is paid: 口座, 窓口, 充当, 庁内."""
TransferState = Literal["approved", "withdrawn", "in_file", "at_desk"]
AccountImportState = Literal["proposed", "approved", "withdrawn"]
DeskReason = Literal["none", "cash", "closed"]
"""Why a case is paid at the cash desk: 口座の登録なし, 窓口払いの登録, 銀行・支店の廃止."""

ContactChannel = Literal["counter", "telephone", "visit", "letter", "online"]
"""How somebody came: 来所, 電話, 訪問, 手紙, オンライン."""
ConsultationMatter = Literal["livelihood", "housing", "medical", "care", "funeral", "other_law", "other"]
"""What a consultation (面接相談) is about: 生活, 住まい, 医療, 介護, 葬祭, 他法他施策, その他."""
ConsultationResult = Literal["continuing", "advice", "other_law", "form_handed", "applied"]
"""What came of it: 相談継続, 助言のみ, 他法他施策の案内, 申請書交付, 申請受理."""
EntryChange = Literal["first", "continued", "correction"]
"""Why an entry of a record follows another one: 新規, 続き, 訂正."""
NoteKind = Literal["contact", "policy", "conference", "other"]
"""What a case note (ケース記録) is: 訪問・連絡, 援助方針, ケース診断会議, その他."""
NoteContact = Literal["visit", "absent", "telephone", "counter", "document", "none"]
"""By which contact: 訪問, 不在, 電話, 来所, 文書, なし; `visit` alone counts as a visit."""
TaskKind = Literal[
    "promise", "follow_up", "declaration_income", "declaration_assets", "certificate", "enquiry", "other"
]
"""What is to be done in a case: 約束, 確認・指導, 収入申告書, 資産申告書, 証明書, 照会, その他."""
TaskOutcome = Literal["done", "not_needed", "received"]
"""How it ended: 済み, 不要になった, 申告書の受理."""
TaskRhythm = Literal["monthly", "quarterly", "yearly"]
"""How often a declaration is due again: 毎月, 3か月ごと, 毎年."""
ApplicationKind = Literal["start", "change"]
"""What is applied for: 開始, 変更."""
StartGround = Literal["application", "emergency", "ex_officio"]
"""On whose act: 申請 (法7条), 急迫 (法7条ただし書), 職権 (法25条)."""
ApplicationForm = Literal["written", "oral", "mail", "online"]
"""In which form: 書面, 口頭, 郵送, オンライン."""
AppliedBy = Literal["self", "liable_relative", "cohabiting_relative", "office"]
"""Who applied (法7条): 要保護者, 扶養義務者, 同居の親族; the office itself where it acts ex officio."""
LegalBasis = Literal["act", "administrative_measure"]
"""By what: 生活保護法, or 行政措置 for foreign residents (昭和29年5月8日社発第382号)."""
Paper = Literal["form", "assets", "income", "consent", "identity", "lease", "passbook", "payslip", "other"]
"""Papers that are missing: 申請書, 資産申告書, 収入申告書, 同意書, 本人確認, 賃貸借契約書, 通帳, 給与明細, その他."""
DelayReason = Literal["relatives", "assets", "income", "absent", "other"]
"""Why a decision takes more than 14 days (法24条5項ただし書): the investigation of relatives, assets or income
(扶養義務者, 資産, 収入の調査), 本人の不在, その他.
"""
ApplicationState = Literal["open", "withdrawn"]
"""How far an application is; deciding on it comes with the determination of a case."""

InvestigationAddressee = Literal[
    "bank",
    "insurer",
    "pension_service",
    "tax",
    "employer",
    "relatives_employer",
    "other_office",
    "family_register",
    "land_registry",
    "vehicle_registry",
    "landlord",
    "doctor",
    "other",
]
"""Whom the office asks (法29条1項; ``doctor``: 検診命令, 法28条1項): 金融機関, 保険会社, 年金事務所, 税務, 勤務先,
扶養義務者の勤務先, 他の福祉事務所, 戸籍, 登記, 自動車登録, 家主, 医師, その他."""
ConsentForm = Literal["held", "missing", "not_needed"]
"""How it is with the consent (同意書) on which a request rests: 受領済, 同意なし, 不要."""
InvestigationEntryKind = Literal["reminded", "answered", "closed"]
"""What came after an investigation request: 督促, 回答, 終結."""
InvestigationClosing = Literal["no_answer", "refused", "no_record", "not_needed", "mistake"]
"""Why it is closed without an answer: 回答なし, 回答拒否, 該当なし, 調査不要, 誤記."""

RelativeRelation = Literal["spouse", "parent", "child", "sibling", "other_lineal", "within_third_degree"]
"""Who is liable for support (扶養義務者): 配偶者 (民法752条); 父母, 子, 兄弟姉妹, ほかの直系血族 (877条1項);
3親等内の親族 where a family court said so (877条2項)."""
EnquiryExclusion = Literal[
    "violence",
    "abuse",
    "no_contact",
    "estranged",
    "debts",
    "inheritance_dispute",
    "on_assistance",
    "in_institution",
    "long_term_inpatient",
    "not_earning",
    "minor",
    "about_70_or_older",
    "other",
]
"""Why a relative is not written to (扶養義務履行が期待できない者; 令和3年2月26日事務連絡,
令和3年3月30日社援保発0330第2号): 暴力, 虐待; 10年程度の音信不通, 縁を切られている, 借金, 相続の対立; 生活保護受給中,
施設入所, 長期入院, 主たる生計維持者ではない非稼働者, 未成年, おおむね70歳以上; その他."""
RelativeOutcome = Literal["money", "in_kind", "refuses", "no_answer"]
"""What a relative answered (扶養届): 金銭の援助, 物の援助, 援助できない; 回答なし."""

Proves = Literal["case", "circumstance", "application", "investigation", "consent", "relative", "note"]
"""What a document (添付) is of: 世帯, 事実, 申請, 調査, 同意書, 扶養義務者, ケース記録."""
DocumentType = Literal["application/pdf", "image/png", "image/jpeg", "image/tiff"]
"""What a document is by its content."""
DocumentWithdrawal = Literal["misfiled", "unreadable", "replaced"]
"""Why a document is withdrawn: 誤添付, 判読不能, 差替え."""

DeletionKind = Literal["looks", "facts"]
"""Which stream's openings of the log are deleted."""
ReviewRule = Literal[
    "break_glass", "own_family", "shielded_refused", "shielded", "often_refused", "night", "closed_day", "many"
]
"""Why a look is unusual (点検): 緊急閲覧, 本人・親族, 支援措置(拒否), 支援措置, 拒否の繰返し, 夜間, 閉庁日, 多数."""
ReviewOutcome = Literal["justified", "ask_superior", "violation"]
"""What an unusual look was: 正当な業務, 上司に照会, 違反の疑い."""
SessionEnd = Literal["person", "new_login", "idle", "age", "provider", "provider_logout"]
"""What ended a session of the staff: the person, their next login, idleness, its age, the identity provider."""
ListName = Literal[
    "consultations",
    "applications",
    "cases",
    "caseload",
    "tasks_due",
    "notes_unsigned",
    "upcoming",
    "applications_open",
    "investigations_due",
    "investigations",
    "relatives",
    "case_looks",
    "case_notes",
    "case_tasks",
    "consultations_recent",
]
"""Lists of the pages that are exported: 面接受付簿, 申請書受理簿, ケース番号登載簿, 索引簿; 期限の近い予定・約束,
確認を待つケース記録, 有効期限と年齢の到達, 決定を待つ申請, 期限の近い調査; 調査, 扶養義務者, 閲覧した人,
ケース記録, 予定・約束 of a household; この2週間の相談."""
ExportFormat = Literal["json", "csv"]
