"""Every page with data in it: rows are as wide as their heads, and axe finds nothing serious in any of them."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.ui_gateway.axe import Drawn, draw
from tests.ui_gateway.month_pages import Album, album, see_a_month
from tests.ui_gateway.staff import Office, Page

pytestmark = pytest.mark.database
TEMPLATES = Path(__file__).parents[2] / "services" / "ui_gateway" / "pages" / "templates"
FAULT = """<!doctype html><html lang="ja"><head><link rel="stylesheet" href=""><title>誤り</title></head>
<body><main><h1>誤り</h1><img src="x"><p style="width: 900px" class="right">1円</p></main></body></html>"""
"""A page with which fault has to be found: an image without words, and an amount far to the right."""
INCLUDED = {
    "merging/parts.html",
    "cases/case_payments.html",
    "investigations/consents.html",
    "investigations/links.html",
    "intake/records.html",
    "cases/facts.html",
    "cases/since.html",
    "casework/due.html",
    "casework/of_case.html",
    "casework/parts.html",
    "base.html",
    "parts.html",
    "forms.html",
    "keys/list.html",
    "lists/tables.html",
}
"""Templates that are part of others."""


@pytest.fixture(scope="module")
def month(audited_office_of_file: Office) -> Iterator[Album]:
    """All that is seen of a month."""
    with album(audited_office_of_file) as kept:
        see_a_month(kept)
        yield kept


class Tables(HTMLParser):
    """The rows of each table of a page, in columns: a cell with ``colspan`` counts as often as it says."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.tables: list[list[int]] = []
        self.feed(page.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count tables, rows and cells."""
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append(0)
        elif tag in ("th", "td"):
            self.tables[-1][-1] += int(dict(attrs).get("colspan") or 1)


def test_the_pages_of_a_month_show_every_template(month: Album) -> None:
    assert {
        str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")
    } - INCLUDED - month.templates == set()


def test_every_row_of_a_table_has_as_many_cells_as_its_head(month: Album) -> None:
    widths = {name: Tables(page).tables for name, page in month.pages.items()}
    assert sum(len(tables) for tables in widths.values()) > 20
    uneven = {
        (name, number): table
        for name, tables in widths.items()
        for number, table in enumerate(tables, 1)
        if len(set(table)) != 1
    }
    assert uneven == {}


@pytest.fixture(scope="module")
def drawn(month: Album, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """The pages as a browser draws them, and one with faults among them."""
    return draw(
        {name: page.html for name, page in month.pages.items()} | {"a fault": FAULT}, tmp_path_factory.mktemp("axe")
    )


def test_axe_finds_nothing_serious_in_any_page(drawn: Drawn) -> None:
    assert [line.split(" (")[0] for line in drawn.serious] == ["a fault: image-alt"], drawn.serious


def test_no_amount_and_no_button_is_beyond_a_small_screen(drawn: Drawn) -> None:
    assert [line.split(": ")[0] for line in drawn.beyond] == ["a fault"], drawn.beyond
