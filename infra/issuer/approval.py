"""What a person confirms by a step-up (RFC 9470): hashes of what is approved, as authorization details (RFC 9396)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

STEP_UP: Final = "step-up"
"""The authentication context (`acr`) of a confirmation; a login's own is `LOGIN`."""
LOGIN: Final = "login"
TYPE: Final = "kurashi_approval"
MOST_HASHES, LONGEST_WORDS = 20, 400
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Approval:
    """The hashes that a token will stand for, and the client's words for them, which are shown to the person alone."""

    sha256: tuple[str, ...]
    words: str = ""

    def details(self) -> list[dict[str, Any]]:
        """The claim `authorization_details` of a token."""
        return [{"type": TYPE, "sha256": list(self.sha256)}]


def asked_approval(asked: Mapping[str, str]) -> Approval | None:
    """Return what an authorization request wants confirmed, None for an ordinary login.

    Raises:
        ValueError: a step-up without details, details without a step-up, or details of another form.
    """
    details, acr = asked.get("authorization_details", ""), asked.get("acr_values", "").split()
    if not details and STEP_UP not in acr:
        return None
    if not details or STEP_UP not in acr:
        raise ValueError("a step-up and its authorization_details belong together")
    try:
        return approval_of(json.loads(details))
    except RecursionError:
        raise ValueError("the details are too deep") from None


def approval_of(details: Any) -> Approval:
    """Read authorization details.

    Raises:
        ValueError: they are not one approval of one to twenty hashes.
    """
    if not isinstance(details, list) or len(details) != 1 or not isinstance(details[0], dict):
        raise ValueError("one approval is expected")
    detail = details[0]
    hashes, words = detail.get("sha256"), detail.get("words", "")
    if detail.get("type") != TYPE or not isinstance(hashes, list) or not 1 <= len(hashes) <= MOST_HASHES:
        raise ValueError("the approval names no hashes")
    if not all(isinstance(sha256, str) and _SHA256.fullmatch(sha256) for sha256 in hashes):
        raise ValueError("a hash is 64 hexadecimal digits")
    if not isinstance(words, str) or len(words) > LONGEST_WORDS:
        raise ValueError("the words are too long")
    return Approval(tuple(hashes), words)
