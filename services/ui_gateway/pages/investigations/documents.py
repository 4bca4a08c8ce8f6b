"""Documents (添付) of a household: handed in, saved by right, withdrawn."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final
from uuid import UUID

import flask

from services.ui_gateway.clients import cases
from services.ui_gateway.clients.cases_investigated import investigations
from services.ui_gateway.clients.casework import notes as case_notes
from services.ui_gateway.forms.form import FormFaults
from services.ui_gateway.pages.investigations import investigation_labels as labels
from services.ui_gateway.pages.investigations.investigation_forms import DOCUMENT, WITHDRAWAL, document_form
from services.ui_gateway.pages.investigations.requests import of_case
from services.ui_gateway.pages.people import case_labels
from services.ui_gateway.pages.people.cases import PURPOSE, case_number
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, Download, PageResult
from shared.money_and_time.eras import format_era
from shared.service_kit.problems import Problem

pages = Pages()
MOST_BYTES: Final = 10 * 1024 * 1024
"""Bytes of one file; the service says so too."""
_MOST_OF_FORM: Final = 4 * MOST_BYTES
NEWEST: Final = 20
"""Notes that one may choose from; of an older one its own page leads here."""
_PLACE: Final = re.compile("(note|application):[0-9]{10}")
_PATH: Final = "/cases/<case_no>/documents"


@pages.get(_PATH, permission="attachment.read")
def show_documents(request: PageRequest, case_no: str) -> PageResult:
    """The documents of a household, the newest first."""
    number, service = case_number(case_no), request.client("case_management")
    questions: dict[str, Callable[[], Any]] = {
        "items": partial(investigations.attachments, service, number),
        "requests": partial(investigations.investigations, service, number),
        "consents": partial(investigations.consents, service, number),
        "relatives": partial(investigations.relatives, service, number),
        "history": partial(cases.circumstances, service, number, PURPOSE),
    }
    if request.may("note.read"):
        questions["notes"] = partial(case_notes.notes, service, number, PURPOSE, newest=NEWEST)
    values, place = of_case(request, number, **questions), flask.request.args.get("place", "")
    places = dict(_places(values))
    if _PLACE.fullmatch(place):
        places.setdefault(place, f"{labels.PROVEN[place.split(':')[0]]} {place.split(':')[1]}")
    forms = {"form": document_form(places), "withdrawal": WITHDRAWAL, "places": places, "start": {"place": place}}
    return PageResult(
        "investigations/documents.html", {**values, **forms}, {"items": [item.raw() for item in values["items"]]}
    )


@pages.act(_PATH, permission="attachment.record", correlation=fresh, on=show_documents, most_bytes=_MOST_OF_FORM)
def keep_document(request: PageRequest, case_no: str) -> ActResult:
    """Keep a document at what it proves."""
    number, filled, content = case_number(case_no), request.read(DOCUMENT), request.file("name")
    if len(content) > MOST_BYTES:
        detail = "1つのファイルは10MBまでです。分けるか、解像度を下げて取り込んでください"
        raise FormFaults(filled.refused(Problem("too-large", field="name", detail=detail)))
    proves, _, proves_id = filled["place"].partition(":")
    about = {"name": filled["name"], "proves": proves, "proves_id": proves_id or None}
    try:
        done = investigations.keep_attachment(request.client("case_management"), number, about, content, request.key)
    except Problem as problem:
        if problem.field == "content":
            raise FormFaults(filled.refused(Problem(problem.name, field="name", detail=problem.detail))) from None
        raise
    return ActResult(f"/cases/{number}/documents", "添付しました。", done.raw(), 201)


@pages.get(f"{_PATH}/<uuid:attachment_id>/content", permission="attachment.read")
def save_document(request: PageRequest, case_no: str, attachment_id: UUID) -> Download:
    """The bytes of a document, for the browser to save; the look is in the log before they go out."""
    service = request.client("case_management")
    return Download(*investigations.attachment_content(service, case_number(case_no), attachment_id))


@pages.act(
    f"{_PATH}/<uuid:attachment_id>/withdrawal", permission="attachment.withdraw", correlation=fresh, on=show_documents
)
def withdraw_document(request: PageRequest, case_no: str, attachment_id: UUID) -> ActResult:
    """Withdraw a document that was misfiled."""
    number, body = case_number(case_no), request.read(WITHDRAWAL).body()
    done = investigations.withdraw_attachment(
        request.client("case_management"), number, attachment_id, body, request.key
    )
    return ActResult(f"/cases/{number}/documents", "添付を取り消しました。記録は残ります。", done.raw())


def _places(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a document of this case may prove: kind and id, and how staff read it."""
    yield "case", "世帯全体の書類"
    for item in values["history"]:
        if item.corrected_by is None and item.fact != "charge":
            who = values["names"].get(item.person_no, item.person_no or "世帯")
            yield f"circumstance:{item.number}", f"事実: {who}の{case_labels.FACTS[item.fact]}"
    for request in values["requests"]:
        yield f"investigation:{request.investigation_id}", f"調査: {request.addressee}"
    if application_no := values["case"].application_no:
        yield f"application:{application_no}", f"申請 {application_no}"
    for note in values["notes"].items if "notes" in values else ():
        yield f"note:{note.note_no}", f"ケース記録: {format_era(note.newest.held_on)} {note.note_no}"
    for consent in values["consents"]:
        who = values["names"].get(consent.person_no, consent.person_no)
        yield f"consent:{consent.consent_id}", f"同意書: {who} {format_era(consent.signed_on)}"
    for relative in values["relatives"]:
        relation = labels.RELATIVE_RELATIONS[relative.newest.relation]
        yield f"relative:{relative.relative_id}", f"扶養義務者: {relation} {relative.newest.content['name']}"
