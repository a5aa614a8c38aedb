"""核对结果 as a sheet of an open workbook: what result_values says is written, and read back, through xlwings.

Every call costs Excel about a millisecond: values are written in blocks, looks are set on all cells that share them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import xlwings as xw
from xlwings.utils import rgb_to_int

from ..errors import Place, XladdinError
from ..report.columns import HEADINGS
from ..report.rows import HANDLED, SHEET, Report, report_of
from ..review.cases import Review
from ..sheets.looks import FONT, LINES, SIZE
from . import result_values as values
from .live import grid_of
from .members import add_sheet
from .result_values import AT, FIRST_TARGET, HEADER, LAST, MADE, Fills, Paint, Target
from .snapshots import full_name

ROOM = 1850 * 0.75  # points; what a window 1,920 pixels wide shows of a sheet
PAGE = {  # landscape, A4, as wide as a page; Zoom has to be off before the pages count
    "Orientation": 2, "Zoom": False, "FitToPagesWide": 1, "FitToPagesTall": False,
    "PrintTitleRows": f"${HEADER}:${HEADER}", "PaperSize": 9, "PrintArea": values.PRINTED,
}  # fmt: skip
_SHOWN = -1  # xlSheetVisible


def find(book: xw.Book) -> xw.Sheet | None:
    """The sheet 核对结果 of a workbook."""
    return next((sheet for sheet in book.sheets if sheet.name == SHEET), None)


class Before(NamedTuple):
    """The sheet there is, and what the clerk has left in it."""

    sheet: xw.Sheet
    left: values.Left


def before(book: xw.Book) -> Before | None:
    """What stands in 核对结果. Raises XladdinError where it is none of ours, or cannot be written."""
    sheet, fixed = find(book), book.api.ProtectStructure
    again = "请先撤销保护，再点一次"
    if sheet is None:
        if fixed:
            raise XladdinError(f"工作簿的结构受保护，写不了“{SHEET}”，没有改动", Place(book.name), again)
        return None
    where = Place(book.name, SHEET)
    if sheet.api.ProtectContents:
        raise XladdinError(f"这张工作表受保护，写不了“{SHEET}”，没有改动", where, again)
    left = values.left_in(grid_of(sheet))
    if left is None:
        what = "已有一张同名的工作表，它不是核对得到的，或者标题行、标识列已被改动，没有改动"
        raise XladdinError(what, where, "请把它改个名字，再点一次")
    more = left.added or len(sheet.notes) > 0 or _has_discussions(sheet) or _is_coloured(sheet, len(left.texts))
    if fixed and (more or sheet.api.Visible != _SHOWN):
        raise XladdinError("工作簿的结构受保护，没有改动", where, again)
    return Before(sheet, replace(left, added=more))


def _has_discussions(sheet: xw.Sheet) -> bool:
    """Threaded comments; Excel before 2019 has none."""
    with suppress(Exception):
        return int(sheet.api.CommentsThreaded.Count) > 0
    return False


def _is_coloured(sheet: xw.Sheet, last: int) -> bool:
    """Whether the clerk has given a row a colour."""
    rows = range(HEADER + 1, last + 1)
    colours = (
        [sheet.range(values.columns(part, row, row)).color for part in (values.OURS, values.THEIRS)] for row in rows
    )
    papers = ((ours, theirs) for ours, theirs in colours)
    try:
        return values.is_coloured(papers)
    except Exception:  # noqa: BLE001  a part of a row is coloured, of which Excel tells no colour
        return True


def set_aside(old: xw.Sheet) -> str:
    """A copy of the sheet for what the clerk has added to it; its name."""
    name = values.aside({sheet.name for sheet in old.book.sheets})
    old.copy(after=old, name=name)
    return name


def write(
    book: xw.Book, review: Review, books: Sequence[xw.Book], old: Before | None = None, unsaved: Collection[Path] = ()
) -> tuple[xw.Sheet, Report]:
    """Write the review into 核对结果 of `book`, keeping what the clerk wrote there before.

    books: the open workbooks the review speaks of, by whose names its cells are found; unsaved: those of its files
    that were read with changes not saved yet.
    """
    report = report_of(review, old and old.left.rows)
    in_excel(book.sheets.active.select)  # of several sheets selected, alone
    if old:
        sheet = old.sheet
        empty(sheet)
    else:  # behind the last one to be seen: Excel moves none behind one hidden
        sheet = add_sheet(book, SHEET, after=[each for each in book.sheets if each.api.Visible == _SHOWN][-1])
        in_excel(lambda: set_page(sheet))  # later it is as the clerk has set it
    sheet.activate()
    _table(sheet, report)
    _links(sheet, report, {each.name: full_name(each) for each in books})
    _head(sheet, report, unsaved)
    _looks(sheet, report)
    sheet.range((HEADER, MADE)).value = values.stamp(report, grid_of(sheet))
    in_excel(lambda: set_window(sheet))
    return sheet, report


def put_back(book: xw.Book, old: Before | None, there: Collection[str]) -> None:
    """After a failure: what stood there before as text, or no sheet but those there were."""
    if old is None:
        for half in [sheet for sheet in book.sheets if sheet.name not in there]:
            half.delete()
        return
    empty(old.sheet)
    put(old.sheet, (1, 1), old.left.texts)


def empty(sheet: xw.Sheet) -> None:
    """Nothing is left hidden: a block written over rows that are filtered out ends up in other rows."""
    if sheet.api.Visible != _SHOWN:
        sheet.visible = True
    in_excel(lambda: [table.Unlist() for table in list(sheet.api.ListObjects)])
    in_excel(lambda: setattr(sheet.api, "AutoFilterMode", False))
    in_excel(lambda: setattr(sheet.range(f"1:{sheet.used_range.last_cell.row}").api.EntireRow, "Hidden", False))
    in_excel(lambda: sheet.api.Hyperlinks.Delete())
    sheet.clear()


def put(sheet: xw.Sheet, at: tuple[int, int], block: values.Block, numbers: str = "") -> None:
    """Write a block as text, which stays text whatever it looks like; numbers: the cells for whole numbers."""
    target = sheet.range(at, (at[0] + len(block) - 1, at[1] + len(block[0]) - 1))
    target.number_format = "@"
    if numbers:
        sheet.range(numbers).number_format = "0"
    target.value = block


def _table(sheet: xw.Sheet, report: Report) -> None:
    numbers = values.columns([AT["number"]], HEADER + 1, values.last_row(report))
    put(sheet, (HEADER, 1), [list(report.headings.values()), *values.table(report)], numbers)
    if not report.rows:
        sheet.range((HEADER + 1, AT["message"])).value = values.NOTHING
    put(sheet, (HEADER, MADE), [[report.made.isoformat()]])


def _links(sheet: xw.Sheet, report: Report, files: dict[str, str]) -> None:
    """Both values of every row jump to their cells; 下一处 has them in hidden columns."""
    home, links = sheet.book.name, sheet.api.Hyperlinks
    for jump in values.jumps(report, home, files):  # no text given: the cell keeps its own
        in_excel(partial(links.Add, sheet.range(jump.at).api, jump.file, jump.inside, jump.tip))
    if report.rows:
        put(sheet, (HEADER + 1, FIRST_TARGET), values.targets(report, home))


def _head(sheet: xw.Sheet, report: Report, unsaved: Collection[Path]) -> None:
    put(sheet, (1, 1), values.head(report, unsaved))


def _looks(sheet: xw.Sheet, report: Report) -> None:
    """After the links, which bring a font of their own."""
    last = values.last_row(report)
    _size(sheet, report)
    seen = sheet.range(values.columns([1, LAST], 1, last))
    seen.font.name, seen.font.size = FONT, SIZE
    seen.vertical_alignment = "center"
    in_excel(lambda: _lines(sheet.range(values.columns([1, LAST], HEADER, last))))
    for block in values.wrapped(report):
        sheet.range(block).wrap_text = True
    for paint in values.paints(report):
        _paint(sheet, paint)
    in_excel(lambda: _choices(sheet.range(values.columns([AT["handled"]], HEADER + 1, last))))
    if report.rows:
        in_excel(lambda: sheet.range(values.columns([1, MADE - 1], HEADER, last)).api.AutoFilter(1))


def _paint(sheet: xw.Sheet, paint: Paint) -> None:
    block = sheet.range(paint.address)
    if paint.paper:
        block.color = paint.paper
    if paint.align:
        block.horizontal_alignment = paint.align
    for name, value in (("size", paint.size), ("color", paint.ink), ("bold", paint.bold)):
        if value is not None:
            setattr(block.font, name, value)


def _size(sheet: xw.Sheet, report: Report) -> None:
    """Widths, and heights for all of the text; columns for the program are hidden."""
    by_width = values.columns_by_width(report)
    _widen(sheet, by_width)
    # a column's margins do not shrink with it
    too_wide = sheet.range(values.columns([1, LAST], 1, 1)).width / ROOM + 0.02
    if too_wide > 1:  # the font of the workbook's style Normal, in whose digits columns are measured, is a wide one
        _widen(sheet, {width / too_wide: columns for width, columns in by_width.items() if width})
    for height, rows in values.rows_by_height(report).items():
        for block in values.areas(f"{run[0]}:{run[-1]}" for run in values.runs(rows)):
            sheet.range(block).row_height = height


def _widen(sheet: xw.Sheet, by_width: dict[float, list[int]]) -> None:
    for width, columns in by_width.items():
        for block in values.areas(values.whole_columns(run) for run in values.runs(columns)):
            sheet.range(block).column_width = width


def _lines(block: xw.Range) -> None:
    borders = block.api.Borders
    line = rgb_to_int(values.rgb(LINES))
    borders.LineStyle, borders.Weight, borders.Color = 1, 2, line  # xlContinuous, xlThin


def _choices(block: xw.Range) -> None:
    choices = block.api.Validation
    choices.Delete()
    choices.Add(3, 2, 1, ",".join(HANDLED))  # xlValidateList, xlValidAlertWarning, xlBetween
    choices.ErrorTitle, choices.ErrorMessage = HEADINGS["handled"], "不在下拉的选项里，确定要这样填吗？"


def set_page(sheet: xw.Sheet) -> None:
    setup, app = sheet.api.PageSetup, sheet.book.app.api
    in_excel(lambda: setattr(app, "PrintCommunication", False))  # else the printer is asked about each
    try:
        for name, value in PAGE.items():
            in_excel(partial(setattr, setup, name, value))  # without a printer some cannot be set
    finally:
        in_excel(lambda: setattr(app, "PrintCommunication", True))


def set_window(sheet: xw.Sheet) -> None:
    """The head stays while the findings scroll; no lines between empty cells; the first finding is chosen."""
    window = sheet.api.Application.ActiveWindow
    window.DisplayGridlines = window.FreezePanes = False
    window.ScrollRow = window.ScrollColumn = 1
    window.SplitColumn, window.SplitRow = 0, HEADER
    window.FreezePanes = True
    sheet.range((HEADER + 1, 1)).select()


def in_excel(do: Callable[[], object]) -> None:
    """What only Excel's own objects offer: a host without them goes without."""
    with suppress(Exception):
        do()


def _hidden(sheet: xw.Sheet) -> values.Block:
    """What stands in the hidden columns, from the first row on."""
    block = sheet.range((1, FIRST_TARGET), (sheet.used_range.last_cell.row, MADE - 1))
    return block.options(ndim=2, empty=None).value


def standing(sheet: xw.Sheet) -> list[tuple[int, list[Target]]]:
    """(row, cells) of every finding that names a cell, in order."""
    return values.standing_in(_hidden(sheet))


def made_at(sheet: xw.Sheet) -> str:
    """When a button made it, to be compared; "" for a sheet no button made."""
    return values.made_in(sheet.range((1, MADE), (HEADER + 20, MADE)).options(ndim=1, empty="").value)


def books_of(sheet: xw.Sheet) -> set[str]:
    """The names of the workbooks it speaks of."""
    return values.books_in(_hidden(sheet), sheet.book.name)


def fills(sheets: Iterable[xw.Sheet]) -> Fills:
    """The fills of before of the cells marked, as these 核对结果 know them."""
    known = (values.fills_in(_hidden(sheet), sheet.book.name) for sheet in sheets)
    return {names: fill for each in known for names, fill in each.items()}


def remember(sheet: xw.Sheet, fills: Fills) -> None:
    """Into 核对结果 with the fills of its cells; the others are marked no more. Cell by cell: rows may be hidden."""
    if sheet.api.ProtectContents:
        return
    for spot, text in values.remembered(_hidden(sheet), sheet.book.name, fills).items():
        sheet.range(spot).value = text
