"""A household is investigated, in a real browser: a bank, a brother, a passbook; each page fit to be read."""

import pytest
from playwright.sync_api import Locator, expect

from tests.decisions.ward import Ward
from tests.ui_gateway.browser.conftest import Desk
from tests.ui_gateway.browser.test_people_journeys import fit_to_be_read
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database
CASE = "/cases/00000041"
PDF = b"%PDF-1.7 a passbook %%EOF"


@pytest.fixture
def household(lasting_office: Office) -> Office:
    ward = Ward().add(41, {"name": "仮 花子", "kana": "カリ ハナコ"})
    lasting_office.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
    lasting_office.work_on()
    return lasting_office


def opened(desk: Desk, summary: str) -> Locator:
    desk.page.locator("summary").filter(has_text=summary).click()
    return desk.page.locator("form.act:visible").last


def test_a_bank_is_asked_a_brother_is_written_to_and_a_passbook_attached(household: Office, desk: Desk) -> None:
    page, main, status = desk.page, desk.page.locator("main"), desk.page.get_by_role("status")
    desk.log_in(CASE)
    page.get_by_role("navigation", name="調査と書類").get_by_role("link", name="調査", exact=True).click()
    fit_to_be_read(desk)
    form = opened(desk, "調査依頼を記録する")
    form.locator('[name="kind"]').select_option(label="金融機関")
    form.locator('[name="addressee"]').fill("架空銀行")
    form.locator('[name="asked"]').fill("預貯金の残高")
    form.locator('[name="due_on"]').fill("R8.12.15")
    form.locator('[name="consent"]').select_option(label="不要")
    form.get_by_role("button").last.click()
    expect(status).to_contain_text("調査依頼を記録しました")
    fit_to_be_read(desk)
    desk.go(f"{CASE}/relatives")
    form = opened(desk, "扶養義務者を記録する")
    form.locator('[name="relation"]').select_option(label="兄弟姉妹")
    form.locator('[name="name"]').fill("仮 次郎")
    form.get_by_role("button").last.click()
    form = opened(desk, "仮 次郎に照会するかを起案する")
    form.locator('[name="enquire"][value="no"]').check()
    form.locator('[name="reason"]').select_option(label="虐待")
    form.get_by_role("button").last.click()
    expect(main).to_contain_text("決裁待ち")
    fit_to_be_read(desk)
    desk.go(f"{CASE}/documents")
    fit_to_be_read(desk)
    page.locator('[name="name"]').set_input_files({"name": "通帳.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator('[name="place"]').select_option(label="調査: 架空銀行")
    page.get_by_role("button", name="添付する").click()
    expect(status).to_contain_text("添付しました")
    fit_to_be_read(desk)
    with page.expect_download() as download:
        page.get_by_role("link", name="通帳.pdf").click()
    assert download.value.path().read_bytes() == PDF
    assert download.value.suggested_filename == "通帳.pdf"
