"""Who looked at a household, on a page of its own: asked of the log, which asks whose case it is."""

import csv
import io
import re
from functools import partial

import pytest
import requests

from shared.service_kit.observability import statements
from tests.audit_logging.acts import look, take
from tests.ui_gateway.months.test_case_payments import restrict, work_of
from tests.ui_gateway.staff import Office, Page

pytestmark = pytest.mark.database
CASE, LOOKS = "/cases/00000001", "/cases/00000001/looks"
NIGHT, MORNING = "2026-11-23T14:00:00+00:00", "2026-11-24T00:30:00+00:00"
GLASS = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def seen(audited_office: Office) -> Office:
    """An office in which three people looked at a household, one of them to examine the staff."""
    audited_office.load(1)
    log = audited_office.services["audit_logging"]
    take(
        log,
        look(log, "demo-head", "case:00000001", what="determinations", time=NIGHT),
        look(log, "demo-interviewer", "case:00000001", what="household", time=MORNING, break_glass=GLASS),
        look(log, "demo-secret", "case:00000001", purpose="review", time=MORNING),
    )
    return audited_office


def people(page: Page) -> list[str]:
    """Who stands in the lines of the list."""
    return re.findall(r'class="person">[^<]*(demo-[a-z]+)', page.html)


def test_a_caseworker_comes_from_the_household_to_who_looked_at_it(seen: Office) -> None:
    caseworker = seen.browser("demo-caseworker")
    assert LOOKS in caseworker.get(CASE).links
    page = caseworker.get(LOOKS)
    assert page.status == 200
    for words in ("令和8年11月24日 09:30", "令和8年11月23日 23:00", "demo-head", "決定", "ケースワーク", "2件"):
        assert words in page.text, words
    assert people(page) == ["demo-interviewer", "demo-head"]
    assert page.html.count(">緊急閲覧</span>") == 1
    assert "demo-secret" not in page.html
    (entry,) = [look["data"] for look in seen.services["audit_logging"].looks("look.v1")]
    assert (entry["what"], entry["subjects"], entry["purpose"]) == ("case_looks", ["case:00000001"], "casework")


def test_the_list_is_filtered_and_sorted_as_any_other(seen: Office) -> None:
    supervisor = seen.browser("demo-supervisor")
    page = supervisor.get(f"{LOOKS}?at_from=R8.11.24&at_to=R8.11.24")
    assert (people(page), "1件(全部で 2件)" in page.text) == (["demo-interviewer"], True)
    page = supervisor.get(f"{LOOKS}?sort=at")
    assert people(page) == ["demo-head", "demo-interviewer"]


def test_it_becomes_a_file_that_is_in_the_log(seen: Office) -> None:
    seen.begin()
    head = seen.browser("demo-head")
    answer = head.http.get(f"{head.url}{LOOKS}?as=csv", timeout=30)
    names, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert names == ["日時", "職員", "見たもの", "目的", "緊急閲覧"]
    assert [line[0] for line in lines] == ["2026-11-24 09:30:00", "2026-11-23 23:00:00"]
    assert ["demo-interviewer" in lines[0][1], "demo-head" in lines[1][1]] == [True, True]
    assert [line[3:] for line in lines] == [["ケースワーク", "緊急閲覧"], ["ケースワーク", ""]]
    assert lines[1][2] == "決定"
    (entry,) = seen.looks("list.exported.v1")
    assert (entry["data"]["list_name"], entry["data"]["rows"]) == ("case_looks", 2)


def test_who_does_not_answer_for_the_case_has_neither_the_link_nor_the_page(seen: Office) -> None:
    for staff in ("demo-interviewer", "demo-auditor", "demo-accountant"):
        browser = seen.browser(staff)
        assert LOOKS not in browser.get(CASE).links
        assert browser.get(LOOKS).status == 403


def test_a_shielded_household_and_one_of_a_relative_stay_closed(seen: Office) -> None:
    restrict(seen, kind="barred", staff="demo-caseworker")
    caseworker = seen.browser("demo-caseworker")
    assert caseworker.get(LOOKS).status == 403
    assert "demo-head" not in caseworker.get(f"{LOOKS}?as=csv").text
    assert seen.services["audit_logging"].looks("look.v1") == []
    assert seen.browser("demo-supervisor").get(LOOKS).status == 200


def test_a_number_that_is_no_case_is_refused_by_the_same_work_as_a_relatives_case(
    seen: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "SLOW_NS", -1)  # each statement has a span of its own
    restrict(seen, kind="barred", staff="demo-caseworker")
    url = f"{seen.doors['audit_logging'].url}/cases/{{}}/looks?purpose=casework"
    headers = {"Authorization": f"Bearer {seen.token('demo-caseworker', 'audit_logging')}"}

    def ask(number: str) -> requests.Response:
        return requests.get(url.format(number), headers=headers, timeout=30)

    ask("00000001")  # what a process does once is done
    barred, none = (work_of(seen, partial(ask, number)) for number in ("00000001", "99999999"))
    assert barred[0] == 403
    assert any("GET /cases" in name for name in barred[2])
    assert barred == none


def test_where_a_service_is_away_the_page_says_what_is_missing(seen: Office) -> None:
    caseworker = seen.browser("demo-caseworker")
    for service in ("audit_logging", "case_management"):
        with seen.down(service):
            page = caseworker.get(LOOKS)
            assert (page.status, "いま表示できません" in page.text) == (200, True)
            assert "demo-head" not in page.text
            assert CASE in page.links
            assert caseworker.get(f"{LOOKS}?as=csv").status == 503
            assert caseworker.json(LOOKS)["status"] == 503
    assert "demo-head" in caseworker.get(LOOKS).text


def test_an_address_that_names_no_case_leads_nowhere(seen: Office) -> None:
    assert seen.browser("demo-head").get("/cases/x/looks").status == 404
    assert seen.browser("demo-head").get("/cases/99999999/looks").status == 404
