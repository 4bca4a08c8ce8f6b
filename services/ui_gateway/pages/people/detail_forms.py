"""The forms of a person's details (本人情報): one a fact, with the questions that it has."""

from collections.abc import Mapping
from typing import Any, Final

from services.ui_gateway.clients.residents import Detail
from services.ui_gateway.forms.fields import Choice, Day, Field, Lines, Text, YesNo
from services.ui_gateway.forms.form import Form
from services.ui_gateway.forms.postal_fields import addressed
from services.ui_gateway.pages.people import case_labels as labels

_TEXTS: Final = {
    "address": "住所",
    "contact": "番号・アドレス",
    "certificate": "名称・内容",
    "work": "勤め先",
    "school": "学校の名称",
}


def _form(fact: str) -> Form:
    beside: dict[str, list[Field]] = {
        "address": [YesNo("protected", "秘匿", help="「はい」にすると、一覧には出ません。支援措置の対象の人など")],
        "contact": [YesNo("protected", "秘匿", help="「はい」にすると、一覧には出ません")],
        "certificate": [
            Text("number", "番号", into="content.number", digits=True),
            Text("grade", "級・等級", into="content.grade", digits=True),
            Day("expires_on", "有効期限"),
        ],
        "school": [Text("grade", "学年", into="content.grade", digits=True)],
    }
    text: tuple[Field, ...] = (Text("text", _TEXTS[fact], into="content.text", required=True),)
    if fact == "address":
        text = addressed("text", _TEXTS[fact], into="content.text", required=True)
    return Form(
        Choice("kind", "種類", choices=labels.DETAIL_KINDS[fact], required=True),
        *text,
        *beside.get(fact, []),
        Day("from", "いつから"),
        Day("to", "いつまで", help="分かっている場合だけ"),
        Lines("note", "備考", into="content.note"),
        Choice("reason", "根拠・訂正の理由", choices=labels.RESIDENT_REASONS, required=True),
    )


FORMS: Final[Mapping[str, Form]] = {fact: _form(fact) for fact in labels.DETAIL_FACTS}
"""The form of each fact."""


def start_of(detail: Detail) -> dict[str, Any]:
    """A form's values as they hold now; protected words stay out."""
    days = {"from": detail.valid_from, "to": detail.valid_to, "expires_on": detail.expires_on}
    return {**(detail.content or {}), **days, "kind": detail.kind, "protected": detail.protected or None}
