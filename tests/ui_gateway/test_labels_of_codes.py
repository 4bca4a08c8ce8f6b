"""Every code that a service answers with has its Japanese word on the pages."""

from collections.abc import Collection
from typing import Any, get_args

import pytest

from services.ui_gateway.pages import labels
from shared.contracts import codes, purposes
from shared.contracts.assistance import PROGRAMMES


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
