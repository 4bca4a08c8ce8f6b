"""The desk of intake, and the notes and tasks of one case, are lists of the kit; names stand beside case numbers."""

import csv
import io

import pytest

from tests.decisions.ward import Ward
from tests.ui_gateway.staff import Browser, Office

pytestmark = pytest.mark.database
CASE, DESK = "/cases/00000061", "/intake"
NOTES, TASKS = f"{CASE}/notes", f"{CASE}/tasks"


@pytest.fixture(scope="module")
def office(office_of_file: Office) -> Office:
    """A household with two notes and two promises, and two people at the desk, of whom one applied."""
    ward = Ward().add(61, {"name": "架空 松", "kana": "カクウ マツ"}, caseworker="demo-caseworker")
    office_of_file.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
    office_of_file.work_on()
    caseworker, desk = office_of_file.browser("demo-caseworker"), office_of_file.browser("demo-interviewer")
    for day, contact, said in (("R8.11.2", "telephone", "電話で聞いた"), ("R8.11.9", "visit", "=会って聞いた")):
        typed = {"kind": "contact", "contact": contact, "held_on": day, "said": said}
        met = {"met": "架空 松"} if contact == "visit" else {}
        assert caseworker.press(caseworker.get(f"{NOTES}/new").form(NOTES), **typed, **met).status == 200
    for day, what in (("R8.12.20", "通帳を見る"), ("R8.11.30", "家賃の領収書")):
        assert caseworker.press(caseworker.get(TASKS).form(TASKS), kind="promise", due_on=day, what=what).status == 200
    new = "/intake/consultations/new"
    for name, matter in (("架空 梅", "livelihood"), ("架空 竹", "care")):
        assert desk.press(desk.get(new).form(new), name=name, matter=matter, wish_to_apply="yes").status == 200
    application = "/intake/consultations/2026000001/application"
    assert desk.press(desk.get(application).form(application), name="架空 梅").status == 200
    form = desk.get("/intake/applications/2026000001").form("/intake/applications/2026000001/case")
    assert "ケース番号" in desk.press(form, district="01").text
    return office_of_file


def file_of(browser: Browser, address: str) -> list[list[str]]:
    answer = browser.http.get(browser.url + address, timeout=30)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_the_notes_of_a_case_are_sorted_filtered_and_a_file(office: Office) -> None:
    caseworker = office.browser("demo-caseworker")
    page = caseworker.get(f"{NOTES}?sort=held_on")
    assert page.html.index("電話で聞いた") < page.html.index("=会って聞いた")
    assert "電話で聞いた" not in caseworker.get(f"{NOTES}?contact=visit").text
    assert "電話で聞いた" in caseworker.get(f"{NOTES}?unsigned=1&sort=held_on").text
    head, *lines = file_of(caseworker, f"{NOTES}?contact=visit&as=csv")
    words = dict(zip(head, lines[0], strict=True))
    assert (words["いつ"], words["確認"]) == ("2026-11-09", "確認待ち")
    assert words["内容"] == "会った人・出席者: 架空 松\n聞いたこと・話したこと: =会って聞いた"
    assert len(words["記録した日"]) == len("2026-11-24")
    assert words["記録した人"] == "架空 一子（demo-caseworker）"


def test_the_tasks_of_a_case_are_sorted_filtered_and_a_file(office: Office) -> None:
    caseworker = office.browser("demo-caseworker")
    page = caseworker.get(f"{TASKS}?sort=-due_on")
    assert page.html.index("通帳を見る") < page.html.index("家賃の領収書")
    assert "通帳を見る" not in caseworker.get(f"{TASKS}?state=soon").text
    head, *lines = file_of(caseworker, f"{TASKS}?state=soon&as=csv")
    assert (len(lines), dict(zip(head, lines[0], strict=True))["何をするか"]) == (1, "家賃の領収書")


def test_the_two_lists_of_the_desk_are_asked_each_for_itself(office: Office) -> None:
    desk = office.browser("demo-interviewer")
    page = desk.get(f"{DESK}?of=consultations_recent&matter=care")
    assert "架空 竹" in page.text
    assert "架空 梅" in page.text, "who applied still waits in the other list"
    head, *lines = file_of(desk, f"{DESK}?of=consultations_recent&as=csv")
    assert [line[head.index("氏名")] for line in lines] == ["架空 竹", "架空 梅"]
    assert [line[1] for line in file_of(desk, f"{DESK}?of=applications_open&as=csv")[1:]] == ["架空 梅"]


def test_names_stand_beside_the_numbers_of_cases(office: Office) -> None:
    supervisor = office.browser("demo-supervisor")
    unsigned = file_of(supervisor, "/due?of=notes_unsigned&as=csv")
    assert [line[:2] for line in unsigned[1:]] == [["00000061", "架空 松"]] * 2
    assert file_of(supervisor, "/due?of=applications_open&as=csv")[1][1] == "架空 梅"
    register = file_of(supervisor, "/intake/registers/cases?as=csv")
    assert register[1][register[0].index("世帯主・申請者")] == "架空 梅"
    note = supervisor.get(f"{NOTES}/2026000001")
    assert "ケース 00000061 架空 松" in note.text
    supervisor.press(note.form(f"{NOTES}/2026000001/signature"), remark="通帳も見ること")
    head, signed = file_of(supervisor, f"{NOTES}?signed=True&as=csv")
    assert signed[head.index("確認した人・指導")].endswith("架空 八重（demo-supervisor） 通帳も見ること")
