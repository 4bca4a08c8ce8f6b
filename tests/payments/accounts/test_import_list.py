"""The list of account imports: what waits for somebody is never too old to be shown."""

import pytest

from services.payments.adapters.accounts import import_list
from tests.payments.office import Office

pytestmark = pytest.mark.database
PA = "public_assistance"


def hand_in(office: Office, case_no: str) -> str:
    answer = office.accountant.post("/imports", files=office.accounts((case_no, PA)))
    assert answer.status_code == 201, answer.content
    return str(answer.json["import_id"])


def listed(office: Office) -> list[str]:
    return [one["import_id"] for one in office.head.get("/imports").json["items"]]


def test_an_import_that_waits_is_shown_first_however_many_were_handed_in_since(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_list, "NEWEST", 1)
    waiting = [hand_in(office, "00000001"), hand_in(office, "00000002")]
    office.register(("00000003", PA))
    assert set(listed(office)) == set(waiting) | {listed(office)[-1]}
    assert len(listed(office)) == 3, "all that wait, and of the others the newest"
    office.register(("00000004", PA))
    assert len(listed(office)) == 3
    assert set(waiting) == set(listed(office)[:2])
