"""What a person is in charge of today: as the register of assignments has it, else as the staff file says."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
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
    """Roles, districts and programmes, as claims of a token carry them.

    `charges` say what each role reaches. `until` is when all this is over (seconds since the epoch), 0 where nobody
    knows: a token does not outlive it.
    """

    roles: tuple[str, ...]
    districts: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    stands_in_for: tuple[str, ...] = ()
    charges: tuple[dict[str, Any], ...] = ()
    until: int = 0

    def claims(self) -> dict[str, Any]:
        """The claims of an access token."""
        claims = {"roles": list(self.roles), "districts": list(self.districts), "programmes": list(self.programmes)}
        more = {"stands_in_for": list(self.stands_in_for), "charges": list(self.charges)}
        return claims | {name: value for name, value in more.items() if value}


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
        self._kept: dict[tuple[str, str], tuple[float, Duties | None]] = {}
        self._lock = threading.Lock()
        self._session = requests.Session()
        self._session.trust_env = False

    def __call__(self, person: Staff) -> Duties:
        """Return what a person is in charge of today."""
        question = person.id, self._today or _today()
        with self._lock:
            until, known = self._kept.get(question, (0.0, None))
        if until < time.monotonic():
            known = self._ask(*question)
            with self._lock:
                self._kept = {key: kept for key, kept in self._kept.items() if key[1] == question[1]}
                self._kept[question] = (time.monotonic() + KEPT_SECONDS, known)
        return known or of_the_staff_file(person)

    def _ask(self, person: str, day: str) -> Duties | None:
        try:
            answer = self._session.get(
                f"{self._url}/assignments/{person}",
                params={"on": day},
                headers={"Authorization": f"Bearer {self._token()}"},
                timeout=TIMEOUT_SECONDS,
            )
            if answer.status_code == 404:
                return None
            answer.raise_for_status()
            return _duties(answer.json(), "" if self._today else day)
        except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("the register of assignments does not answer (%s); the staff file holds", type(error).__name__)
            return None


def _duties(answer: dict[str, Any], day: str) -> Duties:
    """What the register says; no role at all where everything of the person has ended.

    On the last day of something it is over at midnight in Tokyo. `day` is empty where the date is set by hand.
    """

    def texts(name: str) -> tuple[str, ...]:
        return tuple(map(str, answer.get(name) or ()))

    lists = texts("roles"), texts("districts"), texts("programmes"), texts("stands_in_for")
    charges = tuple(dict(charge) for charge in answer.get("charges") or ())
    until = _end_of(day) if day and answer.get("last_day") == day else 0
    return Duties(*lists, charges, until)


def _end_of(day: str) -> int:
    return int(datetime.combine(date.fromisoformat(day) + timedelta(days=1), datetime.min.time(), TOKYO).timestamp())


def _today() -> str:
    return datetime.now(UTC).astimezone(TOKYO).date().isoformat()
