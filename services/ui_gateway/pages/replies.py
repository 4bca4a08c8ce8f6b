"""What a page answers: HTML for browsers, JSON for those who ask for it; problems in the same two forms."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from services.ui_gateway.pages.visit import Visit
from shared.service_kit.database.engine import passing
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import Problem, where

_OF_STATUS = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


@dataclass(frozen=True)
class Shown:
    """A page: its template with values, and the same as JSON; JSON alone where it has no template."""

    template: str
    values: Mapping[str, Any]
    body: Any


@dataclass(frozen=True)
class Done:
    """An act: what it did, in words for the next page and as the views of the rooms."""

    to: str
    message: str
    body: Any
    status: int = 200


@dataclass(frozen=True)
class Download:
    """A file as a service keeps it, byte for byte; ``disposition`` tells the browser its name."""

    content: bytes
    disposition: str


@dataclass(frozen=True)
class Frame:
    """What surrounds every page."""

    demo: bool
    visit: Visit | None = None
    message: str = ""


def wants_json() -> bool:
    """True where the caller asks for JSON rather than for a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html"


def as_json(body: Any, status: int = 200, kind: str = "application/json") -> Response:
    """An answer in JSON."""
    return Response(json.dumps(body, ensure_ascii=False, default=str), status=status, content_type=kind)


def as_page(template: str, frame: Frame, status: int = 200, **values: Any) -> Response:
    """A page."""
    return make_response(render_template(template, frame=frame, visit=frame.visit, **values), status)


def as_file(download: Download) -> Response:
    """A file for the browser to save."""
    answer = Response(download.content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = download.disposition
    return answer


def as_problem(error: Exception, frame: Frame) -> Response:
    """Any error as a problem."""
    problem = problem_of(error)
    answer = _shown(problem, frame)
    if problem.retry_after:
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer


def _shown(problem: Problem, frame: Frame) -> Response:
    if wants_json():
        return as_json(problem.body(), problem.status, "application/problem+json")
    return as_page("problem.html", frame, problem.status, problem=problem, again=_again(problem, frame.visit))


def _again(problem: Problem, visit: Visit | None) -> tuple[str, dict[str, str]] | None:
    """Where to send the same act again, and its fields, where the failure passes."""
    if problem.status != 503 or visit is None or not (visit.act or request.method == "POST"):
        return None
    return visit.address, {name: value for name, value in visit.sent.items() if name != "csrf"}


def problem_of(error: Exception) -> Problem:
    """The error as a problem; what nobody foresaw is logged by its place, without its text."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return Problem(_OF_STATUS.get(error.code or 500, "invalid-input"), status=error.code)
    log().error("page.failed", route=str(request.url_rule), why=where(error))
    return Problem("unavailable" if passing(error) else "internal")
