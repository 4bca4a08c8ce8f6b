"""What the HTTP application asks before a use case; the rules themselves are handed in by ``app.py``."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.identity.claims import AccessClaims
from shared.service_kit.unit_of_work import UnitOfWork

RecordOf = Callable[..., Any]
"""Returns the record of a route for the guard: called with the unit of work, parts of the path, what was ``asked``."""


@dataclass(frozen=True)
class Guard:
    """Who is let at what, beyond having the permission.

    Args:
        access_claims: the form of an access token's claims; what has another form is no token.
        record: matches the subjects that are records of persons: who is shown one is recorded for the audit.
        needs_no_record: scopes of permissions in which a route need not say whose record it is about.
        check_record: lets the caller of a permission at a record, or raises a `Problem`.
        confirm: uses the caller's confirmation of what a SHA-256 names, or raises a `Problem`.
        audited: problems that the audit sees beside 401 and 403: the state of things refused somebody who tried.
    """

    access_claims: type[AccessClaims]
    record: re.Pattern[str]
    needs_no_record: frozenset[str]
    check_record: Callable[[UnitOfWork, Caller, str, Any], None]
    confirm: Callable[[UnitOfWork, Caller, str], None]
    audited: frozenset[str] = frozenset()
