"""No operation takes or shows the number of a case or a person without saying whose record it is, or why it need not.

A new route that names a record fails here until it has ``of=``, or stands below with what guards it instead.
"""

import importlib
import inspect
import re
import typing
from collections.abc import Iterator
from typing import Any, Final

import pytest
from pydantic import BaseModel

from services.ui_gateway.routing.page_routing import Pages, fresh
from shared.access.guard import GUARD
from shared.contracts.permissions import DUTIES, PERMISSIONS
from shared.contracts.purposes import PURPOSES
from shared.service_kit.http.routing import APPROVING, Route, Routes
from shared.service_kit.service import Service
from shared.service_kit.unit_of_work import UnitOfWork
from tests.architecture.test_walls import SERVICES

RECORDS: Final = frozenset({"case_no", "case", "person_no", "subject", "subjects", "account_number", "holder"})
"""Names under which an operation takes or shows a record."""

OF_THE_OFFICE: Final = {
    "/collective-determinations": "the list of refused cases holds those alone that the caller may see",
    "/collective-determinations/<collective_id>": "as above",
    "/collective-determinations/<collective_id>/approval": "as above",
    "/runs/<run_id>/desk": "case numbers at the cash desk, for those who open and approve runs; a look at every case",
    "/collective-determinations/<collective_id>/withdrawal": "as above",
    "/consultations": "a new one is nobody's yet; the register holds those alone that the caller may see; a look",
    "/applications": "as above",
    "/applications/open": "as above",
    "/notes/unsigned": "holds those alone that the caller may sign; a look",
    "/upcoming": "as of /tasks",
    "/tasks": "holds those alone that are due for the caller; a look",
    "/residents": "a new entry is of no case yet, and its answer names nobody but them",
    "/merges": "holds those alone of whom the caller may see both people; a look at each of them",
    "/caseload": "shows those alone that the caller may see; a look at each of them",
    "/cases": "the register holds those alone that the caller may see; a look",
    "/investigations/due": "holds those alone of cases that the caller may see; a look at all of them",
    "/search": "shows those alone whom the caller may see; a look at each of them",
    "/restrictions": "the register of a day, for auditors alone; a look with every case in it",
    "/break-glass": "opens nothing of the own family; who reads the list is auditor or administrator, and it is a look",
    "/break-glass/<break_glass_id>": "what was written of one emergency, for head and auditor; a look at its record",
    "/log/entries": "the auditor's search; a look with everybody whom it showed",
    "/log/entries/<index>": "the auditor's search; a look with everybody whom it showed",
    "/log/looks": "the auditor's search; a look with everybody whom it showed",
    "/log/findings": "the auditor's list of unusual looks; a look with everybody whom it showed",
    "/log/findings/<finding_id>": "as above",
    "/log/holds": "what is kept beyond its period, by case or person; for those who place and end holds; a look",
    "/log/holds/<hold_id>/end": "as above; by who did not place it",
}
"""Routes that name records of the whole office, and what guards them instead of ``of=``."""

BYTES: Final = {
    "/access": "who could do what: persons of the staff; emergencies by case for auditor and administrator",
    "/events": "streams between machines, for their tokens alone",
    "/events/positions": "numbers of streams",
    "/figures": "sums",
    "/parked": "the operator's list, by case; a look",
    "/parked/<fact_id>/release": "a count",
    "/runs/<run_id>/files/<programme>": "the bank file as a whole, for those who send it; a look",
}
"""Routes whose answer is declared by no model, and what is in it."""


def services() -> list[Service]:
    return [importlib.import_module(f"services.{name}.app").service for name in SERVICES]


def operations() -> Iterator[Route]:
    for service in services():
        for routes in service.all_routes():
            yield from routes.routes


def names_of(model: Any) -> Iterator[str]:
    """Every field name of a model and of the models in it."""
    if inspect.isclass(model) and issubclass(model, BaseModel):
        for name, field in model.model_fields.items():
            yield name
            yield from names_of(field.annotation)
    for part in typing.get_args(model):
        yield from names_of(part)


def records_in(route: Route) -> set[str]:
    taken = set(re.findall(r"<(?:\w+:)?(\w+)>", route.path))
    for model in (route.body, route.query, route.returns):
        taken.update(names_of(model))
    return taken & RECORDS


def test_who_takes_or_shows_a_record_says_whose_it_is() -> None:
    naming = {route.path for route in operations() if records_in(route) and route.of is None}
    assert naming <= OF_THE_OFFICE.keys(), "say `of=`, or stand above with a reason"


def test_what_answers_in_bytes_has_said_what_is_in_them() -> None:
    opaque = {route.path for route in operations() if route.returns is None and route.of is None}
    assert {path for path in opaque if not path.startswith("/log/")} <= BYTES.keys(), "answer with a model, or say it"


def test_a_route_without_a_rule_is_found() -> None:
    class Careless(BaseModel):
        items: list[dict[str, str]] | None = None
        inner: "list[Inner]"

    class Inner(BaseModel):
        case_no: str

    Careless.model_rebuild(_types_namespace={"Inner": Inner})

    def everything(work: UnitOfWork) -> Careless:
        raise NotImplementedError

    everything.__annotations__ = {"return": Careless}
    careless = Routes("careless")
    careless.get("/all", permission="run.read")(everything)
    assert records_in(careless.routes[0]) == {"case_no"}


def test_every_approval_is_confirmed_and_nothing_else_asks_for_it() -> None:
    approving = {name for name in PERMISSIONS if name.rpartition(".")[2] in APPROVING}
    assert {route.permission for route in operations() if route.approval} == approving


@pytest.mark.parametrize("declared", [("run.approve", False), ("disbursement.accept", False), ("run.read", True)])
def test_an_approval_that_nobody_confirms_cannot_be_written(declared: tuple[str, bool]) -> None:
    permission, approval = declared
    with pytest.raises(TypeError, match="an approval"):
        Routes("careless").post("/act", permission=permission, approval=approval)(lambda work: None)


def test_a_page_of_an_approval_cannot_be_written_without_asking_to_confirm() -> None:
    with pytest.raises(TypeError, match="an approval"):
        Pages().act("/act", permission="run.approve", correlation=fresh)


def asks_why(route: Route) -> bool:
    return any(model and "purpose" in model.model_fields for model in (route.query, route.body))


def test_who_is_asked_for_a_purpose_has_purposes_of_the_own_role_to_choose_from() -> None:
    declared = {permission: set(of_roles) for permission, of_roles in PURPOSES.items()}
    assert declared == {str(one.permission): set(PERMISSIONS[str(one.permission)]) for one in operations()
                        if asks_why(one)}  # fmt: skip
    assert all(service.purposes is PURPOSES for service in services())


def test_every_service_knows_the_one_matrix_the_duties_that_exclude_each_other_and_the_guard() -> None:
    for service in services():
        assert service.permissions is PERMISSIONS, service.name
        assert service.duties is DUTIES, service.name
        assert service.guard is GUARD, service.name
