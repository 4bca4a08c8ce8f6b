"""What a page answers: HTML for browsers, JSON for those who ask for it; problems in the same two forms."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import flask
from flask import Response, make_response, render_template

from services.ui_gateway.routing.key_settings import KeySettings, key_settings
from services.ui_gateway.routing.page_request import PageRequest
from shared.service_kit.http.problem_responses import as_response, problem_of, retry_after
from shared.service_kit.problems import Problem


@dataclass(frozen=True)
class PageResult:
    """A page: its template with values, and the same as JSON; JSON alone where it has no template."""

    template: str
    values: Mapping[str, Any]
    body: Any
    status: int = 200


@dataclass(frozen=True)
class ActResult:
    """An act: what it did, in words for the next page and as the views of the services.

    ``keys`` are the settings of the keyboard that it changes in this browser.
    """

    to: str
    message: str
    body: Any
    status: int = 200
    keys: KeySettings | None = None


@dataclass(frozen=True)
class Download:
    """A file as a service keeps it, byte for byte; ``disposition`` carries its name."""

    content: bytes
    disposition: str


@dataclass(frozen=True)
class Layout:
    """What surrounds every page."""

    demo: bool
    request: PageRequest | None = None
    message: str = ""

    @property
    def keys(self) -> KeySettings:
        """How this browser wants the keyboard."""
        return key_settings(self.request.gateway) if self.request else KeySettings()


def wants_json() -> bool:
    """True where the caller asks for JSON rather than for a page."""
    best = flask.request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html"


def as_json(body: Any, status: int = 200, kind: str = "application/json") -> Response:
    """An answer in JSON."""
    return Response(json.dumps(body, ensure_ascii=False, default=str), status=status, content_type=kind)


def as_page(template: str, layout: Layout, status: int = 200, **values: Any) -> Response:
    """A page."""
    return make_response(render_template(template, layout=layout, request=layout.request, **values), status)


def as_file(download: Download) -> Response:
    """A file for the browser to save."""
    answer = Response(download.content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = download.disposition
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'"
    return answer


def as_problem(error: Exception, layout: Layout) -> Response:
    """Any error as a problem."""
    problem = problem_of(error)
    answer = _shown(problem, layout)
    answer.headers.update(retry_after(problem))
    return answer


def _shown(problem: Problem, layout: Layout) -> Response:
    if wants_json():
        return as_response(problem)
    return as_page("problem.html", layout, problem.status, problem=problem, again=_again(problem, layout.request))


def _again(problem: Problem, request: PageRequest | None) -> tuple[str, dict[str, str]] | None:
    """Where to send the same act again, and its fields, where the failure passes."""
    if problem.status != 503 or request is None or not (request.act or flask.request.method == "POST"):
        return None
    return request.address, {name: value for name, value in request.sent.items() if name != "csrf"}
