"""Any error as a problem (RFC 9457), for the HTTP application of a service and for the pages alike."""

import json

from flask import Response, request
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from shared.service_kit.database.engine import is_transient
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import Problem, error_location

_OF_STATUS = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


def problem_of(error: Exception) -> Problem:
    """Return the error as a problem; what nobody foresaw is logged by its place, without its text."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return Problem(_OF_STATUS.get(error.code or 500, "invalid-input"), status=error.code)
    log().error("request.failed", route=str(request.url_rule), why=error_location(error))
    if isinstance(error, DataError):  # a value that no column takes: too large a number, a broken character
        return Problem("invalid-input", detail="項目を確認してください")
    return Problem("unavailable" if is_transient(error) else "internal")


def as_response(problem: Problem) -> Response:
    """Return the problem in JSON."""
    text = json.dumps(problem.body(), ensure_ascii=False)
    return Response(text, status=problem.status, content_type="application/problem+json", headers=retry_after(problem))


def retry_after(problem: Problem) -> dict[str, str]:
    """Return the header that says when to ask again, where the problem knows it."""
    return {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
