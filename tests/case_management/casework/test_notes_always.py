"""Whatever people write, correct and sign in whatever order: nothing is lost, and only what was read is signed."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from hypothesis.stateful import run_state_machine_as_test as run

from services.case_management.app import service
from shared.service_kit.testing import Client, Services
from tests.case_management.casework.caseload import CASE, VISIT, Caseload
from tests.decisions.ward import ok
from tests.faults.length import examples, is_campaign

pytestmark = pytest.mark.database
PATH = f"/cases/{CASE}/notes"
contacts, days = st.sampled_from(["visit", "telephone", "counter"]), st.integers(1, 30)
writers = st.sampled_from(["worker", "colleague", "supervisor"])
OFTEN = {("write", 201), ("continue", 201), ("continue", 409), ("sign", 200), ("sign", 409)}


class Writers(RuleBasedStateMachine):
    """People of one district at one case; a note is what each of its entries said, and who signed them."""

    load: Caseload
    answers: set[tuple[str, int]]
    entries = Bundle("entries")

    @initialize()
    def begin(self) -> None:
        self.notes: dict[str, list[tuple[str, str, str, str]]] = {}
        self.signed: set[str] = set()
        self.before = {note["note_no"] for note in self.load.notes()["items"]}

    def _client(self, name: str) -> Client:
        client: Client = getattr(self.load, name)
        return client

    def _body(self, contact: str, day: int) -> dict[str, Any]:
        return {**VISIT, "contact": contact, "held_on": date(2026, 11, day).isoformat()}

    def _kept(self, recorded: dict[str, Any], body: dict[str, Any], by: str) -> tuple[str, str]:
        entry = (recorded["entry_id"], body["contact"], body["held_on"], by)
        self.notes.setdefault(recorded["no"], []).append(entry)
        return recorded["no"], recorded["entry_id"]

    @rule(target=entries, contact=contacts, day=days, by=writers)
    def write(self, contact: str, day: int, by: str) -> Any:
        body = self._body(contact, day)
        recorded = ok(self._client(by).post(PATH, body), 201)
        self.answers.add(("write", 201))
        return self._kept(recorded, body, by)

    @rule(target=entries, entry=entries, contact=contacts, day=days, by=writers)
    def go_on(self, entry: tuple[str, str], contact: str, day: int, by: str) -> Any:
        number, follows = entry
        body = {**self._body(contact, day), "follows": follows}
        reply = self._client(by).post(f"{PATH}/{number}/entries", body)
        newest = self.notes[number][-1][0] == follows
        assert reply.status_code == (201 if newest else 409), reply.content
        self.answers.add(("continue", reply.status_code))
        return self._kept(reply.json, body, by) if newest else multiple()

    @rule(entry=entries, by=st.sampled_from(["supervisor", "head"]))
    def sign(self, entry: tuple[str, str], by: str) -> None:
        number, entry_id = entry
        reply = self._client(by).post(f"{PATH}/{number}/signature", {"entry_id": entry_id})
        newest, _, _, writer = self.notes[number][-1]
        may = newest == entry_id and writer != by and entry_id not in self.signed
        assert reply.status_code == (200 if may else 409), reply.content
        self.answers.add(("sign", reply.status_code))
        self.signed |= {entry_id} if may else set()

    @invariant()
    def every_entry_stands(self) -> None:
        shown = [note for note in self.load.notes()["items"] if note["note_no"] not in self.before]
        assert {note["note_no"] for note in shown} == set(self.notes)
        for note in shown:
            kept = self.notes[note["note_no"]]
            assert [(entry["entry_id"], entry["contact"], entry["held_on"]) for entry in note["entries"]] == [
                written[:3] for written in kept
            ]
            assert note["signed"] == (kept[-1][0] in self.signed)
            assert {signature["entry_id"] for signature in note["signatures"]} == self.signed & {
                entry[0] for entry in kept
            }


def test_nothing_is_lost_and_only_what_was_read_is_signed(services: Services) -> None:
    often = dict.fromkeys(("person_a_minute", "refusals_a_minute"), 10**6)
    answers: set[tuple[str, int]] = set()
    here = type("Here", (Writers,), {"load": Caseload(services.open(service, **often)), "answers": answers})
    unhurried = settings(
        max_examples=examples(6, 100),
        stateful_step_count=15,
        deadline=None,
        derandomize=not is_campaign(),
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    run(here, settings=unhurried)
    assert answers >= OFTEN, "every act, and every answer that it often gets"
