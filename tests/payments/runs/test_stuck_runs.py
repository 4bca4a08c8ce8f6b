"""A run that cannot go on is parked where a person sees it, stops no other, and goes on when it is released."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from shared.service_kit.testing import Client
from tests.payments.office import Office

pytestmark = pytest.mark.database
JANUARY = "2027-01"


@contextmanager
def no_run_of(office: Office, month: str, state: str) -> Iterator[None]:
    """A fault in the database: no run of the month comes into this state."""
    with psycopg.connect(office.running.runtime.settings.owner_database_url, autocommit=True) as owner:
        owner.execute(
            "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'broken'; END $$"
        )
        when = f"NEW.month = '{month}' AND NEW.state = '{state}' AND OLD.state <> NEW.state"
        owner.execute(
            f"CREATE TRIGGER broken BEFORE UPDATE ON runs FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION broken()".encode()
        )
        yield
        owner.execute("DROP TRIGGER broken ON runs")


def operator(office: Office) -> Client:
    return office.running.client("demo-operator", ["operator"])


@pytest.mark.parametrize(("state", "stands"), [("ordering", "opened"), ("proposed", "ordering")])
def test_a_run_that_fails_is_parked_and_released_and_stops_no_other(office: Office, state: str, stands: str) -> None:
    office.grant("00000001", livelihood=70_000)
    office.tell(office.determined("00000001", {"livelihood": 71_000}, month=JANUARY))
    with no_run_of(office, "2026-12", state):
        stuck = office.open_run()
        other = office.open_run(month=JANUARY)
        office.running.run_tasks()
        assert (office.run(other)["state"], office.run(other)["yen"]) == ("proposed", 71_000)
        seen = office.run(stuck)
        assert (seen["state"], seen["parked_chunks"]) == (stands, 1)
    (parked,) = operator(office).get("/parked").json["items"]
    assert parked["subject"].endswith(stuck)
    assert parked["reason"]
    office.running.run_tasks()
    assert office.run(stuck)["state"] == stands, "a person has to look first"
    assert operator(office).post(f"/parked/{parked['fact_id']}/release").json == {"released": 1}
    office.running.run_tasks()
    seen = office.run(stuck)
    assert (seen["state"], seen["yen"], seen["parked_chunks"]) == ("proposed", 70_000, 0)
    assert operator(office).get("/parked").json["items"] == []


def test_a_run_may_be_sent_back_again_and_again(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    run = office.proposed()
    for yen in (60_000, 50_000, 40_000):
        office.grant("00000001", livelihood=yen)
        office.running.run_tasks()
        assert (office.run(run["run_id"])["state"], office.run(run["run_id"])["yen"]) == ("proposed", yen)
