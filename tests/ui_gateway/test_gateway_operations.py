"""The operator's pages: everything that needs a person and stands in nobody's month, in words and with the way on."""

from pathlib import Path
from typing import cast

import pytest

from tests.audit_logging.acts import look, take
from tests.audit_logging.owner import as_owner
from tests.ui_gateway.months.test_gateway_month import paid
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database
FAILED = "INSERT INTO task_failures VALUES (:task, :subject, 4, :reason, now(), now())"


def test_the_operators_first_page_has_a_name_of_its_own(office: Office) -> None:
    page = office.browser("demo-operator").get("/")
    assert "<h1>運用の仕事</h1>" in page.html
    assert "月次の仕事" not in page.html
    assert "<h1>月次の仕事</h1>" in office.browser("demo-head").get("/").html


def test_a_bank_file_that_was_altered_or_is_gone_stands_on_the_operators_page(office: Office) -> None:
    (file,) = cast(list[dict[str, str]], paid(office)["files"])
    operator = office.browser("demo-operator")
    assert "保管した内容と違う振込ファイル" not in operator.get("/operations").text
    Path(file["path"]).unlink()
    page = operator.get("/operations")
    assert "保管した内容と違う振込ファイル 1件" in page.text
    assert "止まっている処理はありません" not in page.text
    assert operator.json("/operations")["files_not_as_stored"] == 1
    with office.down("payments"):
        assert "保管した内容と違う振込ファイルの有無を確認できません" in operator.get("/operations").text


def test_a_file_that_nobody_here_made_is_named_on_the_operators_pages(office: Office) -> None:
    (file,) = cast(list[dict[str, str]], paid(office)["files"])
    operator, path = office.browser("demo-operator"), Path(file["path"])
    assert "作成していないファイル" not in operator.get("/operations").text
    foreign = path.with_name(f"{path.stem}-02{path.suffix}")
    foreign.write_bytes(path.read_bytes())
    page = operator.get("/operations")
    assert "作成していないファイル 1件" in page.text
    assert foreign.name in page.text
    assert "止まっている処理はありません" not in page.text
    assert operator.json("/operations")["unknown_files"] == [f"{path.parent.name}/{foreign.name}"]
    first = operator.get("/").text
    assert "滞留はありません" not in first
    assert "作成していないファイル 1件" in first


def test_a_bank_file_that_is_not_as_stored_is_work_on_the_first_pages_and_nobody_is_asked_to_take_it(
    office: Office,
) -> None:
    (file,) = cast(list[dict[str, str]], paid(office)["files"])
    operator, treasurer = office.browser("demo-operator"), office.browser("demo-treasurer")
    chief = office.browser("demo-head-of-accounting")
    assert "滞留はありません" in operator.get("/").text
    assert [task["name"] for task in treasurer.json("/")["next"]] == ["振込ファイルの受領"]
    Path(file["path"]).write_bytes(b"another account")
    first = operator.get("/").text
    assert "滞留はありません" not in first
    assert "保管した内容と違う振込ファイル 1件" in first
    for person in (treasurer, chief):
        assert [task["name"] for task in person.json("/")["next"]] == ["振込ファイルの再発行"]


def test_a_file_that_cannot_be_handed_over_says_why_in_words(office: Office) -> None:
    run = paid(office)
    payments = office.services["payments"]
    as_owner(payments, "UPDATE bank_files SET written_at = NULL, standing = NULL")
    subject = f"file:{run['run_id']}:public_assistance"
    payments.execute(FAILED, task="payments.hand_over", subject=subject, reason="other-file-in-its-place")
    page = office.browser("demo-treasurer").get(f"/runs/{run['run_id']}")
    assert "書き出せません" in page.text
    assert "同じ名前の別のファイルがフォルダーにあります" in page.text
    assert "同じ名前の別のファイルがフォルダーにあります" in office.browser("demo-operator").get("/operations").text


def test_a_reader_of_a_restored_service_stands_there_with_the_command_that_lets_it_go_on(office: Office) -> None:
    office.services["payments"].execute(
        FAILED, task="listen case_management.facts", subject="", reason="Dropped at subscriptions.py:87"
    )
    page = office.browser("demo-operator").get("/operations")
    assert "支給・経理は、生活保護の facts を読まずに待っています" in page.text
    assert "python -m services.case_management.app new-epoch" in page.text
    assert "POST /subscriptions/case_management/facts/adoption" in page.text
    office.services["payments"].execute("UPDATE task_failures SET reason = 'waits: Problem at peers.py:124'")
    assert "読まずに待っています" not in office.browser("demo-operator").get("/operations").text


def test_entries_of_the_log_that_nobody_could_read_are_told_to_operator_and_auditor(audited_office: Office) -> None:
    log = audited_office.services["audit_logging"]
    take(log, look(log, "demo-head", "case:00000001", time="2026-11-24T14:00:00+00:00"))
    operator, auditor = audited_office.browser("demo-operator"), audited_office.browser("demo-auditor")
    assert "読み取れなかった監査の記録" not in operator.get("/operations").text
    as_owner(log, "INSERT INTO passed_over VALUES ('search', 0, 'ValueError at index.py:1', now())")
    assert "読み取れなかった監査の記録 1件" in operator.get("/operations").text
    form = auditor.get("/audit/looks").form("/audit/looks")
    found = auditor.press(form, person="1000000001", purpose="complaint").text
    assert "記録 0 は、内容を読めないため、検索や点検に現れません" in found
