"""What the lists of what is due show of each of their lines."""

from typing import Final

from services.ui_gateway.pages.people import case_labels as labels
from services.ui_gateway.tables.columns import Code, Day, Number, Staff, Text
from services.ui_gateway.tables.table import Table

TASKS: Final = Table(
    "tasks_due",
    "予定・約束の期限",
    Text("case", "ケース", lambda item: item.case_no, to=lambda item: f"/cases/{item.case_no}"),
    Day("due_on", "期限", lambda item: item.newest.due_on, filterable=True),
    Code("kind", "種類", lambda item: item.newest.kind, labels=labels.TASK_KINDS, filterable=True),
    Text("what", "何をするか", lambda item: item.newest.content.get("what"), sortable=False),
    Day("covers_from", "申告の初日", lambda item: item.newest.covers_from),
    Day("covers_to", "申告の末日", lambda item: item.newest.covers_to),
    Code(
        "urgency",
        "状態",
        lambda item: item.urgency,
        labels=labels.URGENCIES,
        filterable=True,
        marked=lambda item: item.urgency,
    ),
    Text("no", "番号", lambda item: item.task_no, to=lambda item: f"/cases/{item.case_no}/tasks/{item.task_no}"),
    beside=True,
)
NOTES: Final = Table(
    "notes_unsigned",
    "確認を待つケース記録",
    Text("case", "ケース", lambda item: item.case_no, to=lambda item: f"/cases/{item.case_no}"),
    Text("name", "世帯主", lambda item: item.name),
    Day("held_on", "いつ", lambda item: item.held_on, filterable=True),
    Code("kind", "何の記録", lambda item: item.kind, labels=labels.NOTE_KINDS, filterable=True),
    Code("contact", "方法", lambda item: item.contact, labels=labels.NOTE_CONTACTS, filterable=True),
    Staff("by", "記録した人", lambda item: item.recorded_by, filterable=True),
    Text("no", "記録番号", lambda item: item.note_no, to=lambda item: f"/cases/{item.case_no}/notes/{item.note_no}"),
    beside=True,
)
UPCOMING: Final = Table(
    "upcoming",
    "有効期限と年齢の到達",
    Text("case", "ケース", lambda item: item.case_no, to=lambda item: f"/cases/{item.case_no}"),
    Text(
        "name",
        "氏名",
        lambda item: item.name or item.person_no,
        to=lambda item: f"/residents/{item.person_no}",
        opens="resident.read",
    ),
    Day("on", "いつ", lambda item: item.on, filterable=True),
    Code("certificate", "有効期限の来る証", lambda item: item.certificate, labels=labels.CERTIFICATES, filterable=True),
    Number("age", "到達する年齢", lambda item: item.age, unit="歳"),
    Staff("caseworker", "担当員", lambda item: item.caseworker, filterable=True),
    beside=True,
)
