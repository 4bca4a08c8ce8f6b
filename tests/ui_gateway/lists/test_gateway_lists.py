"""The lists of the pages: sorted and filtered by their addresses, whole for paper, and as a file by right alone."""

import csv
import io
from hashlib import sha256

import pytest

from tests.decisions.ward import Ward
from tests.ui_gateway.staff import Browser, Office

pytestmark = pytest.mark.database
REGISTER, NEW = "/intake/registers/consultations", "/intake/consultations/new"
SAID = {"channel": "counter", "wish_to_apply": "no", "result": "advice"}
CALLED = {"funeral": "=HYPERLINK(1)", "care": "架空 春"}


@pytest.fixture(scope="module")
def office(office_of_file: Office) -> Office:
    """An office at whose desk two people were, on two days."""
    desk = office_of_file.browser("demo-interviewer")
    for day, matter in (("R8.11.20", "funeral"), ("R8.11.21", "care")):
        form = desk.get(NEW).form(NEW)
        assert "記録しました" in desk.press(form, **SAID, held_on=day, matter=matter, name=CALLED[matter]).text
    ward = Ward()
    for case, kana in enumerate(("カトウダ", "ガトウ", "カトウ"), 1):
        ward.add(case, {"name": f"架空 {case}", "kana": kana}, caseworker="demo-caseworker")
    office_of_file.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
    office_of_file.work_on()
    return office_of_file


@pytest.fixture
def desk(office: Office) -> Browser:
    office.begin()
    return office.browser("demo-interviewer")


def file_of(browser: Browser, address: str) -> list[list[str]]:
    answer = browser.http.get(browser.url + address, timeout=30)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_a_heading_sorts_the_register_and_says_so(desk: Browser) -> None:
    page = desk.get(f"{REGISTER}?sort=held_on")
    assert page.text.index(CALLED["funeral"]) < page.text.index(CALLED["care"])
    assert 'aria-sort="ascending"' in page.html
    (turned,) = [link for link in page.links if "sort=-held_on" in link and "as=csv" not in link]
    page = desk.get(turned)
    assert page.text.index(CALLED["care"]) < page.text.index(CALLED["funeral"])
    assert page.html.count("aria-sort=") == 1


def test_a_filter_is_a_form_that_keeps_the_span_and_the_order(desk: Browser) -> None:
    form = desk.get(f"{REGISTER}?sort=-held_on&from=R8.11.1").form(REGISTER)
    assert form.method == "get"
    assert (form.fields["sort"], form.fields["from"]) == ("-held_on", "令和8年11月1日")
    assert "name" not in form.fields, "a name would stand in the address"
    page = desk.get(f"{REGISTER}?matter=funeral&held_on_from=R8.11.20")
    assert CALLED["funeral"] in page.text
    assert CALLED["care"] not in page.text
    assert page.form(REGISTER).fields["held_on_from"] == "令和8年11月20日"
    assert "条件に合うものはありません" in desk.get(f"{REGISTER}?matter=housing").text


def test_a_question_that_cannot_be_read_is_a_fault_at_its_field_and_the_list_stays(desk: Browser) -> None:
    page = desk.get(f"{REGISTER}?matter=x&sort=name2&held_on_to=きのう")
    assert page.status == 422
    for words in ("種類を一覧から選んでください", "見出しから選んでください", "相談日の末日"):
        assert words in page.text
    assert CALLED["care"] in page.text
    assert 'value="きのう"' in page.html
    assert "条件" not in desk.get(f"{REGISTER}?matter=x&as=csv").text, "no file of another list than was asked for"
    assert desk.json(f"{REGISTER}?matter=x")["field"] == "matter"


def test_a_first_day_that_is_none_and_a_district_of_letters_stay_where_they_were_typed(
    office: Office, desk: Browser
) -> None:
    page = desk.get(f"{REGISTER}?from=R8.13.40")
    assert page.status == 422
    assert page.form(REGISTER).fields["from"] == "R8.13.40"
    assert 'id="from-fault"' in page.html
    page = office.browser("demo-caseworker").get("/caseload?district=ABC")
    assert page.status == 422
    assert page.form("/caseload").fields["district"] == "ABC"
    assert "地区は2桁の数字で入力してください" in page.text


def test_the_caseload_stands_in_the_order_of_an_index(office: Office) -> None:
    page = office.browser("demo-caseworker").get("/caseload?district=01&sort=kana")
    places = [page.html.index(f">{kana}<") for kana in ("カトウ", "ガトウ", "カトウダ")]
    assert places == sorted(places)


def test_a_list_becomes_a_file_that_no_spreadsheet_runs(desk: Browser) -> None:
    head, *lines = file_of(desk, f"{REGISTER}?sort=held_on&as=csv")
    assert head[:3] == ["受付番号", "相談日", "氏名"]
    assert [line[1:3] for line in lines] == [["2026-11-20", f"'{CALLED['funeral']}"], ["2026-11-21", CALLED["care"]]]
    assert lines[0][4:8] == ["来所", "葬祭", "なし", "助言のみ"]
    assert [line[2] for line in file_of(desk, f"{REGISTER}?matter=care&as=csv")[1:]] == [CALLED["care"]]


def test_a_file_is_in_the_log_before_it_leaves_and_so_is_whom_it_names(office: Office, desk: Browser) -> None:
    seen = len(office.services["case_management"].looks())
    answer = desk.http.get(f"{desk.url}{REGISTER}?as=csv", timeout=30)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E9%9D%A2")
    (entry,) = office.looks("list.exported.v1")
    digest = sha256(answer.content).hexdigest()
    assert entry["data"] == {"list_name": "consultations", "rows": 2, "sha256": digest}
    assert entry["actor"] == "person:demo-interviewer"
    looks = office.services["case_management"].looks()[seen:]
    assert [look["data"]["what"] for look in looks] == ["consultations"]
    assert looks[0]["correlation"] == entry["correlation"]


def test_who_may_not_read_the_list_gets_no_file_and_nothing_says_that_one_left(office: Office) -> None:
    office.begin()
    caseworker = office.browser("demo-caseworker")
    answer = caseworker.http.get(f"{caseworker.url}{REGISTER}?as=csv", timeout=30)
    assert (answer.status_code, office.looks("list.exported.v1")) == (403, [])
    assert CALLED["care"] not in answer.text


def test_what_is_due_is_three_lists_on_one_page_each_with_its_own_file(office: Office) -> None:
    supervisor = office.browser("demo-supervisor")
    form = supervisor.get("/cases/00000001/tasks").form("/cases/00000001/tasks")
    for day in ("R8.11.30", "R8.11.28"):
        supervisor.press(form, kind="promise", due_on=day, what=f"領収書 {day}", key=f"a-key-of-{day}")
    page = supervisor.get("/due?of=tasks_due&sort=-due_on")
    assert page.text.index("領収書 R8.11.30") < page.text.index("領収書 R8.11.28")
    lines = file_of(supervisor, "/due?of=tasks_due&sort=due_on&as=csv")
    assert [line[3] for line in lines[1:]] == ["領収書 R8.11.28", "領収書 R8.11.30"]
    assert "領収書 R8.11.28" in supervisor.get("/").text


def test_who_asks_for_the_head_of_a_file_alone_took_none(office: Office, desk: Browser) -> None:
    answer = desk.http.head(f"{desk.url}{REGISTER}?as=csv", timeout=30)
    assert (answer.status_code, answer.content, office.looks("list.exported.v1")) == (200, b"", [])
    assert answer.headers["Content-Disposition"].startswith("attachment")
