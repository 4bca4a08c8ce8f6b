"""A journey: all spans of one correlation, read from the trace files of one machine."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_TRACES = 400
MOST_SPANS = 60
"""Spans shown of one trace; statements of the database are counted, not shown."""


def read_journey(folder: Path | None, correlation: str) -> dict[str, Any]:
    """The traces of a correlation in order of time, each with its steps by service.

    Gives ``{"correlation", "spans", "services", "traces"}``, a trace ``{"trace_id", "begin", "links", "statements",
    "left_out", "steps"}``; times in milliseconds from the first span. Without trace files (an OTLP endpoint is set) it is empty.
    """
    spans = sorted(_spans(folder, correlation), key=lambda span: span["start"])
    origin = spans[0]["start"] if spans else 0
    traces: dict[str, list[dict[str, Any]]] = {}
    for span in spans:
        traces.setdefault(span["trace_id"], []).append(span)
    drawn = [_trace(trace_id, found, origin) for trace_id, found in list(traces.items())[:MOST_TRACES]]
    services = sorted({span["service"] for span in spans})
    return {"correlation": correlation, "spans": len(spans), "services": services, "traces": drawn}


def _spans(folder: Path | None, correlation: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")) if folder and folder.is_dir() else []:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if correlation in line and (span := _whole(line)) is not None:
                    yield span


def _whole(line: str) -> dict[str, Any] | None:
    """A span; None for a line that is half written."""
    try:
        span: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return span if {"trace_id", "service", "start", "end"} <= span.keys() else None


def _trace(trace_id: str, spans: list[dict[str, Any]], origin: int) -> dict[str, Any]:
    steps = [span for span in spans if not _is_statement(span)]
    known = {span["span_id"] for span in steps}
    depth: dict[str, int] = {}
    for span in steps:
        depth[span["span_id"]] = depth.get(span["parent_id"], -1) + 1 if span["parent_id"] in known else 0
    return {
        "trace_id": trace_id,
        "begin": _ms(spans[0]["start"] - origin),
        "links": sorted({link.split("-")[0] for span in spans for link in span["links"]}),
        "statements": sum(Counter(span["service"] for span in spans if _is_statement(span)).values()),
        "left_out": max(0, len(steps) - MOST_SPANS),
        "steps": [
            {
                "service": span["service"],
                "name": span["name"],
                "kind": span["kind"],
                "depth": depth[span["span_id"]],
                "begin": _ms(span["start"] - origin),
                "milliseconds": _ms(span["end"] - span["start"]),
                "status": span["status"],
            }
            for span in steps[:MOST_SPANS]
        ],
    }


def _is_statement(span: dict[str, Any]) -> bool:
    return "db.system" in span.get("attributes", {})


def _ms(nanoseconds: int) -> int:
    return nanoseconds // 1_000_000
