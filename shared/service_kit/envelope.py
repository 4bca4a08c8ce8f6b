"""The envelope of a fact: CloudEvents 1.0 names, and what the reader of a stream gets."""

import builtins
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)


class FactData(Protocol):
    """A fact type as the contracts declare it: a pydantic model with its CloudEvents type."""

    TYPE: ClassVar[str]

    def model_dump(self, *, mode: str, by_alias: bool) -> dict[str, Any]:
        """The data as JSON values."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One fact as it leaves its room."""

    id: UUID
    type: str
    source: str
    subject: str
    time: datetime
    actor: str
    correlation: str
    causation: str | None
    traceparent: str
    data: dict[str, Any]

    def to_json(self) -> str:
        """The text that is stored, numbered and sent."""
        return json.dumps(
            {
                "specversion": "1.0",
                "id": str(self.id),
                "type": self.type,
                "source": self.source,
                "subject": self.subject,
                "time": self.time.isoformat(),
                "actor": self.actor,
                "correlation": self.correlation,
                "causation": self.causation,
                "traceparent": self.traceparent,
                "data": self.data,
            },
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )


class ReceivedFact(NamedTuple):
    """One fact as a subscription hands it to a use case; ``number`` is its place in the stream.

    A named tuple, which is made four times as fast as a frozen dataclass: every fact of a month is one.
    """

    id: UUID
    type: str
    producer: str
    stream: str
    number: int
    subject: str
    time: datetime
    actor: str
    correlation: str
    causation: str | None
    traceparent: str
    data: dict[str, Any]

    @classmethod
    def from_json(cls, producer: str, stream: str, number: int, body: dict[str, Any]) -> "ReceivedFact":
        """Read an envelope.

        Raises:
            KeyError, ValueError: an attribute is missing or malformed.
        """
        return cls(
            id=UUID(body["id"]),
            type=body["type"],
            producer=producer,
            stream=stream,
            number=number,
            subject=body["subject"],
            time=datetime.fromisoformat(body["time"]),
            actor=body["actor"],
            correlation=body["correlation"],
            causation=body["causation"],
            traceparent=body["traceparent"],
            data=body["data"],
        )

    def parse(self, model: "builtins.type[Model]") -> Model:
        """The data as the contract's model.

        Raises:
            pydantic.ValidationError: the data are not of that shape.
        """
        return model.model_validate(self.data)
