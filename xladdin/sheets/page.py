"""One sheet of a workbook of ours: text that stays text, figures, formulas, links, rows tall enough, print set up."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from ..domain.numbers import number_in_excel, plain
from ..rules.prose import Pieces
from ..workbook.grid import column_letters
from ..workbook.heights import DEFAULT_ROW, MAX_ROW, Look, height_of, lines_of
from ..workbook.markup import MAX_TEXT
from .cells import Kept, Run, Streamed
from .looks import FONT, HEAD, LINKED, MARK, NOTE, SIZE, TITLE, TITLE_INK

MAX_LINKS, MAX_LINK = 65_530, 2_079  # Excel's, of a sheet and of an address
CUT = "……（文字过长，余下从略）"
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NO_LINK = re.compile("[#%]")  # Excel takes # and % in an address for something else
_EM = 2.2  # column units a Chinese character takes, on the wide side
_LINE = height_of(1, Look(SIZE))
_LINE_ABOVE = {"top": 1, "top_color": TITLE_INK}


def clean(text: str) -> str:
    """The text without what neither Excel nor a web page can hold: a mark stands in its place."""
    if text.isprintable():
        return text
    return _NO_TEXT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def fitting(text: str) -> str:
    """The text as a cell can hold it."""
    text = clean(text)
    if len(text) > MAX_TEXT // 2:
        units = text.encode("utf-16-le")
        if len(units) // 2 > MAX_TEXT:
            text = units[: 2 * (MAX_TEXT - len(CUT) - 1)].decode("utf-16-le", "ignore") + CUT
    if text.startswith("<r>") and text.endswith("</r>"):
        text += " "  # XlsxWriter writes what looks like a rich string as XML
    return text


class Link(NamedTuple):
    """A cell of a workbook on disk, or with no file one of the workbook itself; sheet or cell may be unknown."""

    file: Path | None
    sheet: str | None = None
    cell: str | None = None


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


class Book:
    """The workbook being made: its formats, each made once."""

    def __init__(self, book: Any, folder: Path):
        self.book, self.folder = book, folder
        self._formats: dict[tuple, Any] = {}  # also by looks whose parts come in another order

    def format(self, **look: Any) -> Any:
        """A cell format in the house's style."""
        key = tuple(look.items())
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter", "text_wrap": True, "quote_prefix": True}
            known = self._formats.get(tuple(sorted(key)))
            self._formats[key] = self._formats[tuple(sorted(key))] = known or self.book.add_format(base | look)
        return self._formats[key]

    def page(self, name: str, widths: Sequence[float], charted: bool = False) -> Page:
        """A new sheet, whose rows go to a temporary file as they are left. charted: they stay in memory, for a chart
        stores a copy of the figures it shows."""
        self.book.constant_memory = not charted  # what a new sheet goes by
        sheet = self.book.add_worksheet(name)
        self.book.constant_memory = False
        return Page(self, sheet, widths, Kept(sheet) if charted else Streamed(sheet))


class Page:
    """One sheet, written row by row from the top; a row that was left is on the disk. Rows, columns count from 0."""

    def __init__(self, book: Book, sheet: Any, widths: Sequence[float], cells: Streamed | Kept):
        self.book, self.name, self.widths = book, sheet.name, list(widths)
        self.sheet, self.cells = sheet, cells
        self.hidden: set[int] = set()
        self.row = 0
        self._rooms: dict[tuple[int, int], float] = {}  # width of the columns seen, from the first to the last
        self.above = 0.0  # points the rows left so far are tall
        self._height = 0.0  # of the present row, 0 where nothing needs room
        self._links = 0
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&C第 &P 页，共 &N 页")

    def text(self, column: int, text: str, to: int | None = None, link: str | None = None, **look: Any) -> None:
        """Write text into the present row, over the columns up to `to`; `link` as XlsxWriter wants it."""
        text, form = fitting(text), self.book.format(**look)
        if to is not None and to != column:
            self.cells.merge(self.row, column, to, form)
        if link and text and self._links < MAX_LINKS:
            self._links += 1
            self.cells.link(self.row, column, link, text, form)
        else:
            self.cells.string(self.row, column, text, form)
        self._make_room(column, to, text, look)

    def number(self, column: int, value: int | Decimal, **look: Any) -> None:
        """Write a figure that is to be sorted as one."""
        self.cells.number(self.row, column, value, self.book.format(**{"quote_prefix": False} | look))

    def formula(self, column: int, formula: Formula, **look: Any) -> None:
        """Write a formula with its value."""
        form = self.book.format(**{"quote_prefix": False} | look)
        self.cells.formula(self.row, column, formula.text, formula.value, form)

    def put(self, column: int, value: Value | Cell, **look: Any) -> None:
        """Write any value; text with a link looks like one, a figure Excel cannot hold stands as text."""
        address = None
        if isinstance(value, Cell):
            cell, value = value, value.value
            address = self.address_of(cell.link) if value else None
            look |= (LINKED if address and isinstance(value, str) else {}) | dict(cell.look)
        if isinstance(value, Formula):
            self.formula(column, value, **look)
        elif isinstance(value, int) or isinstance(value, Decimal) and number_in_excel(value):
            self.number(column, value, **look)
        else:
            text = plain(value) if isinstance(value, Decimal) else value or ""
            self.text(column, text, link=address, **look)

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

    def pieces(self, column: int, pieces: Pieces, to: int | None = None, **look: Any) -> None:
        """Write text of which some characters are marked."""
        pieces = [(clean(piece), odd) for piece, odd in pieces]
        text = "".join(piece for piece, _ in pieces)
        if len(pieces) < 2 or fitting(text) != text:
            all_odd = len(pieces) == 1 and pieces[0][1]
            self.text(column, text, to, **look | (MARK if all_odd else {}))
            return
        form, marked = self.book.format(**look), look | MARK
        odd_form = self.book.format(**marked)
        if to is not None and to != column:
            self.cells.merge(self.row, column, to, form)
        runs = [Run(piece, marked, odd_form) if odd else Run(piece, look, form) for piece, odd in pieces if piece]
        self.cells.rich(self.row, column, runs, form)
        self._make_room(column, to, text, look)

    def _make_room(self, column: int, to: int | None, text: str, look: dict[str, Any]) -> None:
        last = column if to is None else to
        if (column, last) not in self._rooms:
            columns = (index for index in range(column, last + 1) if index not in self.hidden)
            self._rooms[column, last] = sum(self.widths[index] for index in columns)
        width, size = self._rooms[column, last], look.get("font_size", SIZE)
        if not width:
            return
        one_line = len(text) * _EM <= width and "\n" not in text
        if one_line and (to is None or size == SIZE):  # nothing to measure
            self._height = self._height or _LINE
            return
        font = Look(size, True)
        height = height_of(lines_of(text, width, font), font)
        self._height = max(self._height, height)

    def address_of(self, link: Link | None) -> str | None:
        """What XlsxWriter wants for a cell, of another workbook from this one's folder; None where there is no way."""
        if link is None:
            return None
        if link.file is None:
            return f"internal:{inner(link.sheet, link.cell)}" if link.sheet and link.cell else None
        try:
            path = os.path.relpath(link.file, self.book.folder)
        except ValueError:  # on another drive
            path = os.path.abspath(link.file)
        address = f"external:{path}"
        if link.sheet and link.cell:
            address += "#" + inner(link.sheet, link.cell)
        if _NO_LINK.search(path) or _NO_TEXT.search(address) or len(address.replace(" ", "%20")) > MAX_LINK:
            return None
        return address

    def next(self, rows: int = 1) -> None:
        """Go down; the row that is left gets its height."""
        self._leave()
        self.above += DEFAULT_ROW * (rows - 1)
        self.row += rows

    def _leave(self) -> None:
        self.cells.end(self.row, min(self._height, MAX_ROW))
        self.above += min(self._height, MAX_ROW) or DEFAULT_ROW
        self._height = 0.0

    def apart(self, column: int, first: int, last: int) -> None:
        """Part the rows from `first` to the present one where what stands in a column changes: it is bold there, with
        a line above, up to the column `last`. That stays so once somebody sorts the rows."""
        letter = column_letters(column + 1)
        changes = f"=${letter}{first + 1}<>${letter}{first}"
        for columns, look in (((column, column), {"bold": True, "font_color": TITLE_INK}), ((0, last), _LINE_ABOVE)):
            rule = {"type": "formula", "criteria": changes, "format": self.book.book.add_format(look)}
            self.sheet.conditional_format(first, columns[0], self.row, columns[1], rule)

    def close(self, header: int) -> None:
        """Everything is written: set the last height, the widths and what repeats on every printed page."""
        self._leave()
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width, None, {"hidden": column in self.hidden})
        self.sheet.repeat_rows(header)
        self.sheet.freeze_panes(header + 1, 0)
        self.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def inner(sheet: str, cell: str) -> str:
    """A cell's address with its sheet, as a link says it."""
    return "'" + sheet.replace("'", "''") + f"'!{cell}"
