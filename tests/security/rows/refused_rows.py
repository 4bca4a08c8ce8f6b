"""For each CHECK of all databases: the nearest rows that it refuses, and the nearest that it keeps.

A row holds the columns that the CHECK speaks of; the others stay null, which no CHECK refuses by itself.
"""

from datetime import date
from typing import Any, Final

Rows = tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]

A, B = "person:a", "person:b"
CLEAR, SEALED = "山田", "sealed:QUJD"
ENTRY = "00000000-0000-4000-8000-000000000001"
OPENED = {"import_id": None, "application_no": "2026000001", "opened_by": A, "opened_on": "2026-12-01"}
NOT_OPENED = {"import_id": ENTRY, "application_no": None, "opened_by": None, "opened_on": None}
TODAY, TOMORROW = date(2026, 12, 1), date(2026, 12, 2)


def two_people(proposer: str = "proposer", approver: str = "approver") -> Rows:
    """The two columns must name two."""
    return ({proposer: A, approver: A},), ({proposer: A, approver: B},)


def in_order(first: str, last: str) -> Rows:
    """Two days, of which the second may be the first."""
    return ({first: TOMORROW, last: TODAY},), ({first: TODAY, last: TODAY},)


def sealed(column: str) -> Rows:
    """What is sealed, and nothing in the clear, not even behind the word."""
    clear = (CLEAR, "sealed:", "sealed:山田", f"x{SEALED}", f"{SEALED} ", "")
    return tuple({column: one} for one in clear), ({column: SEALED}, {column: SEALED + "=="})


def one_of(column: str, *words: str) -> Rows:
    """These words and no other."""
    return ({column: "another"}, {column: ""}), tuple({column: word} for word in words)


def above_zero(column: str) -> Rows:
    """From 1 on."""
    return ({column: 0}, {column: -1}), ({column: 1},)


def written(column: str, refused: str, kept: str) -> Rows:
    """Forms, apart by blanks."""
    return tuple({column: one} for one in refused.split()), tuple({column: one} for one in kept.split())


_FIRST: Rows = (
    ({"follows": None, "change": "continued"}, {"follows": ENTRY, "change": "first"}),
    ({"follows": None, "change": "first"}, {"follows": ENTRY, "change": "correction"}),
)
"""An entry follows none exactly where it is the first."""
_CHAINS: Final = ("consultation", "application", "note", "task")
_RECEIVED: Final = {"outcome": "received", "covers_from": TODAY, "covers_to": TODAY}
_WITHDRAWN: Rows = (
    (
        {"state": "withdrawn", "withdrawn_by": None, "withdrawn_at": TODAY},
        {"state": "withdrawn", "withdrawn_by": A, "withdrawn_at": None},
        {"state": "proposed", "withdrawn_by": A, "withdrawn_at": None},
        {"state": "proposed", "withdrawn_by": None, "withdrawn_at": TODAY},
    ),
    (
        {"state": "withdrawn", "withdrawn_by": A, "withdrawn_at": TODAY},
        {"state": "proposed", "withdrawn_by": None, "withdrawn_at": None},
    ),
)
_DUE: Final = {"entitled": 0, "ordered": 0, "overpaid": 0, "claimed": 0}
_BANK: Final = {
    "bank_code": "0001",
    "bank_name": "X",
    "branch_code": "001",
    "branch_name": "X",
    "account_type": "1",
    "account_number": SEALED,
    "holder": SEALED,
}
_SUMS: Final = {"bank_yen": 1, "cash_yen": 20, "set_off_yen": 300, "internal_yen": 4000}
_IMPORT = "3f1f2e7a-7a44-4b7e-9f0e-0b0a4f2f3c11"

CHECKS: Final[dict[str, Rows]] = {
    "deletion_two_people": two_people(),
    "deletions_count_check": above_zero("count"),
    "deletions_kind_check": one_of("kind", "looks", "facts"),
    "hold_two_people": two_people("placed_by", "ended_by"),
    "hold_days": in_order("first_day", "last_day"),
    "refill_in_order": (({"first": 2, "last": 1},), ({"first": 2, "last": 2}, {"first": 1, "last": 2})),
    "retention_months": (
        (
            {"least": 12, "months": 11, "most": None},
            {"least": 12, "months": 25, "most": 24},
            {"least": 12, "months": 0, "most": 24},
        ),
        (
            {"least": 12, "months": 12, "most": 24},
            {"least": 12, "months": 24, "most": 24},
            {"least": 12, "months": 900, "most": None},
        ),
    ),
    "not_ones_own_looks": (
        ({"reviewer": "a", "concerned": ["b", "a"]},),
        ({"reviewer": "a", "concerned": ["b", "c"]}, {"reviewer": "a", "concerned": []}),
    ),
    "cases_from_somewhere": (
        ({**OPENED, "import_id": ENTRY}, {**NOT_OPENED, "import_id": None}),
        (OPENED, NOT_OPENED),
    ),
    "cases_opened_by": (
        ({**OPENED, "opened_by": None}, {**NOT_OPENED, "opened_by": A}),
        (OPENED, NOT_OPENED),
    ),
    "cases_opened_on": (
        ({**OPENED, "opened_on": None}, {**NOT_OPENED, "opened_on": "2026-12-01"}),
        (OPENED, NOT_OPENED),
    ),
    "residents_from_somewhere": (
        ({"import_id": None, "entry_id": None}, {"import_id": ENTRY, "entry_id": ENTRY}),
        (
            {"import_id": None, "entry_id": ENTRY, "recorded_by": A, "reason": "birth"},
            {"import_id": ENTRY, "entry_id": None, "recorded_by": None, "reason": None},
        ),
    ),
    "residents_recorded_by": (
        ({"entry_id": ENTRY, "recorded_by": None}, {"entry_id": None, "recorded_by": A}),
        (
            {"import_id": None, "entry_id": ENTRY, "recorded_by": A, "reason": "birth"},
            {"import_id": ENTRY, "entry_id": None, "recorded_by": None, "reason": None},
        ),
    ),
    "residents_reason": (
        ({"entry_id": ENTRY, "reason": None}, {"entry_id": None, "reason": "birth"}),
        (
            {"import_id": None, "entry_id": ENTRY, "recorded_by": A, "reason": "birth"},
            {"import_id": ENTRY, "entry_id": None, "recorded_by": None, "reason": None},
        ),
    ),
    "person_details_content_sealed": sealed("content"),
    "person_details_period": in_order("valid_from", "valid_to"),
    "person_details_expiry": (
        ({"expires_on": TODAY, "fact": "address"},),
        ({"expires_on": TODAY, "fact": "certificate"}, {"expires_on": None, "fact": "address"}),
    ),
    "person_details_protected": (
        ({"protected": True, "fact": "work"}, {"protected": True, "fact": "certificate"}),
        (
            {"protected": True, "fact": "address"},
            {"protected": True, "fact": "contact"},
            {"protected": False, "fact": "work"},
        ),
    ),
    "residents_other_names_sealed": sealed("other_names"),
    "circumstances_from_somewhere": (
        ({"import_id": None, "recorded_by": None}, {"import_id": ENTRY, "recorded_by": A}),
        ({"import_id": None, "recorded_by": A}, {"import_id": ENTRY, "recorded_by": None}),
    ),
    "circumstances_reason": (
        ({"recorded_by": A, "reason": None}, {"recorded_by": None, "reason": "mistake"}),
        ({"recorded_by": A, "reason": "mistake"}, {"recorded_by": None, "reason": None}),
    ),
    "consultations_no": written("consultation_no", "202600001 20260000001 2026-00001", "2026000001"),
    "applications_no": written("application_no", "202600001 20260000001 2026-00001", "2026000001"),
    "notes_no": written("note_no", "202600001 20260000001 2026-00001", "2026000001"),
    "tasks_no": written("task_no", "202600001 20260000001 2026-00001", "2026000001"),
    **dict.fromkeys((f"{of}_entries_change" for of in _CHAINS), _FIRST),
    **dict.fromkeys((f"{of}_entries_content_sealed" for of in _CHAINS), sealed("content")),
    "note_entries_contact": (
        ({"kind": "contact", "contact": "none"}, {"kind": "policy", "contact": "visit"}),
        ({"kind": "contact", "contact": "absent"}, {"kind": "policy", "contact": "none"}),
    ),
    "note_signatures_two_people": two_people("author", "recorded_by"),
    "note_signatures_remark_sealed": sealed("remark"),
    "task_entries_covers": (
        ({"covers_from": TODAY, "covers_to": None}, {"covers_from": None, "covers_to": TODAY}),
        ({"covers_from": TODAY, "covers_to": TODAY}, {"covers_from": None, "covers_to": None}),
    ),
    "task_entries_period": in_order("covers_from", "covers_to"),
    "task_entries_rhythm": (
        ({"rhythm": "monthly", "covers_from": None, "covers_to": None},),
        (
            {"rhythm": "monthly", "covers_from": TODAY, "covers_to": TODAY},
            {"rhythm": None, "covers_from": None, "covers_to": None},
        ),
    ),
    "task_ends_period": in_order("covers_from", "covers_to"),
    "task_ends_covers_from": (
        ({"outcome": "received", "covers_from": None}, {"outcome": "done", "covers_from": TODAY}),
        (_RECEIVED, {"outcome": "done", "covers_from": None}),
    ),
    "task_ends_covers_to": (
        ({"outcome": "received", "covers_to": None}, {"outcome": "done", "covers_to": TODAY}),
        (_RECEIVED, {"outcome": "done", "covers_to": None}),
    ),
    "task_ends_words_sealed": sealed("words"),
    **dict.fromkeys(
        (
            "consultation_opinions_words_sealed",
            "application_delays_words_sealed",
            "application_withdrawals_words_sealed",
        ),
        sealed("words"),
    ),
    "reviews_words_sealed": sealed("words"),
    "assignment_approvals_of_another": (
        ({"approver": "person:a", "person": "a"},),
        ({"approver": "person:b", "person": "a"},),
    ),
    "assignment_approvals_two_people": two_people(),
    "assignments_not_for_oneself": (
        ({"stands_in_for": "a", "person": "a"},),
        ({"stands_in_for": "b", "person": "a"},),
    ),
    "assignments_of_another": (({"proposer": "person:a", "person": "a"},), ({"proposer": "person:b", "person": "a"},)),
    "assignments_period": in_order("valid_from", "valid_to"),
    "assignments_person": written("person", f"-a .a a/b a:b 山田 {'a' * 65}", f"a 9 A.b_c@d-e {'a' * 64}"),
    "assignments_role_or_substitution": (
        ({"role": None, "stands_in_for": None}, {"role": "head", "stands_in_for": "b"}),
        ({"role": "head", "stands_in_for": None}, {"role": None, "stands_in_for": "b"}),
    ),
    "assignments_substitution_days": (
        (
            {"stands_in_for": "b", "valid_from": date(2026, 10, 1), "valid_to": date(2027, 1, 1)},
            {"stands_in_for": "b", "valid_from": date(2026, 10, 1), "valid_to": None},
        ),
        (
            {"stands_in_for": "b", "valid_from": date(2026, 10, 1), "valid_to": date(2026, 12, 31)},
            {"stands_in_for": None, "valid_from": date(2026, 10, 1), "valid_to": None},
        ),
    ),
    "break_glass_words_sealed": sealed("words"),
    "cases_case_no": written("case_no", "0000001 000000001 0000000a ０００００００１", "00000001"),
    "circumstances_period": in_order("valid_from", "valid_to"),
    "collective_approvals_two_people": two_people(),
    "collectives_month": written("month", "2026-13 2026-00 2026-1 26-01 2026-10-01", "2026-01 2026-09 2026-10 2026-12"),
    "determination_approvals_two_people": two_people(),
    "import_approvals_two_people": two_people(),
    "import_confirmations_two_people": two_people(),
    "import_rows_data_sealed": (
        ({"fact": "resident", "data": '"山田"'}, {"fact": "resident", "data": '{"name": "山田"}'}),
        ({"fact": "resident", "data": f'"{SEALED}"'}, {"fact": "membership", "data": '{"case_no": "00000001"}'}),
    ),
    "residents_kana_sealed": sealed("kana"),
    "residents_name_sealed": sealed("name"),
    "restriction_approvals_two_people": two_people(),
    "restrictions_kind": one_of("kind", "shielded", "barred"),
    "restrictions_period": in_order("valid_from", "valid_to"),
    "restrictions_staff": (
        ({"kind": "barred", "staff": None}, {"kind": "shielded", "staff": "a"}),
        ({"kind": "barred", "staff": "a"}, {"kind": "shielded", "staff": None}),
    ),
    "import_approved": (
        (
            {"state": "approved", "approver": None, "version": 1},
            {"state": "approved", "approver": A, "version": None},
            {"state": "proposed", "approver": A, "version": None},
            {"state": "proposed", "approver": None, "version": 1},
        ),
        (
            {"state": "approved", "approver": A, "version": 1},
            {"state": "proposed", "approver": None, "version": None},
        ),
    ),
    "import_state": one_of("state", "proposed", "approved", "withdrawn"),
    "import_two_people": two_people(),
    "import_withdrawn": _WITHDRAWN,
    "account_complete": (
        ({"method": "bank"}, {"method": "cash", **_BANK}, *({"method": "bank", **_BANK, one: None} for one in _BANK)),
        ({"method": "bank", **_BANK}, {"method": "cash"}),
    ),
    "account_method": one_of("method", "bank", "cash"),
    "accounts_account_number_sealed": sealed("account_number"),
    "accounts_holder_sealed": sealed("holder"),
    "accounts_reason_no_account_sealed": sealed("reason_no_account"),
    "bank_file_length": (
        ({"records": 1, "content": b"x" * 510}, {"records": 1, "content": b"x" * 512}),
        ({"records": 1, "content": b"x" * 511}, {"records": 2, "content": b"x" * 631}),
    ),
    "bank_file_received": (
        ({"received_by": A, "received_at": None}, {"received_by": None, "received_at": TODAY}),
        ({"received_by": A, "received_at": TODAY}, {"received_by": None, "received_at": None}),
    ),
    "bank_file_standing": one_of("standing", "as_stored", "altered", "missing", "taken"),
    "coverage_state": one_of("state", "open", "held", "closed"),
    "due_never_above_entitled": (
        ({**_DUE, "ordered": 1}, {"entitled": 1, "ordered": 4, "overpaid": 1, "claimed": 1}),
        (_DUE, {"entitled": 1, "ordered": 3, "overpaid": 1, "claimed": 1}),
    ),
    "due_not_negative": (tuple({**_DUE, one: -1} for one in _DUE), (_DUE,)),
    "entitlement_state": one_of("state", "entitled", "held"),
    "entitlement_yen": above_zero("yen"),
    "order_yen": above_zero("yen"),
    "posting_two_accounts": (({"debit": "bank", "credit": "bank"},), ({"debit": "bank", "credit": "desk"},)),
    "posting_yen": above_zero("yen"),
    "run_kind": one_of("run_kind", "regular", "extra"),
    "run_state": one_of(
        "state", *["opened", "ordering", "proposed", "approved", "accepted", "files_made", "withdrawn"]
    ),
    "run_totals": (({"yen": 4322, **_SUMS}, {"yen": 4320, **_SUMS}), ({"yen": 4321, **_SUMS},)),
    "run_treasurer_apart": (
        ({"treasurer": A, "proposer": A, "approver": B}, {"treasurer": B, "proposer": A, "approver": B}),
        ({"treasurer": "person:c", "proposer": A, "approver": B},),
    ),
    "run_two_people": two_people(),
    "run_withdrawn": _WITHDRAWN,
    "senders_account_number_sealed": sealed("account_number"),
    "transfer_order_yen": above_zero("yen"),
    "transfer_bank_account": (
        ({"channel": "bank", "account_id": None},),
        ({"channel": "bank", "account_id": _IMPORT}, {"channel": "cash", "account_id": None}),
    ),
    "transfer_channel": one_of("channel", "bank", "cash", "set_off", "internal"),
    "transfer_state": one_of("state", "approved", "withdrawn", "in_file", "at_desk"),
    "transfer_yen": above_zero("yen"),
    "withdrawal_yen": above_zero("yen"),
    "sessions_end_with_reason": (
        ({"ended_at": TODAY, "end_reason": None}, {"ended_at": None, "end_reason": "logout"}),
        ({"ended_at": TODAY, "end_reason": "logout"}, {"ended_at": None, "end_reason": None}),
    ),
}
