"""Five things that staff do all day, and what each costs them in clicks and keys; whoever makes one dearer sees it."""

import re

import pytest
from playwright.sync_api import expect

from tests.decisions.ward import Ward
from tests.ui_gateway.browser.conftest import Desk
from tests.ui_gateway.browser.counted import Counted
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database
CASE = "/cases/00000051"


@pytest.fixture
def household(lasting_office: Office) -> str:
    ward = Ward().add(51, {"name": "数井 花子", "kana": "カズイ ハナコ"})
    if lasting_office.browser("demo-caseworker").get(CASE).status != 200:
        lasting_office.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
        lasting_office.work_on()
    return CASE


def test_a_household_is_found_and_opened_by_its_reading(desk: Desk, household: str) -> None:
    desk.log_in("/")
    counted = Counted(desk.page)
    counted.press("/")
    counted.write("かずい")
    counted.press("Enter")
    counted.click(household.rsplit("/", 1)[-1])
    expect(desk.page.locator("h1")).to_contain_text("数井 花子")
    assert (counted.clicks, counted.keys) == (1, 5)


def test_wages_are_recorded_from_the_household(desk: Desk, household: str) -> None:
    desk.log_in(household)
    counted = Counted(desk.page)
    counted.click("収入の変更")
    counted.type("from", "R8.11.1")
    counted.type("cell_earned_income", "80000")
    counted.choose("reason", "申告")
    counted.click("この事実を記録する", "button")
    expect(desk.page.locator("main")).to_contain_text("80,000円")
    assert (counted.clicks, counted.keys) == (6, 12)


def test_a_conversation_is_recorded_applied_for_and_numbered(desk: Desk) -> None:
    desk.log_in("/intake", "demo-interviewer")
    counted, costs = Counted(desk.page), []
    counted.click("新しい相談を記録する")
    counted.choose("matter", "生活")
    counted.type("name", "数井 次郎")
    counted.type("kana", "かずい じろう")
    counted.check("wish_to_apply", "yes")
    counted.choose("result", "申請受理")
    counted.click("この相談を記録する", "button")
    costs.append((counted.clicks, counted.keys))
    counted.click("申請を受理する")
    counted.click("申請を受理する", "button")
    costs.append((counted.clicks, counted.keys))
    desk.page.get_by_text("ケース番号を付けて調査を始める").click()
    counted.clicks += 1
    counted.type("district", "01")
    counted.click("ケース番号を付ける", "button")
    expect(desk.page.get_by_role("link", name=re.compile("^[0-9]{8}$"))).to_be_visible()
    costs.append((counted.clicks, counted.keys))
    assert costs == [(9, 12), (11, 12), (14, 14)]
