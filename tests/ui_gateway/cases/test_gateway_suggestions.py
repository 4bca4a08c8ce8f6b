"""The box answers as one types: whom the text means so far, by right; each answer is a look, no address has it."""

import pytest
import requests

from tests.decisions.ward import Ward
from tests.ui_gateway.staff import Browser, Office

pytestmark = pytest.mark.database
ADDRESS = "/search/suggestions"


@pytest.fixture(scope="module")
def office(office_of_file: Office) -> Office:
    """An office with ten households of one name, and somebody at the desk who has it too."""
    ward = Ward()
    for case in range(1, 11):
        ward.add(case, {"name": f"見本 {case}", "kana": "ミホン タロウ"})
    office_of_file.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
    desk, new = office_of_file.browser("demo-interviewer"), "/intake/consultations/new"
    said = {"held_on": "R8.11.20", "matter": "care", "channel": "counter", "wish_to_apply": "no", "result": "advice"}
    assert "記録しました" in desk.press(desk.get(new).form(new), **said, name="仮見 花", kana="カリミ ハナ").text
    office_of_file.work_on()
    return office_of_file


def asked(browser: Browser, text: str, **more: str) -> requests.Response:
    headers = {"Accept": "application/json", "Kurashi-Csrf": browser.json("/session")["csrf"]}
    return browser.http.post(browser.url + ADDRESS, data={"q": text, **more}, headers=headers, timeout=30)


def test_eight_lines_say_who_it_is_and_lead_to_the_page(office: Office) -> None:
    answer = asked(office.browser("demo-caseworker"), "みほ").json()
    assert (len(answer["lines"]), answer["more"]) == (8, True)
    line = next(line for line in answer["lines"] if line["name"] == "見本 1")
    assert (line["to"], line["number"]) == ("/cases/00000001", "0000000100")
    assert line["about"].startswith("ミホン タロウ 昭和")
    assert line["about"].endswith("ケース 00000001")


def test_who_came_to_the_desk_is_among_them_but_for_a_field_that_wants_a_number(office: Office) -> None:
    desk = office.browser("demo-interviewer")
    (line,) = asked(desk, "かりみ").json()["lines"]
    assert line["to"].startswith("/intake/consultations/")
    assert line["number"] == ""
    assert asked(desk, "かりみ", people="yes").json()["lines"] == []


def test_each_answer_is_a_look_at_those_it_named(office: Office) -> None:
    seen = len(office.services["case_management"].looks())
    asked(office.browser("demo-caseworker"), "みほん")
    (look,) = office.services["case_management"].looks()[seen:]
    assert (look["data"]["what"], len(look["data"]["subjects"])) == ("search", 16)


def test_what_was_typed_stands_in_no_address(office: Office) -> None:
    answer = asked(office.browser("demo-caseworker"), "みほん")
    assert answer.url == office.url + ADDRESS
    assert "みほん" not in str(office.gateway.spans())


def test_who_may_not_search_is_answered_nothing(office: Office) -> None:
    assert asked(office.browser("demo-treasurer"), "みほん").status_code == 403


def test_nothing_typed_is_a_fault_and_nobody_is_looked_at(office: Office) -> None:
    seen = len(office.services["case_management"].looks())
    assert asked(office.browser("demo-caseworker"), " ").status_code == 422
    assert len(office.services["case_management"].looks()) == seen
