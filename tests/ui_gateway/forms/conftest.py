"""An office whose gateway has one page more: a form with every kind of field."""

from collections.abc import Iterator

import pytest

from services.ui_gateway.pages import blueprint
from tests.ui_gateway import sample_form
from tests.ui_gateway.staff import Office


@pytest.fixture(scope="module", autouse=True)
def sample_page() -> Iterator[None]:
    """The page, before any gateway of the file is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blueprint, "PAGES", (*blueprint.PAGES, sample_form.pages))
        yield


@pytest.fixture
def office(lasting_office: Office) -> Iterator[Office]:
    """The file's office, and a service that was asked nothing."""
    yield lasting_office
    for kept in (sample_form.asked, sample_form.answers, sample_form.closed):
        kept.clear()
