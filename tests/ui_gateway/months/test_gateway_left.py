"""Households that an approved act left undetermined are work, and each approver is shown what they decide."""

import pytest

from tests.ui_gateway.months.test_gateway_home import tasks
from tests.ui_gateway.months.test_gateway_month import APPROVE, OPEN, PROPOSE, proposed
from tests.ui_gateway.staff import BOARD, Browser, Office

pytestmark = pytest.mark.database
LEFT = ("2026-12", "未決定の世帯 1: 一括決定の起案")


def bar(office: Office, staff: str) -> None:
    """The first household is a relative's of one of the staff."""
    office.services["case_management"].execute(
        "WITH one AS (INSERT INTO restrictions (restriction_id, case_no, kind, staff, valid_from, reason, proposer, "
        "proposed_at, sha256) VALUES (gen_random_uuid(), '00000001', 'barred', :staff, '2020-01-01', 'relative', "
        "'person:demo-supervisor', now(), repeat('0', 64)) RETURNING restriction_id, proposer, sha256) "
        "INSERT INTO restriction_approvals (restriction_id, approver, proposer, approved_at, sha256) "
        "SELECT restriction_id, 'person:another-head', proposer, now(), sha256 FROM one",
        staff=staff,
    )


def steps(browser: Browser) -> list[tuple[str, int]]:
    return [(one["state"], one["undetermined"]) for one in browser.json(BOARD)["steps"]][:3]


def test_a_head_is_shown_and_confirms_what_this_head_decides(office: Office) -> None:
    office.load(cases=2)
    proposed(office)
    bar(office, "demo-head")
    head = office.browser("demo-head")
    page = head.get(BOARD)
    (act,) = head.json(BOARD)["determinations"]["case_management"]["items"]
    assert (act["cases"], act["barred_cases"]) == (2, 1)
    yen = act["yen"] - act["barred_yen"]
    assert f"生活保護 1世帯 {yen:,}円" in page.text
    assert "別の組が決める 1世帯" in page.text
    form = page.form(APPROVE)
    asked = head.send(form.action, form.fields)
    assert f"生活保護 1世帯 {yen:,}円、ほかに別の組が決める 1世帯" in asked.text
    done = head.confirm(asked)
    assert f"生活保護 1世帯 {yen:,}円" in done.text


def test_households_left_to_another_pair_are_work_of_whoever_may_propose_and_is_not_barred(office: Office) -> None:
    office.load(cases=2)
    proposed(office)
    bar(office, "demo-head")
    head, caseworker, accountant = (office.browser(f"demo-{one}") for one in ("head", "caseworker", "accountant"))
    head.press(head.get(BOARD).form(APPROVE))
    office.work_on()
    assert tasks(caseworker) == [LEFT]
    assert (tasks(head), steps(caseworker)[:2]) == ([], [("ready", 1), ("waiting", 0)])
    assert "未決定 1世帯" in caseworker.get("/").text
    assert steps(accountant)[2] == ("ready", 1)
    assert "着手できます(未決定 1世帯)" in accountant.get(BOARD).text
    assert OPEN in accountant.get(BOARD).acts(), "who waits holds nobody else back"
    caseworker.press(caseworker.get(BOARD).form(PROPOSE), reason="monthly")
    office.work_on()
    assert tasks(caseworker) == []
    assert steps(caseworker)[:2] == [("done", 0), ("ready", 0)]


def test_households_that_are_barred_to_a_caseworker_are_no_work_of_this_caseworker(office: Office) -> None:
    office.load(cases=2)
    bar(office, "demo-caseworker")
    proposed(office)
    head, caseworker = office.browser("demo-head"), office.browser("demo-caseworker")
    head.press(head.get(BOARD).form(APPROVE))
    office.work_on()
    assert tasks(caseworker) == []
    assert steps(head)[0] == ("ready", 1), "it is open all the same"
