"""A regular run pays a determined month: never one in which nothing, or not everything, is decided or has come."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.payments.office import MONTH, Office

pytestmark = pytest.mark.database
PA, SB = "public_assistance", "support_benefit"


def refused(office: Office) -> tuple[int, str, list[str]]:
    answer = office.accountant.post("/runs", json={"month": MONTH})
    return answer.status_code, str(answer.json.get("type")), answer.json.get("programmes", [])


def said(office: Office, producer: str = "case_management", **counts: int) -> None:
    office.producers.said[producer, MONTH] = counts


def test_a_month_in_which_nothing_is_decided_gets_no_regular_run(office: Office) -> None:
    said(office, acts_approved=0)
    said(office, "support_benefits", acts_approved=0)
    assert refused(office) == (409, "/problems/not-determined", [PA, SB])
    assert office.accountant.get(f"/runs?month={MONTH}").json["items"] == []


def test_a_law_with_cases_and_no_approved_act_holds_the_run_back(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    said(office, "support_benefits", acts_approved=0, on_assistance=1)
    assert refused(office) == (409, "/problems/not-determined", [SB])
    said(office, "support_benefits", acts_approved=0, on_assistance=0)
    assert refused(office)[0] == 201, "a law under which nobody receives needs no act"


def test_no_run_is_opened_that_would_pay_nobody_of_those_on_assistance(office: Office) -> None:
    said(office, on_assistance=300, determined=0, waiting=300)
    answer = office.accountant.post("/runs", json={"month": MONTH})
    assert (answer.status_code, answer.json.get("type")) == (409, "/problems/nothing-to-pay")
    assert "受給中の300世帯のどれにも決定がありません" in answer.json["detail"]
    said(office, on_assistance=300, determined=299, left_out=1)
    assert refused(office)[0] == 201, "who waits for another pair holds nobody else back"


def test_a_case_with_no_outcome_holds_the_run_back(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    said(office, on_assistance=2, determined=1, unexplained=1)
    assert refused(office) == (409, "/problems/not-determined", [PA])


def test_an_extra_run_pays_whoever_is_determined(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    said(office, acts_approved=0, on_assistance=9)
    assert office.pay("extra")["yen"] == 70_000


def test_an_extra_run_of_a_month_in_which_nobody_is_determined_is_not_opened(office: Office) -> None:
    said(office, acts_approved=0, on_assistance=9)
    answer = office.accountant.post("/runs", json={"month": MONTH, "run_kind": "extra"})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/nothing-to-pay")
    assert "一括決定の起案と決裁のあとで" in answer.json["detail"]
    assert office.accountant.get(f"/runs?month={MONTH}").json["items"] == []


def test_a_run_that_ordered_nothing_makes_no_month_that_is_checked(office: Office) -> None:
    run = office.proposed()
    assert office.figures()["months"] == []
    office.withdraw(run)
    assert office.figures()["months"] == []
    office.grant("00000001", livelihood=70_000)
    office.withdraw(office.proposed())
    assert office.figures()["months"] == [MONTH], "somebody is determined"


def test_a_repeated_request_is_answered_as_the_first_time_whatever_is_said_now(office: Office) -> None:
    first = office.accountant.post("/runs", json={"month": MONTH}, key="one-opening-of-the-month")
    said(office, on_assistance=1, acts_approved=0)
    again = office.accountant.post("/runs", json={"month": MONTH}, key="one-opening-of-the-month")
    assert (first.status_code, again.content) == (201, first.content)


def approval(office: Office, run: dict[str, object]) -> tuple[int, str]:
    answer = office.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
    return answer.status_code, str(answer.json.get("type"))


def test_a_run_of_nothing_is_approved_by_nobody(office: Office) -> None:
    run = office.proposed()
    assert (run["orders"], approval(office, run)) == (0, (409, "/problems/nothing-to-pay"))


def test_what_came_undone_since_the_opening_is_not_approved(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run = office.proposed()
    said(office, on_assistance=2, determined=1, unexplained=1)
    assert approval(office, run) == (409, "/problems/not-determined")


def test_determinations_that_never_came_to_payments_are_missed_before_the_approval(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    said(office, on_assistance=305, determined=305)
    run = office.proposed()
    answer = office.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/not-determined")
    assert "305件のうち304件" in answer.json["detail"]


def parked(office: Office, case_no: str, month: str = MONTH) -> None:
    """A determination comes that cannot be applied."""
    office.tell(office.determined(case_no, {"livelihood": -1}, month=month))
    assert office.running.execute("SELECT count(*) FROM parked WHERE released_at IS NULL")[0][0] > 0


def test_a_determination_that_is_parked_is_shown_and_not_missed(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    parked(office, "00000002")
    said(office, on_assistance=2, determined=2)
    run = office.proposed()
    assert (run["parked_below"], [one["parked"] for one in run["sources"]]) == (1, [1, 0])
    assert approval(office, run)[0] == 200


def test_what_is_parked_of_one_law_hides_nothing_that_is_missing_of_the_other(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.tell(
        office.determined("00000009", {"livelihood": -1}, producer="support_benefits"), producer="support_benefits"
    )
    said(office, on_assistance=2, determined=2)
    assert approval(office, office.proposed()) == (409, "/problems/not-determined")


def test_what_is_parked_of_another_month_hides_nothing_that_is_missing(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    parked(office, "00000002", month="2026-11")
    said(office, on_assistance=2, determined=2)
    assert approval(office, office.proposed()) == (409, "/problems/not-determined")


def test_a_parked_correction_of_a_case_that_came_hides_nothing_that_is_missing(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    parked(office, "00000001")
    said(office, on_assistance=2, determined=2)
    assert approval(office, office.proposed()) == (409, "/problems/not-determined")


def test_a_run_says_what_it_was_told_of_its_month_and_what_the_cut_off_waits_for(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.producers.positions["case_management"] += 1
    said(office, on_assistance=1, determined=1, waiting=2, acts_approved=1, changed_since=1)
    run = office.run(office.open_run())
    (source, other) = run["sources"]
    assert run["state"] == "opened"
    assert source == {
        "producer": "case_management",
        "programme": PA,
        "position": 2,
        "reached": 1,
        "on_assistance": 1,
        "determined": 1,
        "acts_approved": 1,
        "refused": 0,
        "left_out": 0,
        "waiting": 2,
        "ended_yen": 0,
        "changed_since": 1,
        "taken": 1,
        "parked": 0,
    }
    assert (other["position"], other["reached"], other["on_assistance"]) == (0, 0, 0)


def test_who_goes_to_the_cash_desk_is_listed_where_the_run_is_approved_with_last_months_way(office: Office) -> None:
    november, both = "2026-11", ("00000001", "00000002")
    office.register(("00000001", PA))
    office.tell(*(office.determined(case_no, {"livelihood": 70_000}, month=november) for case_no in both))
    office.pay(month=november)
    office.tell(
        office.determined("00000001", {"livelihood": 71_000}), office.determined("00000002", {"livelihood": 72_000})
    )
    with no_instruction(office, "00000001"):
        run = office.proposed()
        assert run["desk"] == {"cases": 2, "yen": 143_000, "moved_cases": 1, "moved_yen": 71_000}
        assert office.accountant.get(f"/runs/{run['run_id']}/desk").json["items"] == [
            {"case_no": "00000001", "programme": PA, "yen": 71_000, "account": "none", "last_month": "bank"},
            {"case_no": "00000002", "programme": PA, "yen": 72_000, "account": "none", "last_month": "cash"},
        ]
    (look,) = [one for one in office.running.looks("look.v1") if one["data"]["what"] == "cash_desk"]
    assert look["data"]["subjects"] == ["case:00000001", "case:00000002"]
    assert office.treasurer.get(f"/runs/{run['run_id']}/desk").status_code == 403


@contextmanager
def no_instruction(office: Office, case_no: str) -> Iterator[None]:
    """The instruction of a case no longer covers the day on which it is paid."""
    with psycopg.connect(office.running.runtime.settings.owner_database_url, autocommit=True) as owner:
        owner.execute("UPDATE payment_instructions SET days = 'empty' WHERE case_no = %s", (case_no,))
        yield


def test_a_regular_run_stands_beside_last_months_and_says_where_it_lies_far_off(office: Office) -> None:
    office.tell(office.determined("00000001", {"livelihood": 70_000}, month="2026-11"))
    last = office.pay(month="2026-11")
    assert (last["last_month"], last["outlier"]) == (None, False)
    office.grant("00000001", livelihood=71_000)
    near = office.proposed()
    assert near["last_month"]["run_id"] == last["run_id"]
    assert (near["last_month"]["yen"], near["cases"], near["outlier"]) == (70_000, 1, False)
    office.grant("00000001", livelihood=90_000)
    office.withdraw(near)
    assert office.proposed()["outlier"] is True
