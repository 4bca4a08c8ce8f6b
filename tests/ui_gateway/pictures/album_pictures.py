"""Pictures of the pages for the documents: each page once, as a browser at a desk draws it."""

import os
import re
import textwrap
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from services.ui_gateway.pages.blueprint import PAGES
from services.ui_gateway.routing.page_routing import Page as DeclaredPage
from tests.ui_gateway.axe import STYLE, browser
from tests.ui_gateway.month_pages import Album

FOLDER: Final = Path(__file__).parents[3] / "docs" / "pages"
INDEX: Final = FOLDER / "README.md"
WRITE: Final = "KURASHI_WRITE_PICTURES"
COMMAND: Final = f"{WRITE}=1 ./kurashi test tests/ui_gateway/pictures"
NO_PAGES: Final = frozenset({"save_document", "show_session", "fetch_file"})
"""They answer with JSON, or with a file."""
MOST_BYTES: Final = 60_000
LINE: Final = 120
WIDTH, MOST_HEIGHT, SCALE = 1280, 1600, 0.75
QUALITIES: Final = (70, 50, 30, 15)
_HEAD: Final = re.compile(r'<link rel="stylesheet"[^>]*>|<script.*?</script>', re.DOTALL)


def declared_pages() -> list[DeclaredPage]:
    """Return the pages to look at, in the order in which the gateway declares them."""
    every = (page for pages in PAGES for page in pages.pages if not page.acts)
    return [page for page in every if page.handler.__name__ not in NO_PAGES]


def picture_of(page: DeclaredPage) -> Path:
    """Return where the picture of a page stands."""
    return FOLDER / f"{page.handler.__name__}.webp"


def index() -> str:
    """Return the text of the index: each page with its address, what it shows, and its picture."""
    lines = [
        "# Pages",
        "",
        "Every page of the staff with made-up people, drawn by a test as a browser at a desk shows it.",
        "Long because every page has a picture of its own. Made anew by",
        f"`{COMMAND}`.",
    ]
    for page in declared_pages():
        said = (page.handler.__doc__ or "").strip().splitlines()[0]
        name = picture_of(page).name
        lines += ["", f"## `{page.path.replace('<', '{').replace('>', '}')}`", ""]
        lines += [*textwrap.wrap(said, LINE), "", f"![{page.handler.__name__}]({name})"]
    return "\n".join(lines) + "\n"


def fullest_pages(album: Album) -> dict[str, str]:
    """Return the HTML of each page by its handler's name; of several that were seen the longest."""
    rules = Map([Rule(page.path, endpoint=page.handler.__name__) for page in declared_pages()])
    adapter, seen = rules.bind("office"), dict[str, str]()
    for page in album.pages.values():
        try:
            name, _ = adapter.match(urlsplit(page.answer.url).path)
        except HTTPException:
            continue
        if page.status == 200 and len(page.html) > len(seen.get(name, "")):
            seen[name] = page.html
    return seen


def write_pictures(pages: Mapping[str, str]) -> None:
    """Draw each page, and write its picture."""
    with _chromium() as chromium:
        for name, html in pages.items():
            (FOLDER / f"{name}.webp").write_bytes(_drawn(chromium, html))


@contextmanager
def _chromium() -> Iterator[Browser]:
    flags = ["--disable-gpu", "--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=flags)
        yield chromium
        chromium.close()


def _drawn(chromium: Browser, html: str) -> bytes:
    """A page as WebP; where it is too many bytes, of less quality."""
    page = chromium.new_page(viewport={"width": WIDTH, "height": 720}, locale="ja-JP", java_script_enabled=False)
    page.set_content(_HEAD.sub("", html).replace("</head>", f"<style>{STYLE.read_text()}</style></head>"))
    session = page.context.new_cdp_session(page)
    metrics = session.send("Page.getLayoutMetrics")["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": min(metrics["height"], MOST_HEIGHT), "scale": SCALE}
    for quality in QUALITIES:
        shot = {"format": "webp", "quality": quality, "clip": clip, "captureBeyondViewport": True}
        picture = b64decode(session.send("Page.captureScreenshot", shot)["data"])
        if len(picture) <= MOST_BYTES:
            break
    page.close()
    return picture
