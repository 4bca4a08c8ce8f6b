"""One kind of assistance is held because another case covers it: the case's other kinds stand and stay guarded."""

import psycopg
import pytest

from tests.payments.office import Office

pytestmark = pytest.mark.database
PERSON = "0000000007"


def guarded(office: Office) -> dict[tuple[str, str], str]:
    rows = office.running.execute("SELECT case_no, kind, state FROM coverage WHERE state <> 'closed'")
    return {(row.case_no, row.kind): row.state for row in rows}


def test_the_cover_of_the_other_kinds_stays_open_and_is_refused_to_a_second_case(office: Office) -> None:
    office.tell(office.determined("00000001", {"livelihood": 70_000, "housing": 50_000}, persons=(PERSON,)))
    support = office.determined("00000021", {"livelihood": 80_000}, persons=(PERSON,), producer="support_benefits")
    office.tell(support, producer="support_benefits")
    assert guarded(office) == {
        ("00000001", "livelihood"): "held",
        ("00000001", "housing"): "open",
        ("00000021", "livelihood"): "open",
    }
    assert (office.due("00000001"), office.due("00000001", "housing")) == ((0, 0, 0, 0), (50_000, 0, 0, 0))
    with (
        psycopg.connect(office.running.runtime.settings.owner_database_url) as owner,
        pytest.raises(psycopg.errors.ExclusionViolation),
    ):
        owner.execute(
            "INSERT INTO coverage (person_no, need, days, case_no, month, kind, determination_id, state) "
            "SELECT person_no, need, days, '00000003', month, kind, determination_id, 'open' FROM coverage "
            "WHERE kind = 'housing'"
        )


def test_the_held_kind_stands_again_and_the_others_never_moved(office: Office) -> None:
    office.tell(office.determined("00000001", {"livelihood": 70_000, "housing": 50_000}, persons=(PERSON,)))
    for kinds in ({"livelihood": 80_000}, {}):
        fact = office.determined("00000021", kinds, persons=(PERSON,), producer="support_benefits")
        office.tell(fact, producer="support_benefits")
    assert guarded(office) == {("00000001", "livelihood"): "open", ("00000001", "housing"): "open"}
    assert (office.due("00000001")[0], office.due("00000001", "housing")[0]) == (70_000, 50_000)
