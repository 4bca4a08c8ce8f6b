"""The broker emptied, pages forged, repeated, out of order, missing: the same files and ledger."""

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from kombu import Connection, Producer

from infra.issuer.login import direct_session
from infra.one_machine.commands.check import check
from infra.one_machine.processes.stack import Stack
from infra.one_machine.progress import Steps
from infra.one_machine.staff.month import wait_for_log
from infra.one_machine.ward.ward_input import WardInput
from shared.service_kit.processes.relay import publish, queue_for
from shared.service_kit.streams.numbering import Page
from tests.faults.months import MONTHS, Outcome, paid

pytestmark = pytest.mark.stack
PAID = MONTHS[:2]


def test_flushall_in_the_middle_changes_nothing(
    disturbed: Stack, ward: WardInput, reference: dict[str, Outcome]
) -> None:
    broker = redis.Redis.from_url(disturbed.broker_url)
    with again_and_again(broker.flushall, seconds=0.15) as done:
        outcome = paid(disturbed, ward, PAID[0])
    assert len(done) > 5
    same(disturbed, outcome, reference[PAID[0]])


def test_pages_forged_repeated_out_of_order_and_missing_change_nothing(
    disturbed: Stack, ward: WardInput, reference: dict[str, Outcome]
) -> None:
    pages = Pages(disturbed)
    with again_and_again(pages.mix_up, seconds=0.1) as done:
        outcome = paid(disturbed, ward, PAID[1])
    assert len(done) > 5
    same(disturbed, outcome, reference[PAID[1]])
    assert dropped(disturbed) > 5


def same(stack: Stack, outcome: Outcome, reference: Outcome) -> None:
    """Demand the same bytes and rows as undisturbed, and that every invariant holds."""
    assert outcome == reference
    wait_for_log(stack.office, Steps())
    broken = [invariant for invariant in check(stack.office) if not invariant["ok"]]
    assert not broken


def dropped(stack: Stack) -> float:
    """Pages that payments did not believe, by its worker's own count."""
    metrics = direct_session().get(f"{stack.office.worker_urls['payments']}/metrics", timeout=10).text
    counted = re.findall(r"^kurashi_pages_dropped_total\{.*\} ([0-9.e+]+)$", metrics, re.MULTILINE)
    return sum(float(count) for count in counted)


@contextmanager
def again_and_again(disturb: Callable[[], object], seconds: float) -> Iterator[list[object]]:
    """Disturb from another thread, every so often, as long as the work goes on; gives the list of what was done."""
    ended = threading.Event()
    done: list[object] = []
    failed: list[Exception] = []

    def go_on() -> None:
        try:
            while not ended.wait(seconds):
                done.append(disturb())
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=go_on)
    thread.start()
    yield done
    ended.set()
    thread.join()
    assert not failed


class Pages:
    """Somebody who can write to the broker and read what a producer tells."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._log = stack.office.client("case_management")
        self._broker = redis.Redis.from_url(stack.broker_url)
        self._queue = queue_for("payments", "case_management", "facts")

    def mix_up(self) -> None:
        """Lose what waits, send the last pages again and in the wrong order, and forgeries among them."""
        self._broker.delete(self._queue.name)
        published = int(self._log.get("/events/positions").json()["facts"])
        late, early = self._page(max(0, published - 3)), self._page(max(0, published - 40))
        with Connection(self._stack.broker_url) as connection:
            producer = Producer(connection)
            for page in (late, forged(early), early, early, unsigned(late), nonsense(late)):
                publish(producer, self._queue, page)

    def _page(self, after: int) -> Page:
        answer = self._log.get("/events", stream="facts", after=str(after))
        through = json.loads(answer.content)["through"]
        return Page(answer.content, answer.headers["Kurashi-Key-Id"], answer.headers["Kurashi-Signature"], through)


def forged(page: Page) -> Page:
    """The page with every amount a hundred times as high, signed by a key of nobody under the producer's key id."""
    body = json.loads(page.body)
    body["facts"] = [raised(fact) for fact in body["facts"]]
    changed = json.dumps(body).encode()
    return Page(changed, page.key_id, sign_as_nobody(changed), page.through)


def raised(fact: dict[str, Any]) -> dict[str, Any]:
    """A fact that would print money."""
    kinds = fact.get("data", {}).get("kinds", {})
    return {**fact, "data": {**fact["data"], "kinds": {kind: yen * 100 for kind, yen in kinds.items()}}}


def sign_as_nobody(body: bytes) -> str:
    return base64.b64encode(Ed25519PrivateKey.generate().sign(body)).decode()


def unsigned(page: Page) -> Page:
    """The page with a changed byte under the old signature."""
    return Page(page.body.replace(b'"from"', b'"From"'), page.key_id, page.signature, page.through)


def nonsense(page: Page) -> Page:
    """Bytes that are no page at all."""
    return Page(b"\xff\x00" + page.body[:20], page.key_id, page.signature, page.through)
