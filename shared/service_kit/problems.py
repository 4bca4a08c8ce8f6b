"""Errors as RFC 9457 problems: a type, a Japanese title, the field that is wrong, never its value."""

import traceback
from collections.abc import Iterable, Mapping
from typing import Any, Final

Json = dict[str, Any]
ASK_ADMINISTRATOR: Final = "必要な場合は、権限の管理者に相談してください"
"""What to do where no role of the caller has a permission; which one it is stands in the member `permission`."""
_types: dict[str, tuple[int, str]] = {"internal": (500, "処理できませんでした")}


def register_problem_types(types: Mapping[str, tuple[int, str]]) -> None:
    """Make problem types known to this process: name → (HTTP status, Japanese title)."""
    _types.update(types)


def problem_types() -> dict[str, tuple[int, str]]:
    """The problem types known to this process."""
    return _types


class Problem(Exception):
    """A request that cannot be done; answered as ``application/problem+json``.

    Args:
        name: one of the problem types handed in by the service; gives status and title where not given.
        detail: where it is and what to do, in Japanese, without personal data.
        field: the name of the wrong field.
        extra: further members of the answer.
        retry_after: seconds after which the same request may come again.
    """

    why = ""
    """A code for the audit, which the answer does not tell."""
    subject = ""
    """The record at which somebody tried, as a subject of facts, for the audit alone."""
    entry: tuple[str, Json] | None = None
    """Type and data of a fact for the audit alone, told whatever became of the request: what was refused, and why."""

    def __init__(
        self,
        name: str,
        *,
        detail: str = "",
        field: str | None = None,
        status: int | None = None,
        title: str | None = None,
        extra: Json | None = None,
        retry_after: int | None = None,
    ) -> None:
        known_status, known_title = problem_types().get(name, (500, name))
        self.name, self.detail, self.field = name, detail, field
        self.status, self.title = status or known_status, title or known_title
        self.extra, self.retry_after = extra or {}, retry_after
        super().__init__(f"{name} {field or ''} {detail}".strip())

    @classmethod
    def from_body(cls, body: Json) -> "Problem":
        """The problem that ``body`` told, once more."""
        own = {"type", "title", "status", "detail", "field"}
        return cls(
            str(body["type"]).rsplit("/", 1)[-1],
            title=body.get("title"),
            status=body.get("status"),
            detail=body.get("detail", ""),
            field=body.get("field"),
            extra={name: value for name, value in body.items() if name not in own},
        )

    def body(self) -> Json:
        """The answer's members."""
        members: Json = {"type": f"/problems/{self.name}", "title": self.title, "status": self.status}
        if self.detail:
            members["detail"] = self.detail
        if self.field:
            members["field"] = self.field
        return {**members, **self.extra}


class ContentError(Exception):
    """A fact that cannot be applied because of what it says; it is parked with this reason (a code)."""


def error_location(error: BaseException) -> str:
    """Class and place of an error without its message, since a message may carry personal data."""
    cause = getattr(error, "orig", None)
    name = type(error).__name__
    if cause is not None:
        diag = getattr(cause, "diag", None)
        name = f"{name}:{type(cause).__name__}:{getattr(diag, 'constraint_name', None) or ''}"
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames[-6:]]
    return f"{name} at {' < '.join(reversed(places))}"


def refuse_faults(faults: Iterable[tuple[str, str]]) -> None:
    """Refuse for all that is wrong at once, each with its field and what to do.

    Raises:
        Problem: invalid-input, where there is any.
    """
    listed = [{"field": field, "detail": detail} for field, detail in faults]
    if listed:
        raise Problem(
            "invalid-input",
            field=listed[0]["field"],
            detail=listed[0]["detail"],
            extra={"faults": listed} if listed[1:] else None,
        )
