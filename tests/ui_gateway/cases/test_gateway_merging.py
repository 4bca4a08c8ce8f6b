"""Pages of merging (名寄せ): the reasons, both side by side, a proposal, another person's approval, the way back."""

import re
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.decisions.ward import Ward
from tests.ui_gateway.staff import Browser, Form, Office, Page

pytestmark = pytest.mark.database
WARDS = "0000009100"
PHONE = {"fact": "contact", "kind": "telephone", "content": {"text": "03-5555-0191"}, "reason": "declaration"}


@pytest.fixture
def office(lasting_office: Office) -> Office:
    ward = Ward().add(91, {"name": "渡邉 凪", "kana": "ワタナベ ナギ"}, caseworker="demo-caseworker")
    if lasting_office.browser("demo-caseworker").get("/cases/00000091").status != 200:
        lasting_office.import_files("case_management", ward.files(), "demo-caseworker", "demo-head")
        lasting_office.work_on()
        ask(lasting_office, f"/residents/{WARDS}/details", PHONE)
    return lasting_office


@pytest.fixture
def here(office: Office) -> str:
    """A number that was given at the counter, to the same person."""
    names = {"name": "渡辺 凪", "kana": "ワタナベ ナギ", "reason": "outside_the_register"}
    number = str(ask(office, "/residents", names)["person_no"])
    ask(office, f"/residents/{number}/details", PHONE)
    return number


@pytest.fixture
def interviewer(office: Office) -> Browser:
    return office.browser("demo-interviewer")


def ask(office: Office, path: str, body: dict[str, Any]) -> Any:
    """Ask the service past the pages."""
    head = {
        "Authorization": f"Bearer {office.token('demo-interviewer', 'case_management')}",
        "Idempotency-Key": str(uuid4()),
    }
    answer = requests.post(f"{office.doors['case_management'].url}{path}", headers=head, timeout=10, json=body)
    assert answer.ok, answer.text
    return answer.json()


def form(page: Page, ending: str) -> Form:
    return next(each for each in page.forms if each.action.endswith(ending) and each.method == "post")


def proposed(interviewer: Browser, here: str) -> Page:
    address = f"/residents/{here}/same/{WARDS}"
    return interviewer.press(form(interviewer.get(address), "/merges"), stays=WARDS, words="電話番号も同じ")


def approved(office: Office, here: str) -> Page:
    head = office.browser("demo-head")
    return head.press(form(head.get(f"/residents/{here}/merges"), "/approval"))


def test_a_person_is_compared_merged_by_two_people_and_found_by_either_number(
    office: Office, interviewer: Browser, here: str
) -> None:
    page = interviewer.get(f"/residents/{here}")
    assert "フリガナが同じ、氏名が同じ(旧字体・異体字は同じ字とみなす)、電話番号が同じ" in page.text
    compare = f"/residents/{here}/same/{WARDS}"
    assert compare in page.links
    page = interviewer.get(compare)
    assert all(words in page.text for words in ("渡邉 凪", "渡辺 凪", "電話 03-5555-0191", "昭和54年5月1日"))
    page = proposed(interviewer, here)
    assert "別の人が決裁するまで、何も変わりません" in page.text
    assert "あなたが起案したものは、あなたは決裁できません" in page.text
    assert here in interviewer.get("/merges").text
    page = approved(office, here)
    assert (page.status, "決裁済み" in page.text) == (200, True)
    page = interviewer.get(f"/residents/{here}")
    assert f"この番号は {WARDS} に統合されました" in page.text
    assert "/entries" not in " ".join(page.acts())
    search = interviewer.get("/search")
    hits = interviewer.press(search.form("/search"), q=here)
    assert f"統合された番号 {here}" in hits.text
    undo(office, interviewer, here)


def undo(office: Office, interviewer: Browser, here: str) -> None:
    page = interviewer.press(form(interviewer.get(f"/residents/{here}/merges"), "/undoing"), words="別の人だった")
    assert "取消しを起案しました" in page.text
    page = approved(office, here)
    assert "取消し済み" in page.text
    assert "統合されました" not in interviewer.get(f"/residents/{here}").text


def test_a_proposal_is_returned_and_what_lacks_a_reason_comes_back(
    office: Office, interviewer: Browser, here: str
) -> None:
    page = interviewer.get(f"/residents/{WARDS}/same/{here}")
    back = interviewer.press(form(page, "/merges"), stays=WARDS)
    assert (back.status, form(back, "/merges").fields["stays"]) == (422, WARDS)
    proposed(interviewer, here)
    head = office.browser("demo-head")
    page = head.press(form(head.get(f"/residents/{here}/merges"), "/withdrawal"), reason="returned")
    assert "差し戻しました" in page.text


def test_who_is_to_approve_a_merge_learns_of_it_at_home_confirms_its_numbers_and_returns_to_it(
    office: Office, interviewer: Browser, here: str
) -> None:
    proposed(interviewer, here)
    head, address = office.browser("demo-head"), f"/residents/{here}/merges"
    home = head.get("/")
    assert "名寄せの決裁" in home.text
    assert "/merges" in home.links
    approval = form(head.get(address), "/approval")
    asked = head.send(approval.action, approval.fields)
    assert f"名寄せの決裁: {here} を {WARDS} に統合する" in asked.text
    left = head.confirm(asked, cancel="cancel")
    assert (left.status, left.answer.url) == (200, office.url + address)
    assert "何も決裁されていません" in left.text
    assert "ログアウト" in left.text


def test_two_people_for_certain_leave_the_list(interviewer: Browser, here: str) -> None:
    page = interviewer.get(f"/residents/{here}/same/{WARDS}")
    page = interviewer.press(form(page, "/distinctions"), words="いとこで、同居している")
    assert re.search("とは別の人 .*いとこ", page.text)
    assert f"/residents/{here}/same/{WARDS}" not in interviewer.get(f"/residents/{here}").links
    compared = interviewer.get(f"/residents/{here}/same/{WARDS}")
    assert "別の人であると記録しました" in compared.text
    assert "名寄せを起案する" not in compared.text
    page = interviewer.press(form(page, "/undoing"), words="取り違え")
    assert re.search("という記録の取消し 取り違え", page.text)
    assert "名寄せを起案する" in interviewer.get(f"/residents/{here}/same/{WARDS}").text


def test_a_number_is_not_compared_with_itself_or_with_nobody(interviewer: Browser, here: str) -> None:
    for address in (
        f"/residents/{here}/same/{here}",
        f"/residents/{here}/same/5555555555",
        f"/residents/{here}/same/1",
    ):
        assert interviewer.get(address).status == 404
