"""Why somebody looks at a record (閲覧の目的), and why in an emergency: declared codes, so that no word slips in."""

from collections.abc import Mapping
from typing import Final, Literal

from shared.contracts import permissions as roles

Purpose = Literal[
    "casework",
    "enquiry",
    "complaint",
    "investigation",
    "determination",
    "notice",
    "payments",
    "disbursement",
    "review",
    "monthly_review",
    "board_request",
    "operation",
]
"""ケースワーク, 問合せ, 苦情・開示, 調査, 決定, 通知, 支払, 支出, 点検・監査, 毎月の点検, 審議会の求め, 運用."""

_IN_CHARGE: Final[frozenset[Purpose]] = frozenset(
    {"casework", "enquiry", "complaint", "investigation", "determination", "notice", "payments"}
)
_AT_THE_DESK: Final[frozenset[Purpose]] = frozenset({"casework", "enquiry"})
_ABOVE: Final[frozenset[Purpose]] = _IN_CHARGE | {"review"}
_RESTRICTED: Final[frozenset[Purpose]] = frozenset({"casework", "complaint", "investigation", "review"})
_HELD: Final[frozenset[Purpose]] = frozenset({"complaint", "investigation", "board_request", "review"})
_AUDITED: Final[frozenset[Purpose]] = _HELD | {"enquiry", "monthly_review"}
_OF_A_CASE: Final[Mapping[str, frozenset[Purpose]]] = {
    roles.CASEWORKER: _IN_CHARGE,
    roles.SUPERVISOR: _ABOVE,
    roles.HEAD: _ABOVE,
    roles.INTERVIEWER: frozenset({"casework", "enquiry", "payments"}),
    roles.SUPPORT_ADVISER: frozenset({"casework", "enquiry", "notice", "payments"}),
    roles.MEDICAL_CLERK: frozenset({"casework", "enquiry", "determination", "notice", "payments"}),
}

PURPOSES: Final[Mapping[str, Mapping[str, frozenset[Purpose]]]] = {
    "case.read": _OF_A_CASE,
    "note.read": _OF_A_CASE,
    "note.list": dict.fromkeys((roles.SUPERVISOR, roles.HEAD), _ABOVE),
    "task.read": _OF_A_CASE,
    "task.list": {roles.CASEWORKER: _IN_CHARGE, roles.SUPERVISOR: _ABOVE, roles.HEAD: _ABOVE},
    "investigation.read": _OF_A_CASE,
    "relative.read": _OF_A_CASE,
    "relative.print": {roles.CASEWORKER: _IN_CHARGE, roles.SUPERVISOR: _ABOVE},
    "attachment.read": _OF_A_CASE,
    "investigation.list": {roles.CASEWORKER: _IN_CHARGE, roles.SUPERVISOR: _ABOVE, roles.HEAD: _ABOVE},
    "person.search": {
        roles.CASEWORKER: _IN_CHARGE,
        roles.SUPERVISOR: _ABOVE,
        roles.HEAD: _ABOVE,
        roles.INTERVIEWER: _AT_THE_DESK,
        roles.SUPPORT_ADVISER: _AT_THE_DESK,
        roles.MEDICAL_CLERK: _AT_THE_DESK,
    },
    "consultation.read": {roles.INTERVIEWER: _AT_THE_DESK, roles.SUPERVISOR: _ABOVE, roles.HEAD: _ABOVE},
    "application.read": {
        roles.INTERVIEWER: _AT_THE_DESK,
        roles.CASEWORKER: _IN_CHARGE,
        roles.SUPERVISOR: _ABOVE,
        roles.HEAD: _ABOVE,
    },
    "application.list": {
        roles.INTERVIEWER: _AT_THE_DESK,
        roles.CASEWORKER: _IN_CHARGE,
        roles.SUPERVISOR: _ABOVE,
        roles.HEAD: _ABOVE,
    },
    "resident.read": {
        roles.INTERVIEWER: _AT_THE_DESK,
        roles.CASEWORKER: _IN_CHARGE,
        roles.SUPERVISOR: _ABOVE,
        roles.HEAD: _ABOVE,
    },
    "merge.list": {
        roles.INTERVIEWER: _AT_THE_DESK,
        roles.CASEWORKER: _IN_CHARGE,
        roles.SUPERVISOR: _ABOVE,
        roles.HEAD: _ABOVE,
    },
    "address.reveal": {roles.CASEWORKER: _IN_CHARGE, roles.SUPERVISOR: _ABOVE, roles.HEAD: _ABOVE},
    "case.list": {
        roles.INTERVIEWER: _AT_THE_DESK,
        roles.CASEWORKER: _IN_CHARGE,
        roles.SUPERVISOR: _ABOVE,
        roles.HEAD: _ABOVE,
    },
    "restriction.read": {roles.SUPERVISOR: _RESTRICTED, roles.HEAD: _RESTRICTED},
    "case_looks.read": {roles.CASEWORKER: _IN_CHARGE, roles.SUPERVISOR: _ABOVE, roles.HEAD: _ABOVE},
    "log.search": {roles.AUDITOR: _AUDITED},
    "log.review": {roles.AUDITOR: _AUDITED},
    "log.export": {roles.AUDITOR: _AUDITED},
    "hold.read": dict.fromkeys((roles.ADMINISTRATOR, roles.AUDITOR, roles.HEAD), _HELD),
}
"""Permission of a route → role → the purposes that whoever asks there in that role may name, and no other."""

Emergency = Literal["danger_to_life", "life_and_body", "abuse", "disaster", "caseworker_away"]
"""緊急閲覧の理由: 生命の危険, 身体の保護, 虐待, 災害, 担当員の不在."""

Assigned = Literal["first", "appointment", "transfer", "absence", "leave", "correction", "retirement", "dismissal"]
"""担当の理由: 初期設定, 任命, 異動, 不在, 休職, 訂正, 退職, 解任."""
