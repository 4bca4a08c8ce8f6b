"""What must hold between fields is said together with what is wrong with each of them, and never guessed."""

from collections.abc import Mapping
from datetime import date

import pytest

from services.ui_gateway.forms.form import Form
from services.ui_gateway.pages.casework.forms import END, NOTE, NOTE_AGAIN, TASK
from services.ui_gateway.pages.investigations.investigation_forms import ANSWER, ENTRY, PROPOSAL, REQUEST
from services.ui_gateway.pages.people.member_forms import JOINING

TODAY = date(2026, 11, 24)
WRONG = "R8.13.40"
MEMBER = {"cell_birth_date", "cell_relation", "reason", "from"}


@pytest.mark.parametrize(
    ("form", "sent", "faulty"),
    [
        (NOTE, {"kind": "contact", "contact": "visit", "held_on": WRONG}, {"held_on", "met", "said"}),
        (NOTE, {"kind": "contact", "contact": "none", "held_on": "", "said": "話"}, {"held_on", "contact"}),
        (NOTE, {"kind": "policy", "contact": "none", "held_on": WRONG}, {"held_on", "plan"}),
        (NOTE, {"kind": "", "contact": "", "held_on": "R8.11.1"}, {"kind", "contact"}),
        (NOTE, {"kind": "contact", "contact": "visit", "held_on": "R8.11.1", "met": "\x07", "said": "話"}, {"met"}),
        (
            NOTE_AGAIN,
            {"change": "correction", "kind": "contact", "contact": "absent", "held_on": WRONG},
            {"held_on", "why"},
        ),
        (TASK, {"kind": "declaration_income", "due_on": WRONG}, {"due_on", "covers_from", "covers_to"}),
        (TASK, {"kind": "declaration_income", "due_on": "R8.12.1", "covers_from": WRONG}, {"covers_from", "covers_to"}),
        (
            TASK,
            {"kind": "declaration_income", "due_on": "", "covers_from": "R8.11.1", "covers_to": "R8.10.1"},
            {"due_on", "covers_to"},
        ),
        (END, {"outcome": "received", "ended_on": ""}, {"ended_on", "covers_from"}),
        (END, {"outcome": "not_needed", "ended_on": WRONG}, {"ended_on", "words"}),
        (
            REQUEST,
            {"kind": "bank", "addressee": "", "asked": "残高", "sent_on": "R8.11.10", "due_on": "R8.11.1"}
            | {"consent": "held"},
            {"addressee", "due_on", "consent_id"},
        ),
        (ENTRY, {"kind": "closed", "happened_on": WRONG}, {"happened_on", "reason"}),
        (ENTRY, {"kind": "answered", "happened_on": ""}, {"happened_on", "words"}),
        (PROPOSAL, {"enquire": "no", "reason": ""}, {"reason"}),
        (ANSWER, {"answered_on": WRONG, "outcome": "money"}, {"answered_on", "yen"}),
        (JOINING, {}, {"person_no", *MEMBER}),
        (JOINING, {"person_no": "さくら"}, {"person_no", *MEMBER}),
        (JOINING, {"name": "架空 桜"}, {"kana", *MEMBER}),
    ],
)
def test_all_that_is_wrong_is_said_at_once(form: Form, sent: Mapping[str, str], faulty: set[str]) -> None:
    assert form.read(sent, TODAY).faults.keys() == faulty
