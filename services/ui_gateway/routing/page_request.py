"""One request of one person to one page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

import flask

from services.ui_gateway.forms.form import AddressAsked, CameBack, Filled, Form, FormFaults
from services.ui_gateway.forms.postal_fields import find_towns
from services.ui_gateway.routing.gateway import Gateway
from services.ui_gateway.sessions.logins import PendingAct
from services.ui_gateway.sessions.session_store import StaffSession
from shared.service_kit.clock import Clock
from shared.service_kit.http.idempotency import FORM_OF_KEY
from shared.service_kit.problems import Problem
from shared.service_kit.service_client import ServiceClient

NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
"""NUL, and half a character: neither can be stored or compared."""


@dataclass
class PageRequest:
    """Who visits, what was sent, and the way to the services in that person's name.

    ``act`` is what was sent before the person confirmed it; ``token`` is that confirmation. ``filled`` is the form that
    the act has read, ``came_back`` the form with which this page is shown again.
    """

    gateway: Gateway
    session: StaffSession
    act: PendingAct | None = None
    token: str = field(default="", repr=False)
    filled: Filled | None = field(default=None, repr=False)
    came_back: CameBack | None = field(default=None, repr=False)
    came_back_drawn: bool = False
    """True once the page has drawn the form that came back."""
    clients: dict[str, ServiceClient] = field(default_factory=dict, repr=False)
    _forms: int = 0

    @property
    def actor(self) -> str:
        """ "person:…"."""
        return self.session.caller.actor

    @property
    def clock(self) -> Clock:
        """The kit's clock."""
        return self.gateway.runtime.clock

    def may(self, permission: str) -> bool:
        """True where a role of the person has the permission; the service decides for itself again."""
        return self.session.caller.may(permission, self.gateway.runtime.permissions)

    def client(self, name: str) -> ServiceClient:
        """Another service in this person's name; with the confirmation where there is one."""
        if name not in self.clients:
            if self.token:
                self.clients[name] = self.gateway.client_with(self.token, name)
            else:
                self.clients[name] = self.gateway.client_for(self.session, name)
        return self.clients[name]

    @property
    def address(self) -> str:
        """Where what was sent was sent to."""
        return self.act.path if self.act else flask.request.path

    @property
    def key(self) -> str:
        """The Idempotency-Key of this act: the header, else the form's.

        Raises:
            Problem: idempotency-key-missing.
        """
        key = self.act.key if self.act else flask.request.headers.get("Idempotency-Key") or self.sent.get("key", "")
        if not FORM_OF_KEY.fullmatch(key):
            raise Problem("idempotency-key-missing", field="Idempotency-Key", detail="英数字8〜200字を付けてください")
        return key

    @cached_property
    def sent(self) -> Mapping[str, str]:
        """What the form, or a JSON object, brought."""
        return self.act.fields if self.act else sent_fields()

    def sent_field(self, name: str, *, choices: frozenset[str] | None = None) -> str:
        """One field that has to be there.

        Raises:
            Problem: invalid-input with the field's name.
        """
        value = self.sent.get(name, "")
        if not value or (choices is not None and value not in choices):
            raise Problem("invalid-input", field=name, detail="項目を確認してください")
        return value

    def file(self, name: str) -> bytes:
        """The bytes of a file of the form; its name stands among what was sent."""
        part = flask.request.files.get(name)
        return part.read() if part else b""

    def read(self, form: Form) -> Filled:
        """The form as it was filled in; from now on a service's refusal leads back to it.

        Raises:
            FormFaults: every fault at once; the page of the form is shown again with them.
            AddressAsked: the button of a postal code was pressed; the page is shown again with its address.
        """
        self.filled = form.read(self.sent, self.clock.today())
        if towns := find_towns(form.fields, self.sent):
            raise AddressAsked(self.filled, towns)
        if self.filled.faults:
            raise FormFaults(self.filled)
        return self.filled

    def form_at(
        self, form: Form, address: str, hidden: Mapping[str, Any], start: Mapping[str, Any]
    ) -> tuple[Filled, str, str]:
        """A form that a page draws: as it came back, or blank; its key; and what the ids of its fields begin with."""
        self._forms += 1
        if not self.is_back(address, hidden):
            self.came_back = self.came_back and self.came_back.knows(form, address)
            return form.blank(start), self.new_key(), f"field{self._forms}"
        back = self.came_back
        assert back is not None
        self.came_back_drawn = True
        today = self.clock.today()
        filled = form.read(back.sent, today)
        if back.is_behind(hidden):
            filled = filled.against(form.recorded(start, today), today)
        return replace(filled, faults=back.faults, people=back.people, towns=back.towns), back.key, "field"

    def is_back(self, address: str, hidden: Mapping[str, Any] | None = None) -> bool:
        """True where the form at this address, with these hidden fields, is the one that came back."""
        return self.came_back is not None and self.came_back.is_of(address, hidden or {})

    def new_key(self) -> str:
        """A fresh Idempotency-Key for a form."""
        return str(uuid4())


def sent_fields() -> Mapping[str, str]:
    """Fields of the form or of a JSON object; texts alone, of files their names.

    Raises:
        Problem: invalid-input where one holds NUL or half a character, which no text of ours may.
    """
    try:
        payload: Any = flask.request.get_json(silent=True) if flask.request.is_json else flask.request.form
    except RecursionError:  # nested deeper than any form
        return {}
    if not isinstance(payload, Mapping):
        return {}
    texts = {str(name): value for name, value in payload.items() if isinstance(value, str)}
    texts |= {str(name): part.filename or "" for name, part in flask.request.files.items()}
    if any(NO_TEXT.search(name + value) for name, value in texts.items()):
        raise Problem("invalid-input", field="", detail="使えない文字があります")
    return texts
