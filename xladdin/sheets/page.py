"""One sheet of a report workbook: text that stays text, links, marked characters, rows tall enough, print set up."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from ..rules.prose import Pieces
from ..workbook.heights import MAX_ROW, Look, height_of, lines_of
from ..workbook.markup import MAX_TEXT

FONT = "微软雅黑"
SIZE = 10
MAX_LINKS, MAX_LINK = 65_530, 2_079  # Excel's, of a sheet and of an address
CUT = "……（文字过长，余下从略）"
MARK = {"font_color": "#C00000", "bold": True}
INK = {"error": "#9C0006", "warning": "#7A5200", "undecided": "#4B3B82", "info": "#1F4E79"}
PAPER = {"error": "#FADBD8", "warning": "#FFF0C2", "undecided": "#E6E0F3", "info": "#DDEBF7"}
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NO_LINK = re.compile("[#%]")  # Excel takes # and % in an address for something else


def clean(text: str) -> str:
    """The text without what neither Excel nor a web page can hold: a mark stands in its place."""
    return _NO_TEXT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _fitting(text: str) -> str:
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
    """A cell of a workbook on disk; sheet or cell may be unknown."""

    file: Path
    sheet: str | None = None
    cell: str | None = None


class Book:
    """The workbook being made: its formats, each made once."""

    def __init__(self, book: Any, folder: Path):
        self.book, self.folder = book, folder
        self._formats: dict[tuple, Any] = {}

    def format(self, **look: Any) -> Any:
        """A cell format in the house's style."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter", "text_wrap": True, "quote_prefix": True}
            self._formats[key] = self.book.add_format(base | look)
        return self._formats[key]

    def page(self, name: str, widths: Sequence[float]) -> Page:
        """A new sheet."""
        return Page(self, name, widths)


class Page:
    """One sheet, written top down. Rows and columns count from 0."""

    def __init__(self, book: Book, name: str, widths: Sequence[float]):
        self.book, self.sheet, self.widths = book, book.book.add_worksheet(name), list(widths)
        self.hidden: set[int] = set()
        self.row = 0
        self._heights: dict[int, float] = {}
        self._links = 0
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&C第 &P 页，共 &N 页")

    def text(self, column: int, text: str, to: int | None = None, link: str | None = None, **look: Any) -> None:
        """Write text into the present row, over the columns up to `to`; `link` as XlsxWriter wants it."""
        text, form = _fitting(text), self.book.format(**look)
        merged = self._merge(column, to, form)
        if link and text and self._links < MAX_LINKS:
            self._links += 1
            self.sheet.write_url(self.row, column, link, form, text)
        elif text:
            self.sheet.write_string(self.row, column, text, form)
        elif not merged:
            self.sheet.write_blank(self.row, column, None, form)
        self._make_room(column, to, text, look)

    def number(self, column: int, value: int | Decimal, **look: Any) -> None:
        """Write a figure that is to be sorted as one."""
        self.sheet.write_number(self.row, column, value, self.book.format(**{"quote_prefix": False} | look))

    def pieces(self, column: int, pieces: Pieces, to: int | None = None, **look: Any) -> None:
        """Write text of which some characters are marked."""
        pieces = [(clean(piece), odd) for piece, odd in pieces]
        text = "".join(piece for piece, _ in pieces)
        if len(pieces) < 2 or _fitting(text) != text:
            all_odd = len(pieces) == 1 and pieces[0][1]
            self.text(column, text, to, **look | (MARK if all_odd else {}))
            return
        form = self.book.format(**look)
        self._merge(column, to, form)
        runs = [part for piece, odd in pieces for part in (self.book.format(**look | MARK) if odd else form, piece)]
        self.sheet.write_rich_string(self.row, column, *runs, form)
        self._make_room(column, to, text, look)

    def _merge(self, column: int, to: int | None, form: Any) -> bool:
        if to is None or to == column:
            return False
        self.sheet.merge_range(self.row, column, self.row, to, "", form)
        return True

    def _make_room(self, column: int, to: int | None, text: str, look: dict[str, Any]) -> None:
        columns = range(column, (column if to is None else to) + 1)
        width = sum(self.widths[index] for index in columns if index not in self.hidden)
        if not width:
            return
        font = Look(look.get("font_size", SIZE), True)
        height = height_of(lines_of(text, width, font), font)
        self._heights[self.row] = max(self._heights.get(self.row, 0.0), height)

    def address_of(self, link: Link | None) -> str | None:
        """What XlsxWriter wants for a cell of another workbook, from the report's folder where there is a way."""
        if link is None:
            return None
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
        """Go down."""
        self.row += rows

    def close(self, header: int) -> None:
        """Everything is written: set the heights, the widths and what repeats on every printed page."""
        for row, height in self._heights.items():
            self.sheet.set_row(row, min(height, MAX_ROW))
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width, None, {"hidden": column in self.hidden})
        self.sheet.repeat_rows(header)
        self.sheet.freeze_panes(header + 1, 0)
        self.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def inner(sheet: str, cell: str) -> str:
    """A cell's address with its sheet, as a link says it."""
    return "'" + sheet.replace("'", "''") + f"'!{cell}"
