"""Pages of a producer's stream: asked for, and believed where signature, form and stream hold."""

from typing import Any, Final

import orjson
from pydantic import BaseModel, ConfigDict, Field
from requests import Response

from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.streams import numbering
from shared.service_kit.streams.envelope import FIELDS, id_bytes
from shared.service_kit.subscriptions.subscription import Subscription

EXPIRED: Final = "events-expired"
MOST_BYTES: Final = 64 * 1024 * 1024
"""Bytes of a page that are looked at; ours end far below (`streams.PAGE_BYTES`, and one fact)."""


class Page(BaseModel):
    """Consecutive facts of one stream as they came, and the history (`history`) before the first of them.

    ``head`` is how far the stream had come by then; a producer of the release before does not say it.
    """

    model_config = ConfigDict(strict=True, frozen=True)

    producer: str
    stream: str
    epoch: str
    first: int = Field(alias="from", ge=1, le=2**62)
    through: int = Field(ge=0, le=2**62)
    head: int = Field(2**62, ge=0, le=2**62)
    before: str = Field(pattern=r"^[0-9a-f]{64}$")
    facts: list[dict[str, Any]] = Field(max_length=numbering.PAGE)

    @property
    def known(self) -> bytes:
        """The history before the first fact."""
        return bytes.fromhex(self.before)


class Dropped(Exception):
    """A page that is not believed: its signature, epoch, history or form fails."""


def ask(runtime: Runtime, subscription: Subscription, after: int, most: int = numbering.PAGE) -> Page:
    """The producer's own page of what follows a number.

    Raises:
        Dropped: it is not believed.
        Problem: as the producer answers.
    """
    answer = _ask(runtime, subscription, after, most)
    signed = (answer.headers.get(f"Kurashi-{name}", "") for name in ("Key-Id", "Signature"))
    return believe(runtime, subscription, answer.content, *signed)


def _ask(runtime: Runtime, subscription: Subscription, after: int, most: int) -> Response:
    """What the producer has after a number.

    Raises:
        Problem: as the producer says it; where it no longer keeps what follows, the subscription stands still.
    """
    try:
        with telemetry.quiet():
            params = {"stream": subscription.stream, "after": after, "most": most}
            return runtime.clients.client(subscription.producer).raw("/events", params)
    except Problem as problem:
        if problem.name == EXPIRED:
            name = {"producer": subscription.producer, "stream": subscription.stream}
            log().error("stream.expired", **name, after=after, oldest=problem.extra.get("oldest"))
        raise


def believe(runtime: Runtime, subscription: Subscription, body: bytes, key_id: str, signature: str) -> Page:
    """Return the page that a producer has signed.

    Raises:
        Dropped: its size, signature, form or stream is not believed; says which.
    """
    if len(body) > MOST_BYTES:
        raise Dropped("size")
    if not runtime.verifier.holds(subscription.producer, key_id, signature, body):
        raise Dropped("signature")
    try:
        page = Page.model_validate(orjson.loads(body))
        ids = [id_bytes(fact) for fact in page.facts if fact.keys() >= FIELDS]
    except (ValueError, TypeError, KeyError):
        raise Dropped("form") from None
    if (page.producer, page.stream) != (subscription.producer, subscription.stream):
        raise Dropped("stream")
    if len(set(ids)) != page.through - page.first + 1:
        raise Dropped("form")
    return page
