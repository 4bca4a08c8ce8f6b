"""People of the office's records: who is meant by what somebody typed (検索)."""

from typing import Final

from services.ui_gateway.clients.views import View
from shared.service_kit.service_client import ServiceClient

MOST: Final = 20
"""People whom the service names in one answer."""


class CaseOfHit(View):
    """A case of somebody who was found, and who is in charge of it."""

    case_no: str
    district: str | None
    caseworker: str | None


class Hit(View):
    """Somebody who was found: a resident, or who came to the desk (consultation, application)."""

    kind: str
    no: str
    name: str
    kana: str
    birth: str
    cases: list[CaseOfHit]
    merged: list[str]


class Hits(View):
    """Who was found, by reading; ``more``: not all are named."""

    items: list[Hit]
    more: bool


def search(service: ServiceClient, text: str, purpose: str, most: int = MOST, *, residents: bool = False) -> Hits:
    """Whom a text means, as far as the person may see them; no more than ``most`` of them.

    Args:
        residents: only people of the register, who have a number.
    """
    asked = {"q": text, "purpose": purpose, "most": str(most), "residents": str(residents).lower()}
    return Hits.model_validate(service.get("/search", asked))
