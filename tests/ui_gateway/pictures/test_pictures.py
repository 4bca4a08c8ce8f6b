"""Each page of the gateway has a picture in the documents; where it is asked for, they are made anew."""

import os

import pytest

from tests.ui_gateway.month_pages import album, see_a_month
from tests.ui_gateway.pictures.album_pictures import (
    COMMAND,
    FOLDER,
    INDEX,
    MOST_BYTES,
    WRITE,
    declared_pages,
    fullest_pages,
    index,
    picture_of,
    write_pictures,
)
from tests.ui_gateway.staff import Office

MISSING = f"with a Chromium and Japanese letters on the machine: {COMMAND}"


@pytest.mark.database
@pytest.mark.skipif(WRITE not in os.environ, reason=f"elsewhere: pictures are made anew where {WRITE} is set")
def test_pictures_are_made_of_every_page(audited_office_of_file: Office) -> None:
    with album(audited_office_of_file) as kept:
        see_a_month(kept)
    pages = fullest_pages(kept)
    assert {page.handler.__name__ for page in declared_pages()} - pages.keys() == set(), "the album sees every page"
    for picture in FOLDER.glob("*.webp"):
        picture.unlink()
    write_pictures(pages)
    INDEX.write_text(index(), encoding="utf-8")


def test_each_page_has_a_small_picture_and_no_picture_is_of_a_page_that_is_gone() -> None:
    pictures = {picture_of(page) for page in declared_pages()}
    assert set(FOLDER.glob("*.webp")) == pictures, MISSING
    assert [path.name for path in pictures if not 1_000 < path.stat().st_size <= MOST_BYTES] == []
    assert {path.read_bytes()[8:12] for path in pictures} == {b"WEBP"}


def test_the_index_names_each_page() -> None:
    assert INDEX.read_text(encoding="utf-8") == index(), MISSING
