"""A page with several determinations of one case: the last one counts, and none before it is lost."""

import pytest
from structlog.testing import capture_logs

from tests.payments.office import Office

pytestmark = pytest.mark.database


def test_each_determination_of_a_page_is_kept_under_the_fact_that_published_it(office: Office) -> None:
    facts = [office.determined("00000001", {"livelihood": yen}) for yen in (1_000, 2_000, 3_000)]
    office.tell(*facts, office.determined("00000002", {"livelihood": 4_000}))
    kept = office.running.execute(
        "SELECT d.fact_id, e.yen FROM determinations d JOIN entitlements e USING (determination_id) "
        "WHERE d.case_no = '00000001' ORDER BY d.number"
    )
    assert [(str(row.fact_id), row.yen) for row in kept] == [
        (facts[0]["id"], 1_000), (facts[1]["id"], 2_000), (facts[2]["id"], 3_000),
    ]  # fmt: skip
    assert (office.due("00000001"), office.due("00000002")) == ((3_000, 0, 0, 0), (4_000, 0, 0, 0))


def test_a_higher_determination_and_a_lower_one_of_one_page_leave_the_order_at_the_lower(office: Office) -> None:
    office.grant("00000001", livelihood=2_000)
    office.proposed()
    office.tell(*(office.determined("00000001", {"livelihood": yen}) for yen in (500, 1_500)))
    withdrawn = [event["data"]["yen"] for event in office.running.facts("order.withdrawn.v1")]
    assert (withdrawn, office.due("00000001")) == ([1_500], (1_500, 500, 0, 0)), "each is taken for itself, in order"


def test_several_determinations_of_a_case_are_taken_with_their_page_and_not_fact_by_fact(office: Office) -> None:
    with capture_logs() as logged:
        office.tell(*(office.determined("00000001", {"livelihood": yen}) for yen in (1_000, 2_000, 3_000)))
    assert [entry["event"] for entry in logged if entry["log_level"] != "info"] == [], "the page is refused by nothing"
    assert office.due("00000001") == (3_000, 0, 0, 0)
