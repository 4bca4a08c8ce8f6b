"""What every request of a service goes through, whatever its route: sizes, characters, headers."""

import contextlib
import re
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.service_kit.http.bodies import ReadableBodies
from shared.service_kit.problems import Problem
from shared.service_kit.settings import Settings

MOST_JSON = 1024 * 1024
MOST_PARTS = 8
_FILE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NO_ADDRESS = re.compile(r"[^\x21-\x7e]")
"""No address of ours has such a character: a name typed into one is told to nobody."""
_NUL_IN_JSON = re.compile(rb"\\u0000|\x00")


def guard(app: Flask, settings: Settings) -> None:
    """Put sizes, characters and headers before every route of the application."""
    app.wsgi_app = ReadableBodies(app.wsgi_app)  # type: ignore[method-assign]
    app.config.update(MAX_CONTENT_LENGTH=MOST_JSON, MAX_FORM_PARTS=MOST_PARTS, DEBUG=False)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    app.before_request(_refuse_odd_addresses)
    app.after_request(_close)


def read_files(settings: Settings, accepts: Sequence[str] = ("text/csv",)) -> dict[str, bytes]:
    """The files of a multipart form, by the names of its parts.

    Raises:
        Problem: invalid-input with the part that is none of the types, has no plain name, or comes twice.
        werkzeug.exceptions.RequestEntityTooLarge: more bytes or parts than are allowed.
    """
    request.max_content_length = settings.max_body_bytes
    for name in request.form:
        raise Problem("invalid-input", field=_named(name), detail="ファイルではない項目があります")
    files: dict[str, bytes] = {}
    for name, part in sorted(request.files.items(multi=True), key=lambda named_part: str(named_part[0])):
        with contextlib.closing(part):
            if not _FILE_NAME.fullmatch(name or "") or name in files:
                raise Problem("invalid-input", field=_named(name), detail="ファイルの名前を確認してください")
            if part.mimetype not in accepts:
                raise Problem("invalid-input", field=name, detail=f"{'、'.join(accepts)} のファイルだけを受け取ります")
            files[name] = part.read()
    return files


def read_json() -> bytes:
    """The JSON of the request as it came.

    Raises:
        Problem: invalid-input where it holds NUL, which no text of ours may.
    """
    data = request.get_data() or b"null"
    if _NUL_IN_JSON.search(data):
        raise Problem("invalid-input", field="", detail="使えない文字があります")
    return data


def _named(name: str | None) -> str:
    """A part may have no name at all."""
    return name if name and _FILE_NAME.fullmatch(name) else "files"


def _refuse_odd_addresses() -> None:
    if _NO_ADDRESS.search(request.path):
        raise Problem("not-found", detail="使えない文字があります")
    for name, values in request.args.lists():
        if any(_CONTROL.search(text) for text in (name, *values)):
            raise Problem("invalid-input", field="query", detail="使えない文字があります", status=400)
        if len(values) > 1:
            raise Problem("invalid-input", field="query", detail="同じ項目が二度あります", status=400)


def _close(response: Response) -> Response:
    """Nothing of ours is sniffed, framed, run, kept, or read by another site."""
    headers: dict[str, Any] = {
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
