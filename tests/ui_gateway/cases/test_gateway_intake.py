"""The desk (面接相談) on its pages: from the first conversation to an application with its days, nothing lost."""

import re
from urllib.parse import urlencode

import pytest

from tests.decisions.ward import Ward
from tests.ui_gateway.staff import Browser, Form, Office, Page

pytestmark = pytest.mark.database
NEW = "/intake/consultations/new"
SAID = {
    "held_on": "R8.11.24",
    "channel": "counter",
    "matter": "livelihood",
    "name": "架空 花子",
    "kana": "かくう　ﾊﾅｺ",
    "birth": "S54.5.不詳",
    "telephone": "０３-0000-0000",
    "statement": "仕事を失い、家賃が払えない。",
    "wish_to_apply": "yes",
    "result": "form_handed",
}


@pytest.fixture
def office(lasting_office: Office) -> Office:
    return lasting_office


@pytest.fixture
def desk(office: Office) -> Browser:
    return office.browser("demo-interviewer")


def recorded(desk: Browser, **changes: str) -> tuple[str, Page]:
    """Record a consultation on the page; gives its number and page."""
    page = desk.press(desk.get(NEW).form(NEW), **{**SAID, **changes})
    number = re.search(r"受付番号 ([0-9]{10})", page.text)
    assert number, page.text
    return number[1], page


def form_at(page: Page, address: str) -> Form:
    return next(form for form in page.forms if form.action == address)


def test_a_conversation_is_recorded_in_the_dates_and_kana_of_an_office(desk: Browser) -> None:
    number, page = recorded(desk)
    assert page.status == 200
    for words in ("カクウ ハナコ", "1979年5月不詳", "03-0000-0000", "仕事を失い", "申請の意思 あり", "申請書交付"):
        assert words.replace(" ", "") in page.text.replace(" ", "").replace("\u3000", ""), words
    assert "申請がまだ受理されていません" in page.text
    assert number in desk.get("/intake").text


def test_every_fault_stands_at_its_field_and_what_was_typed_stays(desk: Browser) -> None:
    page = desk.press(desk.get(NEW).form(NEW), **{**SAID, "held_on": "R8.2.30", "kana": "花子", "wish_to_apply": ""})
    assert page.status == 422
    assert page.html.count('class="fault"') == 3
    form = form_at(page, NEW)
    assert (form.fields["held_on"], form.fields["kana"], form.fields["name"]) == ("R8.2.30", "花子", "架空 花子")
    assert "仕事を失い、家賃が払えない。" in page.html


def test_what_the_service_refuses_stands_at_its_field_too(desk: Browser) -> None:
    page = desk.press(desk.get(NEW).form(NEW), **{**SAID, "result": "advice"})
    assert page.status == 422
    assert "申請の意思がある相談は、助言や案内だけで終えられません" in page.text
    assert form_at(page, NEW).fields["name"] == "架空 花子"


def test_a_double_click_records_once(desk: Browser) -> None:
    form = desk.get(NEW).form(NEW)
    first, second = (desk.press(form, **SAID) for _ in range(2))
    assert re.findall(r"受付番号 ([0-9]{10})", first.text) == re.findall(r"受付番号 ([0-9]{10})", second.text)


def test_the_conversation_goes_on_and_the_second_of_two_sees_both(office: Office, desk: Browser) -> None:
    number, page = recorded(desk)
    address = f"/intake/consultations/{number}/entries"
    old = form_at(page, address)
    assert (old.fields["name"], old.fields["birth"]) == ("架空 花子", "1979年5月不詳")
    more = {**SAID, "change": "continued", "assets": "預金 12,000円"}
    assert "預金 12,000円" in desk.press(old, **more).text
    late = desk.press(old, **{**more, "key": "another-key-of-the-other-tab", "assets": "預金 9,000円"})
    assert late.status == 409
    for words in ("最新の内容を確認", "預金 12,000円", "預金 9,000円"):
        assert words in late.text, words
    entries = office.browser("demo-interviewer").json(f"/intake/consultations/{number}")["entries"]
    assert [entry["content"].get("assets") for entry in entries] == [None, "預金 12,000円"]


def test_an_application_of_the_consultation_has_its_days_and_its_missing_papers(desk: Browser) -> None:
    number, _ = recorded(desk)
    address = f"/intake/consultations/{number}/application"
    blank = desk.get(address)
    form = form_at(blank, address)
    assert (form.fields["name"], form.fields["applied_on"]) == ("架空 花子", "令和8年11月24日")
    sent = {**form.fields, "applied_on": "8.11.20", "missing_papers.lease": "1", "missing_papers.form": "1"}
    for name in [name for name in sent if name.startswith("missing_papers.") and name[15:] not in ("lease", "form")]:
        sent.pop(name)
    page = desk.send(address, sent)
    assert "令和8年12月4日(14日)" in page.text.replace(" ", "")
    assert "申請書、賃貸借契約書" in page.text
    application = re.search(r"受理番号 ([0-9]{10})", page.text)
    assert application
    assert f"/intake/applications/{application[1]}" in desk.get("/intake").links
    delays = f"/intake/applications/{application[1]}/delays"
    page = desk.press(form_at(page, delays), reason="relatives")
    assert "扶養義務者の調査に日時を要する" in page.text
    withdrawal = f"/intake/applications/{application[1]}/withdrawal"
    page = desk.press(form_at(page, withdrawal), on="R8.11.24", words="就職した")
    assert "取り下げられました。就職した(" in page.text.replace(" ", "")
    assert f"/intake/applications/{application[1]}" not in desk.get("/intake").links


def test_a_withdrawn_application_is_not_investigated_though_it_has_a_case(office: Office, desk: Browser) -> None:
    number, _ = recorded(desk)
    address = f"/intake/consultations/{number}/application"
    page = desk.press(form_at(desk.get(address), address), applied_on="R8.11.24")
    application = re.search(r"受理番号 ([0-9]{10})", page.text)
    assert application
    at = f"/intake/applications/{application[1]}"
    opened = desk.press(form_at(page, f"{at}/case"), district="01", caseworker="demo-caseworker")
    assert "を付けました" in opened.text
    page = desk.get(at)
    assert "調査しています" in page.text
    page = desk.press(form_at(page, f"{at}/withdrawal"), on="R8.11.24", words="就職した")
    assert "を付けた後に取り下げられました" in page.text
    case = re.search(r'href="(/cases/8[0-9]{7})"', page.html)
    assert case
    shown = office.browser("demo-caseworker").get(case[1])
    assert "令和8年11月24日に取り下げられました" in shown.text
    assert "調査中" not in shown.text
    assert "世帯員を加える" not in shown.text
    assert "調査しています" not in page.text


def test_the_registers_have_every_record_of_the_span_that_an_office_types(desk: Browser) -> None:
    number, _ = recorded(desk, name="登載 太郎", kana="トウサイ タロウ")
    span = urlencode({"from": "R8.11.24", "to": "8.11.24"})
    assert "登載 太郎" in desk.get(f"/intake/registers/consultations?{span}").text
    assert number in desk.get("/intake/registers/consultations").text
    assert "登載 太郎" not in desk.get("/intake/registers/consultations?from=R8.11.1&to=R8.11.2").text
    wrong = desk.get("/intake/registers/applications?from=あした&to=R8.11.2")
    assert wrong.status == 422


def test_who_was_at_the_desk_is_found_from_any_page_and_no_name_stands_in_an_address(desk: Browser) -> None:
    number, _ = recorded(desk, name="髙﨑 凜", kana="タカサキ リン")
    page = desk.press(desk.get("/intake").form("/search"), q="高崎")
    assert "髙﨑 凜" in page.text
    assert f"/intake/consultations/{number}" in page.links
    assert page.answer.url.endswith("/search")
    assert "該当する人はいません" in desk.press(desk.get("/intake").form("/search"), q="居内 一").text


def test_a_caseworker_finds_the_household_and_records_a_change_and_a_correction(office: Office) -> None:
    office.import_files(
        "case_management",
        Ward().add(7, {"name": "渡邉 花子", "kana": "ワタナベ ハナコ"}).files(),
        "demo-caseworker",
        "demo-head",
    )
    office.work_on()
    caseworker = office.browser("demo-caseworker")
    found_page = caseworker.press(caseworker.get("/").form("/search"), q="わたなべ")
    assert "/cases/00000007" in found_page.links
    address = "/cases/00000007/record/income/0000000700/change"
    assert address in caseworker.get("/cases/00000007").links
    income = form_at(caseworker.get(address), address)
    wages = {"from": "R8.11.1", "reason": "declaration"}
    page = caseworker.press(income, **wages, cell_earned_income="８０,０００")
    assert "勤労収入 80,000円" in page.text
    stale = caseworker.press(income, **wages, cell_earned_income="90000", key="a-second-key-of-this-test")
    assert stale.status == 409
    assert 'value="90000"' in stale.html
    assert "いまの記録 80,000円" in stale.text
    person = next(link for link in page.links if re.fullmatch(r"/cases/00000007/record/person/0000000700/[0-9]+", link))
    correction = form_at(caseworker.get(person), person)
    page = caseworker.press(correction, cell_birth_date="S54.5.2", cell_relation="self", reason="mistake")
    assert "訂正済み" in page.text
    assert "昭和54年5月2日" in page.text
    past = caseworker.get("/cases/00000007?month=2026-11&known_on=R8.11.23")
    assert past.status == 422
    assert "この日には、このケースの記録がまだありませんでした" in past.text
    assert past.form("/cases/00000007").fields["known_on"] == "R8.11.23"


def test_a_month_and_a_day_are_typed_as_an_office_types_them(office: Office) -> None:
    office.import_files("case_management", Ward().add(8).files(), "demo-caseworker", "demo-head")
    office.work_on()
    caseworker = office.browser("demo-caseworker")
    page = caseworker.get("/cases/00000008?month=R8.12")
    assert "令和8年12月の世帯" in page.text
    assert not [link for link in page.links if "/record/" in link], "what held then is not written as what holds now"
    shown = page.form("/cases/00000008").fields
    assert shown == {"month": "令和8年12月", "known_on": ""}
    assert "令和8年12月の世帯" in caseworker.get(f"/cases/00000008?{urlencode(shown)}").text
    wrong = caseworker.get("/cases/00000008?known_on=きのう")
    assert (wrong.status, wrong.form("/cases/00000008").fields["known_on"]) == (422, "きのう")
    assert "の世帯 1人" in wrong.text, "the page stays"
    assert caseworker.get("/cases/00000009").status in (403, 404)
