"""Search (検索) of people by name, reading, birth date, address, number and telephone, in one box."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.case_management.use_cases.search_people import MOST, HitKind, search_people
from shared.contracts.purposes import Purpose
from shared.decisions.api.schemas import Answer
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("search")


class SearchQuery(BaseModel):
    """What was typed, why, and how many people one answer may name; ``residents``: none but those of the register."""

    q: Annotated[str, Field(max_length=200)]
    purpose: Purpose
    most: Annotated[int, Field(ge=1, le=MOST)] = MOST
    residents: bool = False


class CaseOfHitView(Answer):
    """A case of somebody who was found."""

    case_no: str
    district: str | None
    caseworker: str | None


class HitView(Answer):
    """Somebody who was found: a resident by person number, or who came to the desk, by receipt number.

    ``merged``: the numbers that lead to this one (名寄せ).
    """

    kind: HitKind
    no: str
    name: str
    kana: str
    birth: str
    cases: list[CaseOfHitView]
    merged: list[str]


class HitsView(Answer):
    """Who was found, by reading, so many at most; ``more``: the text fits more whom the caller may see."""

    items: list[HitView]
    more: bool


@routes.get("/search", permission="person.search", query=SearchQuery)
def search(work: UnitOfWork, query: SearchQuery) -> HitsView:
    """Whom a text means, as far as the caller may see them."""
    return HitsView.model_validate(search_people(work, query.q, query.purpose, query.most, query.residents))
