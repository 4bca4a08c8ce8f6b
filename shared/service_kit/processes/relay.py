"""The relay: numbers committed facts and sends them as pages to the queues of their subscribers."""

import time

import psycopg
from kombu import Producer, Queue
from sqlalchemy import select, update

from shared.service_kit.messaging import broker
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import error_location
from shared.service_kit.runtime import Runtime
from shared.service_kit.streams import numbering
from shared.service_kit.streams.envelope import STREAMS
from shared.service_kit.streams.tables import stream_heads

IDLE_SECONDS = 1.0
LINGER_SECONDS = 0.25
"""What only the audit reads waits so long for what is committed meanwhile: one page and one turn for all of it, where
each look of a busy morning had its own. It is committed before its answer all the same."""
CONTENT_TYPE = "application/octet-stream"


def queue_for(subscriber: str, producer: str, stream: str) -> Queue:
    """The queue of one subscription."""
    name = f"{subscriber}.{producer}.{stream}"
    return Queue(name, durable=True, auto_delete=False)


def publish(producer: Producer, queue: Queue, page: numbering.Page) -> None:
    """Send one page."""
    headers = {"key_id": page.key_id, "signature": page.signature}
    broker.publish(producer, queue, page.body, content_type=CONTENT_TYPE, headers=headers)


class Relay:
    """Runs in the worker until told to stop; a broker that is down costs nothing but time."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.running = True

    def run(self) -> None:
        """Number and send for ever: woken by commits, and by the clock."""
        while self.running:
            try:
                self._serve()
            except Exception as error:
                log().warning("relay.again", why=error_location(error))
                time.sleep(IDLE_SECONDS)

    def _serve(self) -> None:
        with (
            psycopg.connect(self.runtime.settings.database_url, autocommit=True) as bell,
            self.runtime.broker.connect() as connection,
        ):
            bell.execute("LISTEN outbox")
            producer = Producer(connection)
            while self.running:
                with telemetry.quiet():
                    self.number()
                    for stream in STREAMS:
                        self._send(stream, producer)
                _wait(bell)

    def number(self) -> None:
        """Number what waits in the streams, one transaction a batch."""
        with self.runtime.engine.connect() as connection:
            with connection.begin():
                waiting = numbering.waiting(connection)
            for stream, count in waiting.items():
                telemetry.OUTBOX_WAITING.labels(stream).set(count)
                while count:
                    with connection.begin():
                        count = numbering.number_waiting(connection, stream)

    def _send(self, stream: str, producer: Producer) -> None:
        subscribers = self.runtime.catalog.subscribers(self.runtime.name, stream)
        queues = [queue_for(subscriber, self.runtime.name, stream) for subscriber in subscribers]
        with self.runtime.engine.connect() as connection:
            while self.running:
                with connection.begin():
                    head = connection.execute(select(stream_heads).where(stream_heads.c.stream == stream)).one()
                    if head.published >= head.number:
                        return
                    page = numbering.read_page(
                        connection, self.runtime.signer, self.runtime.name, stream, head.published
                    )
                for queue in queues:
                    publish(producer, queue, page)
                with connection.begin():
                    connection.execute(
                        update(stream_heads).where(stream_heads.c.stream == stream).values(published=page.through),
                    )


def _wait(bell: psycopg.Connection) -> None:
    """Until something was committed: facts are sent at once, looks a little later."""
    rung = {each.payload for each in bell.notifies(timeout=IDLE_SECONDS, stop_after=1)}  # one or all of one commit
    if rung and "facts" not in rung:
        next((later for later in bell.notifies(timeout=LINGER_SECONDS) if later.payload == "facts"), None)
