"""A month is paid at the pages, by five people with a click each; nobody sees another's act."""

import pytest

from tests.ui_gateway.staff import BOARD, Browser, Office, Page

pytestmark = pytest.mark.database
WITHDRAW = f"{BOARD}/determinations/withdrawal"
PROPOSE, APPROVE, OPEN = f"{BOARD}/determinations", f"{BOARD}/determinations/approval", f"{BOARD}/runs"


def test_five_people_pay_the_month_at_the_pages(office: Office) -> None:
    path = determined_and_opened(office)
    chief = office.browser("demo-head-of-accounting")
    assert path in chief.get("/").links
    decided = chief.press(chief.get(path).form(f"{path}/approval"))
    assert "支払を決裁しました" in decided.text

    treasurer = office.browser("demo-treasurer")
    accepted = treasurer.press(treasurer.get(path).form(f"{path}/acceptance"))
    assert "支出命令を確認しました" in accepted.text
    office.work_on()

    run = treasurer.json(path)
    page = treasurer.get(path)
    assert run["state"] == "files_made"
    assert run["month_figures"]["entitled_yen"] == run["yen"] == sum(file["yen"] for file in run["files"])
    assert all(file["sha256"] in page.text for file in run["files"])
    assert f"{run['yen']:,}円" in page.text
    for person in ("demo-accountant", "demo-head-of-accounting", "demo-treasurer"):
        assert person in page.text
    assert run["trace_id"] in page.text


def determined_and_opened(office: Office) -> str:
    """Caseworker, head and accountant do their part of the month; gives the page of the run."""
    office.load(cases=2)
    caseworker = office.browser("demo-caseworker")
    proposed = caseworker.press(caseworker.get(BOARD).form(PROPOSE), reason="monthly")
    assert "一括決定を起案しました" in proposed.text
    assert "一括決定を起案しました" not in caseworker.get(BOARD).text, "a message is shown once"
    office.work_on()

    head = office.browser("demo-head")
    before = head.get(BOARD)
    assert "生活保護 2世帯" in before.text
    assert "取り消せません" in before.text
    approved = head.press(before.form(APPROVE))
    assert "一括決定を決裁しました(生活保護 2世帯" in approved.text
    office.work_on()

    accountant = office.browser("demo-accountant")
    opened = accountant.press(accountant.get(BOARD).form(OPEN))
    assert "定例支給を起票しました" in opened.text
    office.work_on()
    return str(opened.answer.request.path_url)


def test_a_run_that_stands_still_says_so_and_whom_to_call(office: Office) -> None:
    office.load()
    proposed(office)
    head, accountant = office.browser("demo-head"), office.browser("demo-accountant")
    head.press(head.get(BOARD).form(APPROVE))
    office.work_on()
    opened = accountant.press(accountant.get(BOARD).form(OPEN))
    office.work_on()
    office.services["payments"].execute("UPDATE chunks SET state = 'parked', attempts = 6")
    path = opened.answer.request.path_url
    assert "処理が止まっています" in accountant.get(path).text
    assert "処理が止まっています" in accountant.get(BOARD).text


def test_each_duty_sees_its_own_acts_alone(office: Office) -> None:
    office.load()
    staff = {
        name: office.browser(f"demo-{name}") for name in ("caseworker", "head", "accountant", "auditor", "operator")
    }
    assert acts(staff) == {
        "caseworker": {PROPOSE},
        "head": set(),
        "accountant": set(),
        "auditor": set(),
        "operator": set(),
    }
    staff["caseworker"].press(staff["caseworker"].get(BOARD).form(PROPOSE), reason="monthly")
    office.work_on()
    assert acts(staff)["head"] == {APPROVE, WITHDRAW}
    assert "あなたの次の仕事" in staff["head"].get("/").text
    assert BOARD in staff["head"].get("/").links
    assert "表示する権限がありません" in staff["accountant"].get(BOARD).text


def test_a_hidden_act_is_refused_too_and_told_to_the_audit(office: Office) -> None:
    office.load()
    head = office.browser("demo-head")
    csrf = head.json("/session")["csrf"]
    refused = head.send(PROPOSE, {"csrf": csrf, "key": "a-key-of-mine", "reason": "monthly"})
    assert refused.status == 403
    assert "権限" in refused.text
    (told,) = office.gateway.looks("refusal.v1")
    assert told["actor"] == "person:demo-head"
    assert told["data"]["permission"] == "determination.propose"
    assert head.json(BOARD)["determinations"]["case_management"]["items"] == []


def test_a_repeated_click_does_nothing_twice(office: Office) -> None:
    office.load()
    caseworker = office.browser("demo-caseworker")
    form = caseworker.get(BOARD).form(PROPOSE)
    for _ in range(2):
        assert caseworker.press(form, reason="monthly").status == 200
    board = caseworker.json(BOARD)
    assert [len(part["items"]) for part in board["determinations"].values()] == [1, 1]
    again = caseworker.press(form, reason="winter")
    assert again.status == 409, "the same key with other content"


def test_an_approval_of_what_was_not_shown_is_refused_before_anything_is_done(office: Office) -> None:
    office.load()
    proposed(office)
    head = office.browser("demo-head")
    form = head.get(BOARD).form(APPROVE)
    moved = head.press(form, support_benefits_sha256="0" * 64)
    assert (moved.status, "画面を開き直して" in moved.text, BOARD in moved.links) == (409, True, True)
    states = {name: part["state"] for name, part in head.json(BOARD)["determinations"].items()}
    assert states == {"case_management": "proposed", "support_benefits": "proposed"}


def test_the_command_line_acts_through_the_same_door(office: Office) -> None:
    office.load()
    caseworker = office.browser("demo-caseworker")
    answer = caseworker.act(PROPOSE, {"reason": "monthly"}, "key-of-the-command-line")
    assert (answer.status_code, set(answer.json())) == (202, {"case_management", "support_benefits"})
    again = caseworker.act(PROPOSE, {"reason": "monthly"}, "key-of-the-command-line")
    assert again.json() == answer.json()
    keyless = caseworker.act(PROPOSE, {"reason": "monthly"}, "")
    assert (keyless.status_code, keyless.json()["type"]) == (400, "/problems/idempotency-key-missing")
    wrong = caseworker.act(PROPOSE, {"reason": "because"}, "another-key-of-it")
    assert (wrong.status_code, wrong.json()["field"]) == (422, "reason")


def test_an_extra_run_comes_after_the_regular_one_and_has_a_journey_of_its_own(office: Office) -> None:
    run = paid(office)
    accountant = office.browser("demo-accountant")
    extra = accountant.press(accountant.get(BOARD).form(OPEN))
    found = accountant.json(extra.answer.request.path_url)
    assert found["run_kind"] == "extra"
    assert found["correlation"] != run["correlation"]


def acts(staff: dict[str, Browser]) -> dict[str, set[str]]:
    return {name: browser.get(BOARD).acts() for name, browser in staff.items()}


def proposed(office: Office) -> Page:
    caseworker = office.browser("demo-caseworker")
    page = caseworker.press(caseworker.get(BOARD).form(PROPOSE), reason="monthly")
    office.work_on()
    return page


def paid(office: Office) -> dict[str, object]:
    office.load()
    proposed(office)
    steps = [("demo-head", APPROVE), ("demo-accountant", OPEN)]
    for staff, action in steps:
        browser = office.browser(staff)
        page = browser.press(browser.get(BOARD).form(action))
        office.work_on()
    path = page.answer.request.path_url
    for staff, act in (("demo-head-of-accounting", "approval"), ("demo-treasurer", "acceptance")):
        browser = office.browser(staff)
        browser.press(browser.get(path).form(f"{path}/{act}"))
        office.work_on()
    found: dict[str, object] = browser.json(path)
    assert found["state"] == "files_made"
    return found


def test_no_right_and_not_known_now_are_two_things(office: Office) -> None:
    office.load()
    accountant, head = office.browser("demo-accountant"), office.browser("demo-head")
    assert "表示する権限がありません" in accountant.get(BOARD).text
    with office.down("case_management"):
        away = head.get(BOARD)
    assert "いま確認できません" in away.text
    assert "表示する権限がありません" not in away.text
    assert [step["state"] for step in head.json(BOARD)["steps"]][:2] == ["ready", "waiting"]


def test_a_proposal_is_taken_back_by_its_proposer_or_returned_by_the_head(office: Office) -> None:
    office.load()
    proposed(office)
    caseworker, head = office.browser("demo-caseworker"), office.browser("demo-head")
    back = caseworker.press(caseworker.get(BOARD).form(WITHDRAW), reason="mistake")
    assert "取り下げました" in back.text
    assert APPROVE not in head.get(BOARD).acts()
    proposed(office)
    returned = head.press(head.get(BOARD).form(WITHDRAW), reason="returned")
    assert "一括決定の起案を差し戻しました" in returned.text
    page = caseworker.get(BOARD)
    assert page.acts() == {PROPOSE}
    assert "生活保護の一括決定(架空 一子（demo-caseworker）の起案)は、取り下げられたか、差し戻されました" in page.text
    proposed(office)
    assert "差し戻されました" not in caseworker.get(BOARD).text, "another proposal stands in its place"


@pytest.mark.parametrize("month", ["1873-01", "0001-01", "9999-12"])
def test_a_month_that_no_calendar_of_the_office_has_is_not_found(office: Office, month: str) -> None:
    assert office.browser("demo-auditor").get(f"/months/{month}").status == 404


def test_nobody_proposes_an_act_over_a_register_with_nobody(office: Office) -> None:
    caseworker = office.browser("demo-caseworker")
    page = caseworker.get(BOARD)
    assert PROPOSE not in page.acts()
    assert ("世帯の取込待ち" in page.text, "着手できます" in page.text) == (True, False)
    refused = caseworker.send(PROPOSE, {**page.forms[0].fields, "key": "a-key-of-mine", "reason": "monthly"})
    assert refused.status == 409
    assert "受給中の世帯がどちらの制度にもありません" in refused.text
    parts = caseworker.json(BOARD)["determinations"].values()
    assert [part["items"] for part in parts] == [[], []]


@pytest.mark.parametrize("away", ["case_management", "support_benefits"])
def test_whose_act_it_is_is_told_that_a_service_is_away_and_not_that_a_right_is_lacking(
    office: Office, away: str
) -> None:
    office.load()
    accountant = office.browser("demo-accountant")
    with office.down(away):
        assert accountant.json(BOARD)["steps"][2]["state"] == "unknown"
