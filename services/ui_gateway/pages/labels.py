"""What the staff reads: the Japanese words for codes, amounts, dates in 和暦 with the western year beside them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from flask import Blueprint, g, request
from markupsafe import Markup

from services.ui_gateway.forms import typed_days
from services.ui_gateway.pages.investigations import investigation_labels as of_investigations
from services.ui_gateway.pages.people import case_labels as of_people
from services.ui_gateway.routing.permission_labels import ROLES, not_permitted
from services.ui_gateway.staff_names import staff_in_words
from shared.money_and_time.eras import format_era, format_era_month
from shared.money_and_time.months import first_day
from shared.service_kit.clock import TOKYO

_KEPT: Final = 4_096
"""Days and months that stay written out: a page shows the same ones again and again."""
SERVICES: Final = {
    "case_management": "生活保護",
    "support_benefits": "支援給付",
    "payments": "支給・経理",
    "audit_logging": "監査記録",
    "ui_gateway": "画面",
}
PROGRAMMES: Final = {"public_assistance": "生活保護", "support_benefit": "支援給付"}
WHOSE: Final = {
    "determination.propose": "現業員",
    "determination.approve": "保護課長",
    "run.open": "経理担当",
    "run.approve": "経理係長",
    "disbursement.accept": "会計管理者",
}
REASONS: Final = {
    "monthly": "毎月の決定",
    "standard_revision": "基準改定",
    "winter": "冬季加算",
    "year_end": "期末一時扶助",
}
EMERGENCIES: Final = {
    "danger_to_life": "生命の危険",
    "life_and_body": "身体の保護",
    "abuse": "虐待",
    "disaster": "災害",
    "caseworker_away": "担当員の不在",
}
RUN_KINDS: Final = {"regular": "定例", "extra": "随時"}
COLLECTIVE_STATES: Final = {
    "none": "未起案",
    "drafting": "計算中",
    "proposed": "決裁待ち",
    "approving": "決裁処理中",
    "approved": "決裁済み",
    "withdrawn": "取下げ済み",
    "failed": "停止(要確認)",
    "hidden": "表示する権限がありません",
    "unknown": "いま確認できません",
}
RUN_STATES: Final = {
    "opened": "締切待ち",
    "ordering": "支払決定中",
    "proposed": "決裁待ち",
    "approved": "支出命令待ち",
    "accepted": "振込ファイル作成中",
    "files_made": "振込ファイル作成済み",
    "withdrawn": "取下げ済み",
}
STEP_STATES: Final = {
    "done": "済み",
    "ready": "着手できます",
    "running": "処理中",
    "waiting": "前の手続き待ち",
    "nobody": "受給中の世帯なし(世帯の取込待ち)",
    "hidden": "表示する権限がありません",
    "unknown": "いま確認できません",
}
LOOKED_FOR: Final = {
    "casework": "ケースワーク",
    "enquiry": "問合せ",
    "complaint": "苦情・開示請求",
    "investigation": "調査",
    "determination": "決定",
    "notice": "通知",
    "payments": "支払",
    "disbursement": "支出",
    "review": "点検・監査",
    "operation": "運用",
}
PURPOSES: Final = {code: LOOKED_FOR[code] for code in ("complaint", "review", "investigation")}
OUTCOMES: Final = {"justified": "正当な業務", "ask_superior": "上司に照会", "violation": "違反の疑い"}
SEEN: Final = {
    "case": "ケースの記録",
    "overview": "世帯の全体",
    "household": "世帯の全体（ケース記録・約束・予定・同意書とも）",
    "circumstances": "世帯の状況の履歴",
    "cases": "ケース番号登載簿",
    "caseload": "担当ケースの一覧",
    "notes": "ケース記録",
    "tasks": "約束・予定",
    "upcoming": "有効期限と年齢の到達",
    "resident": "宛名の登録",
    "same_person": "同じ人かもしれない番号",
    "merges": "名寄せ",
    "person_details": "本人情報",
    "protected_detail": "秘匿された住所・連絡先",
    "search": "検索",
    "consultation": "面接相談",
    "consultations": "面接受付簿",
    "application": "申請",
    "applications": "申請の一覧",
    "determinations": "決定",
    "case_payments": "支給の状況",
    "access": "担当・制限の確認",
    "restrictions": "閲覧制限",
    "investigations": "調査",
    "consents": "同意書",
    "relatives": "扶養義務者",
    "enquiry_letter": "扶養照会書",
    "attachments": "添付の一覧",
    "attachment": "添付",
    "investigations_due": "期限の近い調査",
    "log_search": "監査記録の検索",
    "log_looks": "閲覧の記録",
    "log_export": "閲覧の記録の書出し",
    "case_looks": "閲覧した人",
    "findings": "点検の一覧",
    "finding": "点検項目",
    "bank_file": "振込ファイル",
    "cash_desk": "窓口払いの世帯",
    "undetermined": "決定できない世帯",
    "parked": "滞留している処理",
    "emergencies": "緊急閲覧の一覧",
    "emergency": "緊急閲覧",
    "log_entry": "監査の記録",
    "holds": "保存期間の延長",
}
FILE_STANDINGS: Final = {
    "waiting": "書き出し待ち",
    "stuck": "書き出せません(運用担当に連絡)",
    "as_stored": "保管した内容のとおり",
    "altered": "内容が変わっています",
    "missing": "フォルダーにありません",
    "taken": "受領済み",
}
WHY: Final = {
    "disk-full": "ディスクがいっぱいです",
    "folder-read-only": "フォルダーに書き込めません",
    "folder-leads-elsewhere": "フォルダーが別の場所につながっています",
    "other-file-in-its-place": "同じ名前の別のファイルがフォルダーにあります",
    "not-read-back-as-written": "書いた内容を、そのとおりに読み返せません",
    "overtaken-by-another-worker": "別の処理が先に進めました",
    "determination-malformed": "届いた決定の形が正しくありません",
    "programme-of-another-producer": "別の制度の決定が届きました",
    "case-of-another-programme": "別の制度のケースの決定が届きました",
    "proposer-approved": "起案した人が決裁した決定です",
    "yen-below-zero": "金額が0円を下回る決定です",
    "cover-ends-before-it-begins": "受給の期間が、始まる前に終わっています",
    "replaces-what-does-not-count": "置き換える元の決定が有効ではありません",
    "restriction-malformed": "届いた閲覧制限の形が正しくありません",
    "ended its worker": "処理の途中でプロセスが終わりました",
}
"""Why something stands still; what is in no list of ours is a class and a place, for whoever looks into the logs."""
DESK_REASONS: Final = {"none": "口座の登録なし", "cash": "窓口払いの登録", "closed": "銀行・支店の廃止"}
PAID_BY: Final = {"bank": "口座", "cash": "窓口"}
WITHDRAWALS: Final = {"mistake": "誤り", "facts_changed": "事実の変更", "returned": "差戻し"}
TAKEN_BACK: Final = {False: "取り下げました", True: "差し戻しました"}
"""What was done to a proposal, by whether another person did it (差戻し)."""
STANDING: Final = {"chunks": "分割した処理", "tasks": "定時の処理"}
SIGNS: Final = {
    "done": "✓",
    "ready": "▶",
    "running": "…",
    "waiting": "・",
    "nobody": "・",
    "hidden": "–",
    "unknown": "✕",
}
_SUBJECTS: Final = {"case": "ケース", "person": "宛名番号", "staff": "職員", "run": "支給"}
_SERVICES: Final = re.compile(r"\b(case_management|support_benefits|payments|audit_logging|ui_gateway)\b")
_PAGE_OF_ACT: Final = re.compile(
    r"/(?:months|runs)/[^/]+|/residents/[^/]+/merges|/audit/(?:looks|reviews)|/(?:imports|operations|sessions|settings)\b"
)
_PAGES_ELSEWHERE: Final = {"/audit/reviews": "/audit/findings"}
"""Acts that have no page at the beginning of their own address."""
_LOOKS: Final = {
    "approved": "good",
    "files_made": "good",
    "done": "good",
    "failed": "bad",
    "proposed": "todo",
    "ready": "todo",
    "as_stored": "good",
    "taken": "good",
    "stuck": "bad",
    "altered": "bad",
    "missing": "bad",
    "overdue": "bad",
    "over": "bad",
    "reason_missing": "bad",
    "near": "todo",
    "today": "todo",
}


def teach(blueprint: Blueprint) -> None:
    """Give the templates these words."""
    filters: tuple[Callable[..., Any], ...] = (
        yen,
        count,
        era,
        era_month,
        born,
        moment,
        instant,
        person,
        whom,
        not_permitted,
        look,
        plain,
        why,
        of_people.who_it_is,
    )
    for template_filter in filters:
        blueprint.add_app_template_filter(template_filter)
    known = {**vars(of_people), **vars(of_investigations), **globals(), "ROLES": ROLES}
    words = {name: value for name, value in known.items() if name.isupper() and isinstance(value, dict)}
    blueprint.app_context_processor(lambda: {**words, "way_back": way_back})


def acted_at(path: str) -> None:
    """Note where the act was sent whose confirmation comes back with this request, for the page of its failure."""
    g.acted_at = path


def way_back() -> str:
    """The page on which the failed act of this request stands; empty where none is known.

    The address in the browser is that of the act, or of the way back from its confirmation: to open it again shows the
    same failure.
    """
    path = g.get("acted_at") or (request.path if request.method == "POST" else "")
    page = _PAGE_OF_ACT.match(path)
    return _PAGES_ELSEWHERE.get(page[0], page[0]) if page else ""


@lru_cache(_KEPT)
def yen(amount: int) -> Markup:
    """ "1,234円", tabular."""
    return Markup('<span class="num">{}円</span>').format(f"{amount:,}")


@lru_cache(_KEPT)
def count(number: int, unit: str = "件") -> Markup:
    """ "1,234件", tabular."""
    return Markup('<span class="num">{}{}</span>').format(f"{number:,}", unit)


@lru_cache(_KEPT)
def era(day: date) -> Markup:
    """A business date in 和暦, the western date on hover and for machines."""
    western = f"{day.year}年{day.month}月{day.day}日"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(day.isoformat(), western, format_era(day))


def born(text: str) -> Markup | str:
    """A birth date as far as it is known, in 和暦; a dash where nothing is."""
    if not text:
        return "—"
    day = typed_days.from_json(text)
    return era(day) if isinstance(day, date) else typed_days.as_typed(day)


@lru_cache(_KEPT)
def era_month(month: str) -> Markup:
    """A month in 和暦, the western month on hover."""
    day = first_day(month)
    western = f"{day.year}年{day.month}月"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(month, western, format_era_month(day))


@lru_cache(_KEPT)
def moment(at: datetime | None) -> Markup:
    """An instant as clocks in the office show it."""
    if at is None:
        return Markup("—")
    local = at.astimezone(TOKYO)
    western = f"{local:%Y-%m-%d %H:%M:%S}"
    text = f"{format_era(local.date())} {local:%H:%M}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), western, text)


def instant(nanoseconds: int) -> Markup:
    """An instant in nanoseconds since the epoch, as spans have it."""
    return moment(datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC))


def person(actor: str | None) -> str:
    """A member of staff by name and id, whatever the kind of actor."""
    return staff_in_words(actor) if actor else "—"


def whom(subject: str) -> str:
    """What a subject of the log names: "case:00000001" is ケース 00000001."""
    kind, _, number = subject.partition(":")
    number = staff_in_words(number) if kind == "staff" else number
    return f"{_SUBJECTS.get(kind, kind)} {number}".strip()


def plain(detail: str | None) -> str:
    """A problem's detail with the services by the names that the staff know."""
    return _SERVICES.sub(lambda match: SERVICES[match[0]], detail or "")


def why(reason: str | None) -> str:
    """Why something stands still, in words; empty where it is a class and a place alone."""
    if (reason or "").startswith("waits: "):
        return "応答を待っています"
    return WHY.get(reason or "", "")


def look(state: str) -> str:
    """The class of a state's mark; the word beside it says the same."""
    return _LOOKS.get(state, "calm")
