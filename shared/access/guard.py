"""The office's guard, which every ``app.py`` hands to its service."""

from typing import Final

from shared.access.claims import OfficeClaims
from shared.access.confirmations import use_step_up
from shared.access.records import check_record
from shared.contracts.subjects import NUMBERED
from shared.service_kit.http.guard import Guard

GUARD: Final = Guard(
    access_claims=OfficeClaims,
    record=NUMBERED,
    needs_no_record=frozenset({"office"}),
    check_record=check_record,
    confirm=use_step_up,
    audited=frozenset({"same-person", "too-many-emergencies"}),
)
