"""A form in a real browser: filled, wrong, mended and recorded, by mouse, by keyboard alone, and without scripts."""

import pytest
from playwright.sync_api import Browser, expect

from tests.ui_gateway.browser.conftest import DESK, Desk
from tests.ui_gateway.sample_form import ADDRESS, BODY, FILLED, asked
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database
WRONG = "四万"
TEXTS = ("name", "kana", "born", "number", "rent", "words")


def fill_by_mouse(desk: Desk) -> None:
    """Fill in everything, the rent in words."""
    for name in TEXTS:
        box = desk.page.locator(f'[name="{name}"]')
        box.click()
        box.fill(WRONG if name == "rent" else FILLED[name])
    desk.page.locator('[name="kind"]').select_option(label="初回")
    desk.page.get_by_label("いいえ").click()


def test_a_fault_is_seen_at_its_field_and_mended_by_mouse(desk: Desk) -> None:
    desk.log_in(ADDRESS)
    fill_by_mouse(desk)
    desk.page.get_by_role("button", name="記録する").click()
    fault = desk.page.locator("#field-rent-fault")
    expect(fault).to_contain_text("家賃は0円から999,999,999,999円までの整数で入力してください")
    expect(desk.page).to_have_title("入力の誤り: 相談 | 暮らし DEMO")
    rent = desk.page.locator('[name="rent"]')
    expect(rent).to_have_value(WRONG)
    expect(rent).to_have_accessible_description("月の額 ✕ 誤り " + fault.inner_text().removeprefix("✕ 誤り "))
    expect(desk.page.locator('[name="words"]')).to_have_value(FILLED["words"])
    expect(desk.page.locator('[name="kind"]')).to_have_value("first")
    desk.page.locator("#faults a").click()
    assert desk.focused() == "rent"
    rent.fill(FILLED["rent"])
    desk.page.get_by_role("button", name="記録する").dblclick()
    expect(desk.page.get_by_role("status")).to_contain_text("記録しました")
    assert asked[0][1] == BODY
    assert len({key for key, _ in asked}) == 1, "a double click is one act"


def test_the_same_is_done_by_keyboard_alone(desk: Desk) -> None:
    keys = desk.page.keyboard
    desk.go(ADDRESS)
    for _ in range(30):
        keys.press("Tab")
        if desk.page.evaluate("document.activeElement.value") == "demo-caseworker":
            break
    keys.press("Enter")
    desk.page.wait_for_url(desk.office.url + ADDRESS)
    for name in ("name", "kana", "born", "number", "rent"):
        desk.tab_to(name)
        keys.insert_text(WRONG if name == "rent" else FILLED[name])
    desk.tab_to("kind")
    keys.press("ArrowDown")
    desk.tab_to("pressing")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    desk.tab_to("words")
    keys.insert_text(FILLED["words"])
    keys.press("Tab")
    keys.press("Enter")
    expect(desk.page.locator("#field-rent-fault")).to_be_visible()
    assert desk.focused() == "faults", "who does not see the page is told at once"
    keys.press("Tab")
    keys.press("Enter")
    assert desk.focused() == "rent"
    keys.press("Control+A")
    keys.insert_text(FILLED["rent"])
    keys.press("Enter")
    expect(desk.page.get_by_role("status")).to_contain_text("記録しました")
    assert asked[0][1]["rent"] == 45_000
    assert asked[0][1]["kind"] == "first"


def test_a_form_is_mended_where_no_script_runs(chromium: Browser, lasting_office: Office) -> None:
    context = chromium.new_context(viewport=DESK, java_script_enabled=False)
    desk = Desk(lasting_office, context.new_page())
    desk.log_in(ADDRESS)
    fill_by_mouse(desk)
    desk.page.get_by_role("button", name="記録する").click()
    expect(desk.page.locator("#field-rent-fault")).to_be_visible()
    desk.page.locator('[name="rent"]').fill(FILLED["rent"])
    desk.page.get_by_role("button", name="記録する").click()
    expect(desk.page.get_by_role("status")).to_contain_text("記録しました")
    desk.page.get_by_role("link", name="キーボード").click()
    expect(desk.page.get_by_role("heading", name="キーボードの操作")).to_be_visible()
    context.close()
    asked.clear()


def test_enter_goes_to_the_next_field_once_its_person_has_set_it(desk: Desk) -> None:
    desk.log_in("/settings")
    desk.page.locator("#field1-enter_moves").check()
    desk.page.get_by_role("button", name="設定を変える").click()
    expect(desk.page.get_by_role("status")).to_contain_text("設定を変えました")
    desk.go(ADDRESS)
    desk.page.locator('[name="name"]').focus()
    order = []
    for _ in range(8):
        order.append(desk.focused())
        if desk.focused() == "words":
            desk.page.keyboard.press("Tab")
        else:
            desk.page.keyboard.press("Enter")
    assert order == ["name", "kana", "born", "number", "rent", "kind", "pressing", "words"]
    assert desk.focused() == "BUTTON", "the last key presses it"
    assert asked == []


def test_enter_that_ends_a_conversion_of_kana_goes_nowhere(desk: Desk) -> None:
    desk.log_in("/settings")
    desk.page.locator("#field1-enter_moves").check()
    desk.page.get_by_role("button", name="設定を変える").click()
    desk.go(ADDRESS)
    name = desk.page.locator('[name="name"]')
    name.focus()
    name.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True})
    assert desk.focused() == "name"
    name.dispatch_event("keydown", {"key": "Enter", "bubbles": True, "cancelable": True})
    assert desk.focused() == "kana"


def test_one_letter_opens_the_list_of_keys_or_leads_to_the_search(desk: Desk) -> None:
    desk.log_in(ADDRESS)
    keys, dialog = desk.page.keyboard, desk.page.locator("dialog")
    keys.press("?")
    expect(dialog).to_be_visible()
    assert desk.axe_findings() == []
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    keys.press("?")
    dialog.get_by_role("button", name="閉じる").click()
    expect(dialog).to_be_hidden()
    keys.press("/")
    assert desk.focused() == "q"
    keys.type("?/")
    expect(desk.page.locator("#search")).to_have_value("?/")
    expect(dialog).to_be_hidden()


def test_letters_are_no_shortcuts_for_who_has_switched_them_off(desk: Desk) -> None:
    desk.log_in("/settings")
    desk.page.locator("#field1-letters-no").check()
    desk.page.get_by_role("button", name="設定を変える").click()
    desk.go(ADDRESS)
    desk.page.keyboard.press("?")
    desk.page.keyboard.press("/")
    expect(desk.page.locator("dialog")).to_be_hidden()
    assert desk.focused() == "BODY"
