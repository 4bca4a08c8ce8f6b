"""The nearest rows that the CHECKs of investigations, relatives, documents and merges refuse, and keep."""

from typing import Final

from tests.security.rows.refused_rows import ENTRY, SEALED, TODAY, Rows, above_zero, in_order, sealed, two_people

INVESTIGATIONS: Final[dict[str, Rows]] = {
    "investigations_addressee_sealed": sealed("addressee"),
    "investigations_asked_sealed": sealed("asked"),
    "investigations_due": in_order("sent_on", "due_on"),
    "investigations_consent": (
        ({"consent": "held", "consent_on": None}, {"consent": "missing", "consent_on": TODAY}),
        ({"consent": "held", "consent_on": TODAY}, {"consent": "not_needed", "consent_on": None}),
    ),
    "investigations_rests_on": (
        ({"consent": "missing", "consent_on": None, "consent_id": ENTRY},),
        ({"consent": "missing", "consent_on": None, "consent_id": None},),
    ),
    "consents_person_no": (({"person_no": "1"},), ({"person_no": "0000000100"},)),
    "relative_details_content_sealed": sealed("content"),
    **dict.fromkeys(
        ("relative_proposals_words_sealed", "relative_decisions_words_sealed", "relative_answers_words_sealed"),
        sealed("words"),
    ),
    "relative_proposals_reason": (
        ({"enquire": True, "reason": "violence"}, {"enquire": False, "reason": None}),
        ({"enquire": True, "reason": None}, {"enquire": False, "reason": "violence"}),
    ),
    "relative_decisions_two_people": two_people(),
    "relative_answers_money": (
        ({"outcome": "money", "yen": None}, {"outcome": "refuses", "yen": 1}),
        ({"outcome": "money", "yen": 1}, {"outcome": "refuses", "yen": None}),
    ),
    "relative_answers_yen": above_zero("yen"),
    "attachments_name_sealed": sealed("name"),
    "attachment_withdrawals_words_sealed": sealed("words"),
    "attachments_proves": (
        ({"proves": "case", "proves_id": ENTRY}, {"proves": "note", "proves_id": None}),
        ({"proves": "case", "proves_id": None}, {"proves": "note", "proves_id": ENTRY}),
    ),
    "attachments_size": (({"size": 0}, {"size": 10_485_761}), ({"size": 1}, {"size": 10_485_760})),
    "attachments_content_sealed": (
        ({"size": 5, "content": b"%PDF-"}, {"size": 5, "content": b"x" * 35}),
        ({"size": 5, "content": b"x" * 36},),
    ),
    "merges_words_sealed": sealed("words"),
    "merges_two_numbers": (({"goes": "1", "stays": "1"},), ({"goes": "1", "stays": "2"},)),
    "merge_approvals_two_people": two_people(),
    "distinctions_words_sealed": sealed("words"),
    "distinctions_in_order": (({"low": "1", "high": "1"}, {"low": "2", "high": "1"}), ({"low": "1", "high": "2"},)),
    "investigation_entries_words_sealed": sealed("words"),
    "investigation_entries_reason": (
        ({"kind": "closed", "reason": None}, {"kind": "answered", "reason": "no_answer"}),
        ({"kind": "closed", "reason": "no_answer"}, {"kind": "reminded", "reason": None}),
    ),
    "investigation_entries_answer": (
        ({"kind": "answered", "words": None},),
        ({"kind": "answered", "words": SEALED}, {"kind": "reminded", "words": None}),
    ),
}
