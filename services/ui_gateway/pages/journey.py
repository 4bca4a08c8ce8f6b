"""The journey of a run: every recorded step of one correlation, across services, by trace and link."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.ui_gateway.clients import payments
from services.ui_gateway.clients.traces import RecordedSpan, read_correlation
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages
from services.ui_gateway.routing.results import PageResult
from shared.service_kit.problems import Problem

pages = Pages()
MOST_TRACES = 150
MOST_ROWS = 40
FIRST = 3
"""So many traces of one kind are shown; of a big run there are hundreds alike."""
DEEPEST = 8
NANOSECONDS = 1_000_000
WIDTH = 1000
"""Units of a trace's time line."""


@dataclass
class Row:
    """Steps of one service and name below the same parent, drawn as one; times in milliseconds."""

    service: str
    name: str
    depth: int
    begin: int
    end: int
    spent: int = 0
    count: int = 0
    failed: int = 0
    links: list[str] = field(default_factory=list)


@dataclass
class Trace:
    """One trace of the journey: begun by a page, an act or a piece of work."""

    trace_id: str
    begin: int
    end: int
    spans: int
    rows: list[Row]
    hidden: int
    others: int = 0
    """Traces of the same kind that are not shown after this one."""
    others_spent: int = 0
    """Their milliseconds."""

    @property
    def kind(self) -> tuple[str, str]:
        """What began it: service and name."""
        return self.rows[0].service, self.rows[0].name

    @property
    def failed(self) -> bool:
        """True where a step of it failed."""
        return any(row.failed for row in self.rows)

    @property
    def services(self) -> list[str]:
        """The services that took part, in order of appearance."""
        return list(dict.fromkeys(row.service for row in self.rows))

    @property
    def milliseconds(self) -> int:
        """From the first begin to the last end."""
        return (self.end - self.begin) // NANOSECONDS

    def bar(self, row: Row) -> tuple[int, int]:
        """Begin and width of a row's bar on the trace's time line."""
        whole = max(self.end - self.begin, 1)
        left = (row.begin - self.begin) * WIDTH // whole
        return left, max((row.end - row.begin) * WIDTH // whole, 3)


@pages.get("/runs/<uuid:run_id>/journey", permission="run.read")
def show_journey(request: PageRequest, run_id: UUID) -> PageResult:
    """All steps of the run's correlation that were recorded on this machine."""
    folder = request.gateway.runtime.settings.traces_dir
    if folder is None:
        raise Problem("not-found", detail="この環境では、処理の流れは監視基盤で確認します")
    run = payments.run(request.client("payments"), run_id)
    recorded = read_correlation(folder, run.correlation)
    drawn = fold(draw(recorded.spans), run.trace_id)
    values = {
        "run": run,
        "traces": drawn[:MOST_TRACES],
        "hidden": max(len(drawn) - MOST_TRACES, 0),
        "shown_ids": {trace.trace_id for trace in drawn[:MOST_TRACES]},
        "cut": recorded.cut,
        "spans": len(recorded.spans),
        "by_service": sorted(Counter(span.service for span in recorded.spans).items()),
        "width": WIDTH,
    }
    body = {
        "run_id": str(run_id),
        "correlation": run.correlation,
        "complete": not recorded.cut,
        "traces": _as_json(recorded.spans),
    }
    return PageResult("journey.html", values, body)


def draw(spans: Sequence[RecordedSpan]) -> list[Trace]:
    """Traces in the order of their begin, like steps drawn as one row."""
    by_trace: dict[str, list[RecordedSpan]] = {}
    for span in spans:
        by_trace.setdefault(span.trace_id, []).append(span)
    return sorted((_trace(name, of) for name, of in by_trace.items()), key=lambda trace: trace.begin)


def fold(traces: Iterable[Trace], approval: str) -> list[Trace]:
    """The first traces of each kind, every one that failed, and that of the approval; the others are counted."""
    shown: list[Trace] = []
    last: dict[tuple[str, str], Trace] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for trace in traces:
        seen[trace.kind] += 1
        if seen[trace.kind] <= FIRST or trace.failed or trace.trace_id == approval:
            shown.append(trace)
            if seen[trace.kind] <= FIRST:
                last[trace.kind] = trace
        else:
            last[trace.kind].others += 1
            last[trace.kind].others_spent += trace.milliseconds
    return shown


def _trace(trace_id: str, spans: list[RecordedSpan]) -> Trace:
    children: dict[str, list[RecordedSpan]] = {}
    known = {span.span_id for span in spans}
    for span in spans:
        parent = span.parent_id if span.parent_id in known else ""
        children.setdefault(parent, []).append(span)
    rows: list[Row] = []
    _add_rows(rows, children, [""], 0)
    begin, end = min(span.begin for span in rows), max(span.end for span in rows)
    return Trace(trace_id, begin, end, len(spans), rows[:MOST_ROWS], max(len(rows) - MOST_ROWS, 0))


def _add_rows(rows: list[Row], children: dict[str, list[RecordedSpan]], parents: Sequence[str], depth: int) -> None:
    alike: dict[tuple[str, str], list[RecordedSpan]] = {}
    for parent in parents:
        for span in children.get(parent, []):
            alike.setdefault((span.service, span.name), []).append(span)
    for (service, name), group in alike.items():
        rows.append(_row(service, name, depth, group))
        if depth < DEEPEST:
            _add_rows(rows, children, [span.span_id for span in group], depth + 1)


def _row(service: str, name: str, depth: int, group: Sequence[RecordedSpan]) -> Row:
    return Row(
        service=service,
        name=name,
        depth=depth,
        begin=min(span.start for span in group),
        end=max(span.end for span in group),
        spent=sum(span.end - span.start for span in group) // NANOSECONDS,
        count=len(group),
        failed=sum(span.failed for span in group),
        links=_traces(link for span in group for link in span.links),
    )


def _traces(links: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(link.split("-", 1)[0] for link in links))


def _as_json(spans: Sequence[RecordedSpan]) -> list[dict[str, Any]]:
    by_trace: dict[str, list[dict[str, Any]]] = {}
    for span in spans:
        step = {
            "service": span.service,
            "name": span.name,
            "span_id": span.span_id,
            "parent_id": span.parent_id or None,
            "start": span.start,
            "end": span.end,
            "links": list(span.links),
        }
        by_trace.setdefault(span.trace_id, []).append(step)
    return [{"trace_id": trace_id, "spans": of} for trace_id, of in by_trace.items()]
