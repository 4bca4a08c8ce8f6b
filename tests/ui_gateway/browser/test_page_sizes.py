"""Pages in a real browser: nothing that axe finds, nothing that scrolls sideways, nothing heavy, on any screen."""

import pytest
from playwright.sync_api import Response, ViewportSize

from tests.ui_gateway.browser.conftest import DESK, Desk
from tests.ui_gateway.sample_form import ADDRESS, FILLED

pytestmark = pytest.mark.database
TABLET: ViewportSize = {"width": 768, "height": 1024}
ZOOMED: ViewportSize = {"width": 640, "height": 360}
"""What a page has of 1280 x 720 at 200 %: half the pixels of CSS each way."""
PAGES = ("/", "/imports", "/months/2026-12", "/sessions", "/settings", "/shortcuts", ADDRESS)
MOST_BYTES, MOST_REQUESTS = 100_000, 20
LONG = "𠮷" * 200


def show_faults(desk: Desk) -> None:
    """Send the form with a name of 200 characters and everything else wrong or missing."""
    desk.page.locator('[name="name"]').fill(LONG)
    desk.page.locator('[name="kana"]').fill(FILLED["name"])
    desk.page.get_by_role("button", name="記録する").click()
    desk.page.locator("#faults").wait_for()


def test_axe_finds_nothing_in_a_form_blank_or_with_every_fault(desk: Desk) -> None:
    desk.log_in(ADDRESS)
    assert desk.axe_findings() == []
    show_faults(desk)
    assert desk.page.locator("#faults a").count() == 5
    assert desk.axe_findings() == []


@pytest.mark.parametrize("screen", [DESK, TABLET, ZOOMED], ids=["desk", "tablet", "200 %"])
def test_nothing_scrolls_sideways(desk: Desk, screen: ViewportSize) -> None:
    desk.page.set_viewport_size(screen)
    desk.log_in("/", "demo-head")
    for path in PAGES:
        desk.go(path)
        assert desk.beside() == [], path
    show_faults(desk)
    assert desk.beside() == []


def test_what_is_pressed_is_at_least_44_pixels_high(desk: Desk) -> None:
    desk.log_in(ADDRESS)
    show_faults(desk)
    parts = desk.page.locator("main button, main select, main input:not([type=hidden]):not([type=radio]), .radio")
    boxes = [part.bounding_box() for part in parts.all()]
    assert len(boxes) > 8
    assert all(box and box["height"] >= 44 for box in boxes)


def test_a_page_is_small_and_asks_little(desk: Desk) -> None:
    answers: list[Response] = []
    desk.page.on("response", lambda answer: answers.append(answer))
    desk.log_in(ADDRESS)
    desk.page.wait_for_load_state("networkidle")
    own = [answer for answer in answers if answer.status == 200 and answer.url.startswith(desk.office.url)]
    kinds = {answer.request.resource_type for answer in own}
    assert {"document", "stylesheet", "script"} <= kinds
    assert len(own) <= MOST_REQUESTS
    assert sum(len(answer.body()) for answer in own) <= MOST_BYTES
    elsewhere = {answer.url.split("/")[2] for answer in answers} - {desk.office.url.split("/")[2]}
    assert elsewhere == {desk.office.issuer_url.split("/")[2]}, "but for the login nothing is asked of another host"
