"""Case notes and what is to be done (ケース記録, 約束・予定) on the household's page and on their own."""

import re
from uuid import uuid4

import pytest

from tests.decisions.ward import Ward
from tests.ui_gateway.staff import Browser, Office

pytestmark = pytest.mark.database
CASE = "/cases/00000041"
VISIT = {"kind": "contact", "contact": "visit", "held_on": "R8.11.20", "began_at": "14時30分", "met": "架空 太郎"}


@pytest.fixture
def office(lasting_office: Office) -> Office:
    ward = Ward().add(41, {"name": "架空 太郎", "kana": "カクウ タロウ"}, caseworker="demo-caseworker")
    if lasting_office.browser("demo-caseworker").get(CASE).status != 200:
        lasting_office.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
        lasting_office.work_on()
    return lasting_office


@pytest.fixture
def caseworker(office: Office) -> Browser:
    return office.browser("demo-caseworker")


def note(caseworker: Browser, **typed: str) -> str:
    """Record a note; gives the address of its page."""
    page = caseworker.press(caseworker.get(f"{CASE}/notes/new").form(f"{CASE}/notes"), **{**VISIT, **typed})
    assert "記録しました" in page.text, page.text
    return str(page.answer.request.path_url)


def test_a_visit_is_written_down_and_signed_and_stands_on_the_households_page(
    office: Office, caseworker: Browser
) -> None:
    said = f"求職の面接が来週ある {uuid4().hex}"
    address = note(caseworker, said=said)
    assert "14:30" in caseworker.get(address).text
    page = caseworker.get(CASE)
    assert "訪問・ケース記録" in page.text
    assert said[:50] in page.text
    assert not caseworker.get(address).acts() & {f"{address}/signature"}
    supervisor = office.browser("demo-supervisor")
    page = supervisor.press(supervisor.get(address).form(f"{address}/signature"), remark="次は通帳を見ること")
    assert "確認しました" in page.text
    assert "次は通帳を見ること" in caseworker.get(address).text
    assert address.rsplit("/", 1)[1] not in caseworker.get(f"{CASE}/notes?unsigned=1").text


def test_who_began_a_note_is_not_asked_to_sign_what_somebody_else_went_on_with(
    office: Office, caseworker: Browser
) -> None:
    supervisor = office.browser("demo-supervisor")
    address = note(supervisor, said="査察指導員が会った")
    more = next(form for form in caseworker.get(address).forms if form.action == f"{address}/entries")
    assert "続きを聞いた" in caseworker.press(more, **{**VISIT, "change": "continued", "said": "続きを聞いた"}).text
    assert f"{address}/signature" not in supervisor.get(address).acts()
    assert f"{address}/signature" in office.browser("demo-head").get(address).acts()


def test_a_visit_to_nobody_comes_back_with_all_that_was_typed(caseworker: Browser) -> None:
    form = caseworker.get(f"{CASE}/notes/new").form(f"{CASE}/notes")
    page = caseworker.press(form, **{**VISIT, "met": "", "seen": "応答なし"})
    assert "だれにも会えなかったときは「不在」です" in page.text
    assert "応答なし" in page.text


@pytest.mark.parametrize(("typed", "shown"), [("1430", "14:30"), ("9時5分", ""), ("14:05", "14:05"), ("14時", "14:00")])
def test_a_time_is_typed_as_an_office_types_it(caseworker: Browser, typed: str, shown: str) -> None:
    form = caseworker.get(f"{CASE}/notes/new").form(f"{CASE}/notes")
    page = caseworker.press(form, **{**VISIT, "began_at": typed, "said": "話"})
    assert (shown or "14:30 のように") in page.text


def test_the_second_writer_is_shown_what_the_first_one_wrote(office: Office, caseworker: Browser) -> None:
    address = note(caseworker, said="初め")
    seen = caseworker.get(address).form(f"{address}/entries")
    supervisor = office.browser("demo-supervisor")
    supervisor.press(supervisor.get(address).form(f"{address}/entries"), change="continued", said="査察の追記")
    page = caseworker.press(seen, change="continued", said="初めの続き")
    assert "査察の追記" in page.text
    assert "初めの続き" in page.text


def test_a_promise_stands_on_the_households_page_until_it_is_done(caseworker: Browser) -> None:
    what = f"家賃の領収書 {uuid4().hex}"
    form = caseworker.get(f"{CASE}/tasks").form(f"{CASE}/tasks")
    page = caseworker.press(form, kind="promise", due_on="R8.11.28", what=what)
    assert what in caseworker.get(CASE).text
    address = next(link for link in page.answer.text.split('"') if link.startswith(f"{CASE}/tasks/"))
    caseworker.press(caseworker.get(address).form(f"{address}/end"), words="持参した")
    assert what not in caseworker.get(CASE).text
    assert "持参した" in caseworker.get(address).text


def test_a_declaration_without_a_period_is_refused_beside_its_field(caseworker: Browser) -> None:
    form = caseworker.get(f"{CASE}/tasks").form(f"{CASE}/tasks")
    page = caseworker.press(form, kind="declaration_income", due_on="R8.12.10")
    assert "いつからいつまでの分かを入力" in page.text


def test_a_declaration_of_every_month_leaves_the_next_one_behind(caseworker: Browser) -> None:
    form = caseworker.get(f"{CASE}/tasks").form(f"{CASE}/tasks")
    days = {"due_on": "R8.12.10", "covers_from": "R8.10.1", "covers_to": "R8.10.31"}
    page = caseworker.press(form, kind="declaration_income", rhythm="monthly", **days)
    (number,) = re.findall(r'/tasks/([0-9]{10})">[0-9]{10}</a>', page.html)[:1]
    address = f"{CASE}/tasks/{number}"
    assert "毎月" in caseworker.get(address).text
    form = caseworker.get(address).form(f"{address}/end")
    page = caseworker.press(form, ended_on="R8.11.20")
    assert "次の期間の予定" in page.text
    assert "令和8年11月1日令和8年11月30日" in re.sub(r"\s", "", page.text), "the period stands in two columns"


def test_a_number_of_another_case_is_no_page(caseworker: Browser) -> None:
    assert caseworker.get(f"{CASE}/notes/2026999999").status == 404
    assert caseworker.get(f"{CASE}/tasks/a").status == 404


def test_what_is_due_stands_on_the_first_page_for_who_is_in_charge_and_for_the_supervisor(
    office: Office, caseworker: Browser
) -> None:
    what = f"病院の領収書 {uuid4().hex}"
    form = caseworker.get(f"{CASE}/tasks").form(f"{CASE}/tasks")
    caseworker.press(form, kind="follow_up", due_on="R8.11.2", what=what)
    address = note(caseworker, said="年末の予定")
    home = caseworker.get("/")
    assert what in home.text
    assert "期限超過" in home.text
    assert address not in home.links
    supervisor = office.browser("demo-supervisor")
    assert what in supervisor.get("/due").text
    assert address in supervisor.get("/due").links
    assert caseworker.json("/")["due"]["tasks"] >= 1


def test_a_paper_that_expires_and_the_due_investigations_are_reached_from_the_first_page(caseworker: Browser) -> None:
    person = re.search(r'href="(/residents/[0-9]{10})"', caseworker.get(CASE).html)
    assert person
    act = f"{person[1]}/details"
    forms = [form for form in caseworker.get(person[1]).forms if form.action == act]
    paper = next(form for form in forms if form.fields.get("fact") == "certificate")
    typed = {"kind": "residence_card", "text": "在留カード", "expires_on": "R8.12.20", "reason": "certificate"}
    caseworker.press(paper, **typed)
    home = caseworker.get("/")
    for words in ("有効期限と年齢の到達", "在留カード", "令和8年12月20日"):
        assert words in home.text
    assert person[1] in home.links
    assert "/investigations" in home.links
    assert caseworker.json("/")["due"]["upcoming"] >= 1


def test_without_case_management_the_first_page_says_that_it_does_not_know_what_is_due(
    office: Office, caseworker: Browser
) -> None:
    with office.down("case_management"):
        page = caseworker.get("/")
    assert page.status == 200
    assert "いま表示できません" in page.text
    assert "14日以内に期限の来る予定はありません" not in page.text


def test_the_list_of_many_long_notes_stays_a_light_page(caseworker: Browser) -> None:
    for _ in range(25):
        note(caseworker, said="求職の面接が来週ある。" * 60)
    page = caseworker.get(f"{CASE}/notes")
    assert page.html.count("求職の面接が来週ある。" * 60) == 20
    assert len(page.html.encode()) < 100_000
