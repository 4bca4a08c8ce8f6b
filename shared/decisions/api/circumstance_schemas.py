"""Bodies and answers of circumstances (世帯の状況): recorded by hand, and read with their history."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.contracts.codes import CircumstanceReason
from shared.decisions.api.schemas import Answer, Day
from shared.decisions.use_cases.cases.record_circumstance import Entered

Cells = Annotated[
    dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=100)]],
    Field(max_length=40, description="the cells of a fact as typed (docs/data/)"),
]


class RecordCircumstance(BaseModel):
    """A fact of a case or of a member, whole: its cells as typed (docs/data/), and the days on which it holds.

    Without ``corrects`` it holds from its first day on, in place of what held before; with it, it takes the place of
    that one. Only a correction, and the first of its kind in a case under investigation, may leave the first day out
    (不明): it holds since ever. ``seen`` is the number of the newest circumstance of the case that its writer saw.
    """

    person_no: Annotated[str, Field(pattern=r"^[0-9]{10}$")] | None = None
    fact: Literal["home", "person", "income"]
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    cells: Cells
    corrects: Annotated[int, Field(ge=1, le=2**62)] | None = None
    reason: CircumstanceReason
    seen: Annotated[int, Field(ge=0, le=2**62)]

    def entered(self) -> Entered:
        """What was entered."""
        return Entered(
            self.person_no, self.fact, self.from_, self.to, self.cells, self.corrects, self.reason, self.seen
        )


class CircumstanceNumber(BaseModel):
    """The number under which a fact was recorded."""

    number: int


class EndMembership(BaseModel):
    """The last day on which a person is a member (転出, 死亡, 世帯分離), and why; ``seen`` as in recording a fact.

    With ``corrects``, the number of the fact of the person that an earlier such act ended, the day takes its place.
    """

    last_day: Day
    corrects: Annotated[int, Field(ge=1, le=2**62)] | None = None
    reason: CircumstanceReason
    seen: Annotated[int, Field(ge=0, le=2**62)]


class CircumstanceNumbers(BaseModel):
    """The numbers under which facts were recorded."""

    numbers: list[int]


class CircumstanceView(Answer):
    """A fact with its days, who recorded it (nobody: an import), and what took its place."""

    number: int
    person_no: str | None
    fact: str
    valid_from: date | None
    valid_to: date | None
    recorded_at: datetime
    recorded_by: str | None
    reason: str | None
    corrects: int | None
    corrected_by: int | None
    replaced_by: int | None
    data: dict[str, Any]


class Circumstances(Answer):
    """Every fact of a case, in the order in which they were recorded."""

    case_no: str
    items: list[CircumstanceView]
