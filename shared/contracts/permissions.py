"""Who may do what: permission → roles. Every route of every service names one of these."""

from typing import Final

Permissions = dict[str, frozenset[str]]

CASEWORKER: Final = "caseworker"
HEAD: Final = "head"
ACCOUNTANT: Final = "accountant"
HEAD_OF_ACCOUNTING: Final = "head_of_accounting"
TREASURER: Final = "treasurer"
AUDITOR: Final = "auditor"
OPERATOR: Final = "operator"
SERVICE: Final = "service"

ROLES: Final = frozenset(
    {CASEWORKER, HEAD, ACCOUNTANT, HEAD_OF_ACCOUNTING, TREASURER, AUDITOR, OPERATOR, SERVICE},
)

PERMISSIONS: Final[Permissions] = {
    "import.propose": frozenset({CASEWORKER}),
    "import.approve": frozenset({HEAD}),
    "determination.propose": frozenset({CASEWORKER}),
    "determination.approve": frozenset({HEAD}),
    "determination.read": frozenset({CASEWORKER, HEAD}),
    "case.read": frozenset({CASEWORKER, HEAD}),
    "account.propose": frozenset({ACCOUNTANT}),
    "account.approve": frozenset({HEAD_OF_ACCOUNTING}),
    "account.read": frozenset({ACCOUNTANT, HEAD_OF_ACCOUNTING}),
    "run.open": frozenset({ACCOUNTANT}),
    "run.approve": frozenset({HEAD_OF_ACCOUNTING}),
    "disbursement.accept": frozenset({TREASURER}),
    "run.read": frozenset({CASEWORKER, HEAD, ACCOUNTANT, HEAD_OF_ACCOUNTING, TREASURER, AUDITOR, SERVICE}),
    "file.read": frozenset({TREASURER, HEAD_OF_ACCOUNTING}),
    "events.read": frozenset({SERVICE}),
    "figures.read": frozenset({SERVICE, AUDITOR, OPERATOR}),
    "parked.read": frozenset({OPERATOR}),
    "parked.release": frozenset({OPERATOR}),
    "log.read": frozenset({AUDITOR, OPERATOR, SERVICE}),
}
