"""What the registers of an office show of each of their lines."""

from typing import Any, Final

from services.ui_gateway.pages.people import case_labels as labels
from services.ui_gateway.tables.columns import Code, Day, Number, Reading, Staff, Text
from services.ui_gateway.tables.table import Table

_WISH: Final = {True: "あり", False: "なし"}
_STATES: Final = {**labels.LIMITS, **labels.APPLICATION_STATES, "open": labels.LIMITS["open"]}
_LOADS: Final = {"investigated": "調査中", "assisted": "受給中", "withdrawn": "取下げ"}


def standing_of(item: Any) -> str:
    """How an application stands: against its limits while it waits, else what became of it."""
    return str(item.limit if item.state == "open" else item.state)


CONSULTATIONS: Final = Table(
    "consultations",
    "面接受付簿",
    Text("no", "受付番号", lambda item: item.consultation_no, to=lambda item: _consultation(item.consultation_no)),
    Day("held_on", "相談日", lambda item: item.held_on, filterable=True),
    Text("name", "氏名", lambda item: item.content.get("name")),
    Text("address", "住所", lambda item: item.content.get("address"), sortable=False),
    Code("channel", "方法", lambda item: item.channel, labels=labels.CHANNELS, filterable=True),
    Code("matter", "種類", lambda item: item.matter, labels=labels.MATTERS, filterable=True),
    Code("wish", "申請の意思", lambda item: item.wish_to_apply, labels=_WISH, filterable=True),
    Code("result", "結果", lambda item: item.result, labels=labels.CONSULTATION_RESULTS, filterable=True),
    Staff("by", "面接員", lambda item: item.recorded_by, filterable=True),
)
RECENT_CONSULTATIONS: Final = Table(
    "consultations_recent",
    "この2週間の相談",
    *(column for column in CONSULTATIONS.columns if column.key not in ("address", "channel")),
    beside=True,
)
APPLICATIONS: Final = Table(
    "applications",
    "申請書受理簿",
    Text("no", "受理番号", lambda item: item.application_no, to=lambda item: _application(item.application_no)),
    Day("applied_on", "申請日", lambda item: item.newest.applied_on, filterable=True),
    Day("received_on", "受理日", lambda item: item.newest.received_on),
    Text("name", "氏名", lambda item: item.newest.content.get("applicant", {}).get("name")),
    Text("address", "住所", lambda item: item.newest.content.get("address"), sortable=False),
    Code("kind", "種類", lambda item: item.newest.kind, labels=labels.APPLICATION_KINDS, filterable=True),
    Code("ground", "根拠", lambda item: item.newest.ground, labels=labels.GROUNDS, filterable=True),
    Code("form", "方法", lambda item: item.newest.form, labels=labels.APPLICATION_FORMS, filterable=True),
    Day("decide_by", "期限", lambda item: item.decide_by, filterable=True),
    Code("state", "状態", standing_of, labels=_STATES, filterable=True),
)
OPEN_APPLICATIONS: Final = Table(
    "applications_open",
    "決定を待つ申請",
    Text(
        "no",
        "受理番号",
        lambda item: item.application_no,
        to=lambda item: _application(item.application_no),
    ),
    Text("name", "氏名", lambda item: item.newest.content.get("applicant", {}).get("name")),
    Day("applied_on", "申請日", lambda item: item.newest.applied_on, filterable=True),
    Day("limit_on", "期限", lambda item: item.at_most if item.delays else item.decide_by, filterable=True),
    Number("days_left", "残り", lambda item: item.days_left, unit="日"),
    Code("limit", "状態", standing_of, labels=labels.LIMITS, filterable=True, marked=standing_of),
    beside=True,
)
CASES: Final = Table(
    "cases",
    "ケース番号登載簿",
    Text("no", "ケース番号", lambda item: item.case_no, to=lambda item: f"/cases/{item.case_no}"),
    Text("name", "世帯主・申請者", lambda item: item.name),
    Day("opened_on", "付番", lambda item: item.opened_on, filterable=True),
    Text(
        "application",
        "申請",
        lambda item: item.application_no,
        to=lambda item: _application(item.application_no),
        opens="consultation.read",
    ),
    Code("place", "地区", lambda item: item.district, filterable=True),
    Staff("caseworker", "担当員", lambda item: item.caseworker, filterable=True),
    Staff("by", "付けた人", lambda item: item.opened_by, filterable=True),
)
CASELOAD: Final = Table(
    "caseload",
    "担当ケースの一覧(索引簿)",
    Reading("kana", "フリガナ", lambda item: item.kana),
    Text("name", "氏名", lambda item: item.name),
    Text("no", "ケース番号", lambda item: item.case_no, to=lambda item: f"/cases/{item.case_no}"),
    Number("persons", "人数", lambda item: item.persons, unit="人"),
    Code("place", "地区", lambda item: item.district),
    Staff("caseworker", "担当員", lambda item: item.caseworker, filterable=True),
    Code("state", "状態", lambda item: _load_of(item), labels=_LOADS, filterable=True),
)


def _consultation(number: str) -> str:
    return f"/intake/consultations/{number}"


def _application(number: str) -> str:
    return f"/intake/applications/{number}"


def _load_of(item: Any) -> str:
    if item.withdrawn_on:
        return "withdrawn"
    return "investigated" if item.application_no else "assisted"
