"""Structured logs on standard error: JSON lines of codes and numbers, never of personal data."""

import logging
import sys

import structlog

from shared.service_kit.observability.telemetry import current_correlation, current_trace_id


def _where_we_are(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {**event, "correlation": current_correlation(), "trace_id": current_trace_id()}


def start_logs(service: str) -> None:
    """Send our own and the libraries' logs to standard error as JSON lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where_we_are,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(),
            foreign_pre_chain=[*shared, _without_error_text],
        ),
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service)
    logging.getLogger("kurashi").setLevel(logging.INFO)


def _without_error_text(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A library's error may quote a row; its class and place are enough."""
    info = event.pop("exc_info", None)
    record = event.get("_record")
    error = info[1] if isinstance(info, tuple) else (record.exc_info[1] if record and record.exc_info else None)
    if record:
        record.exc_info = record.exc_text = None
    if error is not None:
        from shared.service_kit.problems import error_location

        event["event"], event["error"] = str(getattr(record, "msg", "error"))[:80], error_location(error)
    return event


def log(name: str = "kurashi") -> structlog.stdlib.BoundLogger:
    """A logger; give it codes, ids and numbers."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
