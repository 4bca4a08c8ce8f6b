"""The forms of merging (名寄せ)."""

from typing import Final

from services.ui_gateway.clients.residents import Resident
from services.ui_gateway.forms.fields import Choice, Lines
from services.ui_gateway.forms.form import Form
from services.ui_gateway.pages import labels

DISTINCTION: Final = Form(Lines("words", "別の人である根拠", required=True))
UNDOING: Final = Form(Lines("words", "取り消す理由", required=True))


def _withdrawal(*reasons: str) -> Form:
    return Form(Choice("reason", "理由", choices={code: labels.WITHDRAWALS[code] for code in reasons}, required=True))


WITHDRAWAL: Final = _withdrawal(*labels.WITHDRAWALS)
"""The form that takes a proposal back; the service knows who may give which reason."""
SHOWN_WITHDRAWALS: Final = {True: _withdrawal("returned"), False: _withdrawal("mistake", "facts_changed")}
"""The same as it is drawn, by whether another person than its proposer returns it (差戻し)."""


def merge_form(*people: Resident) -> Form:
    """Return the form that asks which of two numbers stays."""
    choices = {person.person_no: f"{person.person_no} {person.newest.name}" for person in people}
    return Form(
        Choice("stays", "残す番号", help="区の宛名番号があれば、それを残します", choices=choices, required=True),
        Lines("words", "同じ人である根拠", required=True),
    )
