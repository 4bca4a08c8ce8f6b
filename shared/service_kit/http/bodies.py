"""Bodies that cannot be read: cut, or in chunks that are none. The client's fault, wherever it is found."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_UNREADABLE = (OSError, ParseException)
"""What the web process raises of such a body, at the first read that meets it."""


class _Body:
    """The stream of a request's body."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def read(self, *size: int) -> bytes:
        """Read, or refuse."""
        return self._or_refuse(self._stream.read, *size)

    def readline(self, *size: int) -> bytes:
        """Read a line, or refuse."""
        return self._or_refuse(self._stream.readline, *size)

    @staticmethod
    def _or_refuse(read: Any, *size: int) -> bytes:
        try:
            return bytes(read(*size))
        except _UNREADABLE:
            raise BadRequest("the body cannot be read") from None


class ReadableBodies:
    """A WSGI application around another, to which a body that cannot be read is a bad request (400)."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request."""
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        return self._app(environ, start_response)
