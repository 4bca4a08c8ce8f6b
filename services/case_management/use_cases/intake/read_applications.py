"""Read applications (申請): one with its limits, those that are open by urgency, and the register (申請書受理簿)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from services.case_management.adapters.entries import (
    APPLICATION,
    DELAYS,
    WITHDRAWALS,
    Entry,
    cases_opened_for,
    entries_of,
)
from services.case_management.adapters.intake_tables import (
    application_delays,
    application_entries,
    application_withdrawals,
    applications,
)
from services.case_management.domain.intake import Limits, LimitState
from services.case_management.use_cases.intake.read_consultations import read_register, subjects_of, visible
from shared.contracts.codes import ApplicationState, DelayReason
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

READ = "application.read"


@dataclass(frozen=True, slots=True)
class Delay:
    """Why deciding takes longer."""

    delay_id: UUID
    reason: DelayReason
    words: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That it was taken back, and on which day."""

    withdrawn_on: date
    words: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Application:
    """An application as it stands today, with its entries, oldest first, its limits, and the case opened for it."""

    consultation_no: str | None
    opened_case_no: str | None
    entries: Sequence[Entry]
    delays: Sequence[Delay]
    withdrawal: Withdrawal | None
    today: date

    @property
    def newest(self) -> Entry:
        """The entry that holds."""
        return self.entries[-1]

    @property
    def state(self) -> ApplicationState:
        """Whether it waits for a decision."""
        return "withdrawn" if self.withdrawal else "open"

    @property
    def limits(self) -> Limits:
        """Until when to decide."""
        return Limits(self.newest.row["applied_on"])

    @property
    def limit_state(self) -> LimitState:
        """How it stands against its limits."""
        return self.limits.state(self.today, [delay.reason for delay in self.delays])

    @property
    def days_left(self) -> int:
        """Days until the limit that counts."""
        return self.limits.days_left(self.today, [delay.reason for delay in self.delays])


def read_application(work: UnitOfWork, application_no: str, purpose: str) -> Application:
    """Return an application; the look is recorded.

    Raises:
        Problem: not-found.
    """
    entries = entries_of(work, APPLICATION, application_no)
    if not entries:
        raise Problem("not-found", field="application_no")
    work.look("application", subjects_of(APPLICATION, entries), purpose)
    return _as_they_stand(work, [entries])[0]


def read_applications(work: UnitOfWork, first: date, last: date, purpose: str) -> list[Application]:
    """Return the applications of a span of days by number (申請書受理簿), as far as the caller may see them.

    Raises:
        Problem: invalid-input for a span of more than a year, or that ends before it begins.
    """
    entries = read_register(work, APPLICATION, READ, "applied_on", first, last, purpose)
    return _as_they_stand(work, [[entry] for entry in entries])


def read_open_applications(work: UnitOfWork, purpose: str) -> list[Application]:
    """Return the applications that wait for a decision, the most urgent first."""
    ended = select(application_withdrawals.c.application_no)
    entries = visible(work, APPLICATION, READ, application_entries.c.application_no.not_in(ended), purpose)
    standing = _as_they_stand(work, [[entry] for entry in entries])
    return sorted(standing, key=lambda application: (application.days_left, application.newest.no))


def _as_they_stand(work: UnitOfWork, each: Sequence[Sequence[Entry]]) -> list[Application]:
    numbers = [entries[-1].no for entries in each]
    heads = select(applications.c.application_no, applications.c.consultation_no)
    came_from = dict(work.connection.execute(heads.where(applications.c.application_no.in_(numbers))).tuples().all())
    opened = cases_opened_for(work, numbers)
    delays, withdrawals = _delays(work, numbers), _withdrawals(work, numbers)
    today = work.clock.today()
    return [
        Application(
            came_from[number], opened.get(number), entries, delays.get(number, []), withdrawals.get(number), today
        )
        for number, entries in zip(numbers, each, strict=True)
    ]


def _delays(work: UnitOfWork, numbers: Sequence[str]) -> dict[str, list[Delay]]:
    table = application_delays
    rows = work.connection.execute(select(table).where(table.c.application_no.in_(numbers)).order_by(table.c.number))
    delays: dict[str, list[Delay]] = {}
    for row in work.unseal(DELAYS, rows.mappings().all()):
        delay = Delay(*(row[name] for name in Delay.__dataclass_fields__))
        delays.setdefault(row["application_no"], []).append(delay)
    return delays


def _withdrawals(work: UnitOfWork, numbers: Sequence[str]) -> dict[str, Withdrawal]:
    table = application_withdrawals
    rows = work.connection.execute(select(table).where(table.c.application_no.in_(numbers))).mappings().all()
    return {
        row["application_no"]: Withdrawal(*(row[name] for name in Withdrawal.__dataclass_fields__))
        for row in work.unseal(WITHDRAWALS, rows)
    }
