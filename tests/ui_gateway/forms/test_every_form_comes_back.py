"""Every form of the case record comes back as it was filled, where its session had ended and where it is refused."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from infra.issuer.login import choose_staff
from services.ui_gateway.pages.blueprint import PAGES
from services.ui_gateway.routing.page_routing import Page as DeclaredPage
from tests.ui_gateway.month_pages import Album, see_casework, see_people
from tests.ui_gateway.staff import Office, Page

pytestmark = pytest.mark.database
FOLDERS = ("people", "casework", "investigations")
NO_FORMS = {"search_people", "suggest_people", "find_addresses", "keep_document", "undo_consent"}
"""A search is not hard to type again; a file has to be chosen again; a button alone asks for nothing."""
TAKES_ANYTHING = {"review_consultation"}
"""Nothing is wrong with an opinion in odd words: it is taken."""
ODD = "入力 ０１ <b>&\"'=1+1</b>"


def acts() -> list[DeclaredPage]:
    """The acts of the pages of people, casework and investigations."""
    every = (page for pages in PAGES for page in pages.pages if page.acts)
    return [page for page in every if page.handler.__module__.split(".")[3] in FOLDERS and _name(page) not in NO_FORMS]


def _name(page: DeclaredPage) -> str:
    return page.handler.__name__


CHANGES = {
    "continue_consultation": ({"change": "continued"}, "statement"),
    "continue_application": ({"change": "continued"}, "reason"),
    "continue_note": ({"change": "continued"}, "said"),
    "continue_task": ({"change": "continued"}, "what"),
    "correct_relative": ({}, "remarks"),
    "rename_resident": ({"reason": "family_register"}, "name"),
    "record_circumstance": ({"reason": "declaration", "from": "R8.11.1"}, "cell_earned_income"),
    "hand_over_case": ({"from": "R8.11.24", "district": "01"}, "caseworker"),
}
"""Acts that follow what stood when their form was opened: what is chosen in it, and what both people type into."""
TYPED = {"cell_earned_income": ("81,234", "95,678"), "caseworker": ("demo-first", "demo-second")}
"""What the first and the second person type, where it may not be any words."""


@dataclass
class Control:
    """A control that somebody types into, or that the form brings with it."""

    name: str
    text: str
    typed: bool
    hidden_away: bool
    """Within details that are closed."""


@dataclass
class FilledForm:
    """A form of a page with its controls."""

    action: str
    staff: str = ""
    page: str = ""
    """Where it stands."""
    controls: list[Control] = field(default_factory=list)

    def filled(self) -> dict[str, str]:
        """What is sent where every field for a text has an odd one."""
        return {each.name: f"{ODD} {each.name}" if each.typed else each.text for each in self.controls}


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[FilledForm] = []
        self._closed: list[bool] = []
        self._writing: Control | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, a control, or details that are closed."""
        own = {name: value or "" for name, value in attrs}
        if tag == "details":
            self._closed.append("open" not in own)
        elif tag == "form":
            self.forms.append(FilledForm(own["action"]))
        elif tag in ("input", "textarea", "select") and self.forms:
            typed = tag == "textarea" or own.get("type") == "text"
            if own.get("type") not in ("radio", "checkbox", "file") or "checked" in own:
                control = Control(own["name"], own.get("value", ""), typed, any(self._closed))
                self.forms[-1].controls.append(control)
                self._writing = control if tag == "textarea" else None

    def handle_endtag(self, tag: str) -> None:
        """Leave details, or what is written in several lines."""
        if tag == "details":
            self._closed.pop()
        elif tag == "textarea":
            self._writing = None

    def handle_data(self, data: str) -> None:
        """Read what is written in several lines."""
        if self._writing:
            self._writing.text += data


@pytest.fixture(scope="module")
def forms(office_of_file: Office) -> dict[str, FilledForm]:
    """A form of each act, by the name of the act, from the pages that its people saw."""
    office_of_file.load(cases=2)
    kept = Album(office_of_file)
    see_people(kept)
    see_casework(kept)
    rules = [Rule(page.path, endpoint=_name(page), methods=["POST"]) for page in acts()]
    rules += [Rule(page.on.path, endpoint=f"page of {_name(page)}", methods=["GET"]) for page in acts() if page.on]
    adapter, found_forms = Map(rules).bind("office"), dict[str, FilledForm]()
    for name, page in kept.pages.items():
        for form in Forms(page.html).forms:
            try:
                act, parts = adapter.match(urlsplit(form.action).path, method="POST")
            except HTTPException:
                continue
            form.page = adapter.build(f"page of {act}", parts, append_unknown=False)
            form.staff = name.replace(",", " ").split()[0]
            found_forms.setdefault(act, form)
    return found_forms


@pytest.mark.parametrize("act", [_name(page) for page in acts()])
def test_what_was_typed_is_there_again_after_an_ended_session(
    office_of_file: Office, forms: dict[str, FilledForm], act: str
) -> None:
    form, office = forms[act], office_of_file
    browser = office.browser(f"demo-{form.staff}")
    office.gateway.execute("UPDATE sessions SET seen_at = seen_at - interval '31 minutes'")
    answer = browser.http.post(office.url + form.action, data=form.filled(), allow_redirects=False, timeout=30)
    assert answer.status_code == 303
    page = Page(
        browser.http.get(choose_staff(browser.http, answer.headers["Location"], f"demo-{form.staff}"), timeout=30)
    )
    assert page.status == 200
    assert_is_there(page, form)


@pytest.mark.parametrize("act", [_name(page) for page in acts() if _name(page) not in TAKES_ANYTHING])
def test_what_was_typed_is_there_again_beside_what_is_wrong_with_it(
    office_of_file: Office, forms: dict[str, FilledForm], act: str
) -> None:
    form, browser = forms[act], office_of_file.browser(f"demo-{forms[act].staff}")
    csrf = browser.json("/session")["csrf"]
    page = browser.send(form.action, {**form.filled(), "csrf": csrf})
    assert page.status in (409, 422), page.text
    assert_is_there(page, form)


def assert_is_there(page: Page, form: FilledForm) -> None:
    """Everything typed stands in its field, in sight; or, where the page has no such form any more, as a text."""
    typed = {name: text for name, text in form.filled().items() if text.startswith(ODD)}
    assert typed
    forms = [{each.name: each for each in own.controls} for own in Forms(page.html).forms if own.action == form.action]
    for shown in forms:
        if {name: shown[name].text.strip("\n") for name in typed.keys() & shown.keys()} == typed:
            assert [name for name in typed if shown[name].hidden_away] == []
            return
    assert [name for name, text in typed.items() if text not in page.text] == []


@pytest.mark.parametrize("act", CHANGES)
def test_of_two_people_the_second_learns_of_the_first_sees_both_and_loses_nothing(
    office_of_file: Office, forms: dict[str, FilledForm], act: str
) -> None:
    form, (choices, name) = forms[act], CHANGES[act]
    people = [office_of_file.browser(f"demo-{form.staff}") for _ in range(2)]
    opened = [next(own for own in browser.get(form.page).forms if own.action == form.action) for browser in people]
    first, second = TYPED.get(name, (f"一人目の{act}", f"二人目の{act}"))
    done = people[0].press(opened[0], **choices, **{name: first})
    assert done.status == 200, done.text
    page = people[1].press(opened[1], **choices, **{name: second})
    assert page.status == 409
    assert "まだ送られていません" in page.text
    for words in (first, second):
        assert words in page.text or words in [
            each.text.strip("\n") for own in Forms(page.html).forms for each in own.controls
        ]
    again = people[1].get(form.page)
    assert second not in again.text, "nothing of it was done"
