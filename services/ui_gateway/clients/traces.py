"""Recorded spans, read from the files of one machine: ``KURASHI_TRACES_DIR/<service>.jsonl``."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.service_kit.observability.telemetry import CORRELATION

MOST_BYTES = 512 * 1024 * 1024
MOST_SPANS = 50_000
LONGEST_LINE = 64 * 1024


@dataclass(frozen=True)
class RecordedSpan:
    """A span; ``start`` and ``end`` are nanoseconds since the epoch, ``links`` name trace and span."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    start: int
    end: int
    failed: bool
    links: tuple[str, ...]


@dataclass
class Recorded:
    """The spans of one correlation; ``cut`` where there were more than could be read."""

    spans: list[RecordedSpan] = field(default_factory=list)
    cut: bool = False


def read_correlation(folder: Path, correlation: str) -> Recorded:
    """All spans of one correlation, oldest first; a line that is half written or damaged is passed over."""
    recorded = Recorded()
    left = MOST_BYTES
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else []:
        left -= path.stat().st_size
        if left < 0:
            recorded.cut = True
            break
        for span in _of_file(path, correlation):
            if len(recorded.spans) == MOST_SPANS:
                recorded.cut = True
                break
            recorded.spans.append(span)
    recorded.spans.sort(key=lambda span: (span.start, span.span_id))
    return recorded


def _of_file(path: Path, correlation: str) -> Iterator[RecordedSpan]:
    needle = correlation.encode()
    with path.open("rb") as lines:
        while line := lines.readline(LONGEST_LINE):
            if needle in line and (span := _span(line, correlation)):
                yield span


def _span(line: bytes, correlation: str) -> RecordedSpan | None:
    try:
        span: dict[str, Any] = json.loads(line)
        of = span["attributes"][CORRELATION]
        if correlation not in (of if isinstance(of, list) else [of]):
            return None
        return RecordedSpan(
            service=str(span["service"]),
            name=str(span["name"]),
            trace_id=str(span["trace_id"]),
            span_id=str(span["span_id"]),
            parent_id=str(span["parent_id"] or ""),
            start=int(span["start"]),
            end=int(span["end"]),
            failed=span["status"] == "ERROR",
            links=tuple(map(str, span["links"])),
        )
    except (ValueError, KeyError, TypeError):
        return None
