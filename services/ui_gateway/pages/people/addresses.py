"""Addresses of a postal code (郵便番号), for the script beside the field (addresses.js); public data, no look."""

from services.ui_gateway.forms.postal_codes import towns_of
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import PageResult

pages = Pages()


@pages.act("/addresses", permission=None, correlation=fresh)
def find_addresses(request: PageRequest) -> PageResult:
    """The addresses of a code up to the town, or what is wrong with it; the code is sent in a body, as all of them."""
    try:
        return PageResult("", {}, {"towns": towns_of(request.sent.get("code", "")), "fault": ""})
    except ValueError as error:
        return PageResult("", {}, {"towns": [], "fault": str(error)})
