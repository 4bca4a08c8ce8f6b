"""A page with a list answers with the page, or with the list as a CSV file, behind the same permission."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote

import flask

from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.results import Download, PageResult, wants_json
from services.ui_gateway.tables.csv_export import csv_of
from services.ui_gateway.tables.table import Listed
from shared.contracts.facts.ui_gateway import ListExported
from shared.service_kit.http.idempotency import fresh_correlation
from shared.service_kit.observability import telemetry
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import unit_of_work


def page_or_file(
    request: PageRequest, page: PageResult, *lists: Listed, faults: Mapping[str, str] | None = None
) -> PageResult | Download:
    """The page, or that of its lists which the address asks for as a file.

    Args:
        faults: what cannot be read of the questions of the page itself, by their names.

    Raises:
        Problem: invalid-input, for a file or JSON, of questions that cannot be read; a page has them at their fields.
    """
    wrong = {**(faults or {}), **{name: fault for listed in lists for name, fault in listed.faults.items()}}
    file = next((listed for listed in lists if listed.exported), None)
    page = page_with(page, wrong, alone=file is not None)
    return exported(request, file) if file else page


def page_with(page: PageResult, faults: Mapping[str, str], *, alone: bool = False) -> PageResult:
    """The page with what cannot be read of its questions; refused where it is JSON, or nothing but an answer.

    Raises:
        Problem: invalid-input.
    """
    if faults and (alone or wants_json()):
        listed = [{"field": name, "detail": detail} for name, detail in faults.items()]
        detail = "。".join(faults.values())
        raise Problem("invalid-input", field=next(iter(faults)), detail=detail, extra={"faults": listed})
    return replace(page, status=422) if faults else page


def exported(request: PageRequest, listed: Listed) -> Download:
    """The list as a file; that it left stands in the log before the bytes do, beside the look of the service.

    Who asks for its head alone (HEAD) gets no line of it: nothing left.
    """
    content, table = csv_of(listed), listed.table
    part = "(一部)" if listed.cut else ""
    name = quote(f"{table.title}{part}_{request.clock.today().isoformat()}.csv", safe="")
    if flask.request.method != "HEAD":
        _enter(request, listed, content)
    return Download(content, f"attachment; filename*=UTF-8''{name}")


def _enter(request: PageRequest, listed: Listed, content: bytes) -> None:
    table = listed.table
    entry = ListExported(list_name=table.name, rows=len(listed.rows), sha256=sha256(content).hexdigest())
    correlation = telemetry.current_correlation() or fresh_correlation()
    with unit_of_work(request.gateway.runtime, request.actor, correlation) as work:
        work.audit_entry(entry, f"list:{table.name}")


def asked_of() -> dict[str, str]:
    """The questions of the address."""
    return dict(flask.request.args)
