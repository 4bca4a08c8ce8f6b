"""A run at the pages: what it waits for, who goes to the cash desk, its files, its withdrawal."""

import hashlib
import re
from pathlib import Path
from typing import cast

import pytest

from tests.decisions.ward import Ward
from tests.ui_gateway.months.test_gateway_month import APPROVE, OPEN, paid, proposed
from tests.ui_gateway.staff import BOARD, DECIDING, Browser, Office, Page

pytestmark = pytest.mark.database


@pytest.fixture
def accountant(office: Office) -> Browser:
    """The accountant of an office whose month is determined."""
    office.load()
    determine(office)
    office.work_on()
    return office.browser("demo-accountant")


def determine(office: Office) -> None:
    proposed(office)
    head = office.browser("demo-head")
    head.press(head.get(BOARD).form(APPROVE))


def opened(accountant: Browser) -> Page:
    return accountant.press(accountant.get(BOARD).form(OPEN))


def test_a_month_that_is_not_determined_is_not_offered_for_payment(office: Office) -> None:
    office.load()
    accountant = office.browser("demo-accountant")
    page = accountant.get(BOARD)
    assert page.acts() == set()
    assert "受給中 2世帯、決定済み 0世帯、決裁済みの一括決定 0件" in page.text
    assert accountant.json(BOARD)["steps"][2]["state"] == "waiting"


def test_the_accountant_sees_how_much_is_determined_before_the_run_is_opened(accountant: Browser) -> None:
    page = accountant.get(BOARD)
    assert "受給中 2世帯、決定済み 2世帯、決裁済みの一括決定 1件" in page.text
    assert OPEN in page.acts()


def test_a_run_that_waits_says_since_when_and_for_what(office: Office) -> None:
    office.load()
    determine(office)
    for service in DECIDING:
        office.services[service].run_tasks()
    page = opened(office.browser("demo-accountant"))
    assert "締切待ち" in page.text
    assert "すべて読み終えるのを待っています" in page.text
    assert re.search(r"生活保護: \d+件のうち\d+件まで読みました", page.text)


def test_a_run_that_nobody_approved_is_taken_back_and_opened_again(office: Office, accountant: Browser) -> None:
    page = opened(accountant)
    office.work_on()
    path = page.answer.request.path_url
    back = accountant.press(accountant.get(path).form(f"{path}/withdrawal"))
    assert "取り下げました" in back.text
    assert "取下げ" in accountant.get(path).text
    again = accountant.press(accountant.get(BOARD).form(OPEN))
    office.work_on()
    assert again.answer.request.path_url != path
    chief = office.browser("demo-head-of-accounting")
    assert f"{path}/approval" not in chief.get(path).acts()
    assert chief.get(again.answer.request.path_url).acts()


def test_who_goes_to_the_cash_desk_without_an_account_is_listed_where_the_run_is_approved(office: Office) -> None:
    office.load(cases=2, accounts=1)
    determine(office)
    office.work_on()
    path = opened(office.browser("demo-accountant")).answer.request.path_url
    office.work_on()
    chief = office.browser("demo-head-of-accounting")
    page = chief.get(path)
    assert "振り込める口座がなく窓口払いになる世帯 1世帯" in page.text
    assert "00000002" in chief.get(f"{path}/desk").text
    assert office.browser("demo-treasurer").get(f"{path}/desk").status == 403


def test_the_treasurer_fetches_the_file_byte_for_byte_and_says_that_it_was_received(office: Office) -> None:
    run = paid(office)
    (file,) = cast(list[dict[str, str]], run["files"])
    path = f"/runs/{run['run_id']}"
    treasurer = office.browser("demo-treasurer")
    page = treasurer.get(path)
    (link,) = [one for one in page.links if "/files/" in one]
    answer = treasurer.http.get(office.url + link, timeout=30)
    assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert office.browser("demo-accountant").http.get(office.url + link, timeout=30).status_code == 403
    assert [one["name"] for one in treasurer.json("/")["next"]] == ["振込ファイルの受領"]
    assert office.browser("demo-head-of-accounting").json("/")["next"] == []
    done = treasurer.press(page.form(f"{link}/receipt"))
    assert "受領を記録しました" in done.text
    assert "✓ 受領" in done.text
    assert treasurer.json("/")["next"] == []
    Path(file["path"]).unlink()
    assert "フォルダーにありません" not in treasurer.get(path).text


def test_a_file_that_was_altered_is_said_on_its_page_and_put_back(office: Office) -> None:
    run = paid(office)
    (file,) = cast(list[dict[str, str]], run["files"])
    stored = Path(file["path"]).read_bytes()
    Path(file["path"]).write_bytes(stored.replace(b"1", b"2"))
    path = f"/runs/{run['run_id']}"
    treasurer = office.browser("demo-treasurer")
    page = treasurer.get(path)
    assert "内容が変わっています" in page.text
    again = treasurer.press(page.form(f"{path}/files/public_assistance/reissue"))
    assert "再発行しました" in again.text
    office.work_on()
    assert Path(file["path"]).read_bytes() == stored
    assert "保管した内容のとおり" in treasurer.get(path).text


def test_cases_that_changed_after_the_act_or_have_no_determination_are_shown_before_the_month_is_paid(
    office: Office,
) -> None:
    office.load()
    determine(office)
    office.work_on()
    for person in ("demo-head", "demo-accountant"):
        assert "決定後の変更" not in office.browser(person).get(BOARD).text
    office.services["case_management"].execute(
        "INSERT INTO circumstances (case_no, fact, valid_from, recorded_at, data, import_id) "
        "SELECT case_no, fact, valid_from, recorded_at, data, import_id FROM circumstances WHERE fact = 'home' LIMIT 1"
    )
    newcomer = Ward()
    newcomer.add(3)
    office.import_files("case_management", newcomer.files(), "demo-caseworker", "demo-head")
    office.work_on()
    for person in ("demo-head", "demo-accountant"):
        text = office.browser(person).get(BOARD).text
        assert "決定後の変更 生活保護 1世帯" in text
        assert "未決定の世帯 生活保護 1世帯" in text
    page = opened(office.browser("demo-accountant"))
    assert "決定後の変更 生活保護 1世帯" in page.text
    office.work_on()
    chief = office.browser("demo-head-of-accounting")
    path = next(link for link in chief.get(BOARD).links if link.startswith("/runs/"))
    html = chief.get(path).html
    assert html.index("未決定の世帯") < html.index("この内容で決裁する"), "told before the button, not below it"
