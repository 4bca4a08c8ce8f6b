"""A field for a postal code (郵便番号), whose button or script fills the field for the address beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import ClassVar, Final

from services.ui_gateway.forms.fields import Field, Kind, Text
from services.ui_gateway.forms.postal_codes import is_in_full, place, towns_of
from services.ui_gateway.forms.typed_texts import tidy

OTHER_ADDRESS: Final = "下の欄に別の住所が入っています。消してから、もう一度押してください"
CHOOSE: Final = "この郵便番号の町域は複数あります。下の一覧から選んでください"


@dataclass(frozen=True)
class PostalCode(Field):
    """郵便番号 beside an address: its button brings the form back with the address in the field that it ``fills``.

    It is a help alone: nothing of it goes to a service, and no fault of it keeps a form from being sent.
    """

    kind: ClassVar[Kind] = "postal"
    _: KW_ONLY
    fills: str

    def read(self, typed: str, today: date) -> None:
        """Nothing."""

    def is_asked(self, sent: Mapping[str, str]) -> bool:
        """Whether its button was pressed."""
        return bool(sent.get(f"{self.name}.find"))

    def chosen_in(self, sent: Mapping[str, str]) -> str:
        """Which of several towns was chosen; empty where none was."""
        return sent.get(f"{self.name}.town", "")


@dataclass(frozen=True)
class Towns:
    """What a pressed button brings: the form as it is then filled, towns to choose from, what is wrong with a code."""

    sent: Mapping[str, str]
    towns: Mapping[str, Sequence[str]]
    faults: Mapping[str, str]


def addressed(name: str, label: str, *, into: str = "", required: bool = False, help: str = "") -> tuple[Field, Field]:
    """The two fields of an address."""
    code = PostalCode(f"{name}_postal", "郵便番号", help="「住所を入れる」で、下の欄に町域まで入ります", fills=name)
    return code, Text(name, label, into=into, required=required, help=help)


def place_towns(fields: Sequence[Field], sent: Mapping[str, str]) -> Mapping[str, str]:
    """What was sent, each town that was chosen before what was typed of its address."""
    codes = [each for each in fields if isinstance(each, PostalCode) and each.chosen_in(sent)]
    return {**sent, **{code.fills: place(code.chosen_in(sent), sent.get(code.fills, "")) for code in codes}}


def find_towns(fields: Sequence[Field], sent: Mapping[str, str]) -> Towns | None:
    """What comes of the button that was pressed; None where none was."""
    codes = [each for each in fields if isinstance(each, PostalCode) and each.is_asked(sent)]
    if not codes:
        return None
    placed, towns, faults = dict(place_towns(fields, sent)), dict[str, Sequence[str]](), dict[str, str]()
    for code in codes:
        text = tidy(placed.get(code.fills, ""))
        try:
            offered = [] if code.chosen_in(sent) else towns_of(sent.get(code.name, ""))
            if any(text.startswith(town) for town in offered):
                continue
            if offered and is_in_full(text):
                raise ValueError(OTHER_ADDRESS)
        except ValueError as error:
            faults[code.name] = str(error)
            continue
        if len(offered) > 1:
            towns[code.name], faults[code.name] = offered, CHOOSE
        elif offered:
            placed[code.fills] = place(offered[0], text)
    kept = {name: text for name, text in placed.items() if not name.endswith((".find", ".town"))}
    return Towns(kept, towns, faults)
