"""Determinations arrive: what is entitled, held, withdrawn, overpaid."""

import uuid
from collections.abc import Callable

import pytest

from services.payments.worker import cut_off_runs
from shared.service_kit.subscriptions import taken
from tests.payments.office import Office

pytestmark = pytest.mark.database
PA, SB = "public_assistance", "support_benefit"
PERSON = "0000000007"


def states(office: Office) -> dict[str, str]:
    rows = office.running.execute(
        "SELECT e.case_no, e.state FROM case_months c JOIN entitlements e USING (case_no, month, determination_id)"
    )
    return {row.case_no: row.state for row in rows}


def test_a_newer_determination_replaces_the_older(office: Office) -> None:
    office.grant("00000001", livelihood=70_000, housing=50_000)
    office.grant("00000001", livelihood=60_000)
    assert office.due("00000001") == (60_000, 0, 0, 0)
    assert office.due("00000001", "housing") == (0, 0, 0, 0)
    assert office.figures()["entitled_yen"] == 60_000


def test_many_determinations_of_a_case_on_one_page_leave_the_last(office: Office) -> None:
    office.tell(*(office.determined("00000001", {"livelihood": yen}) for yen in (1_000, 2_000, 3_000)))
    assert office.due("00000001") == (3_000, 0, 0, 0)


def test_what_is_given_in_kind_is_not_paid(office: Office) -> None:
    office.grant("00000001", livelihood=70_000, medical=300_000, care=20_000)
    assert office.figures()["entitled_yen"] == 70_000
    assert office.due("00000001", "medical") == (0, 0, 0, 0)


def test_the_same_page_twice_changes_nothing(office: Office) -> None:
    page = office.running.page("case_management", [office.determined("00000001", {"livelihood": 70_000})], 1)
    assert office.running.take("case_management", page) == 1
    assert office.running.take("case_management", page) == 0
    assert office.figures()["entitled_yen"] == 70_000


@pytest.mark.parametrize("first", [PA, SB])
def test_one_person_under_both_laws_is_paid_once_whatever_came_first(office: Office, first: str) -> None:
    welfare = office.determined("00000001", {"livelihood": 70_000}, persons=(PERSON,))
    support = office.determined("00000021", {"livelihood": 80_000}, persons=(PERSON,), producer="support_benefits")
    told = [("case_management", welfare), ("support_benefits", support)]
    for producer, fact in told if first == PA else reversed(told):
        office.tell(fact, producer=producer)
    assert states(office) == {"00000001": "held", "00000021": "entitled"}
    assert (office.due("00000001")[0], office.due("00000021")[0]) == (0, 80_000)
    (held,) = office.running.facts("entitlement.held.v1")
    assert held["data"]["other_case_no"] == "00000021"
    assert (held["data"]["person_no"], held["data"]["yen"]) == (PERSON, 70_000)
    figures = office.figures()
    assert (figures["entitled_yen"], figures["held_yen"]) == (150_000, 70_000)
    run = office.pay()
    assert run["yen"] == 80_000, "who is held is ordered by nobody"


def test_who_is_paid_already_keeps_it_and_the_newcomer_is_held(office: Office) -> None:
    office.tell(office.determined("00000001", {"livelihood": 70_000}, persons=(PERSON,)))
    office.pay()
    support = office.determined("00000021", {"livelihood": 80_000}, persons=(PERSON,), producer="support_benefits")
    office.tell(support, producer="support_benefits")
    assert states(office) == {"00000001": "entitled", "00000021": "held"}
    assert office.due("00000021")[0] == 0


def test_a_held_entitlement_stands_again_when_the_other_case_lets_go(office: Office) -> None:
    office.tell(office.determined("00000001", {"livelihood": 70_000}, persons=(PERSON,)))
    support = office.determined("00000021", {"livelihood": 80_000}, persons=(PERSON,), producer="support_benefits")
    office.tell(support, producer="support_benefits")
    office.tell(office.determined("00000021", {}, producer="support_benefits"), producer="support_benefits")
    assert states(office) == {"00000001": "entitled"}
    assert office.due("00000001") == (70_000, 0, 0, 0)
    (released,) = office.running.facts("entitlement.released.v1")
    assert (released["data"]["case_no"], released["data"]["yen"]) == ("00000001", 70_000)


def test_two_cases_of_one_page_with_one_person_hold_one(office: Office) -> None:
    office.tell(
        office.determined("00000002", {"livelihood": 70_000}, persons=(PERSON,)),
        office.determined("00000001", {"livelihood": 60_000}, persons=(PERSON,)),
    )
    assert states(office) == {"00000001": "entitled", "00000002": "held"}


def test_the_database_itself_refuses_a_second_open_cover(office: Office) -> None:
    office.tell(office.determined("00000001", {"livelihood": 70_000}, persons=(PERSON,)))
    with pytest.raises(Exception, match="coverage_one_open_row"):
        office.running.execute(
            "INSERT INTO coverage (person_no, need, days, case_no, month, kind, determination_id, state) "
            "SELECT person_no, need, days, '00000009', month, kind, determination_id, 'open' FROM coverage RETURNING 1"
        )


def test_a_fall_before_acceptance_withdraws_the_order_and_asks_two_people_again(office: Office) -> None:
    office.register(("00000001", PA), ("00000002", PA))
    office.grant("00000001", livelihood=70_000)
    office.grant("00000002", livelihood=60_000)
    run = office.approve(office.proposed())
    office.grant("00000001", livelihood=50_000)
    late = office.treasurer.post(f"/runs/{run['run_id']}/acceptance", json={"sha256": run["sha256"]})
    assert (late.status_code, late.json["type"]) == (409, "/problems/wrong-state")
    office.running.run_tasks()
    again = office.run(run["run_id"])
    assert (again["state"], again["yen"], again["approver"]) == ("proposed", 110_000, None)
    assert again["sha256"] != run["sha256"]
    paid = office.accept(office.approve(again))
    assert (paid["state"], paid["files"][0]["yen"]) == ("files_made", 110_000)
    assert office.due("00000001") == (50_000, 50_000, 0, 0)
    figures = office.figures()
    assert figures["ordered_yen"] == figures["ledger_yen"] == figures["bank_yen"] == 110_000
    (told,) = office.running.facts("order.withdrawn.v1")
    assert told["data"]["yen"] == 20_000


def test_an_order_that_is_withdrawn_whole_leaves_no_line(office: Office) -> None:
    office.register(("00000001", PA), ("00000002", PA))
    office.grant("00000001", livelihood=70_000)
    office.grant("00000002", livelihood=60_000)
    office.proposed()
    office.tell(office.determined("00000001", {}))
    office.running.run_tasks()
    (run,) = office.accountant.get("/runs?month=2026-12").json["items"]
    paid = office.accept(office.approve(run))
    assert (paid["yen"], paid["files"][0]["records"]) == (60_000, 1)


def test_a_fall_after_acceptance_is_overpaid_and_a_rise_eats_it(office: Office) -> None:
    office.register(("00000001", PA))
    office.grant("00000001", livelihood=70_000)
    office.pay()
    office.grant("00000001", livelihood=50_000)
    assert office.due("00000001") == (50_000, 70_000, 20_000, 0)
    office.grant("00000001", livelihood=75_000)
    assert office.pay("extra")["yen"] == 5_000
    assert office.due("00000001") == (75_000, 75_000, 0, 0)


def test_a_fall_between_cut_off_and_order_is_never_paid(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run_id = office.open_run()
    cut_off_runs(office.running.runtime)
    office.grant("00000001", livelihood=40_000)
    office.running.run_tasks()
    assert office.run(run_id)["yen"] == 40_000


def cover(first: str, last: str, need: str = "livelihood") -> dict[str, str]:
    return {"person_no": PERSON, "need": need, "from": first, "to": last}


BAD: dict[str, Callable[[Office], dict[str, object]]] = {
    "determination-malformed": lambda office: office.determined("00000001", {"pocket_money": 1}),
    "programme-of-another-producer": lambda office: office.determined("00000001", {"housing": 1}, programme=SB),
    "proposer-approved": lambda office: office.determined(
        "00000001", {"housing": 1}, approver="person:demo-caseworker"
    ),
    "yen-below-zero": lambda office: office.determined("00000001", {"housing": -1}),
    "cover-ends-before-it-begins": lambda office: office.determined(
        "00000001", {"housing": 1}, covers=[cover("2026-12-02", "2026-12-01", need="housing")]
    ),
}


@pytest.mark.parametrize("reason", BAD)
def test_what_cannot_be_is_parked_with_its_reason_and_the_rest_goes_on(office: Office, reason: str) -> None:
    office.tell(BAD[reason](office), office.determined("00000002", {"livelihood": 60_000}))
    (parked,) = office.running.client("demo-operator", ["operator"]).get("/parked").json["items"]
    assert (parked["reason"], parked["subject"]) == (reason, "case:00000001")
    assert office.due("00000002")[0] == 60_000
    run = office.proposed()
    assert (run["parked_below"], run["yen"]) == (1, 60_000)


def test_a_person_who_is_covered_for_one_single_day_is_paid_for_it_by_one_law_alone(office: Office) -> None:
    day = [cover("2026-12-01", "2026-12-01")]
    office.tell(office.determined("00000001", {"livelihood": 2_000}, covers=day))
    support = office.determined("00000021", {"livelihood": 3_000}, covers=day, producer="support_benefits")
    office.tell(support, producer="support_benefits")
    assert states(office) == {"00000001": "held", "00000021": "entitled"}


def test_a_kind_of_no_yen_covers_nobody_and_holds_nothing_back(office: Office) -> None:
    kinds = {"livelihood": 0, "housing": 50_000}
    support = office.determined("00000021", kinds, persons=(PERSON,), producer="support_benefits")
    office.tell(support, producer="support_benefits")
    office.tell(office.determined("00000001", {"livelihood": 80_000}, persons=(PERSON,)))
    assert (office.due("00000021", "housing")[0], office.due("00000001")[0]) == (50_000, 80_000)
    assert not office.running.facts("entitlement.held.v1")


@pytest.mark.parametrize("replaces", [None, "00000000-0000-4000-8000-000000000009"])
def test_what_does_not_replace_what_counts_is_parked_whatever_its_place_in_the_stream(
    office: Office, replaces: str | None
) -> None:
    office.grant("00000001", livelihood=70_000)
    office.tell(
        office.determined("00000001", {"livelihood": 90_000}, replaces=replaces),
        office.determined("00000002", {"livelihood": 60_000}),
    )
    (parked,) = office.running.client("demo-operator", ["operator"]).get("/parked").json["items"]
    assert (parked["reason"], parked["subject"]) == ("replaces-what-does-not-count", "case:00000001")
    assert (office.due("00000001")[0], office.due("00000002")[0]) == (70_000, 60_000)


def test_a_first_determination_that_replaces_another_is_parked(office: Office) -> None:
    office.tell(office.determined("00000001", {"livelihood": 70_000}, replaces=str(uuid.uuid4())))
    (parked,) = office.running.client("demo-operator", ["operator"]).get("/parked").json["items"]
    assert parked["reason"] == "replaces-what-does-not-count"
    assert office.due("00000001") == (0, 0, 0, 0)


def test_a_case_of_another_programme_is_parked(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.grant("00000001", "support_benefits", livelihood=80_000)
    (parked,) = office.running.client("demo-operator", ["operator"]).get("/parked").json["items"]
    assert parked["reason"] == "case-of-another-programme"
    assert office.due("00000001")[0] == 70_000


def test_a_fact_that_comes_under_another_number_changes_nothing(office: Office) -> None:
    fact = office.determined("00000001", {"livelihood": 70_000})
    office.tell(fact)
    office.tell({**fact, "id": fact["id"]})
    office.tell({**fact, "id": str(uuid.uuid4())})
    assert office.due("00000001")[0] == 70_000
    assert office.running.execute("SELECT count(*) FROM entitlements")[0][0] == 1


def forgotten_by_its_producer(office: Office, after: int) -> None:
    """The deciding service was restored, and payments has adopted its new epoch after this number."""
    with office.running.work() as work:
        taken.lose(work, "case_management", "facts", "1", after)


def test_a_restored_service_replaces_what_it_still_knows_of(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    still_known = office.told["00000001 2026-12"]
    office.grant("00000001", livelihood=90_000)
    forgotten_by_its_producer(office, after=1)
    again = office.determined("00000001", {"livelihood": 80_000}, replaces=still_known)
    office.tell(again)
    assert office.due("00000001") == (80_000, 0, 0, 0)
    assert office.figures()["entitled_yen"] == 80_000
    office.grant("00000001", livelihood=60_000)
    assert office.due("00000001") == (60_000, 0, 0, 0)


def test_a_case_that_a_restored_service_had_forgotten_is_determined_for_the_first_time_again(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.grant("00000002", livelihood=70_000)
    forgotten_by_its_producer(office, after=1)
    office.tell(office.determined("00000002", {"livelihood": 75_000}, replaces=None))
    office.tell(office.determined("00000001", {"livelihood": 75_000}, replaces=None))
    assert (office.due("00000001")[0], office.due("00000002")[0]) == (70_000, 75_000)
    (parked,) = office.running.client("demo-operator", ["operator"]).get("/parked").json["items"]
    assert (parked["reason"], parked["subject"]) == ("replaces-what-does-not-count", "case:00000001")
