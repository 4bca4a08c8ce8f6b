"""Every code that a service answers with has its Japanese word on the pages."""

from collections.abc import Collection
from typing import Any, get_args

import pytest

from services.case_management.domain.casework import Urgency
from services.case_management.domain.intake import LimitState
from services.case_management.domain.investigation import InvestigationState
from services.case_management.domain.relatives import EnquiryState
from services.ui_gateway.pages import labels
from services.ui_gateway.pages.investigations import investigation_labels as of_investigations
from services.ui_gateway.pages.people import case_labels as of_cases
from services.ui_gateway.routing import permission_labels
from shared.contracts import codes, purposes
from shared.contracts.assistance import PROGRAMMES
from shared.contracts.permissions import PERMISSIONS
from shared.contracts.ward_files import BY_HAND, HOUSEHOLDS


@pytest.mark.parametrize(
    ("worded", "declared"),
    [
        (labels.RUN_KINDS, codes.RunKind),
        (labels.RUN_STATES, codes.RunState),
        (labels.FILE_STANDINGS, codes.FileStanding),
        (labels.DESK_REASONS, codes.DeskReason),
        (labels.OUTCOMES, codes.ReviewOutcome),
        (labels.WITHDRAWALS, codes.TakenBack),
        (labels.REASONS, codes.ActReason),
        (labels.EMERGENCIES, purposes.Emergency),
        (of_investigations.ADDRESSEES, codes.InvestigationAddressee),
        (of_investigations.CONSENTS, codes.ConsentForm),
        (of_investigations.INVESTIGATION_ENTRIES, codes.InvestigationEntryKind),
        (of_investigations.INVESTIGATION_CLOSINGS, codes.InvestigationClosing),
        (of_investigations.INVESTIGATION_STATES, InvestigationState),
        (of_investigations.RELATIVE_RELATIONS, codes.RelativeRelation),
        (of_investigations.ENQUIRY_EXCLUSIONS, codes.EnquiryExclusion),
        (of_investigations.ENQUIRY_STATES, EnquiryState),
        (of_investigations.RELATIVE_OUTCOMES, codes.RelativeOutcome),
        (of_investigations.PROVEN, codes.Proves),
        (of_investigations.DOCUMENT_TYPES, codes.DocumentType),
        (of_investigations.DOCUMENT_WITHDRAWALS, codes.DocumentWithdrawal),
        (of_cases.CHANNELS, codes.ContactChannel),
        (of_cases.MATTERS, codes.ConsultationMatter),
        (of_cases.CONSULTATION_RESULTS, codes.ConsultationResult),
        (of_cases.CHANGES, codes.EntryChange),
        (of_cases.APPLICATION_KINDS, codes.ApplicationKind),
        (of_cases.GROUNDS, codes.StartGround),
        (of_cases.APPLICATION_FORMS, codes.ApplicationForm),
        (of_cases.APPLIED_BY, codes.AppliedBy),
        (of_cases.LEGAL_BASES, codes.LegalBasis),
        (of_cases.PAPERS, codes.Paper),
        (of_cases.DELAY_REASONS, codes.DelayReason),
        (of_cases.APPLICATION_STATES, codes.ApplicationState),
        (of_cases.LIMITS, LimitState),
        (of_cases.DETERMINATION_STATES, codes.DeterminationState),
        (of_cases.CIRCUMSTANCE_REASONS, codes.CircumstanceReason),
        (of_cases.RESIDENT_REASONS, codes.ResidentReason),
        (of_cases.NAME_KINDS, codes.NameKind),
        (of_cases.TASK_RHYTHMS, codes.TaskRhythm),
        (of_cases.NOTE_KINDS, codes.NoteKind),
        (of_cases.NOTE_CONTACTS, codes.NoteContact),
        (of_cases.TASK_KINDS, codes.TaskKind),
        (of_cases.TASK_OUTCOMES, codes.TaskOutcome),
        (of_cases.URGENCIES, Urgency),
        (of_cases.PAID_THROUGH, codes.Channel),
        (of_cases.TRANSFER_STATES, codes.TransferState),
        (of_cases.SAME_SIGNS, codes.SameSign),
        (of_cases.MERGE_STATES, codes.MergeState),
        (of_cases.DETAIL_FACTS, codes.DetailFact),
        (of_cases.DETAIL_WORDS, codes.DetailKind),
    ],
)
def test_every_code_has_its_word_and_no_word_is_of_a_code_that_nobody_answers(
    worded: Collection[str], declared: Any
) -> None:
    assert set(worded) == set(get_args(declared))


def test_every_state_of_a_collective_act_has_its_word() -> None:
    assert set(get_args(codes.ActState)) <= set(labels.COLLECTIVE_STATES)


def test_every_programme_has_its_word() -> None:
    assert set(labels.PROGRAMMES) == set(PROGRAMMES)


def test_every_cell_of_a_fact_and_each_of_its_codes_has_its_word() -> None:
    columns = [*BY_HAND, *(column for column in HOUSEHOLDS if column.fact == "charge")]
    assert set(of_cases.CELLS) == {column.name for column in columns}
    coded = {column.name: set(column.choices) for column in columns if column.choices and column.name != "grade"}
    assert {name: set(words) for name, words in of_cases.CELL_CODES.items()} == coded


def test_each_permission_is_said_in_words_with_the_roles_that_have_it() -> None:
    assert permission_labels.PERMITTED.keys() == PERMISSIONS.keys()
    assert permission_labels.not_permitted("case.hand_over") == (
        "担当の引継ぎは、あなたの役割ではできません。できるのは査察指導員、保護課長です。"
        "必要な場合は、権限管理者に相談してください。"
    )
    assert permission_labels.not_permitted("") == permission_labels.not_permitted("no.such") == ""
