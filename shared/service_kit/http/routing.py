"""Operations of a service as its ``api/`` declares them. A route cannot lack its permission."""

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from shared.service_kit.http.guard import RecordOf
from shared.service_kit.runtime import Runtime

APPROVING = frozenset({"approve", "accept"})
"""The last words of permissions by which something is approved."""
Handler = Callable[..., Any]
Ask = Callable[..., Any]
"""What a route has to know of other services: called with the runtime, the caller, the parts of the path, the body."""
CSV = ("text/csv",)
"""The types of files that a route takes where it names none."""
Upload = Callable[[Runtime, dict[str, bytes]], Any]
"""Reads files by name: pure work, without a transaction and its locks."""


@dataclass(frozen=True)
class Route:
    """One operation of a service, as access tests and the OpenAPI document read it."""

    method: str
    path: str
    permission: str | None
    handler: Handler
    status: int
    query: type[BaseModel] | None
    upload: Upload | None
    of: RecordOf | None
    approval: bool
    ask: Ask | None = None
    accepts: tuple[str, ...] = CSV

    @property
    def writes(self) -> bool:
        """True where it needs an Idempotency-Key."""
        return self.method != "GET"

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The handler's annotations."""
        return typing.get_type_hints(self.handler)

    @property
    def body(self) -> type[BaseModel] | None:
        """The model of the JSON body."""
        return self.hints.get("body")

    @property
    def returns(self) -> type[BaseModel] | None:
        """The model of the answer, where it is one."""
        model = self.hints.get("return")
        return model if inspect.isclass(model) and issubclass(model, BaseModel) else None


class Routes:
    """The operations that one file of ``api/`` declares."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.routes: list[Route] = []

    def get(
        self,
        path: str,
        *,
        permission: str | None,
        query: type[BaseModel] | None = None,
        status: int = 200,
        of: RecordOf | None = None,
        ask: Ask | None = None,
    ) -> Callable[[Handler], Handler]:
        """Declare a reading operation; ``permission=None`` opens it to everybody.

        Args:
            of: says whose record it shows.
            ask: asks other services before the unit of work opens; ``of`` and the handler get the answer as ``asked``.
        """
        return self._add("GET", path, permission, status, query, upload=None, of=of, approval=False, ask=ask)

    def post(
        self,
        path: str,
        *,
        permission: str,
        status: int = 200,
        upload: Upload | None = None,
        of: RecordOf | None = None,
        approval: bool = False,
        ask: Ask | None = None,
        accepts: tuple[str, ...] = CSV,
    ) -> Callable[[Handler], Handler]:
        """Declare a writing operation; it needs an Idempotency-Key.

        Args:
            upload: reads the files of a multipart form before the unit of work opens; what it gives is the handler's
                ``files``. A request that was done already is answered without reading them again.
            of: says whose record it changes.
            approval: needs a fresh confirmation by the person, bound to the body's ``sha256``.
            ask: asks other services before the unit of work opens; ``of`` and the handler get the answer as ``asked``.
            accepts: the media types that its files may name.
        """
        return self._add(
            "POST", path, permission, status, None, upload=upload, of=of, approval=approval, ask=ask, accepts=accepts
        )

    def _add(
        self,
        method: str,
        path: str,
        permission: str | None,
        status: int,
        query: type[BaseModel] | None,
        *,
        upload: Upload | None,
        of: RecordOf | None,
        approval: bool,
        ask: Ask | None = None,
        accepts: tuple[str, ...] = CSV,
    ) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            route = Route(method, path, permission, handler, status, query, upload, of, approval, ask, accepts)
            if approves(permission) != approval:
                raise TypeError(f"{method} {path}: an approval has `approval=True`, and a permission that says so")
            if approval and (route.body is None or "sha256" not in route.body.model_fields):
                raise TypeError(f"{method} {path} is an approval whose body names no sha256")
            self.routes.append(route)
            return handler

        return declare


def approves(permission: str | None) -> bool:
    """True for a permission by which something is approved: it needs the person's confirmation."""
    return (permission or "").rpartition(".")[2] in APPROVING
