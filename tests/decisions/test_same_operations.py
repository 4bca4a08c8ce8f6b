"""Both laws are decided by the same operations, each under the same permission."""

from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.service_kit.service import Service

ONCE = (
    "/assignment",
    "/access",
    "/consultations",
    "/applications",
    "/search",
    "/residents",
    "/merges",
    "/investigations",
    "/cases/<case_no>/investigations",
    "/cases/<case_no>/consents",
    "/cases/<case_no>/relatives",
    "/cases/<case_no>/attachments",
)
"""What the office keeps once, for both laws: staff, the desk of intake, the search for people, the residents; and
what is investigated of a case, so far for public assistance alone."""
CASEWORK = ("/cases/<case_no>/notes", "/notes", "/cases/<case_no>/tasks", "/tasks", "/upcoming")
"""Casework (ケース記録, 約束・予定), so far for public assistance alone."""
OPENED = {"/cases", "/caseload", "/caseworkers", "/cases/<case_no>/members", "/cases/<case_no>/charges"}
"""Cases are opened from the desk of intake, so far for public assistance alone."""


def operations(service: Service) -> set[tuple[str, str, str | None]]:
    return {(route.method, route.path, route.permission) for routes in service.routes for route in routes.routes}


def test_what_can_be_done_under_one_law_can_be_done_under_the_other() -> None:
    beside = {
        operation
        for operation in operations(public_assistance)
        if operation[1].startswith((*ONCE, *CASEWORK)) or operation[1] in OPENED
    }
    assert operations(support) == operations(public_assistance) - beside
    assert ("POST", "/imports/<import_id>/approval", "import.approve") in operations(support)
