"""A filled form is never lost, and never does anything twice: it comes back with faults, or is done once."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest

from infra.issuer.login import choose_staff
from services.ui_gateway.routing.returned_forms import LOGGED_IN_AGAIN, OTHER_LOGIN
from services.ui_gateway.sessions.logins import LONGEST
from services.ui_gateway.worker import sweep
from shared.service_kit.problems import Problem
from tests.payments.office import ACCOUNT_HEADER
from tests.ui_gateway.sample_form import ADDRESS, BODY, FILLED, answers, asked, closed
from tests.ui_gateway.staff import Browser, Form, Office, Page

pytestmark = pytest.mark.database
ODD = "<b>&\"'=1+1</b>𠮷葛\U000e0100"


@pytest.fixture
def clerk(office: Office) -> Browser:
    """Somebody before the form."""
    return office.browser("demo-caseworker")


def form_of(page: Page) -> Form:
    return page.form(ADDRESS)


def control(page: Page, name: str) -> str:
    """The tag of a field's control."""
    match = re.search(rf'<(?:input|select|textarea)[^>]* name="{name}"[^>]*>', page.html)
    assert match
    return match[0]


def test_a_form_without_faults_is_done_once_however_often_it_is_sent(clerk: Browser) -> None:
    form = form_of(clerk.get(ADDRESS))
    pages = [clerk.press(form, **FILLED) for _ in range(2)]
    assert ["記録しました" in page.text for page in pages] == [True, True]
    assert [body for _, body in asked] == [BODY, BODY]
    assert len({key for key, _ in asked}) == 1, "the service knows by the key that it is one act"


def test_every_fault_stands_at_its_field_and_nothing_was_asked(clerk: Browser) -> None:
    form = form_of(clerk.get(ADDRESS))
    page = clerk.press(form, **{**FILLED, "born": "R8.13.1", "rent": "四万", "kind": ""})
    assert (page.status, asked) == (422, [])
    assert "入力の誤り: 相談" in page.html
    assert "3か所を直して、もう一度送ってください" in page.text
    for name in ("born", "rent", "kind"):
        assert f'href="#field-{name}"' in page.html
        assert f'id="field-{name}"' in control(page, name)
        assert 'aria-invalid="true"' in control(page, name)
        described = re.findall(r'aria-describedby="([^"]*)"', control(page, name))[0].split()
        assert f"field-{name}-fault" in described
        assert all(f'id="{one_id}"' in page.html for one_id in described)
    assert "aria-invalid" not in control(page, "name")


def test_what_was_typed_stays_as_it_was_typed_and_is_said_back(clerk: Browser) -> None:
    page = clerk.press(form_of(clerk.get(ADDRESS)), **{**FILLED, "name": ODD, "rent": "四万", "words": f"一\n{ODD}"})
    assert form_of(page).fields["name"] == ODD
    assert form_of(page).fields["rent"] == "四万"
    assert form_of(page).fields["born"] == "S40.4.1"
    assert "昭和40年4月1日(61歳)" in page.text
    assert "カクウ イチロウ" in page.text
    assert f">\n一\n{ODD}</textarea>" in unescape(page.html)
    assert "<b>" not in page.html
    assert 'value="no" checked' in page.html
    assert 'value="first" selected' in page.html


def test_a_mended_form_is_the_same_act_where_no_service_was_asked(clerk: Browser) -> None:
    form = form_of(clerk.get(ADDRESS))
    page = clerk.press(form, **{**FILLED, "rent": "四万"})
    assert form_of(page).fields["key"] == form.fields["key"]
    assert form_of(page).fields["version"] == "7", "what the form carries hidden comes back with it"
    assert "記録しました" in clerk.press(form_of(page), **FILLED).text
    assert asked == [(form.fields["key"], BODY)]


def test_what_the_service_refuses_comes_back_at_its_field_as_a_new_act(clerk: Browser) -> None:
    form = form_of(clerk.get(ADDRESS))
    refusal = Problem("invalid-input", status=422, field="person.born", detail="登録の生年月日と違います")
    answers.extend([refusal, refusal])
    first, second = clerk.press(form, **FILLED), clerk.press(form, **FILLED)
    assert first.status == 422
    assert "登録の生年月日と違います" in first.text
    assert 'aria-invalid="true"' in control(first, "born")
    assert form_of(first).fields["rent"] == "４５,０００円"
    keys = {form_of(page).fields["key"] for page in (first, second)}
    assert len(keys) == 1, "whichever answer of a double click is mended, it is one act"
    assert form.fields["key"] not in keys
    clerk.press(form_of(first), **FILLED)
    assert asked[-1] == (*keys, BODY)


def test_what_fits_no_field_stands_on_top(clerk: Browser) -> None:
    answers.append(Problem("edited", status=409, title="ほかの人が先に直しました", detail="開き直して確かめてください"))
    page = clerk.press(form_of(clerk.get(ADDRESS)), **FILLED)
    assert page.status == 409
    assert "✕ まだ送られていません" in page.text
    assert "開き直して確かめてください" in page.text
    assert form_of(page).fields["name"] == FILLED["name"]


def test_what_was_typed_is_shown_though_the_page_has_the_form_no_more(clerk: Browser) -> None:
    form = form_of(clerk.get(ADDRESS))
    closed.append(True)
    answers.append(Problem("ended", status=409, title="x", field="rent", detail="世帯は廃止されています"))
    page = clerk.press(form, **FILLED)
    assert (page.status, page.acts()) == (409, set())
    assert "世帯は廃止されています" in page.text
    assert FILLED["rent"] in page.text
    assert "相談の種類初回急迫した状況いいえ" in re.sub(r"\s", "", page.text), "staff read labels, no codes"
    assert page.html.count('id="field-rent"') == 1, "the link of the summary leads to what was typed"


def test_a_service_that_is_away_offers_the_same_act_again(clerk: Browser) -> None:
    form = form_of(clerk.get(ADDRESS))
    answers.append(Problem("unavailable"))
    page = clerk.press(form, **FILLED)
    assert page.status == 503
    assert "記録しました" in clerk.press(form_of(page)).text
    assert [key for key, _ in asked] == [form.fields["key"]] * 2


def test_who_asks_for_json_gets_every_fault(clerk: Browser) -> None:
    answer = clerk.act(ADDRESS, {**FILLED, "rent": "x", "kind": ""}, "some key of mine")
    assert (answer.status_code, answer.json()["field"]) == (422, "rent")
    assert [fault["field"] for fault in answer.json()["faults"]] == ["rent", "kind"]


def log_in_again(office: Office, clerk: Browser, form: Form, staff: str = "demo-caseworker") -> Page:
    """Send a form half an hour too late, and log in where that leads to."""
    office.gateway.execute("UPDATE sessions SET seen_at = seen_at - interval '31 minutes'")
    sent = {**form.fields, **FILLED}
    answer = clerk.http.post(office.url + form.action, data=sent, allow_redirects=False, timeout=30)
    assert answer.headers["Location"].startswith(office.issuer_url)
    return Page(clerk.http.get(choose_staff(clerk.http, answer.headers["Location"], staff), timeout=30))


def test_a_form_that_was_sent_after_its_session_had_ended_comes_back_filled(own_office: Office) -> None:
    clerk = own_office.browser("demo-caseworker")
    form = form_of(clerk.get(ADDRESS))
    page = log_in_again(own_office, clerk, form)
    assert (page.status, asked) == (200, [])
    assert LOGGED_IN_AGAIN in page.text
    assert {name: form_of(page).fields[name] for name in ("name", "born", "rent")}.items() <= FILLED.items()
    assert "aria-invalid" not in page.html
    again = Page(clerk.http.get(page.answer.url, timeout=30))
    assert form_of(again).fields["name"] == FILLED["name"], "the page may be loaded again"
    assert "記録しました" in clerk.press(form_of(again), **FILLED).text
    assert asked == [(form.fields["key"], BODY)]
    asked.clear()


def test_what_was_typed_is_sealed_while_its_person_logs_in_and_forgotten_after(own_office: Office) -> None:
    clerk = own_office.browser("demo-caseworker")
    page = log_in_again(own_office, clerk, form_of(clerk.get(ADDRESS)))
    rows = own_office.gateway.execute("SELECT sealed, outcome FROM logins")
    assert len(rows) == 2
    assert FILLED["name"].encode() not in b"".join(bytes(row.sealed) + bytes(row.outcome) for row in rows)
    assert FILLED["name"] not in page.answer.url + str(own_office.gateway.spans())
    own_office.gateway.clock.set(now=datetime.now(UTC) + LONGEST + timedelta(minutes=1))
    sweep(own_office.gateway.runtime)
    assert form_of(Page(clerk.http.get(page.answer.url, timeout=30))).fields["name"] == ""


def test_another_person_at_the_same_browser_sees_nothing_of_it(own_office: Office) -> None:
    clerk = own_office.browser("demo-caseworker")
    page = log_in_again(own_office, clerk, form_of(clerk.get(ADDRESS)), "demo-head")
    assert urlsplit(page.answer.url).path == ADDRESS
    assert form_of(page).fields["name"] == ""
    assert FILLED["name"] not in page.html


def test_an_approvals_words_come_back_before_and_after_their_person_has_confirmed_them(office: Office) -> None:
    head, words = office.browser("demo-head"), "意見の\n二行"
    empty = head.press(head.get(ADDRESS).form(f"{ADDRESS}/approval"), opinion=" ")
    assert (empty.status, asked) == (422, [])
    assert "決裁者の意見を入力してください" in empty.text
    answers.append(Problem("moved", status=409, title="x", detail="内容が変わりました"))
    refused = head.press(empty.form(f"{ADDRESS}/approval"), opinion=words)
    assert (refused.status, len(asked)) == (409, 1)
    assert "内容が変わりました" in refused.text
    assert f">\n{words}</textarea>" in refused.html
    assert "決裁しました" in head.press(refused.form(f"{ADDRESS}/approval"), opinion=words).text
    assert asked[0][0] != asked[1][0]


def test_nothing_is_kept_for_a_browser_that_nobody_logged_in(office: Office) -> None:
    before = len(office.gateway.execute("SELECT 1 FROM logins"))
    stranger = office.stranger()
    assert stranger.send(ADDRESS, {"key": "some key of mine", **FILLED}).status == 401
    stranger.http.cookies.set("kurashi", "a session that never was")
    assert stranger.send(ADDRESS, {"key": "some key of mine", **FILLED}).status == 401
    assert len(office.gateway.execute("SELECT 1 FROM logins")) == before


def test_a_form_from_before_another_login_is_shown_and_not_done(office: Office, clerk: Browser) -> None:
    form = form_of(clerk.get(ADDRESS))
    back = choose_staff(clerk.http, f"{office.url}/login", "demo-caseworker")
    clerk.http.get(back, timeout=30)
    page = clerk.press(form, **FILLED)
    assert (page.status, asked) == (403, [])
    assert OTHER_LOGIN in page.text
    assert form_of(page).fields["name"] == FILLED["name"]
    assert len(office.looks("refusal.v1")) == 1
    assert "記録しました" in clerk.press(form_of(page), **FILLED).text


def test_the_first_form_of_the_kit_tells_a_missing_reason_at_its_field(office: Office) -> None:
    rows = f"{ACCOUNT_HEADER}\n00000001,public_assistance,cash,,,,,,口座開設不可\n"
    handed_in = office.hand_in("payments", {"accounts.csv": rows.encode()}, "demo-accountant")
    accountant = office.browser("demo-accountant")
    action = f"/imports/paying/{handed_in['import_id']}/withdrawal"
    page = accountant.press(accountant.get("/imports").form(action), reason="")
    assert page.status == 422
    assert "<details open>" in page.html
    assert "理由を一覧から選んでください" in page.text
    assert 'aria-invalid="true"' in control(page, "reason")
    assert "取込を取り下げました" in accountant.press(page.form(action), reason="mistake").text
