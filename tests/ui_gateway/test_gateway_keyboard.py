"""The keyboard as its person wants it: what its keys do, and settings that this browser keeps."""

import pytest

from tests.ui_gateway.staff import Office, Page

pytestmark = pytest.mark.database
SETTINGS = "/settings"


@pytest.fixture
def office(lasting_office: Office) -> Office:
    """One for the file; nothing here changes it."""
    return lasting_office


def body_tag(page: Page) -> str:
    return page.html[page.html.index("<body") :].split(">", 1)[0]


def test_the_keys_are_listed_at_a_page_that_every_page_leads_to(office: Office) -> None:
    head = office.browser("demo-head")
    assert "/shortcuts" in head.get("/").links
    page = head.get("/shortcuts")
    assert page.status == 200
    assert "検索の欄へ移る" in page.text
    assert SETTINGS in page.links


def test_enter_presses_the_button_until_its_person_says_otherwise_in_this_browser(office: Office) -> None:
    head, other = office.browser("demo-head"), office.browser("demo-head")
    page = head.get(SETTINGS)
    assert body_tag(page) == "<body"
    changed = head.press(page.form(SETTINGS), enter_moves="yes", letters="no")
    assert "キーボードの設定を変えました" in changed.text
    assert body_tag(changed) == '<body data-enter="next" data-letters="off"'
    assert body_tag(head.get("/")) == body_tag(changed)
    assert 'name="enter_moves" value="yes" checked' in changed.html
    assert "いまは使わない設定です" in head.get("/shortcuts").text
    assert body_tag(other.get("/")) == "<body"
    back = head.press(changed.form(SETTINGS), enter_moves="no", letters="yes")
    assert body_tag(back) == "<body"


def test_a_setting_that_is_none_is_a_fault_at_its_field_and_changes_nothing(office: Office) -> None:
    head = office.browser("demo-head")
    page = head.press(head.get(SETTINGS).form(SETTINGS), enter_moves="perhaps", letters="yes")
    assert page.status == 422
    assert "「はい」か「いいえ」を選んでください" in page.text
    assert body_tag(head.get("/")) == "<body"


def test_a_cookie_that_nobody_set_here_changes_nothing(office: Office) -> None:
    head = office.browser("demo-head")
    head.http.cookies.set("kurashi-keys", '"><script>enter')
    page = head.get("/")
    assert (page.status, body_tag(page)) == (200, "<body")
