"""Consultations (面接相談): also of people who never apply; nothing that was recorded is ever overwritten."""

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Reply, Services, at_once
from tests.case_management.intake.desk import ASKED, SAID, SHE, SPAN, Desk
from tests.decisions.ward import ok, problem

LOOKS = "SELECT body::jsonb #>> '{data,subjects}' FROM outbox WHERE body::jsonb ->> 'type' = 'look.v1'"
pytestmark = pytest.mark.database


@pytest.fixture
def desk(services: Services) -> Desk:
    return Desk(services.open(service))


def test_receipt_numbers_are_of_the_fiscal_year_and_none_is_left_out(desk: Desk) -> None:
    first, second = desk.consult(), desk.consult()
    assert (first["no"], second["no"]) == ("2026000001", "2026000002")
    assert problem(desk.interviewer.post("/consultations", {**SAID, "held_on": "2027-01-01"})) == "invalid-input 422"
    assert desk.consult()["no"] == "2026000003"


def test_two_interviewers_at_once_get_two_numbers_one_after_the_other(desk: Desk) -> None:
    numbers = at_once(
        desk.running.runtime.engine, lambda: desk.consult()["no"], lambda: desk.consult(by=desk.other)["no"]
    )
    assert {numbers.first, numbers.second} == {"2026000001", "2026000002"}


def test_somebody_who_tells_nothing_but_why_they_came_is_recorded(desk: Desk) -> None:
    number = desk.consult(content={"statement": "家賃が払えない。名前は言いたくない。"})["no"]
    (entry,) = desk.consultation(number)["entries"]
    assert entry["content"]["statement"].startswith("家賃")
    assert entry["content"]["name"] is None


def test_a_conversation_goes_on_and_what_was_said_before_stays(desk: Desk) -> None:
    first = desk.consult()
    more = {**SHE, "assets": "預金 12,000円", "debts": "消費者金融 約40万円"}
    body = {**SAID, "follows": first["entry_id"], "content": more}
    ok(desk.interviewer.post(f"/consultations/{first['no']}/entries", body), 201)
    before, after = desk.consultation(first["no"])["entries"]
    assert before["content"]["assets"] is None
    assert (after["content"]["assets"], after["change"]) == ("預金 12,000円", "continued")


def test_a_correction_says_why_and_does_not_hide_what_it_corrects(desk: Desk) -> None:
    first = desk.consult()
    path, body = f"/consultations/{first['no']}/entries", {**SAID, "follows": first["entry_id"], "change": "correction"}
    refused = desk.interviewer.post(path, body)
    assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "content.why")
    ok(desk.interviewer.post(path, {**body, "content": {**SHE, "birth": "1979-06", "why": "聞き違い"}}), 201)
    entries = desk.consultation(first["no"])["entries"]
    assert [entry["content"]["birth"] for entry in entries] == ["1979-05", "1979-06"]


def test_the_second_of_two_who_write_at_once_is_shown_it_and_loses_nothing(desk: Desk) -> None:
    first = desk.consult()
    path, body = f"/consultations/{first['no']}/entries", {**SAID, "follows": first["entry_id"]}
    replies = at_once(
        desk.running.runtime.engine, lambda: desk.interviewer.post(path, body), lambda: desk.other.post(path, body)
    )
    assert isinstance(replies.first, Reply)
    assert isinstance(replies.second, Reply)
    written, refused = ok(replies.first, 201), replies.second.json
    assert problem(replies.second) == "changed-meanwhile 409"
    assert refused["entry_id"] == written["entry_id"]
    again = {**body, "follows": refused["entry_id"]}
    ok(desk.other.post(path, again), 201)


def test_who_wants_to_apply_is_not_sent_away_with_advice(desk: Desk) -> None:
    for result in ("advice", "other_law"):
        refused = desk.interviewer.post("/consultations", {**SAID, "wish_to_apply": True, "result": result})
        assert (problem(refused), refused.json["field"]) == ("invalid-input 422", "result")
    desk.consult(wish_to_apply=True, result="form_handed")


def test_a_supervisor_gives_an_opinion_on_what_somebody_else_wrote(desk: Desk) -> None:
    consulted, own = desk.consult(), desk.consult(by=desk.supervisor)
    path = "/consultations/{}/opinions"
    body = {"entry_id": consulted["entry_id"], "words": "資産の確認を続けること。"}
    ok(desk.supervisor.post(path.format(consulted["no"]), body), 201)
    (opinion,) = desk.consultation(consulted["no"])["opinions"]
    assert (opinion["words"], opinion["recorded_by"]) == ("資産の確認を続けること。", "person:supervisor-1")
    body = {"entry_id": own["entry_id"], "words": "自分の記録"}
    assert problem(desk.supervisor.post(path.format(own["no"]), body)) == "same-person 409"
    body = {"entry_id": consulted["entry_id"], "words": "別の相談"}
    assert problem(desk.supervisor.post(path.format(own["no"]), body)) == "not-found 404"


def test_a_shielded_consultation_is_there_for_its_interviewer_and_the_district_and_head_alone(desk: Desk) -> None:
    number = desk.consult(shielded=True, district="01")["no"]
    elsewhere = desk.running.client(person="supervisor-2", roles=["supervisor"], districts=["02"])
    seen = {
        name: client.get(f"/consultations/{number}?purpose=casework").status_code
        for name, client in (
            ("interviewer", desk.interviewer),
            ("other", desk.other),
            ("district", desk.supervisor),
            ("elsewhere", elsewhere),
            ("head", desk.head),
        )
    }
    assert seen == {"interviewer": 200, "other": 403, "district": 200, "elsewhere": 403, "head": 200}
    listed = ok(desk.other.get(f"/consultations?{SPAN}"))["items"]
    assert listed == []
    assert len(ok(desk.interviewer.get(f"/consultations?{SPAN}"))["items"]) == 1


def test_who_opened_a_shielded_consultation_still_sees_it_when_somebody_else_went_on(desk: Desk) -> None:
    first = desk.consult(shielded=True, district="01")
    body = {**SAID, "follows": first["entry_id"], "shielded": True, "district": "01"}
    ok(desk.supervisor.post(f"/consultations/{first['no']}/entries", body), 201)
    assert len(desk.consultation(first["no"])["entries"]) == 2
    unseen = {**ASKED, "consultation_no": first["no"]}
    assert problem(desk.other.post("/applications", unseen)) == "not-found 404"


def test_the_register_has_each_consultation_once_as_it_stands(desk: Desk) -> None:
    first, second = desk.consult(), desk.consult(held_on="2026-11-30", channel="telephone")
    body = {**SAID, "follows": first["entry_id"], "result": "advice"}
    ok(desk.interviewer.post(f"/consultations/{first['no']}/entries", body), 201)
    register = ok(desk.head.get(f"/consultations?{SPAN}"))["items"]
    assert [(row["consultation_no"], row["result"]) for row in register] == [
        (first["no"], "advice"),
        (second["no"], "continuing"),
    ]
    day = ok(desk.head.get("/consultations?from=2026-11-30&to=2026-11-30&purpose=casework"))["items"]
    assert [row["consultation_no"] for row in day] == [second["no"]]
    span = "from=2026-04-01&to=2027-04-02&purpose=casework"
    assert problem(desk.head.get(f"/consultations?{span}")) == "invalid-input 422"


@pytest.mark.parametrize(
    "name",
    ["渡辺\U000e0101 花子", "𠮷田 ﾊﾅ", "<b>=1+1</b>", "あ" * 200, "李", "Nguyễn Thị Hoa", "髙﨑 凜"],
)
def test_a_name_is_kept_as_it_was_typed(desk: Desk, name: str) -> None:
    number = desk.consult(content={"name": name})["no"]
    assert desk.consultation(number)["entries"][0]["content"]["name"] == name


@pytest.mark.parametrize("name", ["", "あ" * 201, "花\u202e子", "花\x00子", " ", "花\n子", "\ud842"])
def test_what_nobody_can_read_is_no_name_and_is_answered_as_such(desk: Desk, name: str) -> None:
    refused = desk.interviewer.post("/consultations", {**SAID, "content": {"name": name}})
    assert problem(refused) == "invalid-input 422"


@pytest.mark.parametrize(("birth", "status"), [("1950", 201), ("1950-03", 201), ("1950-02-30", 422), ("1950-13", 422)])
def test_a_birth_date_may_be_known_in_part_but_has_to_be_one(desk: Desk, birth: str, status: int) -> None:
    assert desk.interviewer.post("/consultations", {**SAID, "content": {"birth": birth}}).status_code == status


def test_no_word_of_a_consultation_lies_open_in_the_database(desk: Desk) -> None:
    desk.consult(content={**SHE, "statement": "密林の話"})
    for table in ("consultation_entries", "outbox", "idempotency"):
        rows = desk.running.execute(f"SELECT t::text FROM {table} t")
        assert rows
        assert not [row for row in rows if any(word in row[0] for word in ("花子", "ハナコ", "密林", "0000-0000"))]


def test_each_look_names_the_record_and_the_person_it_shows(desk: Desk) -> None:
    number = desk.consult(content={**SHE, "person_no": "0000000700"})["no"]
    desk.consultation(number)
    (looks,) = desk.running.execute(LOOKS)
    assert looks[0] == f'["consultation:{number}", "person:0000000700"]'
