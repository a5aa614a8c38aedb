"""Colours and notes on the cells of findings, put on and taken off exactly.

What stood there before, fill and note, is kept in hidden columns of 核对结果, so that it travels with the workbook.
"""

from __future__ import annotations

from collections.abc import Sequence

import xlwings as xw

from ..report.page import PAPER
from ..report.rows import Report
from ..rules.finding import INFO
from .result_sheet import HEADER, MARK_COLUMNS, MARKS, Target, target_of

NOTED = "【核对】"  # how our notes begin
_LONGEST_NOTE = 500


def put_on(sheet: xw.Sheet, report: Report, books: Sequence[xw.Book]) -> list[str]:
    """Mark the first cell of every finding but notes (提示); the names of sheets that cannot be marked."""
    wanted: dict[Target, list] = {}
    for row in report.rows:
        for link in (row.expected_link, row.actual_link):
            if link and link.sheet and link.cell and row.level != INFO:
                wanted.setdefault(Target(link.file.name, link.sheet, link.cell), []).append(row)
    by_name = {book.name: book for book in books}
    kept, refused = [], set()
    for target, rows in wanted.items():
        cell = _cell(by_name.get(target.book), target)
        if cell is None or _is_locked(cell.sheet):
            refused.add(f"{target.book} {target.sheet}")
            continue
        kept.append([str(target), _hex(cell.color), cell.note.text if cell.note else ""])
        cell.color = PAPER[rows[0].level]
        said = "\n".join(f"{row.code} {row.message}" for row in rows)
        _note(cell, f"{NOTED}{said}"[:_LONGEST_NOTE])
    if kept:
        block = sheet.range((HEADER + 1, MARKS), (HEADER + len(kept), MARKS + MARK_COLUMNS - 1))
        block.number_format = "@"
        block.value = kept
    return sorted(refused)


def take_off(sheet: xw.Sheet, books: Sequence[xw.Book]) -> tuple[int, list[str]]:
    """Put every marked cell back as it was: how many, and the workbooks that have to be opened first."""
    by_name = {book.name: book for book in books}
    kept = _kept(sheet)
    left, done = [], 0
    for row in kept:
        target = target_of(row[0])
        cell = _cell(by_name.get(target.book), target) if target else None
        if cell is None or _is_locked(cell.sheet):
            left.append(row)
            continue
        cell.color = row[1] or None
        _note(cell, row[2])
        done += 1
    if kept:
        block = sheet.range((HEADER + 1, MARKS), (HEADER + len(kept), MARKS + MARK_COLUMNS - 1))
        block.value = [*left, *[[""] * MARK_COLUMNS] * (len(kept) - len(left))]
    return done, sorted({target_of(row[0]).book for row in left if target_of(row[0])})


def _kept(sheet: xw.Sheet) -> list[list[str]]:
    last = sheet.used_range.last_cell.row
    if last <= HEADER:
        return []
    block = sheet.range((HEADER + 1, MARKS), (last, MARKS + MARK_COLUMNS - 1)).options(ndim=2, empty="").value
    return [[str(text) for text in row] for row in block if row[0]]


def _cell(book: xw.Book | None, target: Target) -> xw.Range | None:
    if book is None or target.sheet not in [sheet.name for sheet in book.sheets]:
        return None
    return book.sheets[target.sheet].range(target.cell)


def _hex(color: tuple[int, int, int] | None) -> str:
    return "" if color is None else "#{:02x}{:02x}{:02x}".format(*color)


def _is_locked(sheet: xw.Sheet) -> bool:
    """Protected sheets are left as they are, never unlocked."""
    return bool(getattr(sheet.api, "ProtectContents", False))


def _note(cell: xw.Range, text: str) -> None:
    """The cell's note becomes `text`; none when it is empty."""
    if cell.note:
        cell.note.delete()
    if text:
        cell.add_note(text)
