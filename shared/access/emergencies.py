"""Emergency access (緊急閲覧): a record out of scope, opened by one person for a short while, and reviewed later."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from prometheus_client import Counter
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import func, insert, select

from shared.access.records import BARRED, OutOfScopeError, RecordOf
from shared.access.tables import break_glass
from shared.contracts.subjects import NUMBERED
from shared.service_kit.database.locks import declare
from shared.service_kit.encryption.rotation import seal_existing
from shared.service_kit.encryption.sealing import Sealed
from shared.service_kit.identity.claims import printed
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import Problem
from shared.service_kit.settings import Settings
from shared.service_kit.unit_of_work import UnitOfWork

EMERGENCY: Final = timedelta(minutes=30)
"""How long a record stays open after breaking the glass."""
EMERGENCIES: Final = Sealed("break_glass", ("break_glass_id",), ("words",))
"""The words of an emergency, in which a name may stand: sealed in every service that has scopes."""
NOTICED: Final = timedelta(days=7)
"""How long an emergency stands on the first page of those who have to ask why."""
LEAST_LETTERS, LEAST_DIFFERENT = 5, 3
"""Letters, and different ones, without which words say nothing."""
WINDOW: Final = timedelta(hours=1)
"""In this while one person opens no more records of a service than the settings say (`emergencies_an_hour`)."""
OPENED = Counter("kurashi_break_glass_total", "Records opened in an emergency", ["reason"])
AT_LIMIT = Counter("kurashi_break_glass_limit_total", "Persons who opened as many records as are allowed in an hour")


def said(words: str) -> str:
    """Words that say something: letters of any script, more than one and the same; nothing that nobody sees.

    Raises:
        ValueError: they do not.
    """
    letters = [letter for letter in printed(words.replace("\n", " ")) if letter.isalpha()]
    if len(letters) < LEAST_LETTERS or len(set(letters)) < LEAST_DIFFERENT:
        raise ValueError("words say why in letters")
    return words


class Emergency(BaseModel):
    """Which record, and why: a code of the office, and words that stay in this service."""

    subject: str = Field(pattern=f"^{NUMBERED.pattern}$")
    reason: str = Field(pattern=r"^[a-z_]{1,40}$")
    words: Annotated[str, Field(min_length=LEAST_LETTERS, max_length=500), AfterValidator(said)]


class Opened(BaseModel):
    """An opened record, and until when."""

    break_glass_id: UUID
    subject: str
    until: datetime


def open_in_emergency(work: UnitOfWork, body: Emergency, record_of: RecordOf) -> Opened:
    """Open a record out of scope for this person and a short while (緊急閲覧); told at once, reviewed later.

    Raises:
        Problem: invalid-input where the reason is none of the declared codes.
        OutOfScopeError: the record is of the person's own family: it stays closed.
        TooManyEmergenciesError: the person opened as many in the last hour as are allowed.
    """
    _refuse_own_family(work, body.subject, record_of)
    now = work.clock.now()
    _refuse_beyond_limit(work, body.subject, now)
    opened = Opened(break_glass_id=uuid4(), subject=body.subject, until=now + EMERGENCY)
    payload = work.checked_payload("break_glass.v1", field="reason", **opened.model_dump(), reason=body.reason)
    row = {**opened.model_dump(), "actor": work.actor, "reason": body.reason, "words": body.words, "at": now}
    work.connection.execute(insert(break_glass).values(**work.seal(EMERGENCIES, [row])[0]))
    work.fact(payload, subject=body.subject)
    OPENED.labels(body.reason).inc()
    log().error("access.break_glass", reason=body.reason, id=str(opened.break_glass_id))
    return opened


def seal_emergencies(op: Any, service: str, settings: Settings) -> None:
    """Seal the words of emergency access in a later migration of a service that has data keys, and want all sealed."""
    seal_existing(op.get_bind(), service, settings, [EMERGENCIES])
    check = "CHECK (words ~ '^sealed:[A-Za-z0-9+/]+=*$')"
    op.execute(f"ALTER TABLE break_glass ADD CONSTRAINT break_glass_words_sealed {check}")


def _refuse_own_family(work: UnitOfWork, subject: str, record_of: RecordOf) -> None:
    """What no emergency opens is not told as opened."""
    kind, _, number = subject.partition(":")
    caller = work.caller
    if kind == "case" and caller and caller.subject in record_of(work, case_no=number).barred:
        raise OutOfScopeError(subject, BARRED)


class TooManyEmergenciesError(Problem):
    """The person opened as many records in an emergency as one may in an hour; this one stays closed."""

    why = "emergencies"

    def __init__(self, subject: str, retry_after: int) -> None:
        detail = "係長または所長に連絡してください。所長は担当外の記録も閲覧できます"
        super().__init__("too-many-emergencies", detail=detail, retry_after=retry_after)
        self.subject = subject


_EMERGENCIES_OF: Final = declare("kit.emergencies")


def _refuse_beyond_limit(work: UnitOfWork, subject: str, now: datetime) -> None:
    """Who opens the last that is allowed makes an alarm: whoever has to ask why knows before the next is refused."""
    _EMERGENCIES_OF.each(work.actor).hold(work.connection)
    within = break_glass.c.at.between(now - WINDOW, now + WINDOW)  # ahead, should the clock have been turned back
    query = select(func.count(), func.min(break_glass.c.at)).where(break_glass.c.actor == work.actor, within)
    opened, first = work.connection.execute(query).one()
    most = work.runtime.settings.emergencies_an_hour
    if opened >= most:
        raise TooManyEmergenciesError(subject, max(1, int((first + WINDOW - now).total_seconds())))
    if opened + 1 == most:
        AT_LIMIT.inc()
        log().error("access.break_glass_limit", opened=most)


class Notice(BaseModel):
    """That somebody broke the glass, for those who have to ask why; neither the record nor the words."""

    break_glass_id: UUID
    actor: str
    reason: str
    at: datetime
    until: datetime


class Alarm(Notice):
    """The same, on the first page; ``at_limit``: by then the person had opened as many in an hour as are allowed."""

    at_limit: bool


class Use(Notice):
    """One breaking of the glass, as the register of access shows it; the words stay out."""

    subject: str


def uses_between(work: UnitOfWork, first: datetime, last: datetime) -> list[Use]:
    """The records opened in an emergency in this service, from one instant to another, oldest first."""
    columns = (break_glass.c[name] for name in Use.model_fields)
    rows = work.connection.execute(
        select(*columns).where(break_glass.c.at.between(first, last)).order_by(break_glass.c.at)
    )
    return [Use.model_validate(row._mapping) for row in rows]


class Explained(Use):
    """One breaking of the glass with what was written of it; no words once their period is over."""

    words: str | None


def explained(work: UnitOfWork, break_glass_id: UUID) -> Explained:
    """What somebody wrote who opened a record in an emergency, for who asks why.

    Raises:
        Problem: not-found.
    """
    query = select(break_glass).where(break_glass.c.break_glass_id == break_glass_id)
    row = work.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise Problem("not-found", field="break_glass_id")
    return Explained.model_validate(work.unseal(EMERGENCIES, [row])[0])


def recent_uses(work: UnitOfWork) -> list[Alarm]:
    """The emergencies of the last days in this service, newest first."""
    columns = [break_glass.c[name] for name in Notice.model_fields]
    rows = work.connection.execute(
        select(*columns, _opened_in_the_hour()).where(break_glass.c.at > work.clock.now() - NOTICED)
        .order_by(break_glass.c.at.desc())
    )  # fmt: skip
    most = work.runtime.settings.emergencies_an_hour
    return [Alarm(**{**row, "at_limit": row["opened"] >= most}) for row in map(dict, rows.mappings())]


def _opened_in_the_hour() -> Any:
    """How many records the person of a row had opened in the hour that ends with it."""
    other = break_glass.alias()
    own = (other.c.actor == break_glass.c.actor) & other.c.at.between(break_glass.c.at - WINDOW, break_glass.c.at)
    return select(func.count()).select_from(other).where(own).scalar_subquery().label("opened")
