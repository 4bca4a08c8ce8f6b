"""Investigations, relatives and documents of a household on their pages."""

import re

import pytest

from tests.decisions.ward import Ward
from tests.ui_gateway.staff import Browser, Form, Office, Page

pytestmark = pytest.mark.database
CASE = 31
HOME = f"/cases/{CASE:08d}"
REQUESTS, RELATIVES, DOCUMENTS = f"{HOME}/investigations", f"{HOME}/relatives", f"{HOME}/documents"
ASKED = {
    "kind": "bank",
    "addressee": "架空<銀行>",
    "asked": "預貯金の残高",
    "sent_on": "R8.11.24",
    "due_on": "R8.11.30",
    "consent": "not_needed",
}
BROTHER = {
    "person_no": f"{CASE * 100:010d}",
    "relation": "sibling",
    "name": "仮 次郎",
    "kana": "かり じろう",
    "address": "架空区1-2-3",
}
PDF = b"%PDF-1.7 a payslip %%EOF"


@pytest.fixture
def office(lasting_office: Office) -> Office:
    known = "SELECT 1 FROM cases WHERE case_no = :number"
    if lasting_office.services["case_management"].execute(known, number=f"{CASE:08d}"):
        return lasting_office
    ward = Ward().add(CASE, {"name": "仮 花子", "kana": "カリ ハナコ"})
    lasting_office.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
    lasting_office.work_on()
    return lasting_office


@pytest.fixture
def caseworker(office: Office) -> Browser:
    return office.browser("demo-caseworker")


def form_at(page: Page, ending: str) -> Form:
    return next(form for form in page.forms if form.action.endswith(ending) and form.method == "post")


def attach(browser: Browser, name: str, content: bytes, place: str = "case") -> Page:
    form = form_at(browser.get(DOCUMENTS), DOCUMENTS)
    fields = {**form.fields, "place": place}
    fields.pop("name", None)
    files = {"name": (name, content, "text/html")}
    return Page(browser.http.post(browser.url + DOCUMENTS, data=fields, files=files, timeout=30))


def test_a_request_rests_on_a_consent_that_stands_on_the_households_page_until_it_is_taken_back(
    caseworker: Browser,
) -> None:
    person = f"{CASE * 100:010d}"
    form = form_at(caseworker.get(REQUESTS), "/consents")
    page = caseworker.press(form, person_no=person, signed_on="R8.11.20")
    assert "仮 花子 令和8年11月20日署名" in page.text.replace("\u3000", " ")
    assert "令和8年11月20日署名" in caseworker.get(HOME).text
    consent = re.search(r"/consents/([0-9a-f-]{36})/withdrawal", page.html)
    assert consent
    asked = {**ASKED, "addressee": "同意銀行", "person_no": person, "consent": "held"}
    page = caseworker.press(form_at(page, REQUESTS), **asked)
    assert "もとづく同意書を選び" in page.text
    page = caseworker.press(form_at(page, REQUESTS), **asked, consent_id=consent[1])
    assert "受領済み" in page.text
    page = caseworker.press(form_at(page, f"/consents/{consent[1]}/withdrawal"), withdrawn_on="R8.11.24")
    assert "令和8年11月24日撤回" in page.text
    assert "同意銀行" in page.text
    assert "令和8年11月24日撤回" in caseworker.get(HOME).text
    assert "撤回後の依頼" not in page.text


def test_a_request_that_was_sent_before_the_office_heard_of_the_end_of_its_consent_says_so(
    caseworker: Browser,
) -> None:
    person = f"{CASE * 100:010d}"
    page = caseworker.press(form_at(caseworker.get(REQUESTS), "/consents"), person_no=person, signed_on="R8.11.19")
    consent = re.search(r"/consents/([0-9a-f-]{36})/withdrawal", page.html)
    assert consent
    asked = {**ASKED, "addressee": "撤回銀行", "person_no": person, "consent": "held", "consent_id": consent[1]}
    page = caseworker.press(form_at(page, REQUESTS), **asked)
    page = caseworker.press(form_at(page, f"/consents/{consent[1]}/withdrawal"), withdrawn_on="R8.11.23")
    assert "撤回後の依頼 撤回銀行への令和8年11月24日の依頼は、令和8年11月23日に撤回された同意書" in page.text


def test_a_consent_that_was_a_mistake_is_marked_and_so_is_what_was_rested_on_it(caseworker: Browser) -> None:
    person = f"{CASE * 100:010d}"
    page = caseworker.press(form_at(caseworker.get(REQUESTS), "/consents"), person_no=person, signed_on="R8.11.18")
    consent = re.search(r"/consents/([0-9a-f-]{36})/withdrawal", page.html)
    assert consent
    asked = {**ASKED, "addressee": "誤記銀行", "person_no": person, "consent": "held", "consent_id": consent[1]}
    page = caseworker.press(form_at(page, REQUESTS), **asked)
    page = caseworker.press(form_at(page, f"/consents/{consent[1]}/mistake"))
    assert "令和8年11月18日署名(誤記)" in page.text
    assert "誤記の同意書 誤記銀行への令和8年11月24日の依頼は、誤記と記録された" in page.text
    assert f"/consents/{consent[1]}/mistake" not in page.html


def test_a_request_is_recorded_answered_and_seen_among_what_is_due(caseworker: Browser) -> None:
    page = caseworker.press(form_at(caseworker.get(REQUESTS), REQUESTS), **ASKED)
    assert "調査依頼を記録しました" in page.text
    assert "架空<銀行>" in page.text
    assert "架空&lt;銀行&gt;" in page.html
    assert f"{CASE:08d}" in caseworker.get("/investigations").text
    faulty = caseworker.press(form_at(page, "/entries"), kind="answered", happened_on="R8.11.24")
    assert (faulty.status, faulty.html.count('class="fault"')) == (422, 1)
    page = caseworker.press(form_at(faulty, "/entries"), words="普通預金 12,345円")
    assert "経過を記録しました" in page.text
    assert "回答済み" in page.text
    assert REQUESTS in caseworker.get(HOME).links


def test_a_fault_of_a_request_stands_at_its_field_and_what_was_typed_stays(caseworker: Browser) -> None:
    page = caseworker.press(form_at(caseworker.get(REQUESTS), REQUESTS), **{**ASKED, "due_on": "R8.11.1"})
    assert page.status == 422
    assert "回答期限を依頼日より前にはできません" in page.text
    assert form_at(page, REQUESTS).fields["addressee"] == "架空<銀行>"


def test_a_letter_is_made_after_the_supervisor_agreed_and_never_before(office: Office, caseworker: Browser) -> None:
    page = caseworker.press(form_at(caseworker.get(RELATIVES), RELATIVES), **BROTHER)
    assert "扶養義務者を記録しました" in page.text
    assert not any(form.action.endswith("/letters") for form in page.forms)
    page = caseworker.press(form_at(page, "/proposals"), enquire="yes")
    assert "決裁待ち" in page.text
    assert not any(form.action.endswith(("/letters", "/decision")) for form in page.forms)
    supervisor = office.browser("demo-supervisor")
    page = supervisor.press(form_at(supervisor.get(RELATIVES), "/decision"), agreed="yes")
    assert "決裁しました" in page.text
    page = caseworker.press(form_at(caseworker.get(RELATIVES), "/letters"), due_on="R8.12.20")
    assert page.status == 200
    for words in ("仮 次郎 様", "架空区1-2-3", "仮 花子さん", "要件ではありません"):
        assert words in page.text, words
    page = caseworker.press(
        form_at(caseworker.get(RELATIVES), "/answers"), answered_on="R8.11.24", outcome="money", yen="１０，０００"
    )
    assert "10,000円" in page.text


def test_a_letter_that_was_brought_to_a_visit_stands_at_its_note(caseworker: Browser) -> None:
    written = {"kind": "policy", "contact": "none", "held_on": "R8.11.20", "plan": "就労支援を続ける"}
    page = caseworker.press(caseworker.get(f"{HOME}/notes/new").form(f"{HOME}/notes"), **written)
    note = page.answer.request.path_url.rsplit("/", 1)[1]
    assert "この記録の書類はありません" in page.text
    place = f"note:{note}"
    form = form_at(caseworker.get(f"{DOCUMENTS}?place={place}"), DOCUMENTS)
    assert form.fields["place"] == place
    attach(caseworker, "手紙.pdf", PDF, place)
    attach(caseworker, "別の書類.pdf", PDF)
    shown = caseworker.get(f"{HOME}/notes/{note}").text
    assert "手紙.pdf" in shown
    assert "別の書類.pdf" not in shown


def test_a_document_is_attached_saved_and_withdrawn(caseworker: Browser) -> None:
    page = attach(caseworker, "給与 <10月>.pdf", PDF)
    assert "添付しました" in page.text
    link = next(link for link in page.links if link.endswith("/content"))
    answer = caseworker.http.get(caseworker.url + link, timeout=30)
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    page = caseworker.press(form_at(page, "/withdrawal"), reason="misfiled", words="別の世帯の書類")
    assert "添付を取り消しました" in page.text
    assert "給与 <10月>.pdf" not in page.text
    assert caseworker.http.get(caseworker.url + link, timeout=30).status_code == 409


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("通帳.pdf", b"<html>", "中身がPDF、PNG、JPEG、TIFFのどれでもありません"),
        ("通帳.png", PDF, "拡張子と中身の種類が違います"),
        ("通帳.pdf", PDF + bytes(10 * 1024 * 1024), "10MBまでです"),
        ("", PDF, "ファイルを選んでください"),
    ],
    ids=["lies", "named otherwise", "10 MB and more", "none chosen"],
)
def test_a_file_that_cannot_be_kept_is_refused_at_its_field(
    caseworker: Browser, name: str, content: bytes, says: str
) -> None:
    page = attach(caseworker, name, content)
    assert page.status == 422, page.text
    assert says in page.text
    assert re.search(r'id="field-name-fault"', page.html)
    assert form_at(page, DOCUMENTS).fields["place"] == "case"


def test_a_document_stands_at_the_investigation_that_it_answers(caseworker: Browser) -> None:
    caseworker.press(form_at(caseworker.get(REQUESTS), REQUESTS), **{**ASKED, "addressee": "架空保険"})
    place = re.search(r'value="(investigation:[0-9a-f-]{36})">調査: 架空保険', caseworker.get(DOCUMENTS).html)
    assert place
    assert "調査: 架空保険" in attach(caseworker, "回答.pdf", PDF, place[1]).text
    assert attach(caseworker, "回答.pdf", PDF, "investigation:1").status == 422
