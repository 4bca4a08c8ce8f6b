"""Traces and metrics. All names of spans' attributes and of metrics stand here."""

import json
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanKind, Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge, Histogram

CORRELATION = "kurashi.correlation"
STATEMENTS = "kurashi.statements"
STATEMENTS_NS = "kurashi.statements_ns"
CORRELATION_HEADER = "Kurashi-Correlation"
MOST_LINKS = 64
"""More links than this to one span tell a reader nothing more."""

HTTP_SECONDS = Histogram("kurashi_http_seconds", "Time to answer a request", ["method", "route", "status"])
OUTBOX_WAITING = Gauge("kurashi_outbox_waiting", "Facts committed and not yet sent", ["stream"])
PAGES_DROPPED = Counter("kurashi_pages_dropped", "Pages dropped: signature, epoch or form", ["producer", "why"])
FACTS_APPLIED = Counter("kurashi_facts_applied", "Facts applied by subscriptions", ["producer", "stream"])
FACTS_PARKED = Counter("kurashi_facts_parked", "Facts parked", ["producer", "stream"])
SUBSCRIPTION_STOPPED = Gauge("kurashi_subscription_stopped", "1 while a subscription stands still", ["subscription"])
CHUNKS_PARKED = Counter("kurashi_chunks_parked", "Chunks parked after too many attempts", ["job"])
TASK_FAILURES = Gauge("kurashi_task_failures", "Failures in a row of what is done outside chunks", ["task"])
LIMITED = Counter("kurashi_requests_limited", "Requests turned away: too many in a minute", ["limit"])
HALF_REQUESTS = Counter("kurashi_half_requests", "Requests given up: they did not come in time, or too many", ["why"])
MESSAGES_DROPPED = Counter("kurashi_messages_dropped", "Messages that could not be read, dropped", ["queue"])
BROKER_AWAY = Gauge("kurashi_broker_away", "1 while the broker takes nothing that this process sends")
TASK_LIVE = Gauge("kurashi_task_last_seconds", "When the worker last did a real task, in epoch seconds", [])

TRACER = trace.get_tracer("kurashi")
"""Asked for once: to make one anew for each span costs more than the span."""
_correlation: ContextVar[str | tuple[str, ...]] = ContextVar("correlation", default="")
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)
_statements: ContextVar["Statements | None"] = ContextVar("statements", default=None)
_propagator = TraceContextTextMapPropagator()


@dataclass
class Statements:
    """The SQL statements that were executed in one span, and their nanoseconds in all."""

    count: int = 0
    nanoseconds: int = 0


class _Correlate(SpanProcessor):
    """Puts the correlation on every span, and takes error texts off it: they may carry personal data."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        value = _correlation.get()
        if value:
            span.set_attribute(CORRELATION, value)

    def on_end(self, span: ReadableSpan) -> None:
        span._status = Status(span.status.status_code)
        span._events = []


class _OfAnAct(BatchSpanProcessor):
    """Sends only spans that belong to an act or run: idle rounds of the machinery have no correlation."""

    def on_end(self, span: ReadableSpan) -> None:
        if span.attributes and CORRELATION in span.attributes:
            super().on_end(span)


class _FileExporter(SpanExporter):
    """Writes one JSON line a span, for one machine without a collector."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        text = "".join(json.dumps(span_as_json(span), ensure_ascii=False) + "\n" for span in spans)
        with self._lock:
            self._file.write(text)
            self._file.flush()
        return SpanExportResult.SUCCESS


def span_as_json(span: ReadableSpan) -> dict[str, object]:
    """One span as the journey reads it; times in nanoseconds since the epoch."""
    context = span.get_span_context()
    return {
        "service": span.resource.attributes.get("service.name"),
        "name": span.name,
        "kind": span.kind.name,
        "trace_id": f"{context.trace_id:032x}" if context else None,
        "span_id": f"{context.span_id:016x}" if context else None,
        "parent_id": f"{span.parent.span_id:016x}" if span.parent else None,
        "start": span.start_time,
        "end": span.end_time,
        "status": span.status.status_code.name,
        "attributes": {key: list(v) if isinstance(v, tuple) else v for key, v in (span.attributes or {}).items()},
        "links": [f"{link.context.trace_id:032x}-{link.context.span_id:016x}" for link in span.links],
    }


def start_telemetry(service: str, traces_dir: Path | None) -> None:
    """Begin to record spans in this process; call it after the fork."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(_Correlate())
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        provider.add_span_processor(_OfAnAct(OTLPSpanExporter()))
    elif traces_dir:
        exporter = _FileExporter(traces_dir / f"{service}.jsonl")
        provider.add_span_processor(_OfAnAct(exporter, max_queue_size=65536, schedule_delay_millis=300))
    trace.set_tracer_provider(provider)


def add_exporter(processor: SpanProcessor) -> None:
    """Hand every span of this process to ``processor`` too; for the tests' captured spans."""
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider(resource=Resource.create({"service.name": "test"}))
        provider.add_span_processor(_Correlate())
        trace.set_tracer_provider(provider)
    provider.add_span_processor(processor)


def flush_telemetry() -> None:
    """Send what is recorded; call it before the process ends."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.force_flush(5_000)


@contextmanager
def span(
    name: str,
    *,
    correlation: str | Iterable[str] = "",
    kind: SpanKind = SpanKind.INTERNAL,
    parent: str = "",
    new_trace: bool = False,
    links: Iterable[str] = (),
    attributes: dict[str, str | int] | None = None,
) -> Iterator[trace.Span]:
    """A span; ``parent`` and ``links`` are traceparents, ``correlation`` holds within it.

    Args:
        new_trace: begin a trace of its own, whatever is current.
    """
    if _quiet.get():
        yield trace.INVALID_SPAN
        return
    value = correlation if isinstance(correlation, str) else tuple(sorted(set(correlation)))
    token = _correlation.set(value if value else _correlation.get())
    executed = Statements()
    counting = _statements.set(executed)
    context = _context(parent) if parent else (Context() if new_trace else None)
    named = [Link(target) for target in map(_span_context, list(dict.fromkeys(links))[:MOST_LINKS]) if target.is_valid]
    try:
        with TRACER.start_as_current_span(
            name, context=context, kind=kind, links=named, attributes=attributes
        ) as current:
            try:
                yield current
            finally:
                if executed.count:
                    current.set_attributes({STATEMENTS: executed.count, STATEMENTS_NS: executed.nanoseconds})
    finally:
        _statements.reset(counting)
        _correlation.reset(token)


def go_on(correlation: str) -> None:
    """The current span, and what follows in it, belong to this journey."""
    _correlation.set(correlation)
    trace.get_current_span().set_attribute(CORRELATION, correlation)


@contextmanager
def quiet() -> Iterator[None]:
    """Record no span within: for work that mostly finds nothing to do."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def statements() -> Statements | None:
    """What the current span has executed so far; None where nothing is recorded."""
    return None if _quiet.get() else _statements.get()


def traceparent() -> str:
    """The W3C traceparent of the current span; empty where none is recorded."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent", "")


def current_trace_id() -> str:
    """32 hex digits of the current trace; zeros where none is recorded."""
    return f"{trace.get_current_span().get_span_context().trace_id:032x}"


def current_correlation() -> str:
    """The correlation of the current span; empty where there is none, the first where there are many."""
    value = _correlation.get()
    return value if isinstance(value, str) else value[0]


def _context(parent: str) -> Context:
    return _propagator.extract({"traceparent": parent}, context=Context())


def _span_context(parent: str) -> trace.SpanContext:
    return trace.get_current_span(_context(parent)).get_span_context()
