"""Two cases cover one person: what is held is that kind and month alone, of what counts now, however far away."""

import pytest

from tests.payments.office import MONTH, Office

pytestmark = pytest.mark.database
PERSON, OTHER = "0000000007", "0000000008"
NEXT_MONTH = "2027-01"
SUPPORT = "support_benefits"


def states(office: Office, month: str = MONTH) -> dict[tuple[str, str], str]:
    """By case and kind, of the determinations that count."""
    rows = office.running.execute(
        "SELECT e.case_no, e.kind, e.state FROM case_months c JOIN entitlements e"
        " USING (case_no, month, determination_id) WHERE c.month = :month",
        month=month,
    )
    return {(row.case_no, row.kind): row.state for row in rows}


def support(office: Office, month: str = MONTH, **kinds: int) -> None:
    """A determination of support benefits that covers the same person."""
    office.tell(
        office.determined("00000021", kinds, producer=SUPPORT, month=month, persons=(PERSON,)), producer=SUPPORT
    )


def test_a_replaced_determination_is_neither_held_nor_released(office: Office) -> None:
    office.tell(office.determined("00000001", {"housing": 50_000}, persons=(PERSON,)))
    office.tell(office.determined("00000001", {"housing": 40_000}, persons=(PERSON,)))
    support(office, housing=30_000)
    (held,) = office.running.facts("entitlement.held.v1")
    support(office)
    (released,) = office.running.facts("entitlement.released.v1")
    assert (held["data"]["yen"], released["data"]["yen"]) == (40_000, 40_000)
    assert office.due("00000001", "housing") == (40_000, 0, 0, 0)


def test_a_month_that_is_determined_anew_leaves_the_cover_of_other_months(office: Office) -> None:
    for month in (MONTH, NEXT_MONTH):
        office.tell(office.determined("00000001", {"livelihood": 70_000}, month=month, persons=(PERSON,)))
    office.tell(office.determined("00000001", {"livelihood": 60_000}, persons=(PERSON,)))
    support(office, NEXT_MONTH, livelihood=80_000)
    assert states(office, NEXT_MONTH) == {("00000001", "livelihood"): "held", ("00000021", "livelihood"): "entitled"}


def test_one_kind_is_held_and_the_others_of_the_case_stand(office: Office) -> None:
    office.tell(office.determined("00000001", {"livelihood": 70_000, "housing": 50_000}, persons=(PERSON,)))
    support(office, livelihood=80_000)
    held = states(office)
    assert (held["00000001", "livelihood"], held["00000001", "housing"]) == ("held", "entitled")
    assert (office.due("00000001")[0], office.due("00000001", "housing")[0]) == (0, 50_000)


def test_who_was_held_by_a_case_that_is_held_now_stands_again(office: Office) -> None:
    office.tell(office.determined("00000002", {"livelihood": 60_000}, persons=(OTHER,)))
    office.tell(office.determined("00000001", {"livelihood": 70_000}, persons=(PERSON, OTHER)))
    assert states(office)["00000002", "livelihood"] == "held"
    support(office, livelihood=80_000)
    assert states(office)["00000001", "livelihood"] == "held"
    assert states(office)["00000002", "livelihood"] == "entitled", "it shares nobody with the case that came"


def test_each_determination_of_a_page_is_kept_though_the_last_counts(office: Office) -> None:
    office.tell(*(office.determined("00000001", {"livelihood": yen}) for yen in (1_000, 2_000)))
    assert [row.yen for row in office.running.execute("SELECT yen FROM entitlements ORDER BY yen")] == [1_000, 2_000]
