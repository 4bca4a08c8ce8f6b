"""The spans that this process recorded."""

from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.service_kit.observability import telemetry

_exporter: InMemorySpanExporter | None = None


def spans() -> InMemorySpanExporter:
    """Where every span of this process is, from the first call on."""
    global _exporter
    if _exporter is None:
        _exporter = InMemorySpanExporter()
        telemetry.add_exporter(SimpleSpanProcessor(_exporter))
    return _exporter
