"""Columns that stand in the clear though they could hold words or names, each with what it holds instead."""

from typing import Final

BY_NAME: Final = {
    "numbers of cases, persons and receipts": (
        "case_no person_no member consultation_no application_no note_no task_no goes stays low high"
    ),
    "ids of the identity provider's persons and of machines": (
        "opened_by recorded_by "
        "author actor approver ended_by person placed_by proposer reader released_by reviewer shielded_by staff "
        "stands_in_for treasurer withdrawn_by"
    ),
    "ids, hashes, keys and signatures": (
        "content_mark correlation cookie_sha256 epoch job job_id jti leaf leaf_hash request_sha256 root salt sha256 "
        "proves_id sid step_up_id trace_id traceparent version_num wrapped wrapped_by"
    ),
    "months": "month",
    "codes that code of ours writes or a body's pattern admits": (
        "account_type change channel consent contact content_type district duty end_reason fact form ground kind "
        "legal_basis matter method outcome producer programme proves relation result rhythm role rule "
        "run_kind state stream type what"
    ),
    "codes and names of banks, as the register of banks prints them": "bank_code bank_name branch_code branch_name",
}
"""What a column of this name holds wherever it stands."""

BY_COLUMN: Final = {
    "a subject: `case:` or `person:` and digits, or `run:` and an id": (
        "break_glass.subject events.subject outbox.subject parked.subject findings.subject search_subjects.subject "
        "openings.value findings.concerned reviews.concerned holds.subjects"
    ),
    "facts: ids, codes and yen alone (tests/security/test_canary.py looks for a name in them)": (
        "events.body outbox.body parked.body openings.field"
    ),
    "a reason by its code": (
        "assignment_ends.reason assignment_proposals.reason break_glass.reason collectives.reason parked.reason "
        "collective_withdrawals.reason import_withdrawals.reason "
        "application_delays.reason circumstances.reason person_details.reason residents.reason restrictions.reason "
        "attachment_withdrawals.reason merge_withdrawals.reason investigation_entries.reason "
        "relative_proposals.reason hold_ends.reason holds.reason findings.why"
    ),
    "the place in the code at which something failed, never its message": "chunks.error task_failures.reason",
    "names of tasks, and what an effect is about by its id": "task_failures.task task_failures.subject",
    "payloads of chunks: case numbers, ids": "chunks.payload",
    "answers to writing requests: none of them names anybody (test_sealed_columns.py)": (
        "idempotency.body idempotency.key"
    ),
    "what the rules refuse, in our words, without the value": (
        "collective_refusals.detail collective_refusals.field import_returns.detail"
    ),
    "days, yen and codes, in which the rules compute; no fact of a case holds a name (test_sealed_columns.py)": (
        "circumstances.data support_benefits.import_rows.data"
    ),
    "figures of the law and what they were computed from": (
        "determination_lines.basis determination_lines.inputs determination_lines.trust determinations.covers "
        "determinations.kinds determinations.standards determinations.warnings"
    ),
    "lists of codes": "assignments.districts assignments.programmes access_matrices.matrix self_check_results.faults",
    "names of files by their content's hash": "imports.files",
    "what is kept how long, by the names of shared/contracts/retention.py": "retention_periods.name",
    "the office's own account: whom it pays from, printed in every file": "senders.sender_code senders.sender_name "
    "run_senders.sender_name",
    "names of the staff, whom every page names to every other one of them": "staff_names.name",
    "a bank file's name: programme, day, number": "bank_files.name",
    "who has received a bank file, an id of the staff": "bank_files.received_by",
    "what was read back of a bank file, a code": "bank_files.standing",
    "names of accounts of the ledger, ids": "postings.cause postings.credit postings.debit",
    "the tree and its notes": "checkpoints.note tiles.hashes",
    "hashes over the ids of facts, and those ids": (
        "cursors.history events.before stream_heads.history taken.before taken.ids"
    ),
    "places in streams, figures of the log": (
        "progress.name passed_over.task passed_over.reason self_check_results.figures self_checks.canary "
        "self_checks.positions search_entries.break_glass "
        "findings.key"
    ),
    "what the last act did, by our words": "sessions.message",
    "sealed with the browser's own cookie (services/ui_gateway/sessions/cookie_secrets.py)": (
        "sessions.sealed logins.sealed"
    ),
    "words of an emergency, in a service that has no emergencies: no route writes them": (
        "audit_logging.break_glass.words ui_gateway.break_glass.words"
    ),
}
"""What one column holds, in every service or in the one that is named before it."""
