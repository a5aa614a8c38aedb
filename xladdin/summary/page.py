"""A sheet of the summary: the report's page with formulas, tables of columns and totals by money unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from ..domain.numbers import number_in_excel, plain
from ..sheets.page import SIZE, Book, Link, Page
from ..workbook.heights import DEFAULT_ROW, Look, height_of

HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#44546A", "border": 1, "border_color": "#BFBFBF"}
HEAD |= {"align": "center"}
BODY = {"border": 1, "border_color": "#D0D5DB"}
TOTAL = BODY | {"bold": True, "bg_color": "#E7EAEE"}
TITLE = {"font_size": 16, "bold": True, "font_color": "#22303F"}
VERDICT = {"font_size": 12, "bold": True}
NOTE = {"font_color": "#7F7F7F", "font_size": 9}
LINKED = {"font_color": "#0563C1", "underline": 1}
TEXT: dict[str, Any] = {}
CENTRE = {"align": "center"}
MONEY = {"num_format": "#,##0.00_ ", "align": "right"}
RATE = {"num_format": "0.00%_ ", "align": "right"}
SCORE = {"num_format": "0.00_ ", "align": "right"}
_WIDEST = 30.0
_EM = 2.2  # column units a Chinese character takes, on the wide side
LINE = height_of(1, Look(SIZE))
COUNT = {"num_format": '0;-0;[Black]"–"', "align": "center"}


@dataclass(frozen=True, slots=True)
class Formula:
    """An ordinary formula (without its =) and the value that is stored beside it; "" shows nothing."""

    text: str
    value: Decimal | int | str


Value = str | int | Decimal | Formula | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with a link or a look of its own."""

    value: Value
    link: Link | None = None
    look: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `get(row, at)` gives its cell; `at` is the row's number on the sheet, from 1."""

    name: str
    width: float
    look: Mapping[str, Any]
    get: Callable[[Any, int], Value | Cell]


class Sheet(Page):
    """One sheet, written top down."""

    def __init__(self, book: Book, name: str, widths: Sequence[float]):
        super().__init__(book, name, widths)
        self.name = name

    def formula(self, column: int, formula: Formula, **look: Any) -> None:
        """Write a formula with its value."""
        form = self.book.format(**{"quote_prefix": False} | look)
        self.sheet.write_formula(self.row, column, "=" + formula.text, form, formula.value)

    def put(self, column: int, value: Value | Cell, **look: Any) -> None:
        """Write any value; a figure Excel cannot hold stands as text."""
        cell = value if isinstance(value, Cell) else Cell(value)
        look, value = look | cell.look if cell.look else look, cell.value
        if isinstance(value, Formula):
            self.formula(column, value, **look)
        elif isinstance(value, int) or isinstance(value, Decimal) and number_in_excel(value):
            self.number(column, value, **look)
        else:
            text = plain(value) if isinstance(value, Decimal) else value or ""
            address = self.address_of(cell.link)
            self.text(column, text, link=address, **look | (LINKED if address and text else {}))

    def height(self, row: int) -> float:
        """How tall a row written so far will be, in points."""
        return self._heights.get(row, DEFAULT_ROW)

    def _make_room(self, column: int, to: int | None, text: str, look: dict[str, Any]) -> None:
        if to is None and "\n" not in text and len(text) * _EM <= self.widths[column]:  # one line: nothing to measure
            self._heights.setdefault(self.row, LINE)
        else:
            super()._make_room(column, to, text, look)

    def head(self, names: Sequence[str]) -> None:
        """A row of column headings."""
        for column, name in enumerate(names):
            self.text(column, name, **HEAD)

    def heading(self, title: str, said: str, last: int) -> None:
        """The sheet's title and a quiet line below it."""
        self.text(0, title, last, **TITLE)
        self.next()
        self.text(0, said, last, **NOTE)
        self.next()


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


class Table:
    """Rows under headings, and where they came to lie: other sheets' formulas are built from it."""

    def __init__(self, sheet: Sheet, columns: Sequence[Column], rows: Sequence[Any]):
        """Write headings and rows from the sheet's present row on; the sheet then stands below them."""
        self.sheet, self.columns, self.rows = sheet, columns, rows
        self.at = {column.name: number for number, column in enumerate(columns)}
        self.header = sheet.row
        self._looks = [BODY | dict(column.look) for column in columns]
        self._figures: dict[str, list[Decimal | None]] = {}
        sheet.head([column.name for column in columns])
        sheet.next()
        self.cells = [self._row(row) for row in rows]
        sheet.sheet.autofilter(self.header, 0, max(sheet.row - 1, self.header + 1), len(columns) - 1)

    def _row(self, row: Any) -> list[Value | Cell]:
        cells = [column.get(row, self.sheet.row + 1) for column in self.columns]
        for number, (look, cell) in enumerate(zip(self._looks, cells, strict=True)):
            self.sheet.put(number, cell, **look)
        self.sheet.next()
        return cells

    def range(self, name: str) -> str:
        """A column's cells as formulas of any sheet say it."""
        letter = xl_col_to_name(self.at[name])
        return f"'{self.sheet.name}'!${letter}${self.header + 2}:${letter}${self.header + 1 + len(self.rows)}"

    def address(self, name: str, row: int) -> str:
        """One cell: the `row`th of the table, from 0."""
        return f"'{self.sheet.name}'!{xl_rowcol_to_cell(self.header + 1 + row, self.at[name], True, True)}"

    def values(self, name: str, where: Callable[[Any], bool] = lambda row: True) -> list[Decimal | None]:
        """The figures of a column in the rows that count, None where there is none."""
        if name not in self._figures:
            self._figures[name] = [number_of(cells[self.at[name]]) for cells in self.cells]
        return [figure for row, figure in zip(self.rows, self._figures[name], strict=True) if where(row)]
