"""Idempotent requests: the answer is kept with the effect under the caller's key; the key for ever."""

import re
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import insert, select

from shared.service_kit.database.locks import declare
from shared.service_kit.http.tables import idempotency
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_KEYS = declare("kit.keys", by_callers=True)
FORM_OF_KEY = re.compile(r"[\x21-\x7e]{8,200}")


@dataclass(frozen=True)
class Answer:
    """Bytes as they are, instead of JSON."""

    body: bytes
    content_type: str = "application/octet-stream"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Key:
    """An Idempotency-Key with who sent it, whose own it is, and the hash of what was sent."""

    value: str
    actor: str
    request_sha256: str


def find(work: UnitOfWork, key: Key) -> Answer | None:
    """The answer kept under the key; None where this is the first request with it.

    Raises:
        Problem: idempotency-key-missing; idempotency-key-reused where other content came under the same key;
            answer-expired where it was done, and its answer is no longer kept.
    """
    if not FORM_OF_KEY.fullmatch(key.value):
        raise Problem("idempotency-key-missing", field="Idempotency-Key", detail="英数字8〜200字を付けてください")
    _KEYS.each(f"{key.actor}:{key.value}").hold(work.connection)
    own = (idempotency.c.actor == key.actor) & (idempotency.c.key == key.value)
    row = work.connection.execute(select(idempotency).where(own)).one_or_none()
    if row is None:
        return None
    if row.request_sha256 != key.request_sha256:
        raise Problem("idempotency-key-reused", field="Idempotency-Key", detail="新しい値で送り直してください")
    if row.body is None:
        raise Problem("answer-expired", field="Idempotency-Key", detail="処理は済んでいます。記録で確かめてください")
    return Answer(bytes(row.body), row.content_type, row.status)


def keep(work: UnitOfWork, key: Key, answer: Answer) -> None:
    """Keep the answer in the transaction of its effect."""
    work.connection.execute(
        insert(idempotency).values(
            key=key.value,
            actor=key.actor,
            request_sha256=key.request_sha256,
            status=answer.status,
            content_type=answer.content_type,
            body=answer.body,
            at=work.clock.now(),
        ),
    )


def fresh_correlation() -> str:
    """The correlation of an act that was given none."""
    return str(uuid4())
