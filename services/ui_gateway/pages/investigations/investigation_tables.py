"""What the lists of investigations and of relatives show of each of their lines."""

from collections.abc import Mapping
from typing import Any, Final

from services.ui_gateway.pages.investigations import investigation_labels as labels
from services.ui_gateway.tables.columns import Code, Column, Day, Text, Yen
from services.ui_gateway.tables.table import Table

_LOOKS: Final = {"overdue": "failed", "near": "proposed", "answered": "approved"}


def _look(item: Any) -> str:
    return str(_LOOKS.get(item.state, item.state))


def _whom(names: Mapping[str, str]) -> Column:
    return Text("whom", "だれについて", lambda item: names.get(item.person_no, item.person_no) or "世帯")


def investigations_of(names: Mapping[str, str]) -> Table:
    """The requests of a household, whose members are called by these names."""
    return Table(
        "investigations",
        "調査",
        Text("addressee", "調査先", lambda item: item.addressee),
        Code("kind", "種類", lambda item: item.kind, labels=labels.ADDRESSEES, filterable=True),
        _whom(names),
        Text("asked", "照会する内容", lambda item: item.asked, sortable=False),
        Day("sent_on", "依頼日", lambda item: item.sent_on, filterable=True),
        Day("due_on", "回答期限", lambda item: item.due_on, filterable=True),
        Code("consent", "同意書", lambda item: item.consent, labels=labels.CONSENTS, filterable=True),
        Day("consent_on", "同意書の日", lambda item: item.consent_on),
        Code(
            "state",
            "状態",
            lambda item: item.state,
            labels=labels.INVESTIGATION_STATES,
            filterable=True,
            marked=_look,
        ),
    )


def relatives_of(names: Mapping[str, str]) -> Table:
    """The relatives of a household, whose members are called by these names; of several answers the last."""
    answer = _last_answer
    return Table(
        "relatives",
        "扶養義務者",
        Text("name", "氏名", lambda item: item.newest.content.get("name")),
        Code("relation", "続柄", lambda item: item.newest.relation, labels=labels.RELATIVE_RELATIONS, filterable=True),
        _whom(names),
        Text("address", "住所", lambda item: item.newest.content.get("address"), sortable=False),
        Code("state", "照会", lambda item: item.state, labels=labels.ENQUIRY_STATES, filterable=True, marked=_look),
        Code("reason", "照会しない理由", _excluded, labels=labels.ENQUIRY_EXCLUSIONS, filterable=True),
        Day("answered_on", "回答の日", lambda item: answer(item, "answered_on")),
        Code("outcome", "回答", lambda item: answer(item, "outcome"), labels=labels.RELATIVE_OUTCOMES),
        Yen("yen", "援助の月額", lambda item: answer(item, "yen")),
    )


def _excluded(item: Any) -> str | None:
    return item.proposal.reason if item.proposal else None


def _last_answer(item: Any, name: str) -> Any:
    return getattr(item.answers[-1], name) if item.answers else None


DUE: Final = Table(
    "investigations_due",
    "期限の近い調査",
    Text("case", "ケース", lambda item: item.case_no, to=lambda item: f"/cases/{item.case_no}/investigations"),
    Code("kind", "調査先の種類", lambda item: item.kind, labels=labels.ADDRESSEES, filterable=True),
    Text("addressee", "調査先", lambda item: item.addressee),
    Day("sent_on", "依頼日", lambda item: item.sent_on, filterable=True),
    Day("due_on", "回答期限", lambda item: item.due_on, filterable=True),
    Code(
        "state",
        "状態",
        lambda item: item.state,
        labels=labels.INVESTIGATION_STATES,
        filterable=True,
        marked=_look,
    ),
)
