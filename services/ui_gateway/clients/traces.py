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
    found = Recorded()
    left = MOST_BYTES
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else []:
        left -= path.stat().st_size
        if left < 0:
            found.cut = True
            break
        for span in _of_file(path, correlation):
            if len(found.spans) == MOST_SPANS:
                found.cut = True
                break
            found.spans.append(span)
    found.spans.sort(key=lambda span: (span.start, span.span_id))
    return found


def _of_file(path: Path, correlation: str) -> Iterator[RecordedSpan]:
    wanted = correlation.encode()
    with path.open("rb") as lines:
        while line := lines.readline(LONGEST_LINE):
            if wanted in line and (span := _span(line, correlation)):
                yield span


def _span(line: bytes, correlation: str) -> RecordedSpan | None:
    try:
        told: dict[str, Any] = json.loads(line)
        of = told["attributes"][CORRELATION]
        if correlation not in (of if isinstance(of, list) else [of]):
            return None
        return RecordedSpan(
            service=str(told["service"]),
            name=str(told["name"]),
            trace_id=str(told["trace_id"]),
            span_id=str(told["span_id"]),
            parent_id=str(told["parent_id"] or ""),
            start=int(told["start"]),
            end=int(told["end"]),
            failed=told["status"] == "ERROR",
            links=tuple(map(str, told["links"])),
        )
    except (ValueError, KeyError, TypeError):
        return None
