"""核对结果 as a sheet of an open workbook: the report's rows in the report's looks, with links that jump to both cells.

Every call costs Excel about a millisecond: values are written in blocks, looks are set on all cells that share them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

import xlwings as xw
from xlwings.utils import col_name, hex_to_rgb, rgb_to_int

from ..errors import Place, XladdinError
from ..report.columns import FIELDS, HEADINGS, WIDTHS
from ..report.previous import added, rows_before, sums, texts_of
from ..report.rows import GONE, HANDLED, MEANINGS, NEW, SHEET, UNSEEN, Report, Row, report_of
from ..review.cases import Review
from ..rules.finding import LEVELS
from ..sheets.looks import FONT, INK, PAPER, SIZE
from ..sheets.page import Link, inner
from ..workbook.grid import Grid
from ..workbook.heights import MAX_ROW, Look, height_of, lines_of
from .live import grid_of
from .snapshots import full_name

HEADER = 5  # row of the headings; the findings follow
TARGETS = ("declared", "evaluated")  # hidden columns behind the key: where each side's first cell is
FIRST_TARGET = len(FIELDS) + 1
MADE = FIRST_TARGET + len(TARGETS)  # hidden: when it was made, in the row of the headings; and sums of what we wrote
AT = {field: column for column, field in enumerate(FIELDS, start=1)}
LAST = AT["note"]  # the last column a person sees
VALUES = {"expected": "expected_at", "actual": "actual_at"}
MOST_SUMS = 3000  # as many as a cell can hold
SMALL, LINES, GREY, GONE_INK, WRITABLE = 8, "#D0D5DB", "#7F7F7F", "#9A9A9A", "#FFFDF2"
HEAD_ROWS = {30: (1,), 21: (2, 3, HEADER), 15: (4,)}  # heights
BANDS = (1, AT["check"]), (AT["expected"], AT["actual"]), (AT["actual_at"], AT["message"]), (AT["basis"], LAST)
ROOM = 1850 * 0.75  # points; what a window 1,920 pixels wide shows of a sheet
PAGE = {  # landscape, A4, as wide as a page; Zoom has to be off before the pages count
    "Orientation": 2, "Zoom": False, "FitToPagesWide": 1, "FitToPagesTall": False,
    "PrintTitleRows": f"${HEADER}:${HEADER}", "PaperSize": 9,
}  # fmt: skip
LONGEST_ADDRESS = 250  # characters of an address of several areas; Excel refuses more than 255
LONGEST_TIP = 200  # Excel refuses more than 255
NOTHING = "没有需要处理的问题"
UNSAVED = "（有未保存的改动）"
_SHOWN = -1  # xlSheetVisible
_MADE = re.compile(r"\d{4}-\d\d-\d\dT")
_BETWEEN = "*/"  # no name of a workbook or sheet holds either; other programs save no tab
_NO_LINK = "#%"  # Excel takes them in a file's name for something else


@dataclass(frozen=True, slots=True)
class Target:
    """A cell of an open workbook, by names; as text in a hidden cell.

    book: "" is the one 核对结果 stands in; fill: what was there before, as long as the cell is marked.
    """

    book: str
    sheet: str
    cell: str
    fill: str = ""

    def __str__(self) -> str:
        parts = (self.sheet, self.book, self.cell, *([self.fill] if self.fill else []))
        return _BETWEEN.join(parts)  # no sheet begins with ', which a cell swallows


def target_of(text: str | None) -> Target | None:
    """A target read back."""
    parts = (text if isinstance(text, str) else "").split(_BETWEEN)
    return Target(parts[1], parts[0], *parts[2:]) if len(parts) in (3, 4) else None


def find(book: xw.Book) -> xw.Sheet | None:
    """The sheet 核对结果 of a workbook."""
    return next((sheet for sheet in book.sheets if sheet.name == SHEET), None)


@dataclass(frozen=True, slots=True)
class Before:
    """核对结果 as the clerk has left it: its rows by key, all of it as text, and whether she has added or changed what
    the rows of the next one have no place for."""

    sheet: xw.Sheet
    rows: dict[str, Row]
    texts: list[list[str]]
    added: bool


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
    grid = grid_of(sheet)
    rows = rows_before([grid])
    if rows is None:
        what = "已有一张同名的工作表，它不是核对得到的，或者标题行、标识列已被改动，没有改动"
        raise XladdinError(what, where, "请把它改个名字，再点一次")
    texts = texts_of(grid)
    own = (texts[row - 1][column - 1] for row, column in added(grid))
    more = any(text != NOTHING and target_of(text) is None for text in own)
    more = more or len(sheet.notes) > 0 or _has_discussions(sheet)
    more = more or not sums(grid, MADE) <= _sums_of(grid) or _is_coloured(sheet, len(texts))
    if fixed and (more or sheet.api.Visible != _SHOWN):
        raise XladdinError("工作簿的结构受保护，没有改动", where, again)
    return Before(sheet, rows, texts, more)


def _sums_of(grid: Grid) -> set[str]:
    """What we wrote, kept beside when it was made; none in a sheet of an earlier version."""
    kept = (str(text) for (_, column), text in grid.cells.items() if column == MADE)
    return set(next((text for text in kept if _MADE.match(text)), "").split()[1:])


def _has_discussions(sheet: xw.Sheet) -> bool:
    """Threaded comments; Excel before 2019 has none."""
    with suppress(Exception):
        return int(sheet.api.CommentsThreaded.Count) > 0
    return False


def _is_coloured(sheet: xw.Sheet, last: int) -> bool:
    """Whether the clerk has given a row a colour."""
    ours = {(AT["check"], LAST - 2): (None,), (AT["handled"], LAST): (None, hex_to_rgb(WRITABLE))}
    try:
        return any(
            sheet.range(_columns(columns, row, row)).color not in expected
            for row in range(HEADER + 1, last + 1)
            for columns, expected in ours.items()
        )
    except Exception:  # noqa: BLE001  a part of a row is coloured, of which Excel tells no colour
        return True


def set_aside(old: Before) -> str:
    """A copy of the sheet for what the clerk has added to it; its name."""
    taken = {sheet.name for sheet in old.sheet.book.sheets}
    name = next(name for n in count(1) if (name := f"{SHEET} 旧{n if n > 1 else ''}") not in taken)
    old.sheet.copy(after=old.sheet, name=name)
    return name


def write(
    book: xw.Book, review: Review, books: Sequence[xw.Book], old: Before | None = None, unsaved: Collection[Path] = ()
) -> tuple[xw.Sheet, Report]:
    """Write the review into 核对结果 of `book`, keeping what the clerk wrote there before.

    books: the open workbooks the review speaks of, by whose names its cells are found; unsaved: those of its files
    that were read with changes not saved yet.
    """
    report = report_of(review, old and old.rows)
    in_excel(book.sheets.active.select)  # of several sheets selected, alone
    if old:
        sheet = old.sheet
    else:  # behind the last one to be seen: Excel moves none behind one hidden
        sheet = book.sheets.add(SHEET, after=[each for each in book.sheets if each.api.Visible == _SHOWN][-1])
    if old:
        _empty(sheet)
    else:
        in_excel(lambda: _page(sheet))  # later it is as the clerk has set it
    sheet.activate()
    _table(sheet, report)
    if report.rows:
        _links(sheet, report, book, {each.name: each for each in books})
    _looks(sheet, report)
    _head(sheet, report, unsaved)
    written = sorted(sums(grid_of(sheet), MADE))[:MOST_SUMS]
    sheet.range((HEADER, MADE)).value = " ".join([report.made.isoformat(), *written])
    in_excel(lambda: _window(sheet))
    return sheet, report


def put_back(book: xw.Book, old: Before | None, there: Collection[str]) -> None:
    """After a failure: what stood there before as text, or no sheet but those there were."""
    if old is None:
        for half in [sheet for sheet in book.sheets if sheet.name not in there]:
            half.delete()
        return
    _empty(old.sheet)
    block = old.sheet.range((1, 1), (len(old.texts), len(old.texts[0])))
    block.number_format = "@"
    block.value = old.texts


def _empty(sheet: xw.Sheet) -> None:
    """Nothing is left hidden: a block written over rows that are filtered out ends up in other rows."""
    if sheet.api.Visible != _SHOWN:
        sheet.visible = True
    in_excel(lambda: [table.Unlist() for table in list(sheet.api.ListObjects)])
    in_excel(lambda: setattr(sheet.api, "AutoFilterMode", False))
    in_excel(lambda: setattr(sheet.range(f"1:{sheet.used_range.last_cell.row}").api.EntireRow, "Hidden", False))
    in_excel(lambda: sheet.api.Hyperlinks.Delete())
    sheet.clear()


def _table(sheet: xw.Sheet, report: Report) -> None:
    texts = [row.texts(number) | {"number": number} for number, row in enumerate(report.rows, start=1)]
    rows = [[row[field] for field in FIELDS] for row in texts]
    block = sheet.range((HEADER, 1), (HEADER + len(rows), len(FIELDS)))
    block.number_format = "@"  # text stays text, whatever it looks like
    sheet.range(_columns([AT["number"]], HEADER + 1, HEADER + max(len(rows), 1))).number_format = "0"  # to be sorted by
    block.value = [list(HEADINGS.values()), *rows]
    if not rows:
        sheet.range((HEADER + 1, AT["message"])).value = NOTHING
    made = sheet.range((HEADER, MADE))
    made.number_format, made.value = "@", report.made.isoformat()


def _links(sheet: xw.Sheet, report: Report, home: xw.Book, books: dict[str, xw.Book]) -> None:
    """Both values of every row, or a blank one's position, jump to their cells; 下一处 has them in hidden columns."""
    links = sheet.api.Hyperlinks
    targets = []
    for number, row in enumerate(report.rows, start=HEADER + 1):
        sides = [_target(link, home) for link in (row.expected_link, row.actual_link)]
        targets.append([str(side) if side else "" for side in sides])
        for (value, position), side in zip(VALUES.items(), sides, strict=True):
            if side is None:
                continue
            file = full_name(books[side.book]) if side.book in books else ""
            if side.book and not set(file) & set("/\\"):  # never saved: a link leads to a file
                continue
            tip = f"转到{f'“{side.book}”的' if side.book else ''}“{side.sheet}”{side.cell}"
            cell = sheet.range(f"{col_name(AT[value if getattr(row, value) else position])}{number}")
            if not set(file) & set(_NO_LINK):  # no text given: the cell keeps its own
                in_excel(partial(links.Add, cell.api, file, inner(side.sheet, side.cell), tip[:LONGEST_TIP]))
    block = sheet.range((HEADER + 1, FIRST_TARGET), (HEADER + len(targets), MADE - 1))
    block.number_format = "@"
    block.value = targets


def _target(link: Link | None, home: xw.Book) -> Target | None:
    if not (link and link.sheet and link.cell):
        return None
    return Target("" if link.file.name == home.name else link.file.name, link.sheet, link.cell)


def _looks(sheet: xw.Sheet, report: Report) -> None:
    """After the links, which bring a font of their own."""
    rows = report.rows
    last = HEADER + max(len(rows), 1)
    widths = _widths(report)
    _size(sheet, report, widths)

    table = sheet.range(_columns([1, LAST], HEADER, last))
    table.font.name, table.font.size = FONT, SIZE
    table.vertical_alignment = "center"
    in_excel(lambda: _lines(table))
    for seen in _areas(_columns(run, HEADER, last) for run in _runs(AT[field] for field in widths)):
        sheet.range(seen).wrap_text = True  # a hidden column would make its rows tall
    sheet.range(_columns([1, AT["code"]], HEADER + 1, last)).horizontal_alignment = "center"
    small = sheet.range(",".join(_columns([AT[field]], HEADER + 1, last) for field in VALUES.values()))
    small.font.size, small.font.color = SMALL, GREY
    sheet.range(_columns([AT["handled"], LAST], HEADER + 1, last)).color = WRITABLE

    by_level: dict[str, list[int]] = {}
    for number, row in enumerate(rows, start=HEADER + 1):
        by_level.setdefault("" if row.status in (GONE, UNSEEN) else row.level, []).append(number)
    for level, numbers in by_level.items():
        if level:
            _colour(sheet, _cells(numbers, "level"), PAPER[level], INK[level])
        else:  # what is no longer there steps back
            for block in _areas(_columns([1, LAST], *run) for run in _runs(numbers)):
                sheet.range(block).font.color = GONE_INK
    for block in _areas(_cells([n for n, row in enumerate(rows, HEADER + 1) if row.status == NEW], "status")):
        sheet.range(block).font.bold = True

    header = sheet.range(_columns([1, LAST], HEADER, HEADER))
    header.color, header.font.color, header.font.bold = "#44546A", "#FFFFFF", True
    header.horizontal_alignment = "center"
    in_excel(lambda: _choices(sheet.range(_columns([AT["handled"]], HEADER + 1, last))))
    if rows:
        in_excel(lambda: sheet.range(_columns([1, MADE - 1], HEADER, last)).api.AutoFilter(1))


def _head(sheet: xw.Sheet, report: Report, unsaved: Collection[Path]) -> None:
    """Title, verdict, how many of each level with what that means, sources; texts run on over the empty cells."""
    counts = report.review.counts
    texts = [[None] * LAST for _ in range(HEADER - 1)]
    texts[0][0], texts[1][0] = SHEET, report.review.verdict
    files = zip(report.files, report.sources, strict=True)
    texts[3][0] = "　".join([report.stamp, *(f"{told}{UNSAVED if path in unsaved else ''}" for path, told in files)])
    for (level, name), (first, _) in zip(LEVELS.items(), BANDS, strict=True):
        texts[2][first - 1] = f"{name} {counts[level]} 处 · {MEANINGS[level]}"
    head = sheet.range((1, 1), (HEADER - 1, LAST))
    head.number_format = "@"
    head.value = texts
    head.font.name, head.font.size = FONT, SIZE
    head.vertical_alignment = "center"
    title, verdict, sources = (sheet.range(f"A{row}") for row in (1, 2, 4))
    title.font.size, title.font.bold, title.font.color = 16, True, "#22303F"
    verdict.font.size, verdict.font.bold = 12, True
    verdict.font.color = "#1E6B3A" if report.review.clean else INK["error"]
    sources.font.size, sources.font.color = SMALL, GREY
    for level, band in zip(LEVELS, BANDS, strict=True):
        _colour(sheet, [_columns(band, 3, 3)], PAPER[level], INK[level])


def _widths(report: Report) -> dict[str, float]:
    """The file report's, of the columns that say something here; the longest texts get the room of the others. Two
    headings would lie behind the arrow of the filter."""
    shown = {"project": report.several, "status": report.rerun, "key": False}
    widths = {field: width for field, width in WIDTHS.items() if shown.get(field, True)}
    spare = sum(WIDTHS[field] for field in ("project", "status") if field not in widths)
    return widths | {"number": 7, "handled": 11} | {field: WIDTHS[field] + spare / 2 for field in ("message", "basis")}


def _size(sheet: xw.Sheet, report: Report, widths: dict[str, float]) -> None:
    """Widths, and heights for all of the text; columns for the program are hidden."""
    by_width: dict[float, list[int]] = {0: list(range(FIRST_TARGET, MADE + 1))}
    for field in reversed(FIELDS):
        by_width.setdefault(widths.get(field, 0), []).insert(0, AT[field])
    _widen(sheet, by_width)
    too_wide = sheet.range(_columns([1, LAST], 1, 1)).width / ROOM + 0.02  # a column's margins do not shrink with it
    if too_wide > 1:  # the font of the workbook's style Normal, in whose digits columns are measured, is a wide one
        _widen(sheet, {width / too_wide: columns for width, columns in by_width.items() if width})
    by_height = {height: list(rows) for height, rows in HEAD_ROWS.items()}
    for number, row in enumerate(report.rows, start=HEADER + 1):
        by_height.setdefault(_height(row, widths), []).append(number)
    for height, numbers in by_height.items():
        for block in _areas(f"{run[0]}:{run[-1]}" for run in _runs(numbers)):
            sheet.range(block).row_height = height


def _widen(sheet: xw.Sheet, by_width: dict[float, list[int]]) -> None:
    for width, columns in by_width.items():
        for block in _areas(f"{col_name(run[0])}:{col_name(run[-1])}" for run in _runs(columns)):
            sheet.range(block).column_width = width


def _height(row: Row, widths: dict[str, float]) -> float:
    heights = []
    for field, text in row.texts(1).items():
        if text and field in widths:
            look = Look(SMALL if field in VALUES.values() else SIZE, True)
            heights.append(height_of(lines_of(text, widths[field], look), look))
    return min(max(heights), MAX_ROW)


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    """Ascending numbers as [first, last] of every unbroken run."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def _columns(columns: Sequence[int], first: int, last: int) -> str:
    """The address of whole columns' cells in these rows."""
    return f"{col_name(columns[0])}{first}:{col_name(columns[-1])}{last}"


def _cells(numbers: Iterable[int], field: str) -> list[str]:
    return [_columns([AT[field]], *run) for run in _runs(numbers)]


def _areas(addresses: Iterable[str]) -> Iterator[str]:
    """The addresses joined into as few as Excel can take."""
    joined = ""
    for address in addresses:
        if len(joined) + len(address) >= LONGEST_ADDRESS:
            yield joined
            joined = ""
        joined += f",{address}" if joined else address
    if joined:
        yield joined


def _colour(sheet: xw.Sheet, addresses: Iterable[str], paper: str, ink: str) -> None:
    for address in _areas(addresses):
        block = sheet.range(address)
        block.color, block.font.color, block.font.bold = paper, ink, True


def _lines(block: xw.Range) -> None:
    borders = block.api.Borders
    borders.LineStyle, borders.Weight, borders.Color = 1, 2, rgb_to_int(hex_to_rgb(LINES))  # xlContinuous, xlThin


def _choices(block: xw.Range) -> None:
    choices = block.api.Validation
    choices.Delete()
    choices.Add(3, 2, 1, ",".join(HANDLED))  # xlValidateList, xlValidAlertWarning, xlBetween
    choices.ErrorTitle, choices.ErrorMessage = HEADINGS["handled"], "不在下拉的选项里，确定要这样填吗？"


def _page(sheet: xw.Sheet) -> None:
    setup, app = sheet.api.PageSetup, sheet.book.app.api
    in_excel(lambda: setattr(app, "PrintCommunication", False))  # else the printer is asked about each
    try:
        for name, value in PAGE.items():
            in_excel(partial(setattr, setup, name, value))  # without a printer some cannot be set
    finally:
        in_excel(lambda: setattr(app, "PrintCommunication", True))


def _window(sheet: xw.Sheet) -> None:
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


def standing(sheet: xw.Sheet) -> list[tuple[int, list[Target]]]:
    """(row, cells) of every finding that names a cell, in order."""
    block = sheet.range((1, FIRST_TARGET), (sheet.used_range.last_cell.row, MADE - 1))
    texts = block.options(ndim=2, empty=None).value
    rows = ((number, [t for text in cells if (t := target_of(text))]) for number, cells in enumerate(texts, start=1))
    return [(number, targets) for number, targets in rows if targets]


def made_at(sheet: xw.Sheet) -> str:
    """When a button made it, to be compared; "" for a sheet no button made."""
    block = sheet.range((1, MADE), (HEADER + 20, MADE)).options(ndim=1, empty="").value
    return next((str(text).split()[0] for text in block if _MADE.match(str(text))), "")


Fills = dict[tuple[str, str, str], str]  # by workbook, sheet and cell


def fills(sheet: xw.Sheet) -> Fills:
    """The fills of before of the cells marked, as 核对结果 knows them."""
    home = sheet.book.name
    targets = (target for _, targets in standing(sheet) for target in targets)
    return {(t.book or home, t.sheet, t.cell): t.fill for t in targets if t.fill}


def remember(sheet: xw.Sheet, fills: Fills) -> None:
    """Into 核对结果 with the fills of its cells; the others are marked no more. Cell by cell: rows may be hidden."""
    if sheet.api.ProtectContents:
        return
    last = sheet.used_range.last_cell.row
    texts = sheet.range((1, FIRST_TARGET), (last, MADE - 1)).options(ndim=2, empty=None).value
    for row, cells in enumerate(texts, start=1):
        for column, text in enumerate(cells, start=FIRST_TARGET):
            if target := target_of(text):
                names = target.book or sheet.book.name, target.sheet, target.cell
                new = str(replace(target, fill=fills.get(names, "")))
                if new != text:
                    sheet.range((row, column)).value = new
