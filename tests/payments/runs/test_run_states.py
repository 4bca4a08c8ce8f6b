"""Where a run may go is declared once; one place writes it; the door plate shows it."""

import re
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import get_args
from uuid import UUID

import pytest

from services.payments.adapters.runs.run_rows import move_run
from services.payments.domain.run import STATES, TRANSITIONS, UNSENT, WITHDRAWABLE
from shared.contracts.codes import RunState
from shared.service_kit.problems import Problem
from tests.payments.office import Office
from tests.payments.runs.test_run_pays import ward

PAYMENTS = Path("services/payments")
WRITER = PAYMENTS / "adapters/runs/run_rows.py"


def drawn() -> str:
    """The transitions as the door plate has them."""
    lines = [f"  {state} --> {after}" for state in STATES for after in sorted(TRANSITIONS[state]) if after != state]
    return "\n".join(["stateDiagram-v2", "  [*] --> opened", *lines, "  files_made --> [*]", "  withdrawn --> [*]"])


def test_the_door_plate_shows_the_states_as_they_are() -> None:
    assert drawn() in (PAYMENTS / "README.md").read_text(encoding="utf-8")


def test_every_state_says_where_it_leads_and_what_is_sent_never_comes_back() -> None:
    assert set(TRANSITIONS) == set(get_args(RunState))
    assert WITHDRAWABLE == ("opened", "ordering", "proposed", "approved")
    assert not TRANSITIONS["accepted"] & UNSENT
    assert not TRANSITIONS["files_made"]


def test_one_place_writes_the_state_of_a_run() -> None:
    others = [
        str(path)
        for path in PAYMENTS.rglob("*.py")
        if "migrations" not in path.parts and path != WRITER
        if re.search(r"update\((tables\.)?runs\)|UPDATE runs", path.read_text(encoding="utf-8"))
    ]
    assert others == []


BROUGHT = """
UPDATE runs SET state = :state,
  withdrawn_by = CASE WHEN :state = 'withdrawn' THEN 'person:demo-accountant' END,
  withdrawn_at = CASE WHEN :state = 'withdrawn' THEN now() END
"""


@pytest.mark.database
def test_a_run_goes_where_its_state_leads_and_nowhere_else(office: Office) -> None:
    ward(office)
    run_id = UUID(office.open_run())
    for state, to in product(STATES, STATES):
        office.running.execute(BROUGHT, state=state)
        values = {"withdrawn_by": "person:x", "withdrawn_at": datetime.now(UTC)} if to == "withdrawn" else {}
        if to in TRANSITIONS[state]:
            with office.running.work() as work:
                move_run(work, run_id, to, **values)
        else:
            with pytest.raises(Problem, match="wrong-state"), office.running.work() as work:
                move_run(work, run_id, to, **values)
