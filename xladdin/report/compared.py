"""The sheet 对照: both forms of every project side by side, what differs filled and marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..sheets.looks import BAND, BODY, ODD, SUBHEAD
from ..sheets.page import Book, Page
from .rows import Report
from .sides import Block, Shown, Sides, sides_of

NAME = "对照"
WIDTHS = (12, 19, 34, 15, 34, 15, 15, 8, 8, 20)
LAST = len(WIDTHS) - 1
PAIR = ((0, 1), (2, 3), (4, 8))  # the columns of name, declared, evaluated
FUNDS = ((0, 1), (2, 3), (4, 4), (5, 6), (7, 8))
CELLS = tuple((column, column) for column in range(LAST))
SPANS = (PAIR, FUNDS, CELLS)  # of the blocks of Sides
LEGEND = "申报表（左）与自评表（右）对照：底色表示两表不同，红色粗体是不同的字；是否有错见“核对结果”"
MAX_BREAKS = 1_023  # page breaks Excel takes on a sheet


def write_sides(book: Book, report: Report) -> None:
    """Add the sheet, if any project has both its forms."""
    page, starts = None, []
    for sides in sides_of(report.review):
        if page is None:
            page = book.page(NAME, WIDTHS)
            page.text(0, LEGEND, LAST)
        page.next()
        starts.append(page.row)
        _project(page, sides)
    if page:
        page.sheet.set_h_pagebreaks(starts[1:MAX_BREAKS])
        page.close(0)


def _project(page: Page, sides: Sides) -> None:
    page.text(0, sides.project + (f"（{sides.year} 年度）" if sides.year else ""), LAST, **BAND)
    page.next()
    for spans, block in zip(SPANS, sides.blocks, strict=True):
        if block.lines:
            _block(page, spans, block)


def _block(page: Page, spans: Sequence[tuple[int, int]], block: Block) -> None:
    for (first, to), head in zip(spans, block.heads, strict=True):
        page.text(first, head, to, **SUBHEAD)
    page.text(LAST, "对照", **SUBHEAD)
    page.next()
    for line in block.lines:
        for number, ((first, to), cell) in enumerate(zip(spans, line.cells, strict=True)):
            _cell(page, first, to, cell, "right" if number in block.figures else "left")
        page.text(LAST, line.word, **BODY, **(ODD if line.differs else {}), bold=line.differs)
        page.next()


def _cell(page: Page, first: int, to: int, cell: Shown, align: str) -> None:
    look: dict[str, Any] = BODY | {"align": align, "indent": int(align == "right")} | (ODD if cell.differs else {})
    page.pieces(first, cell.pieces, to, **look)
