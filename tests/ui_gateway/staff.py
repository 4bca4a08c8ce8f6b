"""A whole office in one process: the issuer, the three services and the gateway over HTTP, and staff with browsers."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from uuid import NAMESPACE_URL, uuid5

import requests
from werkzeug.serving import make_server

from infra.issuer.login import ClientCredentials, browser_session, person_token
from shared.service_kit.testing import RunningService
from tests.decisions.ward import Ward
from tests.payments.office import ACCOUNT_HEADER, SENDERS

MONTH = "2026-12"
BOARD = f"/months/{MONTH}"
DECIDING = ("case_management", "support_benefits")
CONFIRMING = "決裁前の本人確認"
JSON = {"Accept": "application/json"}


class Door:
    """An HTTP server on a free port; what it serves is named later."""

    def __init__(self) -> None:
        self.app: Callable[..., Any] | None = None
        self.asked: list[str] = []
        """Method and path of every request so far."""
        self._server = make_server("127.0.0.1", 0, self._serve, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def _serve(self, environ: Any, start: Any) -> Any:
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if self.app is None:
            start("503 Service Unavailable", [])
            return []
        return self.app(environ, start)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass
class Form:
    """A form of a page with what it would send."""

    action: str
    method: str = "post"
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """A page as a browser gets it."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__()
        self.answer, self.status, self.html = answer, answer.status_code, answer.text
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.buttons: dict[str, list[str]] = {}
        self._field = ""
        self.feed(answer.text)

    @property
    def text(self) -> str:
        """What a reader reads."""
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", self.html)))

    def form(self, action: str) -> Form:
        """The form that acts at ``action``; the one that asks a list there only where none acts."""
        return min((form for form in self.forms if form.action == action), key=lambda form: form.method != "post")

    def acts(self) -> set[str]:
        """Where the forms of this page lead, but for the logout and the search, which every page has."""
        return {form.action for form in self.forms if form.method == "post"} - {"/logout", "/search"}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms, their fields and links."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given["action"], given.get("method", "get")))
        elif tag in ("input", "select", "textarea") and self.forms:
            if given.get("type") not in ("radio", "checkbox") or "checked" in given:
                self.forms[-1].fields.setdefault(given["name"], given.get("value", ""))
            self._field = given["name"]
        elif tag == "option" and "selected" in given:
            self.forms[-1].fields[self._field] = given["value"]
        elif tag == "button":
            self.buttons.setdefault(given.get("name", ""), []).append(given.get("value", ""))
        elif tag == "a":
            self.links.append(given.get("href", ""))


class Browser:
    """A member of staff at a browser."""

    def __init__(self, url: str, http: requests.Session) -> None:
        self.url, self.http = url, http

    def get(self, path: str, **headers: str) -> Page:
        """Open a page."""
        return Page(self.http.get(self.url + path, headers=headers, timeout=30))

    def json(self, path: str) -> Any:
        """The same page as JSON."""
        return self.http.get(self.url + path, headers=JSON, timeout=30).json()

    def send(self, action: str, fields: dict[str, str], **headers: str) -> Page:
        """Send fields; redirects are followed."""
        return Page(self.http.post(self.url + action, data=fields, headers=headers, timeout=30))

    def press(self, form: Form, **fields: str) -> Page:
        """Press the button of a form; where the provider asks for a confirmation, give it."""
        page = self.send(form.action, {**form.fields, **fields})
        return self.confirm(page) if CONFIRMING in page.text else page

    def confirm(self, page: Page, **changes: str) -> Page:
        """Press the first button of the provider's page, which is the asked person's own."""
        (form,) = page.forms
        sent = {**form.fields, "login_hint": page.buttons["login_hint"][0], **changes}
        address = urljoin(page.answer.url, form.action)
        return Page(self.http.post(address, data=sent, timeout=30))

    def act(self, path: str, body: dict[str, str], key: str) -> requests.Response:
        """Act as the command line does: JSON, the CSRF token and the key in headers."""
        headers = {**JSON, "Kurashi-Csrf": self.json("/session")["csrf"], "Idempotency-Key": key}
        return self.http.post(self.url + path, json=body, headers=headers, timeout=30)


@dataclass
class Office:
    """The services with their databases, and the doors at which they answer."""

    services: dict[str, RunningService]
    doors: dict[str, Door]
    issuer_url: str
    secrets: dict[str, str]
    issuer_folder: Path
    begun: int = 0
    told: dict[str, int] = field(default_factory=dict)
    browsers: list[requests.Session] = field(default_factory=list)

    @property
    def gateway(self) -> RunningService:
        """The gateway's service."""
        return self.services["ui_gateway"]

    @property
    def url(self) -> str:
        """The gateway's address."""
        return self.doors["ui_gateway"].url

    def begin(self) -> None:
        """From now on :meth:`looks` leaves out what was told before: a test begins in an office that others used."""
        self.begun = len(self.gateway.looks())

    def looks(self, type_: str) -> list[dict[str, Any]]:
        """What the gateway has told for the audit alone since this test began."""
        return [look for look in self.gateway.looks()[self.begun :] if look["type"] == type_]

    def browser(self, staff: str, first: str = "/session") -> Browser:
        """A member of staff who has logged in by a click, which led to the page ``first``."""
        http = browser_session(f"{self.url}/login?back={first}", staff)
        self.browsers.append(http)
        return Browser(self.url, http)

    def stranger(self) -> Browser:
        """A browser that nobody has logged in."""
        http = requests.Session()
        self.browsers.append(http)
        return Browser(self.url, http)

    def load(self, cases: int = 2, accounts: int | None = None) -> None:
        """Load households of public assistance, accounts for the first of them, and nobody on support benefits.

        Args:
            accounts: how many of the households have one; all of them where it is not said.
        """
        ward = Ward()
        for case in range(1, cases + 1):
            ward.add(case)
        for running in DECIDING:
            self.import_files(running, ward.files(), "demo-caseworker", "demo-head")
        self.work_on()
        rows = [
            f"{case:08d},public_assistance,bank,0001,001,1,{case:07d},カクウ タロウ,"
            for case in range(1, (cases if accounts is None else accounts) + 1)
        ]
        file = "\n".join([ACCOUNT_HEADER, *rows]) + "\n"
        files = {"accounts.csv": file.encode(), "sender.csv": SENDERS.encode()}
        self.import_files("payments", files, "demo-accountant", "demo-head-of-accounting")

    def hand_in(self, running: str, files: dict[str, bytes], proposer: str) -> Any:
        """Hand files in at a service, as the command line does; payments has read what was told until then."""
        if running == "payments":
            self.work_on()
        parts = {name: (name, content, "text/csv") for name, content in files.items()}
        return self._post(running, "/imports", proposer, files=parts)

    def import_files(self, running: str, files: dict[str, bytes], proposer: str, approver: str) -> None:
        """Hand files in at a service and have them approved."""
        proposed = self.hand_in(running, files, proposer)
        self._post(running, f"/imports/{proposed['import_id']}/approval", approver, json={"sha256": proposed["sha256"]})
        self.services[running].run_tasks()

    def assign(self, *items: dict[str, Any]) -> None:
        """Put assignments of staff in force, as two administrators do."""
        body = {"reason": "transfer", "items": list(items)}
        proposed = self._post("case_management", "/assignment-proposals", "demo-administrator", json=body)
        path = f"/assignment-proposals/{proposed['proposal_id']}/approval"
        self._post("case_management", path, "demo-second-administrator", json={"sha256": proposed["sha256"]})

    def _post(self, running: str, path: str, staff: str, **rest: Any) -> Any:
        token = self.token(staff, running, *([rest["json"]["sha256"]] if "sha256" in rest.get("json", {}) else []))
        content = sorted(rest["files"].items()) if "files" in rest else rest
        key = str(uuid5(NAMESPACE_URL, f"{running}{path}{content}"))
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        answer = requests.post(self.doors[running].url + path, headers=headers, timeout=30, **rest)
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json()

    def token(self, staff: str, running: str, *approves: str) -> str:
        """A member of staff's token for a service; with hashes, their confirmation of an approval."""
        client = ClientCredentials("ui_gateway", self.secrets["ui_gateway"], f"{self.url}/callback")
        return person_token(self.issuer_url, staff, client, running, approves)

    def end_logins(self, staff: str) -> requests.Response:
        """The office ends all logins of a person at the provider."""
        basic = ("one_machine", self.secrets["one_machine"])
        return requests.post(f"{self.issuer_url}/logins/end", data={"sub": staff}, auth=basic, timeout=30)

    def work_on(self) -> None:
        """Let the workers work: tasks of the services, facts to payments."""
        for name in DECIDING:
            self.services[name].run_tasks()
            facts = self.services[name].facts()
            fresh = facts[self.told.get(name, 0) :]
            self.told[name] = len(facts)
            if fresh:
                self.services["payments"].deliver(name, fresh)
        self.services["payments"].run_tasks()

    @contextmanager
    def asked(self) -> Iterator[list[str]]:
        """What was asked of services and issuer within, as "payments GET /runs"; known at its end."""
        before = {name: len(door.asked) for name, door in self.doors.items()}
        found: list[str] = []
        yield found
        for name, door in self.doors.items():
            if name != "ui_gateway":
                found += [f"{name} {one}" for one in door.asked[before[name] :]]

    @contextmanager
    def down(self, running: str) -> Iterator[None]:
        """A time in which a service does not answer."""
        door = self.doors[running]
        door.app, kept = None, door.app
        yield
        door.app = kept

    @contextmanager
    def hanging(self, running: str) -> Iterator[None]:
        """A time in which a service takes requests and answers none."""
        door, over = self.doors[running], threading.Event()

        def hang(environ: Any, start: Any) -> Any:
            over.wait(60)
            start("503 Service Unavailable", [])
            return []

        door.app, kept = hang, door.app
        yield
        door.app = kept
        over.set()

    def restart_gateway(self) -> None:
        """Start the gateway anew: sessions stay, tokens for the services are asked for again."""
        self.doors["ui_gateway"].app = self.gateway.new_app()

    def close(self) -> None:
        """Close browsers and doors."""
        for http in self.browsers:
            http.close()
        for door in self.doors.values():
            door.close()
