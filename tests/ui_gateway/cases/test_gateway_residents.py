"""A person's page (宛名): names and protected details are changed there, and nothing else is lost by it."""

import re
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.decisions.ward import Ward
from tests.ui_gateway.staff import Browser, Form, Office, Page

pytestmark = pytest.mark.database
PERSON = "/residents/0000004300"
ENTRIES, DETAILS = f"{PERSON}/entries", f"{PERSON}/details"
OTHERS = [
    {"kind": "former", "name": "旧姓 太郎", "kana": "キュウセイ タロウ"},
    {"kind": "alias", "name": "通り名 太", "kana": "トオリナ フトシ"},
    {"kind": "alias", "name": "呼び名 太", "kana": None},
]
SECRET = {"kind": "living", "text": "架空区仮町1-2-3", "protected": "yes", "reason": "declaration"}


@pytest.fixture
def office(lasting_office: Office) -> Office:
    ward = Ward().add(43, {"name": "架空 太郎", "kana": "カクウ タロウ"}, caseworker="demo-caseworker")
    if lasting_office.browser("demo-caseworker").get("/cases/00000043").status != 200:
        lasting_office.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
        lasting_office.work_on()
    return lasting_office


@pytest.fixture
def caseworker(office: Office) -> Browser:
    return office.browser("demo-caseworker")


def ask(office: Office, method: str, path: str, **rest: Any) -> Any:
    """Ask the service past the pages."""
    key = {"Idempotency-Key": str(uuid4())}
    head = {"Authorization": f"Bearer {office.token('demo-caseworker', 'case_management')}", **key}
    answer = requests.request(method, f"{office.doors['case_management'].url}{path}", headers=head, timeout=10, **rest)
    assert answer.ok, answer.text
    return answer.json()


def newest(office: Office) -> dict[str, Any]:
    return dict(ask(office, "GET", f"{PERSON}?purpose=casework")["entries"][-1])


def detail_form(page: Page, corrects: str = "") -> Form:
    fields = {"fact": "address", "corrects": corrects}
    return next(form for form in page.forms if form.action == DETAILS and fields.items() <= form.fields.items())


def reveal(page: Page) -> str:
    link = re.findall(rf'href="({DETAILS}/[^"]+)"', page.html)
    assert link, page.text
    return str(link[-1])


@pytest.mark.parametrize("first", ["旧姓 太郎", ""])
def test_a_change_of_name_keeps_the_other_names_that_the_form_does_not_ask_for(
    office: Office, caseworker: Browser, first: str
) -> None:
    names = {"name": "架空 太郎", "kana": "カクウ タロウ", "other_names": OTHERS, "reason": "declaration"}
    ask(office, "POST", ENTRIES, json={**names, "follows": newest(office)["number"]})
    page = caseworker.get(PERSON)
    assert "通り名 太、呼び名 太" in page.text
    typed = {"name": "仮名 太郎", "kana": "カメイ タロウ", "reason": "family_register"}
    if not first:
        typed |= {"other_kind": "", "other_name": "", "other_kana": ""}
    page = caseworker.press(page.form(ENTRIES), **typed)
    assert page.status == 200, page.text
    entry = newest(office)
    assert (entry["name"], entry["other_names"]) == ("仮名 太郎", OTHERS if first else OTHERS[1:])


def test_a_name_that_was_changed_meanwhile_is_not_written_over(office: Office, caseworker: Browser) -> None:
    form = caseworker.get(PERSON).form(ENTRIES)
    for key, status in (("a-key-of-the-first-tab", 200), ("a-key-of-the-second-tab", 409)):
        typed = {"name": "架空 太郎", "kana": "カクウ タロウ", "reason": "family_register", "key": key}
        assert caseworker.press(form, **typed).status == status


def test_a_protected_address_is_ended_where_it_is_revealed_and_stays_protected(caseworker: Browser) -> None:
    page = caseworker.press(detail_form(caseworker.get(PERSON)), **SECRET)
    assert SECRET["text"] not in page.text
    address = reveal(page)
    form = detail_form(caseworker.get(address), corrects=address.rsplit("/", 1)[1])
    assert (form.fields["text"], form.fields["protected"]) == (SECRET["text"], "yes")
    page = caseworker.press(form, to="R8.11.20", reason="declaration")
    assert "記録しました" in page.text
    assert address not in page.links
    assert SECRET["text"] not in page.html


def test_a_fault_in_what_ends_a_protected_address_comes_back_with_what_was_typed(caseworker: Browser) -> None:
    address = reveal(caseworker.press(detail_form(caseworker.get(PERSON)), **SECRET))
    corrects = address.rsplit("/", 1)[1]
    page = caseworker.press(detail_form(caseworker.get(address), corrects), to="R8.2.30", reason="declaration")
    assert page.status == 422
    form = detail_form(page, corrects)
    assert (form.fields["to"], form.fields["text"]) == ("R8.2.30", SECRET["text"])


def test_who_may_not_correct_sees_no_form_where_an_address_is_revealed(office: Office, caseworker: Browser) -> None:
    address = reveal(caseworker.press(detail_form(caseworker.get(PERSON)), **SECRET))
    page = office.browser("demo-head").get(address)
    assert DETAILS not in page.acts()
