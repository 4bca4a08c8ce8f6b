"""The first conversation of a household, in a real browser: recorded, applied, found, and each page fit to be read."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.decisions.ward import Ward
from tests.ui_gateway.browser.conftest import Desk
from tests.ui_gateway.browser.counted import Counted
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database
NEW = "/intake/consultations/new"
TABLET, DOUBLE = {"width": 768, "height": 1024}, {"width": 640, "height": 360}
"""A tablet held upright; a desk's screen at 200 %."""


@pytest.fixture
def counted(desk: Desk) -> Counted:
    return Counted(desk.page)


def fit_to_be_read(desk: Desk) -> None:
    """Nothing that axe finds, and nothing scrolls sideways on a desk, a tablet or at 200 %."""
    assert desk.axe_findings() == []
    usual = desk.page.viewport_size
    for size in (TABLET, DOUBLE):
        desk.page.set_viewport_size(size)  # type: ignore[arg-type]
        assert desk.beside() == [], size
    assert usual
    desk.page.set_viewport_size(usual)


def test_somebody_comes_applies_and_is_found_again(desk: Desk, counted: Counted) -> None:
    desk.log_in("/intake", "demo-interviewer")
    fit_to_be_read(desk)
    counted.click("新しい相談を記録する")
    fit_to_be_read(desk)
    counted.type("held_on", "R8.11.24")
    counted.choose("matter", "住まい")
    counted.type("name", "架空 花子")
    counted.type("kana", "かくう はなこ")
    counted.type("birth", "S54.5.3")
    counted.type("statement", "家賃が払えない。")
    desk.page.locator('[name="wish_to_apply"][value="yes"]').check()
    counted.choose("result", "申請書交付")
    counted.click("この相談を記録する", "button")
    expect(desk.page.get_by_role("status")).to_contain_text("相談を記録しました")
    fit_to_be_read(desk)
    counted.click("申請を受理する")
    expect(desk.page.locator('[name="name"]')).to_have_value("架空 花子")
    fit_to_be_read(desk)
    counted.click("申請を受理する", "button")
    expect(desk.page.get_by_role("status")).to_contain_text("申請を受理しました")
    expect(desk.page.locator("main")).to_contain_text("残り 14日")
    fit_to_be_read(desk)
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("ﾊﾅｺ")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("main")).to_contain_text("架空 花子")
    fit_to_be_read(desk)
    assert (counted.clicks, counted.keys) <= (20, 60), (counted.clicks, counted.keys)


def record(page: Page, summary: str, typed: dict[str, str], chosen: dict[str, str]) -> None:
    """Open a form of the page by its heading, fill it, and send it."""
    page.get_by_text(summary, exact=True).click()
    form = page.locator("form.act:visible")
    for name, text in typed.items():
        form.locator(f'[name="{name}"]').fill(text)
    for name, label in chosen.items():
        form.locator(f'[name="{name}"]').select_option(label=label)
    form.get_by_role("button").last.click()


def apply_by_word_of_mouth(desk: Desk, counted: Counted) -> None:
    """Somebody comes to the desk and applies at once."""
    counted.choose("matter", "生活")
    counted.type("name", "仮想 桜")
    desk.page.locator('[name="wish_to_apply"][value="yes"]').check()
    counted.choose("result", "申請受理")
    counted.click("この相談を記録する", "button")
    counted.click("申請を受理する")
    counted.click("申請を受理する", "button")


def test_an_application_becomes_a_case_and_its_facts_stand_in_the_record(desk: Desk, counted: Counted) -> None:
    """From the first conversation to the record: a desk, an application, a number, a person, a home."""
    page, main = desk.page, desk.page.locator("main")
    desk.log_in(NEW, "demo-interviewer")
    apply_by_word_of_mouth(desk, counted)
    record(page, "ケース番号を付けて調査を始める", {"district": "01"}, {})
    expect(page.get_by_role("status")).to_contain_text("ケース番号")
    fit_to_be_read(desk)
    case = page.get_by_role("link", name=re.compile(r"^[0-9]{8}$")).first.inner_text()
    desk.go("/intake/registers/cases")
    expect(main).to_contain_text(case)
    fit_to_be_read(desk)
    page.get_by_role("button", name="ログアウト").click()
    desk.log_in(f"/cases/{case}")
    expect(main).to_contain_text("調査中")
    her = {"from": "不明", "name": "仮想 桜", "kana": "かそう さくら", "cell_birth_date": "S54.5.3"}
    record(page, "世帯員を加える", her, {"cell_relation": "世帯主", "reason": "申請"})
    expect(page.get_by_role("status")).to_contain_text("世帯員に加えました")
    fit_to_be_read(desk)
    home = {"from": "不明", "cell_prefecture": "東京都", "cell_municipality": "新宿区", "cell_rent": "53,700"}
    record(page, "住まいと費用の変更", home, {"reason": "調査"})
    expect(main).to_contain_text("53,700円")
    expect(main).to_contain_text("仮想 桜")


def test_a_caseworker_records_wages_and_sees_them_at_once(lasting_office: Office, desk: Desk, counted: Counted) -> None:
    ward = Ward().add(21, {"name": "渡邉 花子", "kana": "ワタナベ ハナコ"})
    lasting_office.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
    lasting_office.work_on()
    desk.log_in("/cases/00000021")
    fit_to_be_read(desk)
    desk.page.get_by_text("収入の変更").click()
    form = desk.page.locator("form.act")
    form.locator('[name="from"]').fill("R8.11.1")
    form.locator('[name="cell_earned_income"]').fill("80,000")
    form.get_by_role("button").last.click()
    fault = desk.page.locator("#field-reason-fault")
    expect(fault).to_contain_text("一覧から選んでください")
    fit_to_be_read(desk)
    form = desk.page.locator("form.act")
    expect(form.locator('[name="cell_earned_income"]')).to_have_value("80,000")
    form.locator('[name="reason"]').select_option(label="申告")
    form.get_by_role("button").last.click()
    expect(desk.page.get_by_role("status")).to_contain_text("記録しました")
    expect(desk.page.locator("main")).to_contain_text("勤労収入 80,000円")


def test_the_registers_are_fit_to_be_read(desk: Desk) -> None:
    desk.log_in("/intake/registers/consultations", "demo-interviewer")
    fit_to_be_read(desk)
    desk.go("/intake/registers/applications")
    fit_to_be_read(desk)


def test_a_visit_is_noted_with_the_keyboard_alone_and_signed_by_the_supervisor(
    lasting_office: Office, desk: Desk
) -> None:
    ward = Ward().add(22, {"name": "架空 三郎", "kana": "カクウ サブロウ"}, caseworker="demo-caseworker")
    lasting_office.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
    lasting_office.work_on()
    page, main = desk.page, desk.page.locator("main")
    desk.log_in("/cases/00000022")
    page.get_by_role("link", name="ケース記録を書く").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/notes/new")
    fit_to_be_read(desk)
    desk.tab_to("contact")
    page.keyboard.press("ArrowDown")
    expect(page.locator('[name="contact"]')).to_have_value("visit")
    for name, text in (("met", "架空 三郎"), ("said", "体調は良い。")):
        desk.tab_to(name)
        page.keyboard.type(text)
    page.get_by_role("button", name="この内容で記録する").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("記録しました")
    fit_to_be_read(desk)
    address = page.url.removeprefix(desk.office.url)
    desk.go("/cases/00000022")
    expect(main).to_contain_text("確認待ち")
    fit_to_be_read(desk)
    page.get_by_role("button", name="ログアウト").click()
    desk.log_in(address, "demo-supervisor")
    page.locator('[name="remark"]').fill("次の訪問で通帳を確認すること。")
    page.get_by_role("button", name="確認する").click()
    expect(main).to_contain_text("次の訪問で通帳を確認すること。")
    desk.go("/cases/00000022/notes")
    expect(main).to_contain_text("確認済み")
    fit_to_be_read(desk)


def test_a_promise_is_kept_and_ended(lasting_office: Office, desk: Desk) -> None:
    ward = Ward().add(23, {"name": "架空 四郎", "kana": "カクウ シロウ"}, caseworker="demo-caseworker")
    lasting_office.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
    lasting_office.work_on()
    page, main = desk.page, desk.page.locator("main")
    desk.log_in("/cases/00000023/tasks")
    fit_to_be_read(desk)
    page.locator('[name="kind"]').select_option(label="約束")
    page.locator('[name="due_on"]').fill("R8.11.28")
    page.locator('[name="what"]').fill("家賃の領収書を持参する")
    page.get_by_role("button", name="予定を加える").click()
    expect(main).to_contain_text("14日以内")
    fit_to_be_read(desk)
    desk.go("/")
    expect(main).to_contain_text("家賃の領収書を持参する")
    fit_to_be_read(desk)
    page.get_by_role("link", name=re.compile(r"^[0-9]{10}$")).first.click()
    fit_to_be_read(desk)
    page.get_by_role("button", name="終わりにする").click()
    expect(main).to_contain_text("済み")


def test_on_paper_a_household_has_its_history_and_nothing_to_press(lasting_office: Office, desk: Desk) -> None:
    ward = Ward().add(24, {"name": "架空 五郎", "kana": "カクウ ゴロウ"}, caseworker="demo-caseworker")
    lasting_office.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
    lasting_office.work_on()
    desk.log_in("/cases/00000024")
    desk.page.emulate_media(media="print")
    for there in ("記録の履歴", "記録した人・根拠"):
        expect(desk.page.get_by_text(there).first).to_be_visible()
    for gone in ("世帯員の変更", "住まいと費用の変更", "表示する"):
        expect(desk.page.get_by_text(gone).first).to_be_hidden()
    expect(desk.page.locator("main input:visible")).to_have_count(0)
    expect(desk.page.get_by_text("印刷 ")).to_have_count(1)
    desk.page.emulate_media(media="screen")
