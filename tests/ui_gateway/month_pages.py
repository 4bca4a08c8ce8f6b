"""A month from the first file to the bank, and every page that any of its people sees on the way."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import requests
from flask import template_rendered

from tests.audit_logging.acts import look, take
from tests.decisions.ward import Ward
from tests.ui_gateway.cases.investigation_pages import see_investigations
from tests.ui_gateway.cases.merging_pages import see_merging
from tests.ui_gateway.months.test_gateway_month import APPROVE, OPEN, PROPOSE
from tests.ui_gateway.staff import BOARD, Browser, Office, Page

NIGHT = "2026-11-24T14:00:00+00:00"
FAILED = "INSERT INTO task_failures VALUES (:task, :subject, 4, :reason, now(), now())"


@dataclass
class Album:
    """The pages that were seen, by a name that says who saw them and when; and the templates they are made of."""

    office: Office
    pages: dict[str, Page] = field(default_factory=dict)
    templates: set[str] = field(default_factory=set)
    _browsers: dict[str, Browser] = field(default_factory=dict)

    def browser(self, staff: str) -> Browser:
        """The browser of one of the staff, logged in once."""
        if staff not in self._browsers:
            self._browsers[staff] = self.office.browser(f"demo-{staff}")
        return self._browsers[staff]

    def see(self, staff: str, path: str, when: str) -> Page:
        """Open a page and keep it."""
        return self.keep(f"{staff} at {re.sub('[0-9a-f-]{36}', '…', path)}, {when}", self.browser(staff).get(path))

    def keep(self, name: str, page: Page) -> Page:
        """Keep a page that was shown."""
        self.pages[name] = page
        return page


@contextmanager
def album(office: Office) -> Iterator[Album]:
    """Keeps pages, and notes the templates of which they are made."""
    kept = Album(office)

    def rendered(sender: object, template: object, **_: object) -> None:
        kept.templates.add(str(getattr(template, "name", "")))

    with template_rendered.connected_to(rendered):
        yield kept


def see_a_month(kept: Album) -> None:
    """Pay a month with households at bank and cash desk; each of its people looks where they have something to do."""
    office = kept.office
    office.load(cases=3, accounts=2)
    office.hand_in("case_management", Ward().add(4).files(), "demo-caseworker")
    for staff in ("caseworker", "head"):
        kept.see(staff, "/imports", "handed in")
    _determine(kept)
    run = _pay(kept)
    _what_goes_wrong(kept, run)
    _audit(kept)
    see_people(kept)
    see_casework(kept)
    see_merging(kept)
    _around(kept)


def _determine(kept: Album) -> None:
    caseworker = kept.browser("caseworker")
    page = kept.see("caseworker", BOARD, "nothing proposed")
    kept.keep("caseworker, proposed", caseworker.press(page.form(PROPOSE), reason="monthly"))
    kept.office.work_on()
    for staff in ("caseworker", "head"):
        kept.see(staff, BOARD, "proposed")
        kept.see(staff, "/", "proposed")
    head = kept.browser("head")
    kept.keep("head, approved", head.press(head.get(BOARD).form(APPROVE)))
    kept.office.work_on()


def _pay(kept: Album) -> str:
    accountant = kept.browser("accountant")
    page = kept.see("accountant", BOARD, "approved")
    opened = accountant.press(page.form(OPEN))
    run = str(opened.answer.request.path_url)
    kept.keep("accountant, opened", opened)
    kept.office.work_on()
    kept.see("accountant", f"{run}/desk", "ordered")
    for staff, act in (("head-of-accounting", "approval"), ("treasurer", "acceptance")):
        browser = kept.browser(staff)
        page = kept.see(staff, run, f"before the {act}")
        kept.keep(f"{staff}, after the {act}", browser.press(page.form(f"{run}/{act}")))
    kept.office.work_on()
    for staff in ("accountant", "treasurer"):
        kept.see(staff, BOARD, "paid")
        kept.see(staff, "/", "paid")
    kept.see("treasurer", run, "paid")
    kept.see("treasurer", f"{run}/journey", "paid")
    return run


def _what_goes_wrong(kept: Album, run: str) -> None:
    office = kept.office
    for file in kept.browser("treasurer").json(run)["files"]:
        Path(file["path"]).write_bytes(b"another account")
    office.services["payments"].execute(
        FAILED, task="listen case_management.facts", subject="", reason="Dropped at x:1"
    )
    office.services["payments"].execute(FAILED, task="payments.hand_over", subject="", reason="disk-full")
    body = {"subject": "case:00000001", "reason": "danger_to_life", "words": "合成の理由"}
    token = office.token("demo-interviewer", "case_management")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    address = f"{office.doors['case_management'].url}/break-glass"
    assert requests.post(address, json=body, headers=headers, timeout=30).status_code == 201
    kept.see("treasurer", run, "a file was altered")
    kept.see("head", "/", "a glass was broken")
    for path in ("/", "/operations"):
        kept.see("operator", path, "something stands still")
    with office.down("support_benefits"):
        kept.see("head", BOARD, "a service is away")


def _audit(kept: Album) -> None:
    log, auditor = kept.office.services["audit_logging"], kept.browser("auditor")
    subjects = ("case:00000001", "person:1000000001")
    take(
        log,
        *(look(log, staff, *subjects, purpose="complaint", time=NIGHT) for staff in ("demo-caseworker", "demo-head")),
    )
    page = kept.see("auditor", "/audit/looks", "nothing asked")
    asked = auditor.press(page.form("/audit/looks"), person="1000000001", purpose="complaint")
    kept.keep("auditor, who looked", asked)
    page = kept.see("auditor", "/audit/findings", "at night")
    reviewed = auditor.press(page.form("/audit/reviews"), outcome="justified", words="確認済み")
    kept.keep("auditor, reviewed", reviewed)
    kept.see("auditor", "/", "reviewed")
    kept.see("caseworker", "/cases/00000001/looks", "at night")


def see_people(kept: Album) -> None:
    """Somebody comes to the desk, applies, and is found; a caseworker opens a household and makes a mistake."""
    desk, new = kept.browser("interviewer"), "/intake/consultations/new"
    page = kept.see("interviewer", new, "nobody came yet")
    said = {
        "held_on": "R8.11.24",
        "channel": "counter",
        "matter": "housing",
        "name": "架空 花子",
    }
    wish = {"wish_to_apply": "yes", "result": "form_handed"}
    kept.keep(
        "interviewer, a mistake", desk.press(page.form(new), **said, kana="花子", wish_to_apply="yes", result="advice")
    )
    page = kept.keep("interviewer, recorded", desk.press(page.form(new), **said, kana="ハナコ", **wish))
    consultation = str(page.answer.request.path_url)
    asked = kept.see("interviewer", f"{consultation}/application", "before applying")
    sent = desk.press(asked.form(f"{consultation}/application"), applied_on="R8.11.20")
    sent = kept.keep("interviewer, applied", sent)
    kept.see("interviewer", consultation, "applied")
    application = str(sent.answer.request.path_url)
    sent = kept.keep("interviewer, opened", desk.press(sent.form(f"{application}/case"), district="01"))
    for register in ("consultations", "applications", "cases"):
        kept.see("interviewer", f"/intake/registers/{register}", "with a line")
    register = "/intake/registers/consultations?matter=housing&sort=-held_on"
    kept.see("interviewer", register, "filtered and sorted")
    kept.see("interviewer", register.replace("housing", "funeral"), "where nothing fits")
    page = kept.see("interviewer", "/intake", "with what waits")
    kept.keep("interviewer, found", desk.press(page.form("/search"), q="架空"))
    kept.see("interviewer", "/search", "nothing asked")
    kept.see("supervisor", consultation, "for an opinion")
    _household(kept)


def _household(kept: Album) -> None:
    """A caseworker opens a household, makes a mistake and mends it."""
    caseworker, case = kept.browser("caseworker"), "/cases/00000001"
    page = kept.see("caseworker", case, "paid")
    income = f"{case}/record/income/0000000100/change"
    form = kept.see("caseworker", income, "what holds").form(income)
    kept.keep("caseworker, a mistake", caseworker.press(form, cell_earned_income="たくさん"))
    wages = {"from": "R8.11.1", "cell_earned_income": "80000", "reason": "declaration"}
    page = kept.keep("caseworker, recorded", caseworker.press(form, **wages))
    kept.see("caseworker", "/caseload", "by reading")
    kept.see("head", "/caseload", "of no district")
    for address in ("members/new", "members/0000000100/end"):
        kept.see("caseworker", f"{case}/{address}", "to record")
    joins = caseworker.get(f"{case}/members/new").form(f"{case}/members/new")
    kept.keep("caseworker, whom a name means", caseworker.press(joins, person_no="架空", reason="declaration"))
    correction = re.search(rf'href="({case}/record/income/[^"]*/[0-9]+)"', page.html)
    assert correction
    kept.see("caseworker", correction[1], "to correct")
    kept.see("supervisor", f"{case}/charges/new", "to hand over")
    kept.see("supervisor", case, "its district")
    _resident(kept)
    see_investigations(kept)
    kept.see("caseworker", f"{case}?month=2026-12&known_on=R8.11.24", "as it was known")


def _resident(kept: Album) -> None:
    """A caseworker records where somebody lives, so that nobody else reads it, and looks at it alone."""
    caseworker, address = kept.browser("caseworker"), "/residents/0000000100"
    page = kept.see("caseworker", address, "as registered")
    form = next(form for form in page.forms if form.fields.get("fact") == "address")
    kept.keep("caseworker, no address", caseworker.press(form, kind="living"))
    typed = {"kind": "living", "text": "架空区仮町1-2-3", "protected": "yes", "reason": "declaration"}
    page = kept.keep("caseworker, address", caseworker.press(form, **typed))
    papers = next(form for form in page.forms if form.fields.get("fact") == "certificate")
    page = kept.keep(
        "caseworker, paper",
        caseworker.press(papers, kind="residence_card", text="永住者", expires_on="R7.1.1", reason="certificate"),
    )
    alone = re.search(rf'href="({address}/details/[^"]+)"', page.html)
    assert alone
    kept.see("caseworker", alone[1], "alone")


def see_casework(kept: Album) -> None:
    """A visit is noted, signed and read; a declaration is asked for."""
    caseworker, case = kept.browser("caseworker"), "/cases/00000001"
    page = kept.see("caseworker", f"{case}/notes/new", "after a visit")
    visit = {"contact": "visit", "held_on": "R8.11.20", "met": "架空 太郎", "said": "求職の面接が来週ある"}
    kept.keep("caseworker, a mistake", caseworker.press(page.form(f"{case}/notes"), **{**visit, "met": ""}))
    page = kept.keep("caseworker, noted", caseworker.press(page.form(f"{case}/notes"), **visit))
    note = str(page.answer.request.path_url)
    supervisor = kept.browser("supervisor")
    page = kept.see("supervisor", note, "to sign")
    kept.keep("supervisor, signed", supervisor.press(page.form(f"{note}/signature"), remark="通帳を見ること"))
    kept.see("caseworker", f"{case}/notes", "with a visit")
    form = kept.see("caseworker", f"{case}/tasks", "with nothing to do").form(f"{case}/tasks")
    days = {"due_on": "R8.11.20", "covers_from": "R8.10.1", "covers_to": "R8.10.31"}
    page = kept.keep("caseworker, asked for", caseworker.press(form, kind="declaration_income", **days))
    task = next(part for part in page.answer.text.split('"') if part.startswith(f"{case}/tasks/"))
    kept.see("caseworker", task, "overdue")
    for staff in ("caseworker", "supervisor"):
        kept.see(staff, "/", "a declaration is overdue")
        kept.see(staff, "/due", "a declaration is overdue")
    kept.see("caseworker", "/due?of=tasks_due&sort=due_on", "by its day")
    kept.see("caseworker", case, "with a visit and a declaration")


def _around(kept: Album) -> None:
    kept.browser("head").http.get(kept.office.url, timeout=30)
    kept.office.browser("demo-head")
    kept.see("head", "/sessions", "two logins")
    for path in ("/shortcuts", "/settings"):
        kept.see("head", path, "any time")
    kept.see("head", "/months/2026-13", "no such month")
    kept.keep("a stranger, logged out", kept.office.stranger().get("/logout"))
