"""Operations that read one case and its determinations; each is recorded with its purpose."""

from dataclasses import dataclass

from shared.decisions.adapters.scope import case_record
from shared.decisions.api.circumstance_schemas import (
    CircumstanceNumber,
    CircumstanceNumbers,
    Circumstances,
    EndMembership,
    RecordCircumstance,
)
from shared.decisions.api.overview_schemas import OverviewView
from shared.decisions.api.schemas import AccessView, CaseView, Determinations, LookQuery, PurposeQuery
from shared.decisions.use_cases.cases.end_membership import Leaving, end_membership
from shared.decisions.use_cases.cases.read_access import read_access
from shared.decisions.use_cases.cases.read_case import read_case
from shared.decisions.use_cases.cases.read_circumstances import read_circumstances
from shared.decisions.use_cases.cases.read_determinations import read_determinations
from shared.decisions.use_cases.cases.read_overview import read_overview
from shared.decisions.use_cases.cases.record_circumstance import record_circumstance
from shared.decisions.use_cases.deciding import Deciding
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork


def case_routes(deciding: Deciding) -> Routes:
    """Return the operations that read a case of one deciding service."""
    routes, does, record = Routes("cases"), _Cases(deciding), case_record(deciding.tables)
    routes.get("/cases/<case_no>", permission="case.read", query=LookQuery, of=record)(does.read_case)
    routes.get("/cases/<case_no>/determinations", permission="case.read", query=LookQuery, of=record)(
        does.read_determinations
    )
    routes.get("/cases/<case_no>/access", permission="case.read", query=PurposeQuery, of=record)(does.read_access)
    path = "/cases/<case_no>/circumstances"
    routes.get(path, permission="case.read", query=PurposeQuery, of=record)(does.read_circumstances)
    routes.post(path, permission="circumstance.record", of=record, status=201)(does.record_circumstance)
    path = "/cases/<case_no>/members/<person_no>/end"
    routes.post(path, permission="circumstance.record", of=record, status=201)(does.end_membership)
    return routes


def overview_routes(deciding: Deciding) -> Routes:
    """Return the operation that shows one household on one page, of a service that has nothing to show beside."""
    routes, does, record = Routes("cases"), _Cases(deciding), case_record(deciding.tables)
    routes.get("/cases/<case_no>/overview", permission="case.read", query=LookQuery, of=record)(does.read_overview)
    return routes


@dataclass(frozen=True)
class _Cases:
    deciding: Deciding

    def read_case(self, work: UnitOfWork, case_no: str, query: LookQuery) -> CaseView:
        """A case as of a month, as known on a day."""
        case = read_case(work, self.deciding, case_no, query.purpose, query.month, query.known_on)
        return CaseView.model_validate(case)

    def read_overview(self, work: UnitOfWork, case_no: str, query: LookQuery) -> OverviewView:
        """A case as of a month, every fact of it, and what was determined: one household on one page, as one look."""
        overview = read_overview(work, self.deciding, case_no, query.purpose, query.month, query.known_on)
        return OverviewView.model_validate(overview)

    def read_determinations(self, work: UnitOfWork, case_no: str, query: LookQuery) -> Determinations:
        """The determinations of a case with their lines."""
        tables = self.deciding.tables
        items = read_determinations(work, tables, case_no, query.purpose, query.month, query.known_on)
        about = {"case_no": case_no, "programme": self.deciding.programme}
        return Determinations.model_validate({**about, "items": items})

    def read_circumstances(self, work: UnitOfWork, case_no: str, query: PurposeQuery) -> Circumstances:
        """Every fact of a case, with who recorded it and what took its place."""
        items = read_circumstances(work, self.deciding.tables, case_no, query.purpose)
        return Circumstances.model_validate({"case_no": case_no, "items": items})

    def record_circumstance(self, work: UnitOfWork, case_no: str, body: RecordCircumstance) -> CircumstanceNumber:
        """Record a fact of a case or of one of its members by hand; nothing before it is overwritten."""
        return CircumstanceNumber(number=record_circumstance(work, self.deciding, case_no, body.entered()))

    def end_membership(
        self, work: UnitOfWork, case_no: str, person_no: str, body: EndMembership
    ) -> CircumstanceNumbers:
        """Record that a member left: no fact of theirs holds after their last day, and all before stays."""
        leaving = Leaving(person_no, body.last_day, body.reason, body.seen, body.corrects)
        return CircumstanceNumbers(numbers=end_membership(work, self.deciding, case_no, leaving))

    def read_access(self, work: UnitOfWork, case_no: str, query: PurposeQuery) -> AccessView:
        """Whether the caller may see a case: asked by another service in the person's name."""
        record = read_access(work, self.deciding.tables, case_no, query.purpose)
        return AccessView(
            case_no=case_no,
            programme=self.deciding.programme,
            district=record.district,
            caseworker=record.caseworker,
            shielded=record.shielded,
        )
