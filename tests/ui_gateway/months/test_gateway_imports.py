"""Files that were handed in are looked at and approved at a page, by another person than who handed them in."""

import pytest

from tests.decisions.ward import Ward
from tests.payments.office import ACCOUNT_HEADER, SENDERS
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database


def test_the_head_approves_what_a_caseworker_handed_in(office: Office) -> None:
    handed_in = office.hand_in("case_management", Ward().add(1).add(2).files(), "demo-caseworker")
    caseworker, head = office.browser("demo-caseworker"), office.browser("demo-head")
    own = caseworker.get("/imports")
    assert handed_in["sha256"] in own.text
    assert [one for one in own.acts() if one.endswith("/approval")] == []
    assert "/imports" in head.get("/").links
    assert {"month": "", "number": 0, "name": "取込の決裁", "to": "/imports"} in head.json("/")["next"]
    page = head.get("/imports")
    assert "2世帯" in page.text
    assert "追加 2件" in page.text
    (action,) = [one for one in page.acts() if one.endswith("/approval")]
    done = head.press(page.form(action))
    assert "取込を決裁しました(生活保護" in done.text
    assert "取込の決裁" not in [task["name"] for task in head.json("/")["next"]]
    assert head.get("/imports").acts() == set()


def test_a_caseworker_takes_the_own_import_back_and_a_head_returns_another(office: Office) -> None:
    first = office.hand_in("case_management", Ward().add(1).files(), "demo-caseworker")
    caseworker, head = office.browser("demo-caseworker"), office.browser("demo-head")
    page = caseworker.get("/imports")
    action = f"/imports/deciding/case_management/{first['import_id']}/withdrawal"
    assert page.acts() == {action}
    assert "取込を取り下げました(生活保護" in caseworker.press(page.form(action), reason="mistake").text
    second = office.hand_in("case_management", Ward().add(1).add(2).files(), "demo-caseworker")
    page = head.get("/imports")
    action = f"/imports/deciding/case_management/{second['import_id']}/withdrawal"
    assert action in page.acts()
    assert "取込を差し戻しました" in head.press(page.form(action), reason="returned").text
    assert head.get("/imports").acts() == set()
    assert caseworker.get("/imports").text.count("架空 二郎（demo-head）が差し戻しました") == 1


def test_accounts_are_approved_by_the_head_of_accounting_who_sees_what_they_change(office: Office) -> None:
    office.load(cases=2)
    moved = f"{ACCOUNT_HEADER}\n00000001,public_assistance,cash,,,,,,口座開設不可\n"
    files = {"accounts.csv": moved.encode(), "sender.csv": SENDERS.encode()}
    office.hand_in("payments", files, "demo-accountant")
    chief = office.browser("demo-head-of-accounting")
    page = chief.get("/imports")
    assert "口座から窓口へ 1件" in page.text
    (action,) = [one for one in page.acts() if one.endswith("/approval")]
    assert "取込を決裁しました" in chief.press(page.form(action)).text
    assert office.browser("demo-accountant").get("/imports").acts() == set()


def test_an_account_under_the_other_programme_is_not_said_to_be_of_a_case_without_any_determination(
    office: Office,
) -> None:
    rows = "00000001,support_benefit,cash,,,,,,口座開設不可\n"
    office.hand_in("payments", {"accounts.csv": f"{ACCOUNT_HEADER}\n{rows}".encode()}, "demo-accountant")
    office.load(cases=1)
    page = office.browser("demo-head-of-accounting").get("/imports")
    assert "この制度の決定が支払に届いていないケース 1件(00000001)" in page.text
    assert "決定のないケース" not in page.text


def test_accounts_are_taken_back_by_who_handed_them_in_and_returned_by_the_head_of_accounting(office: Office) -> None:
    files = {"accounts.csv": f"{ACCOUNT_HEADER}\n00000001,public_assistance,cash,,,,,,口座開設不可\n".encode()}
    accountant, chief = office.browser("demo-accountant"), office.browser("demo-head-of-accounting")
    first = office.hand_in("payments", files, "demo-accountant")
    page = accountant.get("/imports")
    action = f"/imports/paying/{first['import_id']}/withdrawal"
    assert page.acts() == {action}
    done = accountant.press(page.form(action), reason="mistake")
    assert "取込を取り下げました(支給・経理 1行)" in done.text
    assert "取下げ済み" in done.text
    more = f"{files['accounts.csv'].decode()}00000002,public_assistance,cash,,,,,,口座開設不可\n"
    second = office.hand_in("payments", {"accounts.csv": more.encode()}, "demo-accountant")
    page = chief.get("/imports")
    done = chief.press(page.form(f"/imports/paying/{second['import_id']}/withdrawal"), reason="returned")
    assert "取込を差し戻しました" in done.text
    assert chief.get("/imports").acts() == set()


def test_accounts_that_are_barred_to_one_of_two_people_are_proposed_at_the_page_by_another(office: Office) -> None:
    office.load(cases=2)
    office.services["payments"].execute(
        "INSERT INTO restrictions (fact_id, producer, restriction_id, case_no, kind, staff, valid_from) "
        "VALUES (gen_random_uuid(), 'case_management', gen_random_uuid(), '00000001', 'barred', "
        "'demo-head-of-accounting', '2020-01-01')"
    )
    accountant, chief = office.browser("demo-accountant"), office.browser("demo-head-of-accounting")
    rows = "".join(f"{case_no},public_assistance,cash,,,,,,口座開設不可\n" for case_no in ("00000001", "00000002"))
    handed_in = office.hand_in("payments", {"accounts.csv": f"{ACCOUNT_HEADER}\n{rows}".encode()}, "demo-accountant")
    page = chief.get("/imports")
    (action,) = [one for one in page.acts() if one.endswith("/approval")]
    assert "別の組が決める" not in chief.press(page.form(action)).text, "nothing is told to whom it is barred"
    task = {"month": "", "number": 0, "name": "残りの口座の起案", "to": "/imports"}
    assert task in accountant.json("/")["next"]
    assert task not in chief.json("/")["next"]
    page = accountant.get("/imports")
    assert "うち別の組が決める 1行" in page.text
    assert page.acts() == {f"/imports/paying/{handed_in['import_id']}/remainder"}
    done = accountant.press(page.form(*page.acts()))
    assert "残りの口座を起案しました(1行)" in done.text
    (own,) = done.acts()
    assert own.endswith("/withdrawal"), "it is proposed once, and may be taken back"
    assert task not in accountant.json("/")["next"]


def test_a_service_that_is_away_is_named_and_a_stranger_to_imports_sees_none(office: Office) -> None:
    head, operator = office.browser("demo-head"), office.browser("demo-operator")
    with office.down("support_benefits"):
        assert "いま確認できません" in head.get("/imports").text
    assert operator.json("/imports") == {"services": {}, "away": []}
    assert "表示する権限がありません" in operator.get("/imports").text, "no right is not the same as none"
