"""What the application says of the applicant stands in the form of the first member of its case (世帯員を加える)."""

import pytest

from tests.ui_gateway.staff import Browser, Office

pytestmark = pytest.mark.database
APPLIED = {"name": "架空 花子", "kana": "かくう はなこ", "birth": "S54.5.3"}


def opened(office: Office, caseworker: str) -> str:
    """The form of the first member of a case that was opened for an application."""
    interviewer = office.browser("demo-interviewer")
    page = interviewer.get("/intake/consultations/new")
    interviewer.press(page.form("/intake/consultations/new"), matter="livelihood", wish_to_apply="yes", **APPLIED)
    address = "/intake/consultations/2026000001/application"
    interviewer.press(interviewer.get(address).form(address), district="01")
    application = interviewer.get("/intake/applications/2026000001")
    action = "/intake/applications/2026000001/case"
    done = interviewer.press(application.form(action), district="01", caseworker=caseworker)
    return next(link for link in done.links if link.startswith("/cases/")) + "/members/new"


def shown(browser: Browser, address: str) -> dict[str, str]:
    fields = browser.get(address).form(address).fields
    return {name: fields.get(name, "") for name in ("name", "kana", "cell_birth_date", "cell_relation")}


def test_the_applicant_stands_in_the_form_of_the_first_member_and_of_no_second(office: Office) -> None:
    address = opened(office, "demo-caseworker")
    caseworker = office.browser("demo-caseworker")
    page = caseworker.get(address)
    assert "申請 2026000001 の申請者の内容が入っています" in page.text
    assert shown(caseworker, address) == {
        "name": "架空 花子",
        "kana": "カクウ ハナコ",
        "cell_birth_date": "昭和54年5月3日",
        "cell_relation": "self",
    }
    done = caseworker.press(page.form(address), **{"from": "R8.11.20", "reason": "declaration"})
    assert "世帯員に加えました" in done.text, done.text
    assert set(shown(caseworker, address).values()) == {""}


def test_who_may_not_read_the_application_has_nothing_of_it_and_is_not_refused(office: Office) -> None:
    address = opened(office, "somebody-else")
    caseworker = office.browser("demo-caseworker")
    refused = len(office.services["case_management"].looks())
    assert set(shown(caseworker, address).values()) == {""}
    assert "refusal.v1" not in [look["type"] for look in office.services["case_management"].looks()[refused:]]
