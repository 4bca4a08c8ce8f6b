"""What a person is in charge of today: as the register of assignments has it, else as the staff file says."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import requests

from infra.issuer.staff import Staff

log = logging.getLogger("issuer.duties")
TOKYO: Final = timezone(timedelta(hours=9))
TIMEOUT_SECONDS: Final = 1.0
KEPT_SECONDS: Final = 10.0
"""An assignment that begins or ends is seen in new tokens after so long."""


@dataclass(frozen=True)
class Duties:
    """Roles, districts and programmes, as claims of a token carry them."""

    roles: tuple[str, ...]
    districts: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    stands_in_for: tuple[str, ...] = ()

    def claims(self) -> dict[str, Any]:
        """The claims of an access token."""
        claims = {"roles": list(self.roles), "districts": list(self.districts), "programmes": list(self.programmes)}
        return claims | ({"stands_in_for": list(self.stands_in_for)} if self.stands_in_for else {})


def of_the_staff_file(person: Staff) -> Duties:
    """What the staff file says; enough where there is no register."""
    return Duties(person.roles, person.districts, person.programmes)


class Register:
    """The register of assignments of case management, asked over HTTP, with a short memory.

    Where it does not answer, the staff file holds and the log says so: this issuer serves demonstrations and tests. An
    identity provider of an office has to refuse instead.
    """

    def __init__(self, url: str, token: Callable[[], str], today: str = "") -> None:
        self._url, self._token, self._today = url.rstrip("/"), token, today
        self._kept: dict[str, tuple[float, Duties | None]] = {}
        self._lock = threading.Lock()
        self._session = requests.Session()
        self._session.trust_env = False

    def __call__(self, person: Staff) -> Duties:
        """Return what a person is in charge of today."""
        with self._lock:
            until, known = self._kept.get(person.id, (0.0, None))
        if until < time.monotonic():
            known = self._ask(person)
            with self._lock:
                self._kept[person.id] = (time.monotonic() + KEPT_SECONDS, known)
        return known or of_the_staff_file(person)

    def _ask(self, person: Staff) -> Duties | None:
        try:
            answer = self._session.get(
                f"{self._url}/assignments/{person.id}",
                params={"on": self._today or _today()},
                headers={"Authorization": f"Bearer {self._token()}"},
                timeout=TIMEOUT_SECONDS,
            )
            if answer.status_code == 404:
                return None
            answer.raise_for_status()
            return _duties(answer.json())
        except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("the register of assignments does not answer (%s); the staff file holds", type(error).__name__)
            return None


def _duties(answer: dict[str, Any]) -> Duties:
    """What the register says; no role at all where everything of the person has ended."""
    named = {name: tuple(map(str, answer.get(name) or ())) for name in Duties.__dataclass_fields__}
    return Duties(**named)


def _today() -> str:
    return datetime.now(UTC).astimezone(TOKYO).date().isoformat()
