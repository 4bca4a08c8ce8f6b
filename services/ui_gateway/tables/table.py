"""A list of the kit: declared once, then sorted, filtered, in pages, and whole for paper, as an address asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from services.ui_gateway.tables.columns import Column
from shared.contracts.codes import ListName

PAGE_ROWS: Final = 50
OWN: Final = frozenset({"of", "sort", "page", "whole", "as", "from", "to", "district", "unsigned", "kept"})
"""Questions of addresses that are no column's."""


class Table:
    """The columns of a list; ``title`` names it on paper and as a file, ``name`` in the log of exports.

    Args:
        beside: it stands on a page with others, so that an address says which one it asks.
        page_rows: lines of a page; fewer where each has many words.

    Raises:
        TypeError: two columns have one key, or one that addresses use for something else.
    """

    def __init__(
        self, name: ListName, title: str, *columns: Column, beside: bool = False, page_rows: int = PAGE_ROWS
    ) -> None:
        keys = [column.key for column in columns]
        if len(set(keys)) < len(keys) or OWN & set(keys):
            raise TypeError(f"each column has a key of its own, none of {sorted(OWN)}: {keys}")
        self.name, self.title, self.columns, self.beside = name, title, columns, beside
        self.page_rows = page_rows

    def as_asked(
        self,
        rows: Sequence[Any],
        address: str,
        asked: Mapping[str, str],
        today: date,
        *,
        own: Mapping[str, str] | None = None,
        count: int | None = None,
    ) -> "Listed":
        """The list as an address asks for it.

        Args:
            own: what the page itself was asked, which every further address keeps.
            count: how many lines there are where the service gave only the first of them.

        A question that cannot be read asks for nothing, and stands among the faults of the list.
        """
        mine = asked if not self.beside or asked.get("of") == self.name else {}
        filters, faults = self._filters(mine, today)
        sort, page = self._order(mine, faults)
        return Listed(
            table=self,
            address=address,
            own=dict(own or {}),
            all_rows=rows,
            count=len(rows) if count is None else count,
            filters=filters,
            sort=sort,
            asked_page=int(page),
            whole=mine.get("whole") == "1",
            exported=mine.get("as") == "csv",
            typed=mine,
            faults=dict(faults),
        )

    def _order(self, asked: Mapping[str, str], faults: list[tuple[str, str]]) -> tuple[str, str]:
        """By which column, and which page."""
        sort, page = asked.get("sort", ""), asked.get("page", "1")
        if sort and sort.removeprefix("-") not in {column.key for column in self.columns if column.sortable}:
            faults.append(("sort", "並べ替える列を、見出しから選んでください"))
            sort = ""
        if not (page.isascii() and page.isdigit() and 0 < len(page) < 7 and int(page)):
            faults.append(("page", "ページは1からの数字です"))
            page = "1"
        return sort, page

    def _filters(
        self, asked: Mapping[str, str], today: date
    ) -> tuple[dict[str, Mapping[str, Any]], list[tuple[str, str]]]:
        """What is asked of each column, and what cannot be read of it."""
        filters, faults = dict[str, Mapping[str, Any]](), list[tuple[str, str]]()
        for column in self.columns:
            try:
                if column.filterable and (wish := column.asked(asked, today)):
                    filters[column.key] = wish
            except ValueError as error:
                faults.append((column.key, str(error)))
        return filters, faults


@dataclass(frozen=True)
class Listed:
    """A list as it was asked for."""

    table: Table
    address: str
    own: Mapping[str, str]
    all_rows: Sequence[Any]
    count: int
    filters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sort: str = ""
    asked_page: int = 1
    whole: bool = False
    exported: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    """What the address asks, as it was typed."""
    faults: Mapping[str, str] = field(default_factory=dict)
    """What cannot be read of it, by the keys of the columns."""

    @cached_property
    def rows(self) -> list[Any]:
        """Every line that the filters let through, in order."""
        columns = [column for column in self.table.columns if column.key in self.filters]
        rows = [
            row
            for row in self.all_rows
            if all(column.fits(column.holds(row), self.filters[column.key]) for column in columns)
        ]
        sorted_by = next((column for column in self.table.columns if column.key == self.sort.removeprefix("-")), None)
        return _sorted(rows, sorted_by, self.sort.startswith("-")) if sorted_by else rows

    @property
    def cut(self) -> bool:
        """Whether the service gave only the first of the lines."""
        return self.count > len(self.all_rows)

    @property
    def pages(self) -> int:
        """How many pages there are; one where the list is shown whole."""
        return 1 if self.whole else max(1, -(-len(self.rows) // self.table.page_rows))

    @property
    def page(self) -> int:
        """Which page this is; the last one where the list has become shorter."""
        return min(self.asked_page, self.pages)

    @property
    def shown(self) -> list[Any]:
        """The lines of this page."""
        rows = self.table.page_rows
        return self.rows if self.whole else self.rows[(self.page - 1) * rows : self.page * rows]

    @property
    def filterable(self) -> list[Column]:
        """The columns of the form above the list."""
        return [column for column in self.table.columns if column.filterable]

    @property
    def conditions(self) -> list[str]:
        """What the filters ask for, in words, as it stands on paper."""
        return [column.condition(self.filters[column.key]) for column in self.filterable if column.key in self.filters]

    def choices(self, column: Column) -> dict[str, str]:
        """What may be chosen of a column: what occurs in the list, and what was chosen."""
        values = {column.holds(row) for row in self.all_rows} - {None}
        chosen = {value for value in self.filters.get(column.key, {}).values() if value not in map(str, values)}
        return {str(value): column.words(value) for value in sorted(values, key=column.order)} | {
            value: column.words(value) for value in chosen
        }

    def direction(self, column: Column) -> str:
        """As aria-sort says it; empty where the list is not sorted by this column."""
        return {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")

    def sorted_by(self, column: Column) -> str:
        """The address of the list sorted by a column; the other way round where it is already."""
        return self.at(sort=f"-{column.key}" if self.sort == column.key else column.key, page="")

    def unfiltered(self) -> str:
        """The address of the list without its filters."""
        return replace(self, filters={}).at()

    def kept(self) -> dict[str, str]:
        """What the form of the filters keeps of the address: which list it is, and its order."""
        return {name: value for name, value in self.asks().items() if name in ("of", "sort")}

    def asks(self) -> dict[str, str]:
        """What this list is asked, as an address says it."""
        filters = {
            name: value.isoformat() if isinstance(value, date) else str(value)
            for asked in self.filters.values()
            for name, value in asked.items()
        }
        of = {"of": self.table.name} if self.table.beside else {}
        asks = {**self.own, **of, **filters, "sort": self.sort}
        return {name: value for name, value in asks.items() if value}

    def at(self, **changes: str) -> str:
        """The address of the list as it is asked now, but for the changes."""
        asks = {name: value for name, value in {**self.asks(), **changes}.items() if value}
        return f"{self.address}?{urlencode(asks)}" if asks else self.address


def _sorted(rows: Sequence[Any], column: Column, backwards: bool) -> list[Any]:
    """By a column; lines that hold nothing of it come last either way."""
    held = [row for row in rows if column.holds(row) is not None]
    held.sort(key=lambda row: column.order(column.holds(row)), reverse=backwards)
    return [*held, *(row for row in rows if column.holds(row) is None)]
