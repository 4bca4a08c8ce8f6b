"""A real browser before the office: the system's Chromium, driven by Playwright; where there is none, it is said."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, sync_playwright

from services.ui_gateway.pages import blueprint
from tests.ui_gateway import axe, sample_form
from tests.ui_gateway.staff import Office

PATIENCE_MILLISECONDS = 10_000
DESK: ViewportSize = {"width": 1280, "height": 720}
"""The smallest screen at a desk of the office, in pixels."""
_BESIDE = """() => [...document.querySelectorAll("*")].filter(part => {
  const over = part.scrollWidth - part.clientWidth > 1;
  const scrolls = part === document.scrollingElement || ["auto", "scroll"].includes(getComputedStyle(part).overflowX);
  return over && scrolls && part.clientWidth > 0 && !part.matches("table, .scroller, textarea");
}).map(part => `${part.tagName} ${part.id}: ${part.scrollWidth} of ${part.clientWidth}`)"""


@pytest.fixture(scope="module", autouse=True)
def sample_page() -> Iterator[None]:
    """The page with a form of every kind of field, before any gateway of the file is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blueprint, "PAGES", (*blueprint.PAGES, sample_form.pages))
        yield


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    path = axe.browser()
    flags = ["--disable-gpu", "--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@dataclass
class Desk:
    """Somebody's window, and what the browser complained of in it."""

    office: Office
    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to the browser."""
        self.page.set_default_timeout(PATIENCE_MILLISECONDS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        ours = message.location["url"].startswith(self.office.url)
        if ours and message.type in ("error", "warning") and "status of 422" not in message.text:
            self.complaints.append(f"{message.text} {message.location['url']}")

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.office.url + path)

    def log_in(self, path: str, staff: str = "demo-caseworker") -> None:
        """Open a page for which one has to log in, and do so by a click."""
        self.go(path)
        self.page.locator(f'button[value="{staff}"]').click()
        self.page.wait_for_url(self.office.url + path)

    def focused(self) -> str:
        """What has the focus: the name of a control, else its id, else its tag."""
        return str(self.page.evaluate("(part => part.name || part.id || part.tagName)(document.activeElement)"))

    def tab_to(self, name: str) -> None:
        """Press Tab until something has the focus."""
        for _ in range(40):
            if self.focused() == name:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {name}")

    def axe_findings(self) -> list[str]:
        """Everything that axe finds in the page as it stands, not only what is serious."""
        self.page.evaluate(axe.AXE.read_text(encoding="utf-8"))
        result: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{fault['id']}: {json.dumps(fault['nodes'][0]['html'])}" for fault in result["violations"]]

    def beside(self) -> list[str]:
        """What scrolls sideways, but for tables in scrollers of their own."""
        return list(self.page.evaluate(_BESIDE))


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that nobody has used before."""
    context = chromium.new_context(viewport=DESK, locale="ja-JP")
    yield context
    context.close()


@pytest.fixture
def desk(context: BrowserContext, lasting_office: Office) -> Iterator[Desk]:
    """A window at which nobody has logged in; the browser has nothing to complain of at the end."""
    desk = Desk(lasting_office, context.new_page())
    yield desk
    assert desk.complaints == []
    for kept in (sample_form.asked, sample_form.answers, sample_form.closed):
        kept.clear()
