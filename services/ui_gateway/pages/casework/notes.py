"""Case notes (ケース記録) on their pages: all of a case, to be printed; one with its history; a new one."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import flask

from services.ui_gateway.clients.cases_investigated import investigations
from services.ui_gateway.clients.casework import notes as client
from services.ui_gateway.clients.parallel import ask_all
from services.ui_gateway.pages.casework.case_tables import notes_of
from services.ui_gateway.pages.casework.forms import NOTE, NOTE_AGAIN, SIGNATURE
from services.ui_gateway.pages.people.cases import case_number
from services.ui_gateway.routing.listed_answers import asked_of, page_or_file
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, Download, PageResult
from shared.service_kit.problems import Problem

pages = Pages()
PURPOSE: Final = "casework"


@pages.get("/cases/<case_no>/notes", permission="note.read")
def show_notes(request: PageRequest, case_no: str) -> PageResult | Download:
    """All notes of a case, newest first, or those that nobody has signed."""
    number, unsigned = case_number(case_no), flask.request.args.get("unsigned") == "1"
    notes = client.notes(request.client("case_management"), number, PURPOSE, unsigned=unsigned)
    today, own = request.clock.today(), {"unsigned": "1"} if unsigned else {}
    listed = notes_of(number).as_asked(notes.items, f"/cases/{number}/notes", asked_of(), today, own=own)
    values = {"case_no": number, "notes": notes, "unsigned": unsigned, "listed": listed}
    return page_or_file(request, PageResult("casework/notes.html", values, notes.raw()), listed)


@pages.get("/cases/<case_no>/notes/new", permission="note.record")
def ask_for_note(request: PageRequest, case_no: str) -> PageResult:
    """What is asked after a visit or a call."""
    start = {"kind": "contact", "held_on": request.clock.today()}
    values = {"case_no": case_number(case_no), "form": NOTE, "start": start}
    return PageResult("casework/note_new.html", values, {})


@pages.act("/cases/<case_no>/notes", permission="note.record", correlation=fresh, on=ask_for_note)
def record_note(request: PageRequest, case_no: str) -> ActResult:
    """Record a note."""
    number, body = case_number(case_no), body_with_content(request.read(NOTE).body())
    done = client.record_note(request.client("case_management"), number, body, request.key)
    message = f"記録しました(記録番号 {done.no})。査察指導員の確認を待ちます。"
    return ActResult(f"/cases/{number}/notes/{done.no}", message, done.raw(), 201)


@pages.get("/cases/<case_no>/notes/<note_no>", permission="note.read")
def show_note(request: PageRequest, case_no: str, note_no: str) -> PageResult:
    """One note with what was written before, its signatures, and what may follow."""
    number = case_number(case_no)
    service, written = request.client("case_management"), record_number(note_no)
    questions: dict[str, Callable[[], Any]] = {"note": partial(client.note, service, number, written, PURPOSE)}
    if request.may("attachment.read"):
        questions["documents"] = partial(investigations.attachments, service, number, "note", written)
    answers = ask_all(questions)
    note = answers["note"]
    if isinstance(note, Problem):
        raise note
    start = {**note.newest.content, **note.newest.raw(), "held_on": note.newest.held_on, "change": None, "why": None}
    start["began_at"] = note.newest.began_at.strftime("%H:%M") if note.newest.began_at else None
    values = {"case_no": number, "note": note, "form": NOTE_AGAIN, "start": start, "signature": SIGNATURE}
    values["documents"] = answers.get("documents")
    return PageResult("casework/note.html", values, note.raw())


@pages.act("/cases/<case_no>/notes/<note_no>/entries", permission="note.record", correlation=fresh, on=show_note)
def continue_note(request: PageRequest, case_no: str, note_no: str) -> ActResult:
    """Go on with it, or correct it, after the entry that was read."""
    number = case_number(case_no)
    body = {**body_with_content(request.read(NOTE_AGAIN).body()), "follows": request.sent_field("follows")}
    done = client.continue_note(request.client("case_management"), number, record_number(note_no), body, request.key)
    message = "記録を追加しました。前の記録も残っています。"
    return ActResult(f"/cases/{number}/notes/{note_no}", message, done.raw(), 201)


@pages.act("/cases/<case_no>/notes/<note_no>/signature", permission="note.sign", correlation=fresh, on=show_note)
def sign_note(request: PageRequest, case_no: str, note_no: str) -> ActResult:
    """Sign what was read."""
    number = case_number(case_no)
    body = {**request.read(SIGNATURE).body(), "entry_id": request.sent_field("entry_id")}
    done = client.sign_note(request.client("case_management"), number, record_number(note_no), body, request.key)
    return ActResult(f"/cases/{number}/notes/{note_no}", "確認しました。", done.raw())


def body_with_content(body: dict[str, Any]) -> dict[str, Any]:
    """The body for the service, with a content even where no words are in it."""
    return {"content": {}, **body}


def record_number(text: str) -> str:
    """Return the number of a note or a task.

    Raises:
        Problem: not-found where it is none.
    """
    if not (len(text) == 10 and text.isascii() and text.isdigit()):
        raise Problem("not-found", field="number", detail="この番号の記録はありません")
    return text
