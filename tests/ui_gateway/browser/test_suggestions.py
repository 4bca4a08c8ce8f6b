"""The search box in a real browser: answers as one types, by mouse and by keyboard, never while kana are converted."""

import re

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.decisions.ward import Ward
from tests.ui_gateway.browser.conftest import Desk
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database
ADDRESS = "/search/suggestions"
QUIET = 700
"""Milliseconds after which nothing more is asked."""


@pytest.fixture(scope="module", autouse=True)
def households(office_of_file: Office) -> None:
    ward = Ward()
    for case, name in ((31, "見本 桜"), (32, "見本 楓")):
        ward.add(case, {"name": name, "kana": "ミホン"})
    office_of_file.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
    office_of_file.work_on()


@pytest.fixture
def questions(desk: Desk) -> list[str]:
    """What the box asked."""
    asked: list[str] = []

    def heard(request: Request) -> None:
        if request.url.endswith(ADDRESS):
            asked.append(str(request.post_data_json["q"]) if request.post_data_json else "")

    desk.page.on("request", heard)
    return asked


def options(page: Page) -> list[str]:
    return [option.inner_text() for option in page.get_by_role("option").all()]


def test_by_keyboard_alone_somebody_is_found_and_opened(desk: Desk, questions: list[str]) -> None:
    desk.log_in("/")
    page, box = desk.page, desk.page.locator("#search")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("みほん", delay=30)
    expect(page.get_by_role("option")).to_have_count(2)
    assert questions == ["みほん"], "fast typing asks once"
    expect(box).to_have_attribute("aria-expanded", "true")
    assert desk.axe_findings() == []
    page.keyboard.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(first.get_attribute("id")))
    page.keyboard.press("ArrowUp")
    expect(first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/0000003[12]$"))


def test_by_mouse_a_line_is_clicked(desk: Desk) -> None:
    desk.log_in("/")
    desk.page.locator("#search").click()
    desk.page.keyboard.type("見本")
    desk.page.get_by_role("option").filter(has_text="楓").click()
    desk.page.wait_for_url("**/cases/00000032")


def test_escape_closes_the_lines_and_enter_searches_as_ever(desk: Desk) -> None:
    desk.log_in("/")
    page = desk.page
    page.locator("#search").click()
    page.keyboard.type("見本")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator("#search")).to_have_value("見本")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search")
    expect(page.locator("main")).to_contain_text("見本 楓")


def test_nothing_is_asked_of_one_letter_nor_while_kana_are_converted(desk: Desk, questions: list[str]) -> None:
    desk.log_in("/")
    page, box = desk.page, desk.page.locator("#search")
    box.click()
    page.keyboard.type("見")
    page.wait_for_timeout(QUIET)
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "みほん", "selectionStart": 3, "selectionEnd": 3})
    page.wait_for_timeout(QUIET)
    assert questions == []
    session.send("Input.insertText", {"text": "本"})
    expect(page.get_by_role("option")).to_have_count(2)
    assert questions == ["見本"]


def test_an_answer_that_comes_late_is_dropped(desk: Desk) -> None:
    desk.log_in("/")
    page, held = desk.page, list[Route]()

    def hold(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    page.route(f"**{ADDRESS}", hold)
    page.locator("#search").click()
    page.keyboard.type("見本")
    page.wait_for_timeout(QUIET)
    page.keyboard.type(" 桜")
    expect(page.get_by_role("option")).to_have_count(1)
    assert len(held) == 2
    assert options(page)[0].startswith("見本 桜")


def test_nobody_is_found_is_said_and_a_page_that_is_narrow_shows_it_too(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 640, "height": 360})
    desk.log_in("/")
    desk.page.locator("#search").click()
    desk.page.keyboard.type("居内")
    expect(desk.page.locator(".search .suggested")).to_have_text("該当する人はいません")
    desk.page.locator("#search").fill("見本")
    expect(desk.page.get_by_role("option")).to_have_count(2)
    assert desk.beside() == []
    assert desk.axe_findings() == []


def test_who_is_turned_away_is_not_asked_for_again(desk: Desk, questions: list[str]) -> None:
    desk.log_in("/")
    page = desk.page
    page.route(f"**{ADDRESS}", lambda route: route.fulfill(status=429, headers={"Retry-After": "60"}))
    page.locator("#search").click()
    page.keyboard.type("見本")
    page.wait_for_timeout(QUIET)
    page.keyboard.type("桜")
    page.wait_for_timeout(QUIET)
    assert questions == ["見本"]
    desk.complaints.clear()


def test_a_field_for_a_number_is_filled_by_the_name(desk: Desk) -> None:
    desk.log_in("/cases/00000031/members/new")
    page, box = desk.page, desk.page.locator('[name="person_no"]')
    box.click()
    page.keyboard.type("見本 楓")
    expect(page.locator(".suggestions li")).to_have_count(1)
    assert desk.axe_findings() == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("0000003200")
    expect(page.locator(".field .suggested").first).to_contain_text("✓ 見本 楓")
    page.keyboard.press("Tab")
    expect(page.locator(".field .suggested").first).to_contain_text("✓ 見本 楓")
    assert page.url.endswith("/members/new"), "the form is not sent by the Enter that chooses"


def test_without_a_script_the_name_is_sent_and_somebody_is_chosen(chromium: Browser, office_of_file: Office) -> None:
    context = chromium.new_context(java_script_enabled=False)
    desk = Desk(office_of_file, context.new_page())
    desk.log_in("/cases/00000031/members/new")
    page = desk.page
    page.locator('[name="person_no"]').fill("見本 楓")
    page.locator('[name="from"]').fill("R8.11.1")
    page.get_by_role("button", name="世帯員に加える").click()
    page.get_by_label("見本 楓").check()
    page.get_by_role("button", name="世帯員に加える").click()
    expect(page.locator('[name="person_no"]')).to_have_value("0000003200")
    expect(page.locator('[name="from"]')).to_have_value("R8.11.1")
    context.close()
