"""The table of the last run, as the clerk has left it: found by its headings, sorted or filtered or moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from ..domain.numbers import plain
from ..rules.finding import INFO, LEVELS
from ..workbook.grid import Grid
from .rows import HEADINGS, SHEET, Row

_FIELDS = {heading: field for field, heading in HEADINGS.items()}
_LEVELS = {name: level for level, name in LEVELS.items()}
_NEEDED = {"level", "code", "handled", "note", "key"}


def rows_before(grids: Iterable[Grid]) -> dict[str, Row] | None:
    """The rows of an earlier report by key; None when these sheets are no report of ours."""
    for grid in grids:
        if grid.sheet == SHEET:
            return _rows(grid)
    return None


def _rows(grid: Grid) -> dict[str, Row] | None:
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), value in sorted(grid.cells.items()):
        by_row.setdefault(row, {})[column] = _text(value)
    for row, column in grid.uncomputed:  # "=已请示" typed by a clerk is a formula to Excel, and an error
        by_row.setdefault(row, {})[column] = "=" + grid.formulas[row, column]
    columns: dict[int, str] | None = None
    found: dict[str, Row] = {}
    for cells in (by_row[row] for row in sorted(by_row)):
        if columns is None:
            headings = {column: _FIELDS[text] for column, text in cells.items() if text in _FIELDS}
            columns = headings if set(headings.values()) >= _NEEDED else None
            continue
        texts = {field: cells[column] for column, field in columns.items() if column in cells}
        texts.pop("number", None)
        level = _LEVELS.get(texts.pop("level", ""), INFO)
        if texts.get("key"):
            found.setdefault(texts["key"], Row(**{"code": "", "level": level} | texts))
    return found if columns is not None else None


def _text(value: object) -> str:
    """What the clerk typed, as text: a figure or a date may have become one."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, dt.date) else str(value).strip()
