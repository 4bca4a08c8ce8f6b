"""Documents (添付): what a file is by its content, at what it proves, sealed, and never opened without a look."""

import hashlib
import json
from typing import Any

import pytest

from services.case_management.app import service
from services.case_management.domain.attachments import MOST_BYTES
from shared.service_kit.testing import Client, Reply, Services, at_once
from tests.case_management.investigations.cases import LOOK, OTHERS, Investigators
from tests.decisions.ward import ok, problem

pytestmark = pytest.mark.database
PATH = "/cases/00000001/attachments"
PDF = b"%PDF-1.7 \x00\xff a payslip of somebody %%EOF"
PNG = b"\x89PNG\r\n\x1a\n rest"


@pytest.fixture
def staff(services: Services) -> Investigators:
    return Investigators(services.open(service))


def keep(staff: Investigators, content: bytes = PDF, by: Client | None = None, path: str = PATH, **about: Any) -> Reply:
    described = {"name": "給与明細 10月.pdf", "proves": "case", **about}
    parts = {"about.json": json.dumps(described).encode(), "content": content}
    return (by or staff.caseworker).post(path, files=parts)


def kept(staff: Investigators, *args: Any, **about: Any) -> str:
    return str(ok(keep(staff, *args, **about), 201)["attachment_id"])


def listed(staff: Investigators) -> list[dict[str, Any]]:
    return list(ok(staff.caseworker.get(f"{PATH}?{LOOK}"))["items"])


def opened(staff: Investigators, document: str, by: Client | None = None) -> Reply:
    return (by or staff.caseworker).get(f"{PATH}/{document}/content?{LOOK}")


def test_a_payslip_is_kept_and_comes_back_byte_for_byte_to_be_saved_alone(staff: Investigators) -> None:
    document = kept(staff)
    reply = opened(staff, document)
    assert (reply.status_code, reply.content, reply.headers["Content-Type"]) == (200, PDF, "application/pdf")
    assert reply.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''%E7%B5%A6%E4%B8%8E%E6%98%8E%E7%B4%B0%2010%E6%9C%88.pdf"
    )
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reply.headers["Content-Security-Policy"]
    (item,) = listed(staff)
    assert (item["name"], item["size"], item["content_type"]) == ("給与明細 10月.pdf", len(PDF), "application/pdf")
    assert item["sha256"] == hashlib.sha256(PDF).hexdigest()


def test_a_document_stands_at_the_fact_the_investigation_the_relative_that_it_proves(staff: Investigators) -> None:
    request = staff.ask()
    body = {"relation": "child", "content": {"name": "架空 次郎"}}
    child = ok(staff.caseworker.post("/cases/00000001/relatives", body), 201)["relative_id"]
    facts = ok(staff.caseworker.get(f"/cases/00000001/circumstances?{LOOK}"))["items"]
    for proves, number in (("investigation", request), ("relative", child), ("circumstance", str(facts[0]["number"]))):
        kept(staff, proves=proves, proves_id=number)
    assert [item["proves"] for item in listed(staff)] == ["circumstance", "relative", "investigation"]


def test_what_it_proves_has_to_be_of_this_case(staff: Investigators) -> None:
    theirs = staff.ask(2, by=staff.other, person_no=OTHERS)
    for proves, number in (
        ("investigation", theirs),
        ("investigation", "1"),
        ("note", "2026000001"),
        ("application", "2026000001"),
        ("circumstance", "999999"),
        ("case", "1"),
        ("relative", None),
    ):
        reply = keep(staff, proves=proves, proves_id=number)
        assert (problem(reply), reply.json["field"]) == ("invalid-input 422", "proves_id"), proves
    assert listed(staff) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("通帳.pdf", b"<html><script>alert(1)</script>"),
        ("通帳.pdf", b"PK\x03\x04 a zip"),
        ("通帳.pdf", b" %PDF-1.7"),
        ("通帳.png", b"GIF89a"),
        ("program.pdf", b"MZ\x90\x00"),
        ("空.pdf", b""),
    ],
    ids=["html", "zip", "PDF behind a blank", "gif", "program", "empty"],
)
def test_a_file_that_lies_about_its_type_is_refused_by_its_content(
    staff: Investigators, name: str, content: bytes
) -> None:
    reply = keep(staff, content, name=name)
    assert (problem(reply), reply.json["field"]) == ("invalid-input 422", "content")
    assert listed(staff) == []


@pytest.mark.parametrize("name", ["通帳.png", "通帳.pdf.exe", "bomb.zip", "page.HTML", "a.pdf.zip.zip.zip.zip"])
def test_a_name_that_says_another_type_is_refused(staff: Investigators, name: str) -> None:
    reply = keep(staff, name=name)
    assert (problem(reply), reply.json["field"]) == ("invalid-input 422", "name")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\通帳.pdf", "", " ", "x" * 201, "a\nb.pdf", "fdp.\u202etxt", "a\x00.pdf"]
)
def test_a_name_that_is_none_is_refused(staff: Investigators, name: str) -> None:
    reply = keep(staff, name=name)
    assert reply.status_code == 422
    assert listed(staff) == []


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("<b>通帳</b>".replace("/", "／") + ".pdf", "<b>通帳<／b>.pdf"),
        ("か\u3099くれき.PDF", "がくれき.PDF"),
        ("通帳 R8.12.1", "通帳 R8.12.1.pdf"),
        ("=1+1.pdf", "=1+1.pdf"),
        ("葛\U000e0100城.pdf", "葛\U000e0100城.pdf"),
    ],
)
def test_a_name_stays_as_it_was_typed_in_nfc(staff: Investigators, typed: str, saved: str) -> None:
    from urllib.parse import unquote

    document = kept(staff, name=typed)
    disposition = opened(staff, document).headers["Content-Disposition"]
    assert unquote(disposition.partition("''")[2]) == saved


def test_ten_megabytes_are_kept_and_one_byte_more_is_not(staff: Investigators) -> None:
    most = PDF + bytes(MOST_BYTES - len(PDF))
    assert listed(staff) == []
    assert problem(keep(staff, most + b"x")) == "too-large 413"
    assert opened(staff, kept(staff, most)).content == most


def test_name_and_content_are_sealed_and_each_opening_is_a_look(staff: Investigators) -> None:
    document = kept(staff)
    (row,) = staff.running.execute("SELECT a::text, content FROM attachments a")
    assert "給与" not in row[0]
    assert b"payslip" not in bytes(row[1])
    assert "給与" not in str(staff.running.facts())
    before = len(staff.running.looks("look.v1"))
    opened(staff, document)
    (look,) = staff.running.looks("look.v1")[before:]
    assert (look["data"]["what"], look["data"]["subjects"]) == ("attachment", ["case:00000001"])
    assert problem(opened(staff, document, by=staff.other)) == "out-of-scope 403"
    assert problem(keep(staff, by=staff.other)) == "out-of-scope 403"
    assert problem(keep(staff, b"no document", by=staff.other)) == "out-of-scope 403"


def test_what_was_misfiled_is_withdrawn_once_and_opens_no_more(staff: Investigators) -> None:
    document = kept(staff, name="別の人の通帳.pdf")
    path = f"{PATH}/{document}/withdrawal"
    replies = at_once(
        staff.running.runtime.engine,
        lambda: staff.caseworker.post(path, {"reason": "misfiled", "words": "別の世帯の書類"}),
        lambda: staff.supervisor.post(path, {"reason": "unreadable"}),
    )
    answers = [reply for reply in (replies.first, replies.second) if isinstance(reply, Reply)]
    assert sorted(reply.status_code for reply in answers) == [200, 409]
    assert problem(opened(staff, document)) == "wrong-state 409"
    (item,) = listed(staff)
    assert (item["name"], bool(item["withdrawal"])) == (None, True)
    assert staff.running.execute("SELECT count(*) FROM attachments")[0][0] == 1


def test_a_double_click_keeps_a_document_once(staff: Investigators) -> None:
    parts = {"about.json": json.dumps({"name": "a.png", "proves": "case"}).encode(), "content": PNG}
    first, again = (staff.caseworker.post(PATH, files=parts, key="one-click-twice") for _ in range(2))
    assert ok(first, 201) == ok(again, 201)
    assert len(listed(staff)) == 1


@pytest.mark.parametrize("missing", ["about.json", "content"])
def test_a_form_without_one_of_its_parts_is_refused(staff: Investigators, missing: str) -> None:
    parts = {"about.json": json.dumps({"name": "a.png", "proves": "case"}).encode(), "content": PNG}
    del parts[missing]
    assert problem(staff.caseworker.post(PATH, files=parts)) == "invalid-input 422"
