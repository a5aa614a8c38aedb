"""核对结果 as a sheet of an open workbook: the same rows as the report's, with links that jump to both cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

import xlwings as xw

from ..report.page import INK, PAPER
from ..report.previous import rows_before
from ..report.rows import FIELDS, HANDLED, HEADINGS, MEANINGS, SHEET, Report, report_of
from ..review import Review
from ..rules.finding import LEVELS
from .live import grid_of

HEADER = 5  # row of the headings; the findings follow
TARGETS = ("declared", "evaluated")  # hidden columns behind the key: where each side's first cell is
FIRST_TARGET = len(FIELDS) + 1
POINTER = FIRST_TARGET + len(TARGETS)  # hidden: the row 下一处 went to last, in the row of the headings
MARKS = POINTER + 1  # hidden: what marks.py has to put back, a row a cell
MARK_COLUMNS = 3
WIDTHS = {
    "number": 5, "level": 9, "status": 10, "code": 7, "project": 20, "check": 22, "expected": 15, "expected_at": 13,
    "actual": 15, "actual_at": 13, "difference": 13, "message": 46, "basis": 24, "advice": 26, "handled": 10,
    "note": 18,
}  # fmt: skip
_LEFT_OUT = ("key",)


@dataclass(frozen=True, slots=True)
class Target:
    """A cell of an open workbook, by names; as text in a hidden cell."""

    book: str
    sheet: str
    cell: str

    def __str__(self) -> str:
        return "\t".join((self.book, self.sheet, self.cell))


def target_of(text: str | None) -> Target | None:
    """A target read back."""
    parts = (text or "").split("\t")
    return Target(*parts) if len(parts) == 3 else None


def find(book: xw.Book) -> xw.Sheet | None:
    """The sheet 核对结果 of a workbook."""
    return next((sheet for sheet in book.sheets if sheet.name == SHEET), None)


def write(book: xw.Book, review: Review, books: Sequence[xw.Book]) -> tuple[xw.Sheet, Report]:
    """Write the review into 核对结果 of `book`, keeping what the clerk wrote there before.

    books: the open workbooks the review speaks of, by whose names its cells are found.
    """
    old = find(book)
    previous = rows_before([grid_of(old)]) if old else None
    report = report_of(review, previous)
    sheet = old or book.sheets.add(SHEET, after=book.sheets[-1])
    sheet.clear()
    _head(sheet, report)
    _table(sheet, report)
    if report.rows:
        _links(sheet, report, book, {each.name: each for each in books})
    _looks(sheet, report)
    sheet.activate()
    return sheet, report


def _head(sheet: xw.Sheet, report: Report) -> None:
    counts = report.review.counts
    legend = "　".join(f"{name} {counts[level]} 处（{MEANINGS[level]}）" for level, name in LEVELS.items())
    texts = [SHEET, report.review.verdict, legend, f"{report.stamp}　{'　'.join(report.sources)}"]
    head = sheet.range((1, 1), (len(texts), 1))
    head.number_format = "@"
    head.value = [[text] for text in texts]
    sheet.range((1, 1)).font.size = 16
    sheet.range((1, 1), (2, 1)).font.bold = True
    sheet.range((2, 1)).font.color = "#1E6B3A" if report.review.clean else INK["error"]


def _table(sheet: xw.Sheet, report: Report) -> None:
    rows = [[texts[field] for field in FIELDS] for texts in (row.texts(n) for n, row in enumerate(report.rows, 1))]
    block = sheet.range((HEADER, 1), (HEADER + len(rows), len(FIELDS)))
    block.number_format = "@"  # text stays text, whatever it looks like
    block.value = [list(HEADINGS.values()), *rows]


def _links(sheet: xw.Sheet, report: Report, home: xw.Book, books: dict[str, xw.Book]) -> None:
    """Both values of every row jump to their cells; the targets stand beside for 下一处."""
    targets = []
    for number, row in enumerate(report.rows, start=1):
        sides = [_target(link) for link in (row.expected_link, row.actual_link)]
        targets.append([str(side) if side else "" for side in sides])
        for field, side in zip(("expected", "actual"), sides, strict=True):
            if side is None:
                continue
            text = getattr(row, field) or getattr(row, f"{field}_at")
            place = f"#'{side.sheet.replace(chr(39), chr(39) * 2)}'!{side.cell}"
            file = "" if side.book == home.name or side.book not in books else books[side.book].fullname
            cell = sheet.range((HEADER + number, FIELDS.index(field) + 1))
            cell.add_hyperlink(file + place, text_to_display=text)
    block = sheet.range((HEADER + 1, FIRST_TARGET), (HEADER + len(targets), POINTER - 1))
    block.number_format = "@"
    block.value = targets


def _target(link) -> Target | None:
    return Target(link.file.name, link.sheet, link.cell) if link and link.sheet and link.cell else None


def _looks(sheet: xw.Sheet, report: Report) -> None:
    last = HEADER + len(report.rows)
    header = sheet.range((HEADER, 1), (HEADER, len(FIELDS)))
    header.color, header.font.color, header.font.bold = "#44546A", "#FFFFFF", True
    for field, width in WIDTHS.items():
        sheet.range((1, FIELDS.index(field) + 1)).column_width = width
    level = FIELDS.index("level") + 1
    spans = groupby(enumerate(report.rows, start=HEADER + 1), key=lambda pair: pair[1].level)
    for name, group in spans:
        numbers = [number for number, _ in group]
        block = sheet.range((numbers[0], level), (numbers[-1], level))
        block.color, block.font.color, block.font.bold = PAPER[name], INK[name], True
    body = sheet.range((HEADER, 1), (last, len(FIELDS)))
    body.wrap_text = True
    _hide(sheet, report)
    handled = FIELDS.index("handled") + 1
    _in_excel(lambda: _choices(sheet.range((HEADER + 1, handled), (max(last, HEADER + 1), handled))))
    _in_excel(lambda: setattr(body.api, "VerticalAlignment", -4108))  # xlCenter
    _in_excel(lambda: body.api.AutoFilter(1))
    _in_excel(lambda: _page(sheet))


def _hide(sheet: xw.Sheet, report: Report) -> None:
    """Columns that say nothing here, and those that are only for the program."""
    hidden = [*_LEFT_OUT, *(() if report.several else ("project",)), *(() if report.rerun else ("status",))]
    for field in hidden:
        sheet.range((1, FIELDS.index(field) + 1)).column_width = 0
    sheet.range((1, FIRST_TARGET), (1, MARKS + MARK_COLUMNS - 1)).column_width = 0


def _choices(block: xw.Range) -> None:
    block.api.Validation.Delete()
    block.api.Validation.Add(3, 2, 1, ",".join(HANDLED))  # xlValidateList, xlValidAlertWarning


def _page(sheet: xw.Sheet) -> None:
    setup = sheet.api.PageSetup
    setup.Orientation, setup.PaperSize, setup.Zoom = 2, 9, False  # landscape, A4
    setup.FitToPagesWide, setup.FitToPagesTall = 1, False
    setup.PrintTitleRows = f"${HEADER}:${HEADER}"


def _in_excel(do: Callable[[], object]) -> None:
    """What only Excel's own objects offer: a host without them goes without."""
    with suppress(Exception):
        do()


def standing(sheet: xw.Sheet) -> list[tuple[int, list[Target]]]:
    """(row, cells) of every finding that names a cell, in order."""
    last = sheet.used_range.last_cell.row
    if last <= HEADER:
        return []
    block = sheet.range((HEADER + 1, FIRST_TARGET), (last, POINTER - 1)).options(ndim=2, empty=None).value
    rows = ((number, [t for t in map(target_of, texts) if t]) for number, texts in enumerate(block, HEADER + 1))
    return [(number, targets) for number, targets in rows if targets]
