"""Tables: columns that know their heading, width, look and content, and rows that formulas elsewhere can speak of."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..domain.numbers import number_in_excel
from ..workbook.grid import column_letters
from .looks import BODY
from .page import Cell, Formula, Page, Value

_WIDEST = 30.0


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its heading, its width in Excel's units, the look of its cells.

    A cell holds the row's attribute `field`, or what `get(row, at)` gives; `at` is the row's number on the sheet,
    from 1.
    """

    field: str
    heading: str
    width: float
    look: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    get: Callable[[Any, int], Value | Cell] | None = None

    def cell(self, row: Any, at: int) -> Value | Cell:
        """What stands in a row."""
        return self.get(row, at) if self.get else getattr(row, self.field)


class Table:
    """Rows under headings, and where they came to lie: other sheets' formulas are built from it."""

    def __init__(self, sheet: Page, columns: Sequence[Column], rows: Sequence[Any]):
        """Write headings and rows from the sheet's present row on; the sheet then stands below them."""
        self.sheet, self.columns, self.rows = sheet, columns, rows
        self.at = {column.heading: number for number, column in enumerate(columns)}
        self.header = sheet.row
        self._looks = [BODY | dict(column.look) for column in columns]
        self._figures: dict[str, list[Decimal | None]] = {}
        sheet.head([column.heading for column in columns])
        sheet.next()
        for row in rows:
            self._row(row)
        sheet.sheet.autofilter(self.header, 0, max(sheet.row - 1, self.header + 1), len(columns) - 1)

    def _row(self, row: Any) -> None:
        at = self.sheet.row + 1
        for number, (look, column) in enumerate(zip(self._looks, self.columns, strict=True)):
            self.sheet.put(number, column.cell(row, at), **look)
        self.sheet.next()

    def range(self, heading: str) -> str:
        """A column's cells as formulas of any sheet say it."""
        letter, first = column_letters(self.at[heading] + 1), self.header + 2
        return f"'{self.sheet.name}'!${letter}${first}:${letter}${self.header + 1 + len(self.rows)}"

    def address(self, heading: str, row: int) -> str:
        """One cell: the `row`th of the table, from 0."""
        return f"'{self.sheet.name}'!${column_letters(self.at[heading] + 1)}${self.header + 2 + row}"

    def values(self, heading: str, where: Callable[[Any], bool] = lambda row: True) -> list[Decimal | None]:
        """The figures of a column in the rows that count, None where there is none."""
        if heading not in self._figures:
            column, first = self.columns[self.at[heading]], self.header + 2
            self._figures[heading] = [number_of(column.cell(row, at)) for at, row in enumerate(self.rows, first)]
        return [figure for row, figure in zip(self.rows, self._figures[heading], strict=True) if where(row)]


def number_of(value: Value | Cell) -> Decimal | None:
    """What a cell counts in a sum: nothing where it is blank, text, or a figure only text can hold."""
    value = value.value if isinstance(value, Cell) else value
    value = value.value if isinstance(value, Formula) else value
    if isinstance(value, int):
        return Decimal(value)
    return value if isinstance(value, Decimal) and number_in_excel(value) else None


def money_width(amounts: Iterable[Decimal | None]) -> float:
    """A column wide enough for the amounts and their total: a figure too wide shows as ####."""
    total = sum((abs(amount) for amount in amounts if amount is not None), Decimal(0))
    return min(max(11.5, 1.08 * len(f"{total:,.2f}") + 2), _WIDEST)
