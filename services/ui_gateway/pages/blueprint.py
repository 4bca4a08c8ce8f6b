"""All pages of the staff as one blueprint, behind the same checks, under the same headers."""

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from services.ui_gateway.clients.identity import IdentityProvider
from services.ui_gateway.pages import (
    audit,
    home,
    imports,
    journey,
    keyboard,
    labels,
    login,
    months,
    operations,
    runs,
    sessions,
)
from services.ui_gateway.pages.casework import due, looks, notes, tasks
from services.ui_gateway.pages.investigations import documents, relatives, requests
from services.ui_gateway.pages.merging import compare, merges
from services.ui_gateway.pages.people import (
    addresses,
    case_records,
    cases,
    intake,
    members,
    opened_cases,
    registers,
    residents,
    search,
)
from services.ui_gateway.routing.gateway import Gateway
from services.ui_gateway.routing.results import Layout, as_problem
from services.ui_gateway.routing.security_headers import protect
from services.ui_gateway.settings import GatewaySettings
from shared.service_kit.runtime import Runtime

PAGES = (
    home.pages,
    search.pages,
    addresses.pages,
    intake.pages,
    registers.pages,
    cases.pages,
    case_records.pages,
    members.pages,
    due.pages,
    notes.pages,
    tasks.pages,
    looks.pages,
    opened_cases.pages,
    residents.pages,
    compare.pages,
    merges.pages,
    requests.pages,
    relatives.pages,
    documents.pages,
    imports.pages,
    months.pages,
    runs.pages,
    journey.pages,
    audit.pages,
    operations.pages,
    sessions.pages,
    keyboard.pages,
    login.pages,
)


def staff_pages(runtime: Runtime) -> Blueprint:
    """Make the blueprint for a configured service."""
    provider = IdentityProvider(runtime.settings, runtime.name, runtime.token_verifier)
    gateway = Gateway(runtime, GatewaySettings(), provider)
    blueprint = Blueprint(
        "pages", __name__, template_folder="templates", static_folder="assets", static_url_path="/assets"
    )
    for pages in PAGES:
        pages.mount(blueprint, gateway)
    login.mount(blueprint, gateway)
    labels.teach(blueprint)
    blueprint.record_once(gateway.staff_names.serve)
    _answer_for_the_whole_site(blueprint, gateway)
    return blueprint


def _answer_for_the_whole_site(blueprint: Blueprint, gateway: Gateway) -> None:
    def not_served(error: HTTPException) -> Response:
        return as_problem(error, Layout(gateway.runtime.settings.demo))

    for status in (404, 405, 413):
        blueprint.app_errorhandler(status)(not_served)

    @blueprint.after_app_request
    def protected(response: Response) -> Response:
        return protect(response, gateway)
