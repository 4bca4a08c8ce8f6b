"""The auditor's pages: who looked at a resident, and unusual looks with their review."""

import pytest

from tests.audit_logging.acts import look, take
from tests.audit_logging.owner import as_owner
from tests.ui_gateway.staff import Office, Page

pytestmark = pytest.mark.database
NIGHT = "2026-11-24T14:00:00+00:00"
PERSON = "1000000001"


@pytest.fixture
def seen(audited_office: Office) -> Office:
    """Two looks at a resident at night, one through the case alone; and the auditor's own."""
    log = audited_office.services["audit_logging"]
    take(
        log,
        look(log, "demo-caseworker", "case:00000001", f"person:{PERSON}", purpose="complaint", time=NIGHT),
        look(log, "demo-head", "case:00000001", what="determinations", time=NIGHT),
        look(log, "demo-auditor", "case:00000001", time=NIGHT),
    )
    return audited_office


def asked(office: Office, **fields: str) -> Page:
    browser = office.browser("demo-auditor")
    return browser.press(browser.get("/audit/looks").form("/audit/looks"), **fields)


def test_an_auditor_reads_who_looked_at_a_resident_when_and_why(seen: Office) -> None:
    page = asked(seen, person=PERSON, purpose="complaint")
    assert page.status == 200
    for words in ("demo-caseworker", "demo-head", "決定", "ケース 00000001", "苦情・開示請求", "ケースワーク"):
        assert words in page.text, words
    assert "令和8年11月24日 23:00" in page.text
    (told,) = [one for one in seen.services["audit_logging"].looks("look.v1") if one["data"]["what"] == "log_looks"]
    assert (told["actor"], told["data"]["purpose"]) == ("person:demo-auditor", "complaint")


def test_the_number_of_a_resident_stands_in_no_address(seen: Office) -> None:
    page = asked(seen, person=PERSON, purpose="complaint")
    assert PERSON not in page.answer.url + "".join(page.links) + str(seen.gateway.spans())


def test_more_looks_than_one_page_are_read_on(seen: Office) -> None:
    log = seen.services["audit_logging"]
    take(log, *[look(log, "demo-head", f"person:{PERSON}", time=NIGHT) for _ in range(55)])
    browser = seen.browser("demo-auditor")
    first = browser.press(browser.get("/audit/looks").form("/audit/looks"), person=PERSON, purpose="complaint")
    assert "demo-caseworker" not in first.text
    assert "demo-caseworker" in browser.press(first.forms[-1]).text


def test_a_list_without_what_was_refilled_says_so(seen: Office) -> None:
    assert "公開済みの記録から復元" not in asked(seen, person=PERSON, purpose="complaint").text
    as_owner(seen.services["audit_logging"], "INSERT INTO refills VALUES (0, 1, '', '2026-11-25 00:00+00')")
    page = asked(seen, person="1000000009", purpose="complaint")
    assert "記録 0〜1 は、令和8年11月25日 09:00 に公開済みの記録から復元したため、内容では探せません" in page.text
    assert "見た職員は、ほかの記録にはいません" in page.text


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"person": "1"}, "宛名番号は8〜10桁の数字です"),
        ({"person": "'; --"}, "宛名番号は8〜10桁の数字です"),
        ({"purpose": "curious"}, "目的を一覧から選んでください"),
        ({"before": "x"}, "画面を開き直してください"),
    ],
)
def test_a_number_or_purpose_that_is_none_is_a_fault_in_the_form(
    seen: Office, fields: dict[str, str], fault: str
) -> None:
    page = asked(seen, **{"person": PERSON, "purpose": "complaint", **fields})
    assert (page.status, fault in page.text) == (422, True)
    assert page.form("/audit/looks").fields["person"] == fields.get("person", PERSON), "what was typed stays"


def test_a_review_without_words_comes_back_at_its_own_finding(seen: Office) -> None:
    browser = seen.browser("demo-auditor")
    forms = [form for form in browser.get("/audit/findings").forms if form.action == "/audit/reviews"]
    page = browser.press(forms[1], outcome="violation", words=" ")
    assert page.status == 422
    assert page.html.count('aria-invalid="true"') == 1
    assert page.html.count('value="violation" selected') == 1
    again = [form for form in page.forms if form.action == "/audit/reviews"]
    assert [form.fields["key"] == forms[1].fields["key"] for form in again] == [False, True]
    assert "点検の結果を記録しました" in browser.press(again[1], outcome="violation", words="確認した").text


def test_an_auditor_reviews_unusual_looks_but_not_the_own_ones(seen: Office) -> None:
    browser = seen.browser("demo-auditor")
    page = browser.get("/audit/findings")
    assert page.text.count("夜間(22時から6時まで)に記録を見た") == 3
    assert page.text.count("自分の閲覧は点検できません") == 1
    forms = [form for form in page.forms if form.action == "/audit/reviews"]
    assert len(forms) == 2
    done = browser.press(forms[-1], outcome="ask_superior", words="夜間の緊急相談と述べる")
    assert "点検の結果を記録しました(上司に照会)" in done.text
    assert "夜間の緊急相談と述べる" in done.text
    assert len([form for form in done.forms if form.action == "/audit/reviews"]) == 1
    (told,) = seen.services["audit_logging"].facts("look.reviewed.v1")
    assert (told["actor"], told["data"]["outcome"]) == ("person:demo-auditor", "ask_superior")


def test_a_repeated_click_reviews_once(seen: Office) -> None:
    browser = seen.browser("demo-auditor")
    form = browser.get("/audit/findings").form("/audit/reviews")
    for _ in range(2):
        assert browser.press(form, outcome="justified", words="確認済み").status == 200
    assert len(seen.services["audit_logging"].facts("look.reviewed.v1")) == 1


def test_the_pages_are_for_the_auditor_alone(seen: Office) -> None:
    head = seen.browser("demo-head")
    for path in ("/audit/looks", "/audit/findings"):
        assert head.get(path).status == 403
        assert seen.browser("demo-auditor").get(path).status == 200
    assert "閲覧の点検" not in head.get("/").text
