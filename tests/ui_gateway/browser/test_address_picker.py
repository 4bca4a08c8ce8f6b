"""The postal code in a real browser: the address comes as one types; several towns are chosen by keyboard."""

import pytest
from playwright.sync_api import Route, expect

from tests.ui_gateway.browser.conftest import Desk

pytestmark = pytest.mark.database
FORM = "/intake/consultations/new"


@pytest.fixture
def form(desk: Desk) -> Desk:
    desk.log_in(FORM, "demo-interviewer")
    return desk


def test_seven_digits_fill_the_address_and_keep_what_was_typed(form: Desk) -> None:
    code, address = form.page.get_by_label("郵便番号"), form.page.get_by_label("住所・居所")
    address.fill("4-2-8")
    code.click()
    form.page.keyboard.type("〒105-0011")
    expect(address).to_have_value("東京都港区芝公園4-2-8")
    expect(address).to_be_focused()
    assert form.axe_findings() == []
    code.fill("100-0001")
    expect(address).to_have_value("東京都千代田区千代田4-2-8")
    code.fill("999-9999")
    expect(form.page.get_by_text("この郵便番号の住所はありません")).to_be_visible()
    expect(address).to_have_value("東京都千代田区千代田4-2-8")


def test_several_towns_are_chosen_by_keyboard_alone(form: Desk) -> None:
    form.page.get_by_label("郵便番号").focus()
    form.page.keyboard.type("4520961")
    expect(form.page.get_by_label("町域")).to_be_focused()
    assert form.axe_findings() == []
    form.page.get_by_label("町域").select_option("愛知県清須市春日稲荷")
    expect(form.page.get_by_label("住所・居所")).to_have_value("愛知県清須市春日稲荷")


def test_where_nobody_answers_the_button_sends_the_form_and_it_comes_back(form: Desk) -> None:
    def away(route: Route) -> None:
        route.abort()

    form.page.route("**/addresses", away)
    form.page.get_by_label("氏名").fill("架空 花子")
    form.page.get_by_label("郵便番号").fill("105-0011")
    form.page.get_by_role("button", name="住所を入れる").click()
    expect(form.page.get_by_label("住所・居所")).to_have_value("東京都港区芝公園")
    expect(form.page.get_by_label("氏名")).to_have_value("架空 花子")
    form.complaints.clear()  # the browser says that nobody answered


def test_enter_sends_the_form_and_never_presses_the_button_of_the_code(form: Desk) -> None:
    form.page.get_by_label("郵便番号").fill("105-0011")
    form.page.get_by_label("氏名").focus()
    form.page.keyboard.press("Enter")
    expect(form.page.get_by_text("まだ送られていません")).to_be_visible()
    expect(form.page.get_by_text("相談の種類を一覧から選んでください").first).to_be_visible()
