"""The household on one page (世帯): its parts stand by themselves, and what was typed into it is not lost."""

import re
from uuid import uuid4

import pytest

from tests.decisions.ward import Ward
from tests.ui_gateway.staff import Browser, Form, Office, Page

pytestmark = pytest.mark.database
CASE = "/cases/00000031"
JOIN, INCOME = f"{CASE}/members/new", f"{CASE}/record/income/0000003100/change"


@pytest.fixture
def office(lasting_office: Office) -> Office:
    ward = Ward().add(31, {"name": "渡邉 花子", "kana": "ワタナベ ハナコ"})
    if lasting_office.browser("demo-caseworker").get(CASE).status != 200:
        lasting_office.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
        lasting_office.work_on()
    return lasting_office


@pytest.fixture
def caseworker(office: Office) -> Browser:
    return office.browser("demo-caseworker")


def form_at(page: Page, address: str) -> Form:
    return next(form for form in page.forms if form.action == address)


def test_without_payments_the_household_still_stands_there(office: Office, caseworker: Browser) -> None:
    with office.down("payments"):
        page = caseworker.get(CASE)
    assert page.status == 200
    assert "渡邉 花子" in page.text
    assert "いま表示できません" in page.text
    assert "支給はまだありません" not in page.text


def test_a_newborn_joins_and_is_a_resident_from_then_on(caseworker: Browser) -> None:
    form = form_at(caseworker.get(JOIN), JOIN)
    typed = {"from": "R8.11.20", "name": "渡邉 新", "kana": "わたなべ あらた", "cell_birth_date": "R8.11.20"}
    page = caseworker.press(form, **typed, cell_relation="child", reason="declaration")
    number = re.search(r"宛名番号 ([0-9]{10})", page.text)
    assert number, page.text
    assert "渡邉 新" in page.text
    assert "ワタナベ アラタ" in caseworker.get(f"/residents/{number[1]}").text


def test_two_clicks_make_one_member(caseworker: Browser) -> None:
    form = form_at(caseworker.get(JOIN), JOIN)
    name = f"仮{uuid4().hex[:4]}"
    typed = {
        "from": "R8.11.20",
        "name": name,
        "kana": "カリ",
        "cell_birth_date": "R1.5.1",
        "cell_relation": "other",
        "reason": "application",
    }
    for _ in range(2):
        page = caseworker.press(form, **typed)
        assert page.status == 200
    assert page.html.count(f"{name}が世帯から抜ける") == 1


def test_who_left_too_early_by_mistake_gets_the_right_last_day(caseworker: Browser) -> None:
    form = form_at(caseworker.get(JOIN), JOIN)
    typed = {"from": "R8.11.1", "name": f"転{uuid4().hex[:4]}", "kana": "テン", "cell_birth_date": "R1.5.1"}
    page = caseworker.press(form, **typed, cell_relation="other", reason="application")
    number = re.search(r"宛名番号 ([0-9]{10})", page.text)
    assert number
    end = f"{CASE}/members/{number[1]}/end"
    page = caseworker.press(form_at(caseworker.get(end), end), last_day="R8.11.5", reason="moved_out")
    assert f'href="{end}"' in page.html
    assert re.search(r"令和8年11月5日</time>まで", page.html), "the last day stands in the row"
    assert "今月抜けた人" in page.text
    assert f"{CASE}/record/income/{number[1]}/change" not in page.html, "who left has no income to change"
    page = caseworker.get(end)
    assert "令和8年11月5日に世帯から抜けたと記録されています" in page.text
    page = caseworker.press(form_at(page, end), last_day="R8.11.20", reason="mistake")
    assert "最後の日を訂正しました" in page.text
    assert "令和8年11月20日に世帯から抜けた" in caseworker.get(end).text


def test_who_was_entered_by_mistake_leaves_for_that_reason(caseworker: Browser) -> None:
    form = form_at(caseworker.get(JOIN), JOIN)
    typed = {"from": "R8.11.1", "name": f"誤{uuid4().hex[:4]}", "kana": "ゴ", "cell_birth_date": "R1.5.1"}
    page = caseworker.press(form, **typed, cell_relation="other", reason="application")
    number = re.search(r"宛名番号 ([0-9]{10})", page.text)
    assert number
    end = f"{CASE}/members/{number[1]}/end"
    page = caseworker.press(form_at(caseworker.get(end), end), last_day="R8.11.1", reason="mistake")
    assert page.status == 200
    assert "世帯から抜けたことを記録しました" in page.text


def test_who_joins_without_number_and_name_is_asked_for_one_and_nothing_typed_is_lost(caseworker: Browser) -> None:
    form = form_at(caseworker.get(JOIN), JOIN)
    typed = {"from": "R8.11.1", "cell_birth_date": "R1.5.1", "cell_relation": "other", "reason": "application"}
    page = caseworker.press(form, **typed)
    assert page.status == 422
    assert "宛名番号か、氏名とフリガナを入力してください" in page.text
    assert 'value="R1.5.1"' in page.html


def test_a_change_without_its_day_is_asked_for_it_and_says_which_months_it_will_change(caseworker: Browser) -> None:
    page = caseworker.get(INCOME)
    assert "それより前の月は変わりません" in page.text
    typed = {"cell_earned_income": "70000", "reason": "declaration"}
    page = caseworker.press(form_at(page, INCOME), **typed)
    assert page.status == 422
    assert "いつからを日付で入力してください" in page.text
    page = caseworker.press(form_at(page, INCOME), **typed, **{"from": "不明"})
    assert "それより前の月の内容は、前の記録のまま残ります" in page.text
    for wages in ("65000", "70000"):
        form = form_at(caseworker.get(INCOME), INCOME)
        page = caseworker.press(form, cell_earned_income=wages, reason="declaration", **{"from": "R8.10.15"})
        assert "令和8年10月からの内容として記録しました" in page.text
    assert "同じ日からの後の記録に代わった" in page.text


def test_of_two_tabs_the_second_learns_that_there_is_more_and_keeps_what_was_typed(caseworker: Browser) -> None:
    first, second = (form_at(caseworker.get(INCOME), INCOME) for _ in "ab")
    ok = caseworker.press(first, cell_earned_income="80000", reason="declaration", **{"from": "R8.11.1"})
    assert ok.status == 200
    page = caseworker.press(second, cell_earned_income="90000", reason="declaration", **{"from": "R8.11.1"})
    assert page.status == 409
    assert "開いた後に、この世帯の記録が加わりました" in page.text
    assert "90000" in page.html


def test_of_two_people_at_one_fact_what_the_second_typed_stands_in_the_fields_and_the_first_entry_beside(
    office: Office,
) -> None:
    people = [office.browser("demo-caseworker") for _ in range(2)]
    opened = [form_at(person.get(INCOME), INCOME) for person in people]
    typed = {"from": "R8.11.1", "reason": "declaration"}
    assert people[0].press(opened[0], cell_earned_income="61,000", **typed).status == 200
    page = people[1].press(opened[1], cell_earned_income="72,000", **typed)
    assert page.status == 409
    again = form_at(page, INCOME)
    assert (again.fields["cell_earned_income"], again.fields["from"]) == ("72,000", "R8.11.1")
    assert 'value="declaration" selected' in page.html
    assert "いまの記録 61,000円" in page.text
    assert "開いた後に加わった記録" in page.text
    assert "もうその入力欄がありません" not in page.text
    assert people[1].press(again).status == 200, "who has seen both may send it again"


def test_who_enters_a_member_while_the_rent_changes_keeps_the_form_and_reads_what_was_recorded(
    office: Office,
) -> None:
    people, home = [office.browser("demo-caseworker") for _ in range(2)], f"{CASE}/record/home/household/change"
    joining = form_at(people[1].get(JOIN), JOIN)
    change = form_at(people[0].get(home), home)
    assert people[0].press(change, cell_rent="47,000", reason="declaration", **{"from": "R8.11.2"}).status == 200
    page = people[1].press(
        joining,
        name="渡邉 次",
        kana="ワタナベ ツギ",
        cell_relation="child",
        reason="declaration",
        cell_birth_date="R8.11.20",
        **{"from": "R8.11.20"},
    )
    assert page.status == 409
    assert form_at(page, JOIN).fields["name"] == "渡邉 次"
    assert 'value="child" selected' in page.html
    assert "世帯の住まいと費用" in page.text
    assert "家賃 47,000円" in page.text
    assert "家賃 47,000円" in people[0].get(CASE).text


def test_a_case_that_there_is_not_is_neither_shown_nor_an_error_of_the_house(caseworker: Browser) -> None:
    assert caseworker.get("/cases/99999999").status in (403, 404)
    assert caseworker.get("/cases/abc").status == 404
