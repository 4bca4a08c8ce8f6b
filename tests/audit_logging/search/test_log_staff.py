"""One form of a staff member's id: who may log in is found in the log, held in it, and given cases."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.decisions.api import schemas
from shared.service_kit.identity import claims
from shared.service_kit.testing import RunningService
from tests.audit_logging.acts import auditor, look, take
from tests.audit_logging.retention.retention_office import hold

pytestmark = pytest.mark.database
LOGGED_IN = ["ichiko", "ichiko@ward.example.jp", "1001", "a" * 64]
NOBODY = ["", "a" * 65, ".ichiko", "@ward", "ichi ko", "ichiko:", "いち子"]


@pytest.mark.parametrize("staff", LOGGED_IN)
def test_who_may_log_in_can_be_searched_for_and_what_they_did_can_be_held(log: RunningService, staff: str) -> None:
    take(log, look(log, staff, "case:00000001"))
    assert (
        TypeAdapter(claims.Staff).validate_python(staff) == TypeAdapter(schemas.Staff).validate_python(staff) == staff
    )
    assert len(auditor(log).get(f"/log/entries?purpose=review&staff={staff}").json["hits"]) == 1
    assert hold(log, subjects=[f"staff:{staff}"]).status_code == 201


@pytest.mark.parametrize("staff", NOBODY)
def test_what_is_no_id_opens_nothing_and_is_searched_for_and_held_by_nobody(log: RunningService, staff: str) -> None:
    for form in (claims.Staff, schemas.Staff):
        with pytest.raises(ValidationError):
            TypeAdapter(form).validate_python(staff)
    assert auditor(log).get(f"/log/entries?purpose=review&staff={staff}").status_code == 422
    assert hold(log, subjects=[f"staff:{staff}"]).status_code == 422
