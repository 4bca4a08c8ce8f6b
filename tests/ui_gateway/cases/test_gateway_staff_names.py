"""Staff are read by their names (氏名（職員番号）), as the identity provider named them when they logged in."""

import pytest

from infra.issuer.staff import BY_ID
from services.ui_gateway.sessions.staff_names import keep_name, newest_names
from shared.service_kit.unit_of_work import unit_of_work
from tests.case_management.registry import item
from tests.decisions.ward import Ward
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database
WARD = Ward().add(1, caseworker="demo-caseworker").add(2, caseworker="ito.k")


def test_staff_have_names_on_pages_in_lists_and_in_files(office: Office) -> None:
    office.import_files("case_management", WARD.files(), "demo-caseworker", "demo-head")
    office.work_on()
    head, name = office.browser("demo-head"), "架空 一子（demo-caseworker）"
    assert name not in head.get("/cases/00000001").text, "nobody has named the caseworker yet"
    office.browser("demo-caseworker").get("/")
    page = head.get("/cases/00000001")
    assert f"担当 {name}" in page.text
    assert f"担当現業員 {name}" in page.text, "the history of who is in charge, too"
    load = head.get("/caseload?district=01")
    assert name in load.text
    assert "ito.k" in load.text, "who is unknown stays the id"
    assert "caseworker=demo-caseworker" in head.get("/caseload?district=01&caseworker=demo-caseworker&sort=name").html
    file = head.http.get(f"{office.url}/caseload?district=01&as=csv", timeout=30)
    assert name in file.content.decode()


def test_a_name_that_changed_is_kept_beside_the_former_one(office: Office) -> None:
    office.browser("demo-head").get("/")
    gateway = office.services["ui_gateway"]
    with unit_of_work(gateway.runtime, "person:demo-head", "a-correlation-of-tests") as work:
        for name in (BY_ID["demo-head"].name, "新姓 二郎", "新姓 二郎", ""):
            keep_name(work, "demo-head", name)
        assert newest_names(work)["demo-head"] == "新姓 二郎"
    rows = gateway.execute("SELECT name FROM staff_names WHERE staff = 'demo-head' ORDER BY number")
    assert [row.name for row in rows] == [BY_ID["demo-head"].name, "新姓 二郎"]


def test_a_caseworker_is_chosen_from_the_register_with_name_and_districts(office: Office) -> None:
    office.import_files("case_management", WARD.files(), "demo-caseworker", "demo-head")
    office.work_on()
    head, address = office.browser("demo-head"), "/cases/00000001/charges/new"
    assert '<input type="text" id="field1-caseworker"' in head.get(address).html, "the register names nobody yet"
    districts = {"demo-caseworker": "01", "tanaka.t": "02"}
    office.assign(*(item(person, first="2026-11-01", districts=[own]) for person, own in districts.items()))
    office.browser("demo-caseworker").get("/")
    page = head.get(address)
    assert '<option value="demo-caseworker">架空 一子（demo-caseworker） 地区 01</option>' in page.html
    assert '<option value="tanaka.t">tanaka.t 地区 02</option>' in page.html
    sent = {"from": "R8.11.24", "district": "01", "caseworker": "tanaka.t"}
    refused = head.press(page.form(address), **sent)
    assert (refused.status, refused.form(address).fields["caseworker"]) == (422, "tanaka.t"), "who works elsewhere"
    done = head.press(refused.form(address), caseworker="demo-caseworker")
    assert (done.status, "担当 架空 一子（demo-caseworker）" in done.text) == (200, True)


def test_a_caseworker_whom_the_list_does_not_name_stays_in_the_form_that_comes_back(office: Office) -> None:
    """Typed before the register named anybody, or chosen on the day before the assignment ended."""
    office.import_files("case_management", WARD.files(), "demo-caseworker", "demo-head")
    office.work_on()
    head, address = office.browser("demo-head"), "/cases/00000001/charges/new"
    typed = head.get(address).form(address)
    office.assign(item("demo-caseworker", first="2026-11-01", districts=["01"]))
    back = head.press(typed, **{"from": "R8.2.30", "district": "01", "caseworker": "ito.k"})
    assert (back.status, back.form(address).fields["caseworker"]) == (422, "ito.k")
    refused = head.press(back.form(address), **{"from": "R8.11.24"})
    assert (refused.status, refused.form(address).fields["caseworker"]) == (422, "ito.k")


def test_a_case_is_opened_for_a_caseworker_of_the_register(office: Office) -> None:
    office.assign(item("tanaka.t", first="2026-11-01", districts=["01"]))
    application, interviewer = "/intake/applications/2026000001", office.browser("demo-interviewer")
    for form in ("/intake/consultations/new", "/intake/consultations/2026000001/application"):
        page = interviewer.get(form)
        fields = {"matter": "livelihood", "wish_to_apply": "yes", "name": "架空 花子"}
        assert interviewer.press(page.form(form), **fields).status == 200
    page = interviewer.get(application)
    assert '<option value="tanaka.t">tanaka.t 地区 01</option>' in page.html
    done = interviewer.press(page.form(f"{application}/case"), district="01", caseworker="tanaka.t")
    assert "ケース番号" in done.text
    assert "担当員" not in interviewer.get(application).html, "it has its case: nobody is asked for"
