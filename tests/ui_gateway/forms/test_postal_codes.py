"""The address of a postal code (郵便番号): as an office types it, several towns to choose from, nothing is lost."""

import pytest

from services.ui_gateway.forms.form import Form
from services.ui_gateway.forms.postal_codes import FORM_OF_CODE, UNKNOWN, towns_of
from services.ui_gateway.forms.postal_fields import CHOOSE, OTHER_ADDRESS, addressed, find_towns
from tests.ui_gateway.staff import Office

FORM = Form(*addressed("address", "住所", into="content.address"))
PRESSED = {"address_postal.find": "1"}


@pytest.mark.parametrize("typed", ["1050011", "105-0011", "〒105-0011", "１０５－００１１", " 〒１０５ ００１１ "])
def test_a_code_is_read_as_an_office_types_it(typed: str) -> None:
    assert towns_of(typed) == ["東京都港区芝公園"]


def test_a_code_of_several_towns_has_them_all_and_one_of_none_the_municipality() -> None:
    assert towns_of("452-0961")[:2] == ["愛知県清須市春日明河原", "愛知県清須市春日一番割"]
    assert towns_of("060-0000") == ["北海道札幌市中央区"]


@pytest.mark.parametrize(("typed", "fault"), [("", FORM_OF_CODE), ("SW1A 1AA", FORM_OF_CODE), ("999-9999", UNKNOWN)])
def test_a_foreign_or_unknown_code_is_said_at_its_field(typed: str, fault: str) -> None:
    asked = find_towns(FORM.fields, {**PRESSED, "address_postal": typed, "address": "London"})
    assert asked is not None
    assert (asked.faults, asked.sent["address"]) == ({"address_postal": fault}, "London")


@pytest.mark.parametrize(
    ("typed", "then"),
    [("", "東京都港区芝公園"), ("4-2-8", "東京都港区芝公園4-2-8"), ("東京都港区芝公園4-2-8", "東京都港区芝公園4-2-8")],
)
def test_what_was_typed_stays_behind_the_town(typed: str, then: str) -> None:
    asked = find_towns(FORM.fields, {**PRESSED, "address_postal": "105-0011", "address": typed})
    assert asked is not None
    assert (asked.sent["address"], asked.faults) == (then, {})


def test_an_address_in_full_is_never_overwritten() -> None:
    sent = {**PRESSED, "address_postal": "105-0011", "address": "大阪府大阪市北区1"}
    asked = find_towns(FORM.fields, sent)
    assert asked is not None
    assert (asked.faults, asked.sent["address"]) == ({"address_postal": OTHER_ADDRESS}, sent["address"])


@pytest.mark.database
def test_the_button_brings_the_form_back_with_the_address_and_does_nothing(office: Office) -> None:
    interviewer, address = office.browser("demo-interviewer"), "/intake/consultations/new"
    typed = {"matter": "livelihood", "wish_to_apply": "yes", "name": "架空 花子", "address": "4-2-8"}
    form = interviewer.get(address).form(address)
    page = interviewer.press(form, **typed, **PRESSED, address_postal="〒１０５-0011")
    assert (page.status, page.form(address).fields["address"]) == (200, "東京都港区芝公園4-2-8")
    assert "まだ送られていません" in page.text
    assert page.form(address).fields["name"] == "架空 花子"
    assert "✕ 誤り" not in page.text
    unknown = interviewer.press(page.form(address), **PRESSED, address_postal="999-9999")
    assert (unknown.status, UNKNOWN in unknown.text) == (422, True)
    assert unknown.form(address).fields["address"] == "東京都港区芝公園4-2-8"
    done = interviewer.press(unknown.form(address), address_postal="999-9999")
    assert "相談を記録しました" in done.text, "a code is a help: it keeps nothing from being recorded"
    assert "東京都港区芝公園4-2-8" in done.text


@pytest.mark.database
def test_a_town_is_chosen_and_may_be_sent_at_once(office: Office) -> None:
    interviewer, address = office.browser("demo-interviewer"), "/intake/consultations/new"
    typed = {"matter": "livelihood", "wish_to_apply": "yes", "address": "12番地"}
    page = interviewer.press(interviewer.get(address).form(address), **typed, **PRESSED, address_postal="4520961")
    assert (page.status, CHOOSE in page.text) == (422, True)
    town = "愛知県清須市春日稲荷"
    assert f'name="address_postal.town" value="{town}"' in page.html
    done = interviewer.press(page.form(address), **{"address_postal.town": town})
    assert f"{town}12番地" in done.text


@pytest.mark.database
def test_the_script_is_answered_with_towns_or_with_what_is_wrong(office: Office) -> None:
    interviewer = office.browser("demo-interviewer")
    assert interviewer.act("/addresses", {"code": "105-0011"}, "a-key-of-tests").json() == {
        "towns": ["東京都港区芝公園"],
        "fault": "",
    }
    assert interviewer.act("/addresses", {"code": "9999999"}, "a-key-of-tests").json()["fault"] == UNKNOWN
    assert office.stranger().http.post(f"{office.url}/addresses", data={"code": "105"}, timeout=30).status_code == 401
