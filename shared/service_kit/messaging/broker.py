"""The broker as a service uses it: with time-outs, waited for where it is away or takes nothing, believed in nothing.

What comes from it carries no truth: a message is acknowledged by the broker as it is handed over, and what is lost is
found again from the database. So one that cannot be read is dropped for good, counted and logged.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from kombu import Connection, Consumer, Message, Producer, Queue, compression

from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import error_location
from shared.service_kit.settings import Settings

CONNECT_SECONDS: Final = 3
ANSWER_SECONDS: Final = 10
"""A broker that is stopped or cut off is given up after so long; above the second for which kombu waits in Redis."""
AGAIN_SECONDS: Final = 1.0
UNREADABLE_AT_ONCE: Final = 100
"""Messages that kombu could not read, after which the connection is made anew."""
WAITING: Final = 64
"""Messages that wait to be sent; more are not kept: the schedule finds their work again."""
Take = Callable[[Message], None]
Send = Callable[[Producer], object]


def _refuse(_body: object) -> bytes:
    raise ValueError("nothing of ours is compressed")


for _kind in compression.encoders():  # kombu would unpack whatever says so of itself, without a bound
    compression.register(_refuse, _refuse, _kind)


def transport_options(url: str, seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
    """Time-outs of a connection, as its kind of broker has them.

    In Redis no copy of what was taken waits to be given out again: that would need scripts and keys of all services.
    """
    if url.startswith("amqp"):
        return {"read_timeout": seconds, "write_timeout": seconds}
    waits = {"socket_timeout": seconds, "socket_connect_timeout": CONNECT_SECONDS}
    return {**waits, "socket_keepalive": True, "ack_emulation": False}


def drop(queue_name: str, why: str) -> None:
    """Count and log a message that is not taken; ``why`` is a code, or class and place of an error."""
    telemetry.MESSAGES_DROPPED.labels(queue_name).inc()
    log().error("message.dropped", queue=queue_name, why=why)


class Broker:
    """The broker of one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._waiting: queue.Queue[Send] = queue.Queue(WAITING)
        self._sending: threading.Thread | None = None
        self._lock = threading.Lock()
        self.fault = ""
        """Why it takes nothing now: class and place of the last error; empty where it does."""

    def connect(self, seconds: float = ANSWER_SECONDS) -> Connection:
        """A connection that waits for no answer longer than so many seconds."""
        url = self._settings.broker_url
        options = transport_options(url, seconds)
        return Connection(url, connect_timeout=CONNECT_SECONDS, transport_options=options)

    def answers(self) -> bool:
        """True where it takes what is sent and answers within two seconds."""
        if self.fault:
            return False
        try:
            with self.connect(2) as connection:
                return connection.default_channel is not None
        except Exception:
            return False

    def send(self, name: str, send: Send) -> None:
        """Have a message sent soon; nobody waits for the broker, and what it does not take is found again.

        Args:
            name: of what is sent, for the log.
            send: sends it with the producer that it is handed.
        """
        with self._lock:
            if self._sending is None:
                self._sending = threading.Thread(target=self._send_for_ever, name="send", daemon=True)
                self._sending.start()
        try:
            self._waiting.put_nowait(send)
        except queue.Full:
            log().warning("message.not_sent", name=name)

    def _send_for_ever(self) -> None:
        send = self._waiting.get()
        while True:
            try:
                with self.connect() as connection:
                    producer = Producer(connection)
                    while True:
                        send(producer)
                        self.note("")
                        send = self._waiting.get()
            except Exception as error:
                self.note(error_location(error))
                time.sleep(AGAIN_SECONDS)

    def note(self, fault: str) -> None:
        """Note whether the broker takes what is sent; told when that changes."""
        if bool(fault) != bool(self.fault):
            log().warning("broker.away" if fault else "broker.back", why=fault)
        telemetry.BROKER_AWAY.set(bool(fault))
        self.fault = fault

    def take(
        self,
        queues: Sequence[Queue],
        take: Take,
        meanwhile: Callable[[], None] = lambda: None,
        running: Callable[[], bool] = lambda: True,
    ) -> None:
        """Hand over what comes, one message at a time, while ``running``; a broker that is away is waited for.

        Args:
            meanwhile: called every second, whether the broker is there or not.
        """
        while running():
            try:
                with self.connect() as connection, self._consumer(connection, queues, take):
                    self._drain(connection, queues, meanwhile, running)
            except Exception as error:
                log().warning("broker.again", why=error_location(error))
                meanwhile()
                time.sleep(AGAIN_SECONDS)

    def _consumer(self, connection: Connection, queues: Sequence[Queue], take: Take) -> Consumer:
        return Consumer(connection, queues=queues, no_ack=True, on_message=take)

    def _drain(
        self,
        connection: Connection,
        queues: Sequence[Queue],
        meanwhile: Callable[[], None],
        running: Callable[[], bool],
    ) -> None:
        broken = (*connection.connection_errors, *connection.channel_errors)
        for _ in range(UNREADABLE_AT_ONCE):
            try:
                while running():
                    meanwhile()
                    _next(connection)
                return
            except KeyError as error:  # a message that lacks something; kombu takes it for a broken connection as well
                drop(queues[0].name, error_location(error))
                return
            except broken:
                raise
            except Exception as error:  # not read by kombu itself, and gone from the queue
                drop(queues[0].name, error_location(error))


def _next(connection: Connection) -> None:
    try:
        connection.drain_events(timeout=1)
    except TimeoutError:
        return


def publish(producer: Producer, to: Queue, body: bytes, **properties: Any) -> None:
    """Send one message, declaring its queue: after a flush of the broker the queue is gone.

    Declared here and not by ``declare=``, which remembers what it declared and leaves RabbitMQ without the queue.
    """
    to.bind(producer.channel).declare()
    producer.publish(
        body,
        exchange="",
        routing_key=to.name,
        content_encoding="binary",
        serializer=None,
        delivery_mode=2,
        retry=False,
        **properties,
    )
