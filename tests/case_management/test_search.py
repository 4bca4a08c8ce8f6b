"""Search (検索): who may see a person finds them however the name is typed; nobody else learns that there is one."""

from datetime import date
from urllib.parse import quote

import pytest

from services.case_management.adapters.finding import known_people
from services.case_management.adapters.finding.known_people import keep_people
from services.case_management.app import service
from services.case_management.domain.search import Query, read_query
from services.case_management.use_cases.search_people import MOST
from shared.service_kit.encryption.sealing import Sealer
from shared.service_kit.testing import Client, Services
from tests.case_management.intake.desk import Desk
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = pytest.mark.database
LOOKS = "SELECT body::jsonb #>> '{data,subjects}' FROM outbox WHERE body::jsonb ->> 'type' = 'look.v1'"


@pytest.fixture
def desk(services: Services) -> Desk:
    running = services.open(service)
    desk = Desk(running)
    ward = Ward().add(1, {"name": "渡邉 花子", "kana": "ワタナベ ハナコ", "birth_date": "1950-03-01"})
    ward.add(
        2,
        {"name": "斎藤 一", "kana": "サイトウ ハジメ"},
        {"name": "斎藤 二", "kana": "サイトウ ジロウ", "relation": "child"},
    )
    ward.add(3, {"name": "架空 三", "kana": "カクウ サン"}, district="02")
    Office(running).load(ward)
    return desk


def names(client: Client, text: str) -> list[str]:
    """Whom the search shows, in its order."""
    return [hit["name"] for hit in ok(client.get(f"/search?q={quote(text)}&purpose=casework"))["items"]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("00000001", "case"),
        ("２０２６０００００１", "record"),
        ("0000000100", "record"),
        ("1950-03-01", "birth"),
        ("S25.3.1", "birth"),
        ("昭和25年3月1日", "birth"),
        ("03-1234", "telephone"),
        ("ﾜﾀﾅﾍﾞ", "kana"),
        ("渡辺", "name"),
        ("  ", "nothing"),
        ("123", "name"),
    ],
)
def test_what_is_typed_says_what_is_meant(text: str, kind: str) -> None:
    def day(typed: str) -> str:
        return {"S25.3.1": "1950-03-01", "昭和25年3月1日": "1950-03-01"}.get(typed) or date.fromisoformat(
            typed
        ).isoformat()

    assert read_query(text, day).kind == kind


def test_eight_digits_are_a_case_number_even_where_they_could_be_a_day() -> None:
    def day(typed: str) -> str:
        return date.fromisoformat(typed).isoformat()

    assert read_query("20261201", day) == Query("case", "20261201")


@pytest.mark.parametrize(
    "text",
    ["渡辺", "S250301", "渡邊花子",
     "渡邉\U000e0100　花子", "わたなべ", "ﾜﾀﾅﾍﾞ", "ワタナヘ", "ハナコ", "S25.3.1", "昭和25年3月1日",
     "1950-03-01", "00000001", "0000000100"],
)  # fmt: skip
def test_a_person_is_found_by_whatever_is_known(desk: Desk, text: str) -> None:
    assert names(desk.interviewer, text) == ["渡邉 花子"]


def test_a_family_is_found_whole_and_in_the_order_of_their_readings(desk: Desk) -> None:
    assert names(desk.interviewer, "サイトウ") == ["斎藤 二", "斎藤 一"]
    assert names(desk.interviewer, "齋藤") == ["斎藤 二", "斎藤 一"]
    assert names(desk.interviewer, "00000002") == ["斎藤 二", "斎藤 一"]


@pytest.mark.parametrize("kana", ["", "カクウ サン"], ids=["no reading", "another reading"])
def test_a_name_in_kana_is_its_own_reading(desk: Desk, kana: str) -> None:
    number = desk.consult(content={"name": "みどり 花子", "kana": kana} if kana else {"name": "みどり 花子"})["no"]
    for typed in ("みどり", "ミド", "みどり 花子"):
        hits = ok(desk.interviewer.get(f"/search?q={typed}&purpose=casework"))["items"]
        assert [hit["no"] for hit in hits] == [number]


def test_what_fits_nobody_finds_nobody(desk: Desk) -> None:
    for text in ("鈴木", "スズキ", "00000009", "1951-01-01", "%", "_", "' OR 1=1", "  "):
        assert names(desk.interviewer, text) == []


def test_a_hit_says_the_case_and_who_is_in_charge(desk: Desk) -> None:
    (hit,) = ok(desk.interviewer.get(f"/search?q={quote('渡辺')}&purpose=casework"))["items"]
    assert (hit["kind"], hit["no"], hit["birth"]) == ("resident", "0000000100", "1950-03-01")
    assert hit["cases"] == [{"case_no": "00000001", "district": "01", "caseworker": None}]


def test_a_caseworker_finds_the_own_district_and_the_desk_finds_all(desk: Desk) -> None:
    caseworker = desk.running.client(person="worker-1", roles=["caseworker"], districts=["01"])
    assert names(caseworker, "架空") == []
    assert names(desk.interviewer, "架空") == ["架空 三"]
    assert names(caseworker, "渡辺") == ["渡邉 花子"]


def test_who_came_to_the_desk_is_found_by_name_telephone_and_number_the_newest_entry_alone(desk: Desk) -> None:
    content = {"name": "髙﨑 凜", "kana": "タカサキ リン", "telephone": "090-0000-1111", "address": "新宿区架空町1-2"}
    consulted = desk.consult(content=content)
    for text in ("高崎", "タカサキ", "0000-1111", "架空町", consulted["no"]):
        assert names(desk.interviewer, text) == ["髙﨑 凜"]
    body = {"held_on": "2026-12-01", "channel": "counter", "matter": "livelihood", "follows": consulted["entry_id"]}
    corrected = {**content, "name": "高橋 凜", "kana": "タカハシ リン", "why": "聞き違い"}
    path = f"/consultations/{consulted['no']}/entries"
    ok(desk.interviewer.post(path, {**body, "change": "correction", "content": corrected}), 201)
    assert (names(desk.interviewer, "タカサキ"), names(desk.interviewer, "タカハシ")) == ([], ["高橋 凜"])


def test_everybody_of_an_application_is_found_and_no_caseworker_finds_the_desk(desk: Desk) -> None:
    family = [{"name": "架空 桃子", "kana": "カクウ モモコ"}, {"name": "架空 梅子", "kana": "カクウ ウメコ"}]
    desk.apply(content={"applicant": {"name": "架空 松子", "kana": "カクウ マツコ"}, "members": family})
    assert names(desk.interviewer, "モモコ") == ["架空 桃子"]
    assert names(desk.interviewer, "架空") == ["架空 梅子", "架空 三", "架空 松子", "架空 桃子"]
    caseworker = desk.running.client(person="worker-1", roles=["caseworker"], districts=["02"])
    assert names(caseworker, "架空") == ["架空 三"]


def shield(desk: Desk, case_no: str) -> None:
    """Shield a case by two people."""
    other_head = desk.running.client(person="head-2", roles=["head"])
    body = {"kind": "shielded", "from": "2026-12-01", "reason": "violence"}
    proposed = ok(desk.head.post(f"/cases/{case_no}/restrictions", body), 201)
    path = f"/cases/{case_no}/restrictions/{proposed['restriction_id']}/approval"
    ok(other_head.post(path, {"sha256": proposed["sha256"]}))


def test_a_shielded_person_is_not_there_for_whoever_may_not_see_them(desk: Desk) -> None:
    shield(desk, "00000001")
    for text in ("渡辺", "ワタナベ", "00000001", "0000000100", "1950-03-01"):
        answer = ok(desk.interviewer.get(f"/search?q={quote(text)}&purpose=casework"))
        assert answer == {"items": [], "more": False}
        assert names(desk.supervisor, text) == ["渡邉 花子"]
        assert names(desk.head, text) == ["渡邉 花子"]


def test_that_there_are_more_is_said_of_those_alone_whom_one_may_see(desk: Desk) -> None:
    ward = Ward()
    for case in range(100, 100 + MOST + 1):
        ward.add(case, {"name": "見本 太郎", "kana": "ミホン タロウ"})
    Office(desk.running).load(ward)
    answer = ok(desk.interviewer.get(f"/search?q={quote('ミホン')}&purpose=casework"))
    assert (len(answer["items"]), answer["more"]) == (MOST, True)
    few = ok(desk.interviewer.get(f"/search?q={quote('ミホン')}&purpose=casework&most=8"))
    assert (few["items"], few["more"]) == (answer["items"][:8], True)
    assert len(desk.running.looks()[-1]["data"]["subjects"]) == 16, "eight people and their cases were shown"
    shield(desk, "00000100")
    answer = ok(desk.interviewer.get(f"/search?q={quote('ミホン')}&purpose=casework"))
    assert (len(answer["items"]), answer["more"]) == (MOST, False)


def test_each_search_is_a_look_at_whom_it_showed_also_where_it_showed_nobody(desk: Desk) -> None:
    names(desk.interviewer, "渡辺")
    names(desk.interviewer, "鈴木")
    looks = [row[0] for row in desk.running.execute(LOOKS)]
    assert sorted(looks) == ['["case:00000001", "person:0000000100"]', "[]"]


def test_a_search_for_no_purpose_of_the_own_role_is_refused(desk: Desk) -> None:
    assert problem(desk.interviewer.get("/search?q=a&purpose=review")) == "invalid-input 422"
    assert problem(desk.interviewer.get("/search?q=a")) == "invalid-input 422"


def test_the_first_search_opens_no_name_that_was_read_before(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert keep_people in service.kept
    keep_people(desk.running.runtime)
    with monkeypatch.context() as patch:
        patch.setattr(Sealer, "open", lambda *_: [])
        assert names(desk.interviewer, "斎藤") == ["斎藤 二", "斎藤 一"]


def test_a_corrected_name_takes_the_place_of_one_that_was_put_in_order_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(known_people, "_RECENT", 0)
        consulted = desk.consult(content={"name": "髙﨑 凜", "kana": "タカサキ リン"})
        assert names(desk.interviewer, "タカサキ") == ["髙﨑 凜"]
    body = {"held_on": "2026-12-01", "channel": "counter", "matter": "livelihood", "follows": consulted["entry_id"]}
    corrected = {"name": "高橋 凜", "kana": "タカハシ リン", "why": "聞き違い"}
    path = f"/consultations/{consulted['no']}/entries"
    ok(desk.interviewer.post(path, {**body, "change": "correction", "content": corrected}), 201)
    assert (names(desk.interviewer, "タカサキ"), names(desk.interviewer, "タカハシ")) == ([], ["高橋 凜"])


def test_many_who_come_at_once_stand_in_order_among_those_of_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_people, "_RECENT", 1)
    keep_people(desk.running.runtime)
    Office(desk.running).load(Ward().add(7, {"name": "斎藤 三", "kana": "サイトウ サブロウ"}))
    assert names(desk.interviewer, "斎藤") == ["斎藤 三", "斎藤 二", "斎藤 一"]
    Office(desk.running).load(
        Ward()
        .add(8, {"name": "斎藤 四", "kana": "サイトウ ソウ"})
        .add(9, {"name": "斎藤 五", "kana": "サイトウ ゴロウ"})
    )
    assert names(desk.interviewer, "斎藤") == ["斎藤 五", "斎藤 三", "斎藤 二", "斎藤 四", "斎藤 一"]


def reach(desk: Desk, person_no: str, **body: object) -> str:
    """Record by what somebody is reached."""
    usual = {"fact": "contact", "kind": "telephone", "content": {"text": "03-5555-0101"}, "reason": "declaration"}
    return str(ok(desk.interviewer.post(f"/residents/{person_no}/details", {**usual, **body}), 201)["detail_id"])


def test_a_resident_is_found_by_what_they_are_reached_by_and_named_once(desk: Desk) -> None:
    reach(desk, "0000000100")
    address = {"fact": "address", "kind": "living", "content": {"text": "架空区仮町1-2-3"}}
    reach(desk, "0000000100", **address)
    reach(desk, "0000000100", **{**address, "kind": "mailing"})
    assert names(desk.interviewer, "0355550101") == ["渡邉 花子"]
    assert names(desk.interviewer, "仮町1-2") == ["渡邉 花子"]
    assert names(desk.interviewer, "ワタナベ") == ["渡邉 花子"]


def test_what_was_corrected_or_is_protected_leads_to_nobody(desk: Desk) -> None:
    wrong = reach(desk, "0000000100")
    reach(desk, "0000000100", corrects=wrong, content={"text": "03-5555-0909"})
    reach(desk, "0000000200", content={"text": "03-5555-0808"}, protected=True)
    assert names(desk.interviewer, "03-5555-0101") == []
    assert names(desk.interviewer, "03-5555-0808") == []
    assert names(desk.interviewer, "03-5555-0909") == ["渡邉 花子"]


def test_many_at_the_desk_hide_nobody_of_the_register_where_a_number_is_wanted(desk: Desk) -> None:
    for _ in range(3):
        desk.consult(content={"name": "渡辺 梅", "kana": "ワタナベ ウメ"})
    path = f"/search?q={quote('ワタナベ')}&purpose=casework&most=2"
    assert {hit["kind"] for hit in ok(desk.interviewer.get(path))["items"]} == {"consultation"}
    of_register = ok(desk.interviewer.get(f"{path}&residents=true"))
    assert ([hit["no"] for hit in of_register["items"]], of_register["more"]) == (["0000000100"], False)
