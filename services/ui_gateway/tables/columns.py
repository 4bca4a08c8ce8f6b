"""The kinds of columns: what each shows, by what it is sorted and filtered, and how it stands in a CSV file."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import Any, ClassVar, Final

from services.ui_gateway.staff_names import staff_in_words
from shared.japanese_text import kana_order
from shared.money_and_time.eras import format_era
from shared.money_and_time.typed_dates import read_day
from shared.service_kit.clock import TOKYO

LONGEST_CODE: Final = 64
NOTHING: Final = "—"


@dataclass(frozen=True)
class Column:
    """What a list shows of each of its lines.

    Args:
        key: in addresses; for that it is a name without blanks.
        heading: what staff read above it.
        of: what a line holds of it; None or "" where it holds nothing.
        to: where the cell of a line leads to; ``opens`` the permission without which it leads nowhere.
        marked: how the mark looks that the cell is shown as; "" for a line without a mark.
        sortable: by its heading. What names a person is sorted, never filtered: it would stand in an address.
    """

    kind: ClassVar[str] = "text"
    filtered_by: ClassVar[str] = ""
    key: str
    heading: str
    of: Callable[[Any], Any]
    _: KW_ONLY
    to: Callable[[Any], str] | None = None
    opens: str = ""
    marked: Callable[[Any], str] | None = None
    sortable: bool = True
    filterable: bool = False

    def __post_init__(self) -> None:
        """Refuse a filter over words.

        Raises:
            TypeError: the kind has no filter, for what is asked stands in the address of the page.
        """
        if self.filterable and not self.filtered_by:
            raise TypeError(f"{self.key}: a column of this kind is not filtered")

    def holds(self, row: Any) -> Any:
        """What a line holds of it; None where it holds nothing."""
        value = self.of(row)
        return None if value == "" else value

    def words(self, value: Any) -> str:
        """The value in words."""
        return str(value)

    def order(self, value: Any) -> Any:
        """By what two values are compared."""
        return value

    def plain(self, value: Any) -> str | int:
        """The value in a CSV file."""
        return self.words(value)

    def asked(self, typed: Mapping[str, str], today: date) -> Mapping[str, Any]:
        """What a filter asks of it: by the names of its controls; nothing where nothing is asked.

        Raises:
            ValueError: in Japanese, what to do.
        """
        return {}

    def fits(self, value: Any, asked: Mapping[str, Any]) -> bool:
        """Whether a value is what a filter asks for."""
        return True

    def condition(self, asked: Mapping[str, Any]) -> str:
        """What a filter asks for, in words."""
        return ""


@dataclass(frozen=True)
class Text(Column):
    """A number of a record, a place, the name of somebody: as it is."""


@dataclass(frozen=True)
class Reading(Column):
    """A reading (フリガナ), sorted as a Japanese index is: marks and small kana count only between equals."""

    def order(self, value: Any) -> Any:
        """The large kana without marks first."""
        return kana_order(value)


@dataclass(frozen=True)
class Code(Column):
    """A code; ``labels`` are what staff read for it, in the order in which it is sorted; without any, as it is."""

    kind: ClassVar[str] = "code"
    filtered_by: ClassVar[str] = "choice"
    _: KW_ONLY
    labels: Mapping[Any, str] = field(default_factory=dict)

    def words(self, value: Any) -> str:
        """What staff read."""
        return self.labels.get(value, str(value))

    def order(self, value: Any) -> Any:
        """The place of the code among the labels; behind them by itself."""
        codes = list(self.labels)
        return (codes.index(value), "") if value in self.labels else (len(codes), str(value))

    def asked(self, typed: Mapping[str, str], today: date) -> Mapping[str, Any]:
        """The code."""
        code = typed.get(self.key, "")
        if len(code) > LONGEST_CODE or (code and self.labels and code not in map(str, self.labels)):
            raise ValueError(f"{self.heading}を一覧から選んでください")
        return {self.key: code} if code else {}

    def fits(self, value: Any, asked: Mapping[str, Any]) -> bool:
        """Whether it is the code that was chosen."""
        return bool(str(value) == asked[self.key])

    def condition(self, asked: Mapping[str, Any]) -> str:
        """The label of the code."""
        code = asked[self.key]
        return f"{self.heading} {next((words for key, words in self.labels.items() if str(key) == code), code)}"


@dataclass(frozen=True)
class Staff(Code):
    """A member of staff: by the id in addresses, by name and id where it is read."""

    kind: ClassVar[str] = "staff"

    def holds(self, row: Any) -> Any:
        """The id without the kind of actor."""
        value = super().holds(row)
        return value.split(":", 1)[-1] if value else None

    def words(self, value: Any) -> str:
        """氏名（職員番号）."""
        return staff_in_words(value)

    def order(self, value: Any) -> Any:
        """As it is read."""
        return staff_in_words(value)

    def condition(self, asked: Mapping[str, Any]) -> str:
        """The name and the id."""
        return f"{self.heading} {staff_in_words(asked[self.key])}"


@dataclass(frozen=True)
class Day(Column):
    """A business date: in 和暦 on the page, as YYYY-MM-DD in a file; filtered by a first and a last day."""

    kind: ClassVar[str] = "day"
    filtered_by: ClassVar[str] = "span"

    def plain(self, value: Any) -> str:
        """ISO 8601."""
        return str(value.isoformat())

    def asked(self, typed: Mapping[str, str], today: date) -> Mapping[str, Any]:
        """The first and the last day, as an office types them."""
        days = {}
        for end, name in (("from", "初日"), ("to", "末日")):
            if text := typed.get(f"{self.key}_{end}", "").strip():
                try:
                    days[f"{self.key}_{end}"] = read_day(text, today)
                except ValueError as error:
                    raise ValueError(f"{self.heading}の{name}: {error}") from None
        return days

    def fits(self, value: Any, asked: Mapping[str, Any]) -> bool:
        """Whether it lies within."""
        first, last = asked.get(f"{self.key}_from", date.min), asked.get(f"{self.key}_to", date.max)
        return bool(value is not None and first <= value <= last)

    def condition(self, asked: Mapping[str, Any]) -> str:
        """The days in 和暦."""
        first, last = (asked.get(f"{self.key}_{end}") for end in ("from", "to"))
        return f"{self.heading} {format_era(first) if first else ''}〜{format_era(last) if last else ''}"


@dataclass(frozen=True)
class Moment(Day):
    """An instant: day and time of Tokyo; filtered by a first and a last day."""

    kind: ClassVar[str] = "moment"

    def plain(self, value: Any) -> str:
        """As clocks in the office show it."""
        return f"{value.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}"

    def fits(self, value: Any, asked: Mapping[str, Any]) -> bool:
        """Whether its day lies within."""
        return super().fits(value and value.astimezone(TOKYO).date(), asked)


@dataclass(frozen=True)
class Number(Column):
    """A count with its unit."""

    kind: ClassVar[str] = "number"
    _: KW_ONLY
    unit: str = "件"

    def plain(self, value: Any) -> int:
        """The bare number."""
        return int(value)


@dataclass(frozen=True)
class Yen(Number):
    """An amount in whole yen."""

    kind: ClassVar[str] = "yen"
    _: KW_ONLY
    unit: str = "円"
