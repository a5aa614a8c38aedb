"""The sheet 对照: both forms of every project side by side, what differs filled and marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..sheets.page import Book, Page
from .rows import Report
from .sides import Line, Shown, Sides, sides_of

NAME = "对照"
WIDTHS = (12, 19, 34, 15, 34, 15, 15, 8, 8, 20)
LAST = len(WIDTHS) - 1
PAIR = ((0, 1), (2, 3), (4, 8))  # the columns of name, declared, evaluated
FUNDS = ((0, 1), (2, 3), (4, 4), (5, 6), (7, 8))
CELLS = tuple((column, column) for column in range(LAST))
BODY = {"border": 1, "border_color": "#D0D5DB"}
BAND = {"bold": True, "font_size": 12, "bg_color": "#44546A", "font_color": "#FFFFFF"}
HEAD = BODY | {"bold": True, "bg_color": "#E7EAEE", "align": "center"}
LEGEND = "申报表（左）与自评表（右）对照：底色表示两表不同，红色粗体是不同的字；是否有错见“核对结果”"
MAX_BREAKS = 1_023  # page breaks Excel takes on a sheet
ODD = {"bg_color": "#FDECEA"}


def write_sides(book: Book, report: Report) -> None:
    """Add the sheet, if any project has both its forms."""
    every = list(sides_of(report.review))
    if not every:
        return
    page = book.page(NAME, WIDTHS)
    page.text(0, LEGEND, LAST)
    starts = []
    for sides in every:
        page.next()
        starts.append(page.row)
        _project(page, sides)
    page.sheet.set_h_pagebreaks(starts[1:MAX_BREAKS])
    page.close(0)


def _project(page: Page, sides: Sides) -> None:
    page.text(0, sides.project + (f"（{sides.year} 年度）" if sides.year else ""), LAST, **BAND)
    page.next()
    _block(page, PAIR, ("", "申报表", "自评表"), (*sides.fields, *sides.goals))
    declared, evaluated = (f"（{unit}）" for unit in sides.units)
    amounts = (f"年初预算数{evaluated}", f"全年预算数{evaluated}", f"全年执行数{evaluated}")
    _block(page, FUNDS, ("项目资金", f"申报金额{declared}", *amounts), sides.funds, "right")
    names = ("一级指标", "二级指标", "三级指标（申报）", "指标值（申报）", "三级指标（自评）", "指标值（自评）")
    _block(page, CELLS, (*names, "实际完成值", "分值", "得分"), sides.indicators)


def _block(
    page: Page, spans: Sequence[tuple[int, int]], heads: Sequence[str], lines: Sequence[Line], figures: str = "left"
) -> None:
    if not lines:
        return
    for (first, to), head in zip(spans, heads, strict=True):
        page.text(first, head, to, **HEAD)
    page.text(LAST, "对照", **HEAD)
    page.next()
    for line in lines:
        for number, ((first, to), cell) in enumerate(zip(spans, line.cells, strict=True)):
            align = "right" if first in (7, 8) or number and figures == "right" else "left"
            _cell(page, first, to, cell, align)
        page.text(LAST, line.word, **BODY, **(ODD if line.differs else {}), bold=line.differs)
        page.next()


def _cell(page: Page, first: int, to: int, cell: Shown, align: str) -> None:
    look: dict[str, Any] = BODY | {"align": align, "indent": int(align == "right")} | (ODD if cell.differs else {})
    page.pieces(first, cell.pieces, to, **look)
