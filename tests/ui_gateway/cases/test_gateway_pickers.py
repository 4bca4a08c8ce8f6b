"""Who does not know the number of a person types a name: nothing is done before somebody is chosen, nothing is lost."""

import re

import pytest

from tests.decisions.ward import Ward
from tests.ui_gateway.staff import Browser, Office, Page

pytestmark = pytest.mark.database
JOIN = "/cases/00000051/members/new"
TYPED = {"from": "R8.11.1", "cell_birth_date": "S54.5.3", "cell_relation": "spouse", "reason": "declaration"}


@pytest.fixture(scope="module")
def office(office_of_file: Office) -> Office:
    """A household, and another whose member of the same family name may join it; one more in a district elsewhere."""
    ward = Ward().add(51, {"name": "架空 太郎", "kana": "カクウ タロウ"}, caseworker="demo-caseworker")
    ward.add(52, {"name": "架空 桜", "kana": "カクウ サクラ"})
    office_of_file.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
    office_of_file.work_on()
    return office_of_file


@pytest.fixture
def caseworker(office: Office) -> Browser:
    office.begin()
    return office.browser("demo-caseworker")


def chosen(page: Page) -> dict[str, str]:
    """Whom the page offers: number and what is said of them."""
    offered = re.findall(r'name="person_no\.meant" value="([0-9]+)"> ([^<]+)<', page.html)
    return {number: words.strip() for number, words in offered}


def test_a_name_comes_back_with_the_people_it_may_mean_and_all_that_was_typed(
    office: Office, caseworker: Browser
) -> None:
    seen = len(office.services["case_management"].looks())
    page = caseworker.press(caseworker.get(JOIN).form(JOIN), **TYPED, person_no="かくう さくら")
    assert page.status == 422
    ((number, words),) = chosen(page).items()
    assert (number, words.split()[:2]) == ("0000005200", ["架空", "桜"])
    assert "ケース 00000052" in words
    form = page.form(JOIN)
    assert {name: form.fields[name] for name in TYPED} == TYPED
    assert form.fields["person_no"] == "かくう さくら"
    searched = [look for look in office.services["case_management"].looks()[seen:] if look["data"]["what"] == "search"]
    assert [look["data"]["subjects"] for look in searched] == [["case:00000052", "person:0000005200"]]
    assert "かくう" not in page.answer.url + str(office.gateway.spans())


def test_who_is_chosen_goes_before_the_name_and_the_act_is_done_once(caseworker: Browser) -> None:
    page = caseworker.press(caseworker.get(JOIN).form(JOIN), **TYPED, person_no="さくら")
    form = page.form(JOIN)
    assert "欄の下の一覧から選んでください" in page.text
    assert "10桁の数字です" not in page.text, "nothing is wrong with a name"
    assert "person_no.meant" in form.fields, "nobody is chosen before somebody chooses"
    assert form.fields["person_no.meant"] == ""
    again = caseworker.press(form, **{"person_no.meant": "0000005200", "cell_birth_date": "S54.2.30"})
    assert again.form(JOIN).fields["person_no"] == "0000005200", "who was chosen stays, whatever else is wrong"
    assert chosen(again) == {}


def test_a_number_that_is_wrong_is_a_fault_and_nobody_is_searched(office: Office, caseworker: Browser) -> None:
    seen = len(office.services["case_management"].looks())
    page = caseworker.press(caseworker.get(JOIN).form(JOIN), **TYPED, person_no="１２３")
    assert page.status == 422
    assert "10桁の数字です" in page.text
    looks = office.services["case_management"].looks()[seen:]
    assert "search" not in [look["data"]["what"] for look in looks]


def test_a_name_of_nobody_is_said_to_be_nobodys(caseworker: Browser) -> None:
    page = caseworker.press(caseworker.get(JOIN).form(JOIN), **TYPED, person_no="居内 一")
    assert "「居内 一」に当たる人は、あなたが見られる範囲にいません" in page.text


def test_a_name_with_letters_of_html_is_shown_as_typed(caseworker: Browser) -> None:
    page = caseworker.press(caseworker.get(JOIN).form(JOIN), **TYPED, person_no="<b>&\"'=1+1</b>")
    assert page.status == 422
    assert page.form(JOIN).fields["person_no"] == "<b>&\"'=1+1</b>"
    assert "<b>&" not in page.html


def test_the_form_comes_back_where_nobody_can_be_asked(office: Office, caseworker: Browser) -> None:
    desk, new = office.browser("demo-interviewer"), "/intake/consultations/new"
    form = desk.get(new).form(new)
    with office.down("case_management"):
        page = desk.press(form, matter="care", person_no="かくう", statement="家賃")
    assert page.status == 422
    assert "10桁の数字です" in page.text
    assert page.form(new).fields["person_no"] == "かくう"


def test_only_who_may_search_is_offered_the_answers_as_one_types(office: Office, caseworker: Browser) -> None:
    assert 'data-suggests="number"' in caseworker.get(JOIN).html
    assert 'data-suggests="number"' not in office.browser("demo-auditor").get("/audit/looks").html
