"""A name in a field that wants the number of a person (宛名番号): whom it may mean, so that a number can be chosen."""

from collections.abc import Mapping
from typing import Final

from services.ui_gateway.clients import people
from services.ui_gateway.clients.people import Hits
from services.ui_gateway.forms.fields import PersonNumber
from services.ui_gateway.forms.form import Filled
from services.ui_gateway.routing.page_request import PageRequest
from shared.service_kit.problems import Problem

PURPOSE: Final = "casework"


def people_meant(request: PageRequest, filled: Filled) -> Mapping[str, Hits]:
    """By the field's name those of the register whom its text means, as far as this person may see them: a look.

    Nobody where this person may not search, or nobody can be asked: the field's fault says what to do then.
    """
    names = {
        each.name: each.name_in(filled.typed[each.name])
        for each in filled.form.fields
        if isinstance(each, PersonNumber) and each.name in filled.faults
    }
    if not request.may("person.search"):
        return {}
    return {field: hits for field, name in names.items() if name and (hits := _meant(request, name))}


def _meant(request: PageRequest, name: str) -> Hits | None:
    try:
        return people.search(request.client("case_management"), name, PURPOSE, residents=True)
    except Problem:  # the form comes back all the same
        return None
