"""The relay: numbers committed facts and sends them as pages to the queues of their subscribers."""

import contextlib
import time
from typing import TYPE_CHECKING

import psycopg
from kombu import Connection, Producer, Queue
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shared.service_kit import streams, telemetry
from shared.service_kit.logs import log
from shared.service_kit.problems import where
from shared.service_kit.schema import STREAMS, stream_heads

if TYPE_CHECKING:
    from shared.service_kit.service import Service

IDLE_SECONDS = 1.0
CONTENT_TYPE = "application/octet-stream"


def queue_for(subscriber: str, producer: str, stream: str) -> Queue:
    """The queue of one subscription."""
    name = f"{subscriber}.{producer}.{stream}"
    return Queue(name, durable=True, auto_delete=False)


def publish(channel_producer: Producer, queue: Queue, page: streams.Page) -> None:
    """Send one page, declaring its queue: after a flush of the broker the queue is gone.

    Declared here and not by ``declare=``, which remembers what it declared and leaves RabbitMQ without the queue.
    """
    queue.bind(channel_producer.channel).declare()
    channel_producer.publish(
        page.body,
        exchange="",
        routing_key=queue.name,
        content_type=CONTENT_TYPE,
        content_encoding="binary",
        serializer=None,
        headers={"key_id": page.key_id, "signature": page.signature},
        delivery_mode=2,
        retry=False,
    )


class Relay:
    """Runs in the worker until told to stop; a broker that is down costs nothing but time."""

    def __init__(self, service: "Service") -> None:
        self.service = service
        self.running = True

    def run(self) -> None:
        """Number and send for ever: woken by commits, and by the clock."""
        while self.running:
            try:
                self._serve()
            except Exception as error:
                log().warning("relay.again", why=where(error))
                time.sleep(IDLE_SECONDS)

    def _serve(self) -> None:
        with (
            psycopg.connect(self.service.settings.database_url, autocommit=True) as bell,
            Connection(self.service.settings.broker_url, connect_timeout=3) as broker,
        ):
            bell.execute("LISTEN outbox")
            producer = Producer(broker)
            while self.running:
                with telemetry.quiet():
                    self.number()
                    for stream in STREAMS:
                        self._send(stream, producer)
                with contextlib.suppress(StopIteration):
                    next(bell.notifies(timeout=IDLE_SECONDS, stop_after=1))

    def number(self) -> None:
        """Number what waits in the streams, one transaction a batch."""
        with Session(self.service.engine) as session:
            with session.begin():
                waiting = streams.waiting(session)
            for stream, count in waiting.items():
                telemetry.OUTBOX_WAITING.labels(stream).set(count)
                while count:
                    with session.begin():
                        count = streams.number_waiting(session, stream)

    def _send(self, stream: str, producer: Producer) -> None:
        subscribers = self.service.catalog.subscribers(self.service.name, stream)
        queues = [queue_for(subscriber, self.service.name, stream) for subscriber in subscribers]
        with Session(self.service.engine) as session:
            while self.running:
                with session.begin():
                    head = session.execute(select(stream_heads).where(stream_heads.c.stream == stream)).one()
                    if head.published >= head.number:
                        return
                    page = streams.read_page(session, self.service.signer, self.service.name, stream, head.published)
                for queue in queues:
                    publish(producer, queue, page)
                with session.begin():
                    session.execute(
                        update(stream_heads).where(stream_heads.c.stream == stream).values(published=page.through),
                    )
