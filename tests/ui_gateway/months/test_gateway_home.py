"""The first page: what waits for a person, whatever the month; what cannot be known now is no "nothing to do"."""

from collections import Counter
from time import monotonic

import pytest

from tests.decisions.ward import Ward
from tests.ui_gateway.months.test_gateway_month import APPROVE, OPEN, proposed
from tests.ui_gateway.staff import BOARD, Browser, Office

pytestmark = pytest.mark.database
NOTHING = "いま、あなたが行う手続きはありません"
OLD = "/months/2026-08"


def tasks(browser: Browser) -> list[tuple[str, str]]:
    return [(one["month"], one["name"]) for one in browser.json("/")["next"]]


def test_what_is_open_is_work_whatever_its_month_and_the_oldest_comes_first(office: Office) -> None:
    office.load()
    caseworker = office.browser("demo-caseworker")
    for board in (BOARD, OLD):
        caseworker.press(caseworker.get(board).form(f"{board}/determinations"), reason="monthly")
    office.work_on()
    head, accountant = office.browser("demo-head"), office.browser("demo-accountant")
    assert tasks(head) == [("2026-08", "一括決定の決裁"), ("2026-12", "一括決定の決裁")]
    assert head.get("/").links.index(OLD) < head.get("/").links.index(BOARD)
    assert tasks(accountant) == []
    assert tasks(caseworker) == []

    head.press(head.get(OLD).form(f"{OLD}/determinations/approval"))
    office.work_on()
    assert tasks(head) == [("2026-12", "一括決定の決裁")]
    assert tasks(accountant) == [("2026-08", "支払の起票")]
    accountant.press(accountant.get(OLD).form(f"{OLD}/runs"))
    office.work_on()
    assert tasks(accountant) == []
    chief, treasurer = office.browser("demo-head-of-accounting"), office.browser("demo-treasurer")
    assert tasks(chief) == [("2026-08", "支払の決裁")]
    (path,) = [link for link in chief.get("/").links if link.startswith("/runs/")]
    chief.press(chief.get(path).form(f"{path}/approval"))
    assert (tasks(chief), tasks(treasurer)) == ([], [("2026-08", "支出命令の確認")])


def test_a_service_that_is_away_leaves_work_unknown_and_says_so(office: Office) -> None:
    office.load()
    proposed(office)
    head = office.browser("demo-head")
    with office.down("support_benefits"):
        page = head.get("/")
    assert "ほかに仕事があるかどうか分かりません" in page.text
    assert BOARD in page.links, "what is known is shown"
    with office.down("case_management"), office.down("support_benefits"):
        page = head.get("/")
        assert NOTHING not in page.text
        assert "緊急閲覧の有無を確認できません" in page.text
        assert "緊急閲覧がありました" not in page.text, "nobody knows that there was one"
        assert "case_management" not in head.get(BOARD).text, "a service has a name that the staff know"
    head.press(head.get(BOARD).form(APPROVE))
    office.work_on()
    assert NOTHING in head.get("/").text


def test_an_office_whose_households_wait_for_their_approval_says_so_and_offers_no_act(office: Office) -> None:
    office.hand_in("case_management", Ward().add(1).files(), "demo-caseworker")
    caseworker = office.browser("demo-caseworker")
    page = caseworker.get("/")
    assert ("世帯の取込待ち" in page.text, "着手できます" in page.text) == (True, False)
    assert (tasks(caseworker), tasks(office.browser("demo-head"))) == ([], [("", "取込の決裁")])
    assert {month["steps"][0]["state"] for month in caseworker.json("/")["months"]} == {"nobody"}
    office.load()
    assert tasks(caseworker) == [("2026-12", "一括決定の起案")]
    assert "世帯の取込待ち" not in caseworker.get("/").text


def test_who_has_no_part_in_the_month_is_shown_no_table_of_it(office: Office) -> None:
    office.load()
    operator = office.browser("demo-operator").get("/")
    assert "表示する権限がありません" not in operator.text
    assert "滞留" in operator.text


def test_the_operator_sees_what_stands_still_and_has_it_tried_again(office: Office) -> None:
    office.load()
    proposed(office)
    head, operator = office.browser("demo-head"), office.browser("demo-operator")
    assert "滞留はありません" in operator.get("/operations").text
    head.press(head.get(BOARD).form(APPROVE))
    office.work_on()
    accountant = office.browser("demo-accountant")
    accountant.press(accountant.get(BOARD).form(OPEN))
    office.work_on()
    office.services["payments"].execute("UPDATE chunks SET state = 'parked', attempts = 6, error = 'OSError at x.py:1'")
    first = operator.get("/").text
    assert "処理が止まっています" in first
    assert NOTHING not in first, "what stands still is work"
    page = operator.get("/operations")
    assert "OSError at x.py:1" in page.text
    done = operator.press(page.form("/operations/release"))
    assert "もう一度処理に戻しました" in done.text
    with office.down("payments"):
        assert "滞留の有無を確認できません" in operator.get("/operations").text
        assert "滞留はありません" not in operator.get("/operations").text
    assert head.get("/operations").status == 403


def test_a_service_that_hangs_costs_the_first_page_two_seconds_and_an_act_no_more(hurried_office: Office) -> None:
    hurried_office.load()
    proposed(hurried_office)
    head, caseworker = hurried_office.browser("demo-head"), hurried_office.browser("demo-caseworker")
    form = caseworker.get(BOARD).form(f"{BOARD}/determinations")
    for browser in (head, caseworker):
        browser.get("/")
    with hurried_office.hanging("support_benefits"):
        began = monotonic()
        page = head.get("/")
        act = caseworker.press(form, reason="monthly")
        assert monotonic() - began < 10, "questions go side by side, two seconds each"
    assert "ほかに仕事があるかどうか分かりません" in page.text
    assert act.status == 503


@pytest.mark.parametrize("staff", ["head", "accountant", "operator"])
def test_a_provider_that_hangs_costs_the_first_page_two_seconds_and_nobody_is_told_to_lack_a_right(
    hurried_office: Office, staff: str
) -> None:
    hurried_office.load()
    browser = hurried_office.browser(f"demo-{staff}")
    before = browser.json("/")
    hurried_office.restart_gateway()
    with hurried_office.hanging("issuer"):
        began = monotonic()
        page = browser.get("/")
        assert monotonic() - began < 7, "all services' tokens are asked for side by side"
        away = browser.json("/")
    assert page.status == 200
    assert "認証基盤" in page.text or "確認できません" in page.text
    assert NOTHING not in page.text
    assert [[step["state"] == "hidden" for step in one["steps"]] for one in away["months"]] == [
        [step["state"] == "hidden" for step in one["steps"]] for one in before["months"]
    ], "what cannot be shown now is called so, and is no lack of a right"


@pytest.mark.parametrize(
    ("staff", "questions"),
    [
        ("caseworker", {"case_management": 7, "support_benefits": 4, "payments": 1}),
        ("head", {"case_management": 11, "support_benefits": 6, "payments": 2}),
        ("supervisor", {"case_management": 10, "support_benefits": 5, "payments": 2}),
        ("accountant", {"payments": 2}),
        ("head-of-accounting", {"payments": 2}),
        ("treasurer", {"payments": 1}),
        ("auditor", {"case_management": 1, "support_benefits": 1, "payments": 2}),
        ("operator", {"case_management": 1, "support_benefits": 1, "payments": 2}),
    ],
)
def test_a_login_asks_what_the_duty_needs_once_and_one_token_a_service(
    lasting_office: Office, staff: str, questions: dict[str, int]
) -> None:
    """It ends on the first page. Acts and runs of all months are one question; nobody asks beyond his rights.

    An office that has begun no month, as this one, is asked beside that whether each of the three has anybody.
    """
    lasting_office.browser("demo-caseworker", first="/")  # the gateway has its own tokens, for counts, from then on
    with lasting_office.asked() as asked:
        lasting_office.browser(f"demo-{staff}", first="/")
    assert Counter(one.split()[0] for one in asked if not one.startswith("issuer")) == questions
    assert asked.count("issuer POST /token") == 1 + len(questions)
