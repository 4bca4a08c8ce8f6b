"""One visit of one person to one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

from flask import request

from services.ui_gateway.pages.gateway import Gateway
from services.ui_gateway.sessions.keeping import StaffSession
from shared.service_kit.clock import Clock
from shared.service_kit.peers import Peer
from shared.service_kit.problems import Problem


@dataclass
class Visit:
    """Who visits, what was sent, and the way to the rooms in that person's name."""

    gateway: Gateway
    session: StaffSession

    @property
    def actor(self) -> str:
        """ "person:…"."""
        return self.session.caller.actor

    @property
    def clock(self) -> Clock:
        """The kit's clock."""
        return self.gateway.service.clock

    def may(self, permission: str) -> bool:
        """True where a role of the person has the permission; the room decides for itself again."""
        return self.session.caller.may(permission, self.gateway.service.permissions)

    def room(self, name: str) -> Peer:
        """Another room in this person's name."""
        return self.gateway.room(self.session, name)

    @property
    def key(self) -> str:
        """The Idempotency-Key of this act: the header, else the form's.

        Raises:
            Problem: idempotency-key-missing.
        """
        key = request.headers.get("Idempotency-Key") or self.sent.get("key", "")
        if not 8 <= len(key) <= 200:
            raise Problem("idempotency-key-missing", field="Idempotency-Key", detail="8〜200文字の値を付けてください")
        return key

    @cached_property
    def sent(self) -> Mapping[str, str]:
        """What the form, or a JSON object, brought."""
        return sent_fields()

    def field(self, name: str, *, choices: frozenset[str] | None = None) -> str:
        """One field that has to be there.

        Raises:
            Problem: invalid-input with the field's name.
        """
        value = self.sent.get(name, "")
        if not value or (choices is not None and value not in choices):
            raise Problem("invalid-input", field=name, detail="項目を確認してください")
        return value

    def new_key(self) -> str:
        """A fresh Idempotency-Key for a form."""
        return str(uuid4())


def sent_fields() -> Mapping[str, str]:
    """Fields of the form or of a JSON object; texts alone."""
    told: Any = request.get_json(silent=True) if request.is_json else request.form
    return {str(name): value for name, value in told.items() if isinstance(value, str)} if told else {}
