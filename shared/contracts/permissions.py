"""Who may do what: permission → role → scope. Every route of every service names one of these permissions.

The scope says on whose records: ``office`` all of them; ``district`` those of the districts (地区) in the token;
``own`` those whose caseworker (担当員) the caller is, or of the caller's districts where nobody is named; ``programme``
those of the programmes in the token. Where a role names programmes too, its districts are those of these programmes.
"""

from typing import Final, Literal

Scope = Literal["office", "district", "own", "programme"]
Permissions = dict[str, dict[str, Scope]]

CASEWORKER: Final = "caseworker"
SUPERVISOR: Final = "supervisor"
HEAD: Final = "head"
INTERVIEWER: Final = "interviewer"
SUPPORT_ADVISER: Final = "support_adviser"
MEDICAL_CLERK: Final = "medical_clerk"
ACCOUNTANT: Final = "accountant"
HEAD_OF_ACCOUNTING: Final = "head_of_accounting"
TREASURER: Final = "treasurer"
CASHIER: Final = "cashier"
ADMINISTRATOR: Final = "administrator"
OPERATOR: Final = "operator"
AUDITOR: Final = "auditor"
SERVICE: Final = "service"

DUTIES: Final[dict[str, frozenset[str]]] = {
    "case": frozenset({CASEWORKER, SUPERVISOR, HEAD, INTERVIEWER, SUPPORT_ADVISER, MEDICAL_CLERK}),
    "accounting": frozenset({ACCOUNTANT, HEAD_OF_ACCOUNTING}),
    "cash": frozenset({TREASURER, CASHIER}),
    "administration": frozenset({ADMINISTRATOR, OPERATOR}),
    "audit": frozenset({AUDITOR}),
}
"""Duties that one person never holds together (職務分離): who has roles of two of them is refused everywhere."""

ROLES: Final = frozenset({SERVICE}.union(*DUTIES.values()))


def _office(*roles: str) -> dict[str, Scope]:
    return dict.fromkeys(roles, "office")


_IN_CHARGE: Final[dict[str, Scope]] = {CASEWORKER: "district", SUPERVISOR: "district"}
_READERS: Final[dict[str, Scope]] = {
    CASEWORKER: "district",
    SUPERVISOR: "district",
    INTERVIEWER: "district",
    MEDICAL_CLERK: "district",
    SUPPORT_ADVISER: "programme",
    HEAD: "office",
}
"""Who reads a household's record."""

PERMISSIONS: Final[Permissions] = {
    "import.propose": _office(CASEWORKER),
    "import.approve": _office(HEAD),
    "import.withdraw": _office(CASEWORKER, HEAD, ADMINISTRATOR),
    "determination.propose": _office(CASEWORKER),
    "determination.approve": _office(HEAD),
    "determination.withdraw": _office(CASEWORKER, HEAD),
    "determination.read": _office(CASEWORKER, SUPERVISOR, HEAD),
    "case.read": _READERS,
    "investigation.record": _IN_CHARGE,
    "investigation.read": _READERS,
    "investigation.list": _office(CASEWORKER, SUPERVISOR, HEAD),
    "relative.record": _IN_CHARGE,
    "relative.read": _READERS,
    "relative.decide": {SUPERVISOR: "district", HEAD: "office"},
    "relative.print": _IN_CHARGE,
    "attachment.record": _IN_CHARGE,
    "attachment.read": _READERS,
    "attachment.withdraw": _IN_CHARGE,
    "person.search": _office(CASEWORKER, SUPERVISOR, INTERVIEWER, MEDICAL_CLERK, SUPPORT_ADVISER, HEAD),
    "consultation.record": _office(INTERVIEWER, SUPERVISOR),
    "consultation.read": _office(INTERVIEWER, SUPERVISOR, HEAD),
    "consultation.review": _office(SUPERVISOR, HEAD),
    "application.record": _office(INTERVIEWER, SUPERVISOR),
    "application.read": {**_office(INTERVIEWER, SUPERVISOR, HEAD), CASEWORKER: "own"},
    "application.list": _office(INTERVIEWER, CASEWORKER, SUPERVISOR, HEAD),
    "resident.enter": _office(INTERVIEWER, CASEWORKER, SUPERVISOR),
    "resident.read": {INTERVIEWER: "office", CASEWORKER: "district", SUPERVISOR: "district", HEAD: "office"},
    "resident.correct": {INTERVIEWER: "office", CASEWORKER: "district", SUPERVISOR: "district"},
    "merge.list": _office(INTERVIEWER, CASEWORKER, SUPERVISOR, HEAD),
    "merge.propose": {INTERVIEWER: "office", CASEWORKER: "district", SUPERVISOR: "district"},
    "merge.approve": {SUPERVISOR: "district", HEAD: "office"},
    "merge.withdraw": {INTERVIEWER: "office", CASEWORKER: "district", SUPERVISOR: "district", HEAD: "office"},
    "address.reveal": {CASEWORKER: "own", SUPERVISOR: "district", HEAD: "office"},
    "case.open": _office(INTERVIEWER, SUPERVISOR),
    "case.list": _office(CASEWORKER, SUPERVISOR, INTERVIEWER, HEAD),
    "case.hand_over": {SUPERVISOR: "district", HEAD: "office"},
    "caseworker.list": _office(INTERVIEWER, SUPERVISOR, HEAD),
    "circumstance.record": {CASEWORKER: "district", SUPERVISOR: "district", SUPPORT_ADVISER: "programme"},
    "note.record": _IN_CHARGE,
    "note.read": _READERS,
    "note.sign": {SUPERVISOR: "district", HEAD: "office"},
    "note.list": _office(SUPERVISOR, HEAD),
    "task.record": _IN_CHARGE,
    "task.read": _READERS,
    "task.list": _office(CASEWORKER, SUPERVISOR, HEAD),
    "account.propose": _office(ACCOUNTANT),
    "account.approve": _office(HEAD_OF_ACCOUNTING),
    "account.withdraw": _office(ACCOUNTANT, HEAD_OF_ACCOUNTING),
    "account.read": _office(ACCOUNTANT, HEAD_OF_ACCOUNTING),
    "run.open": _office(ACCOUNTANT),
    "run.withdraw": _office(ACCOUNTANT),
    "run.approve": _office(HEAD_OF_ACCOUNTING),
    "disbursement.accept": _office(TREASURER),
    "run.read": _office(CASEWORKER, SUPERVISOR, HEAD, ACCOUNTANT, HEAD_OF_ACCOUNTING, TREASURER, AUDITOR, SERVICE),
    "file.read": _office(TREASURER, HEAD_OF_ACCOUNTING),
    "file.receive": _office(TREASURER),
    "file.reissue": _office(TREASURER, HEAD_OF_ACCOUNTING),
    "break_glass.use": _office(CASEWORKER, SUPERVISOR, INTERVIEWER, SUPPORT_ADVISER, MEDICAL_CLERK),
    "break_glass.notice": _office(SUPERVISOR, HEAD, AUDITOR),
    "break_glass.read": _office(HEAD, AUDITOR, ADMINISTRATOR),
    "break_glass.explain": _office(HEAD, AUDITOR),
    "assignment.propose": _office(ADMINISTRATOR),
    "assignment.approve": _office(ADMINISTRATOR),
    "assignment.end": _office(ADMINISTRATOR),
    "assignment.read": _office(ADMINISTRATOR, AUDITOR, SERVICE),
    "access.read": _office(ADMINISTRATOR, AUDITOR),
    "restriction.propose": {SUPERVISOR: "district", HEAD: "office"},
    "restriction.approve": _office(HEAD),
    "restriction.read": {SUPERVISOR: "district", HEAD: "office"},
    "restriction.audit": _office(AUDITOR),
    "events.read": _office(SERVICE),
    "figures.read": _office(SERVICE, AUDITOR, OPERATOR),
    "parked.read": _office(OPERATOR),
    "parked.release": _office(OPERATOR),
    "epoch.adopt": _office(OPERATOR),
    "log.read": _office(AUDITOR, OPERATOR, SERVICE),
    "log.search": _office(AUDITOR),
    "log.review": _office(AUDITOR),
    "log.export": _office(AUDITOR),
    "case_looks.read": {**_IN_CHARGE, HEAD: "office"},
    "deletion.propose": _office(ADMINISTRATOR),
    "deletion.approve": _office(AUDITOR),
    "deletion.read": _office(ADMINISTRATOR, AUDITOR),
    "hold.place": _office(ADMINISTRATOR, AUDITOR, HEAD),
    "hold.end": _office(ADMINISTRATOR, AUDITOR, HEAD),
    "hold.read": _office(ADMINISTRATOR, AUDITOR, HEAD),
}

SHIELDED: Final = "record.shielded"
"""Shielded persons (支援措置): whoever has a permission needs this one too, in its scope, for their records."""
PERMISSIONS[SHIELDED] = {CASEWORKER: "own", INTERVIEWER: "own", SUPERVISOR: "district", HEAD: "office"}
FINDABLE: Final = "record.findable"
"""Whose records a search (検索) shows at all: at the desk, whoever comes may be on assistance in any district."""
PERMISSIONS[FINDABLE] = {
    CASEWORKER: "district",
    SUPERVISOR: "office",
    INTERVIEWER: "office",
    MEDICAL_CLERK: "district",
    SUPPORT_ADVISER: "programme",
    HEAD: "office",
}
DUE: Final = "record.due"
"""In whose cases a list shows what is due (期限): a caseworker's own ones, a supervisor's district."""
PERMISSIONS[DUE] = {CASEWORKER: "own", SUPERVISOR: "district", HEAD: "office"}
