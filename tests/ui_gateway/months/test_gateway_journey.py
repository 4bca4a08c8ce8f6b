"""The journey of a run is read from the files of spans, bounded, and past what is damaged."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.ui_gateway.clients import traces
from services.ui_gateway.clients.traces import RecordedSpan, read_correlation
from services.ui_gateway.pages.journey import FIRST, MOST_ROWS, draw
from shared.contracts.correlation import month_correlation
from tests.ui_gateway.months.test_gateway_month import PROPOSE, paid
from tests.ui_gateway.staff import BOARD, MONTH, Office

OURS, OTHERS = str(uuid4()), str(uuid4())


def line(span_id: str, correlation: object = OURS, parent: str | None = None, **changed: object) -> str:
    step: dict[str, object] = {
        "service": "payments",
        "name": "POST /runs",
        "kind": "SERVER",
        "trace_id": "a" * 32,
        "span_id": span_id,
        "parent_id": parent,
        "start": 1_000_000_000,
        "end": 1_500_000_000,
        "status": "UNSET",
        "attributes": {"kurashi.correlation": correlation},
        "links": [],
    }
    return json.dumps({**step, **changed}) + "\n"


def test_only_the_spans_of_one_correlation_are_read(tmp_path: Path) -> None:
    (tmp_path / "payments.jsonl").write_text(line("1") + line("2", OTHERS) + line("3", [OTHERS, OURS]))
    (tmp_path / "case_management.jsonl").write_text(line("4", start=1, service="case_management"))
    found = read_correlation(tmp_path, OURS)
    assert [span.span_id for span in found.spans] == ["4", "1", "3"]
    assert not found.cut


def test_a_damaged_or_half_written_line_hides_nothing_else(tmp_path: Path) -> None:
    whole = line("1")
    text = whole + f'{{"broken": "{OURS}"}}\n' + OURS + "\n" + line("2", start="soon") + line("3") + whole[:-30]
    (tmp_path / "payments.jsonl").write_text(text)
    assert [span.span_id for span in read_correlation(tmp_path, OURS).spans] == ["1", "3"]
    assert read_correlation(tmp_path / "nowhere", OURS).spans == []


def test_more_than_can_be_read_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "payments.jsonl").write_text("".join(line(str(number)) for number in range(10)))
    monkeypatch.setattr(traces, "MOST_SPANS", 4)
    found = read_correlation(tmp_path, OURS)
    assert (len(found.spans), found.cut) == (4, True)
    monkeypatch.setattr(traces, "MOST_BYTES", 100)
    assert read_correlation(tmp_path, OURS) == traces.Recorded([], cut=True)


def span(span_id: str, parent: str = "", name: str = "SELECT", trace: str = "a", **changed: Any) -> RecordedSpan:
    plain = RecordedSpan("payments", name, trace, span_id, parent, 1_000_000, 3_000_000, failed=False, links=())
    return replace(plain, **changed)


def test_like_steps_are_drawn_as_one_row_below_their_parent() -> None:
    (trace,) = draw([span("1", name="order", end=9_000_000), *(span(f"s{n}", "1") for n in range(400))])
    assert [(row.name, row.depth, row.count, row.spent) for row in trace.rows] == [
        ("order", 0, 1, 8),
        ("SELECT", 1, 400, 800),
    ]
    assert trace.bar(trace.rows[1]) == (0, 250)


def test_a_trace_of_many_different_steps_is_bounded() -> None:
    (trace,) = draw([span(str(number), name=f"step {number}") for number in range(500)])
    assert (len(trace.rows), trace.hidden) == (MOST_ROWS, 500 - MOST_ROWS)


def test_traces_stand_in_their_order_and_name_those_they_follow() -> None:
    first, second = draw([span("2", trace="b", start=5, links=("a-1", "a-2")), span("1", trace="a", start=1)])
    assert (first.trace_id, second.trace_id, second.rows[0].links) == ("a", "b", ["a"])


@pytest.mark.database
def test_a_run_shows_the_whole_journey_of_its_month(office: Office, tmp_path: Path) -> None:
    run = paid(office)
    assert run["correlation"] == month_correlation(MONTH)
    told = [one for one in office.gateway.spans() if MONTH_OF in str(one["attributes"])]
    (tmp_path / "traces").mkdir()
    text = "".join(json.dumps(one) + "\n" for one in told)
    (tmp_path / "traces" / "office.jsonl").write_text(text + text[:100])
    treasurer = office.browser("demo-treasurer")
    page = treasurer.get(f"/runs/{run['run_id']}/journey")
    for act in (PROPOSE, f"{PROPOSE}/approval", f"{BOARD}/runs"):
        assert f"POST {act.replace(MONTH, '<month>')}" in page.text.replace("&lt;", "<")
    assert f'<details open class="trace" id="t-{run["trace_id"]}"' in page.html, "the approval is unfolded"
    journey = treasurer.json(f"/runs/{run['run_id']}/journey")
    names = {one["trace_id"]: {step["name"] for step in one["spans"]} for one in journey["traces"]}
    deciding = names[str(run["trace_id"])]
    assert {"POST /runs/<uuid:run_id>/approval", "POST /runs/<run_id>/approval"} <= deciding
    assert not any(name.startswith("GET /months") for of in names.values() for name in of), "looking is no act"


@pytest.mark.database
def test_repeated_steps_of_a_big_run_are_folded_on_the_page_and_whole_in_the_json(
    office: Office, tmp_path: Path
) -> None:
    run = paid(office)
    accountant = office.browser("demo-accountant")
    (tmp_path / "traces").mkdir()
    lines = [
        line(
            str(n), MONTH_OF, name="take payments.facts", trace_id=f"{n:032x}", status="ERROR" if n == 400 else "UNSET"
        )
        for n in range(500)
    ]
    (tmp_path / "traces" / "office.jsonl").write_text("".join(lines))
    page = accountant.get(f"/runs/{run['run_id']}/journey")
    assert page.html.count("<details") == FIRST + 1, "the first ones, and the one that failed"
    assert page.html.count("<details open") == 1, "what failed is unfolded"
    assert f"同じ処理が他 {500 - FIRST - 1}件" in page.text
    assert len(accountant.json(f"/runs/{run['run_id']}/journey")["traces"]) == 500


MONTH_OF = month_correlation(MONTH)
