"""Work that goes on is followed on the page: its progress alone is put in, and its end is said."""

import pytest
from playwright.sync_api import expect

from tests.ui_gateway.browser.conftest import Desk
from tests.ui_gateway.months.test_gateway_month import PROPOSE
from tests.ui_gateway.staff import BOARD, Office

pytestmark = pytest.mark.database
NEXT_LOOK = 11_000
"""Milliseconds after which the page has asked again."""


def test_the_page_of_a_month_follows_its_determination_to_the_end(own_office: Office, desk: Desk) -> None:
    own_office.load(cases=2)
    caseworker = own_office.browser("demo-caseworker")
    caseworker.press(caseworker.get(BOARD).form(PROPOSE), reason="monthly")
    desk.office = own_office
    desk.page.clock.install()
    desk.log_in(BOARD, "demo-head")
    page, ended = desk.page, desk.page.locator("#progress-ended")
    expect(page.locator("#progress")).to_contain_text("進み具合")
    page.locator("#search").fill("書きかけ")
    with page.expect_response(own_office.url + BOARD):
        page.clock.fast_forward(NEXT_LOOK)
    expect(ended).to_be_hidden()
    own_office.work_on()
    with page.expect_response(own_office.url + BOARD):
        page.clock.fast_forward(NEXT_LOOK)
    expect(ended).to_be_visible()
    expect(page.locator("#progress")).not_to_contain_text("進み具合")
    expect(page.locator("#search")).to_have_value("書きかけ")
    ended.get_by_role("link").click()
    expect(page.get_by_role("heading", name="決裁")).to_be_visible()
