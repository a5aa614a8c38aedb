"""Open workbooks read as they stand, unsaved changes included: a sheet in blocks, into a Grid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import xlwings as xw

from ..domain.records import Record
from ..errors import Place, RefusedFile
from ..report.rows import SHEET
from ..workbook.grid import Grid, Range, Spot, Value
from ..workbook.reading import MAX_CELLS

_ERRORS = ("#N/A", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#VALUE!", "#NUM!", "#SPILL!", "#CALC!")


def records_of(book: xw.Book) -> list[Record]:
    """Every form in an open workbook, in sheet order. Raises NotAForm and UnreadableForm as read does."""
    from ..api import read_grids_as_records

    return read_grids_as_records(grids_of(book))


def grids_of(book: xw.Book) -> list[Grid]:
    """The visible sheets of an open workbook; our own 核对结果 is none of its forms."""
    marks = _marks(book)
    grids = [grid_of(sheet) for sheet in book.sheets if sheet.visible and sheet.name != SHEET]
    for grid in grids:
        grid.marks = marks
    return grids


def grid_of(sheet: xw.Sheet) -> Grid:
    """One sheet: values and formulas in a block each, formats and merges by halving what is not uniform."""
    used = sheet.used_range
    rows, columns = used.shape
    grid = Grid(sheet.name, sheet.book.name)
    if rows * columns > MAX_CELLS:
        where = Place(file=sheet.book.name, sheet=sheet.name)
        raise RefusedFile(f"这张工作表超过 {MAX_CELLS} 个单元格", where, "请删去多余内容")
    top, left = used.row, used.column
    values = used.options(ndim=2, empty=None, err_to_str=True).value
    formulas = _square(used.formula, rows, columns)
    for n in range(rows):
        for m in range(columns):
            _put(grid, (top + n, left + m), values[n][m], formulas[n][m])
    numbers = {spot for spot, value in grid.cells.items() if isinstance(value, Decimal)}
    for block, shown in _uniform(used, "number_format", numbers):
        if "%" in (shown or ""):
            grid.percents |= numbers & set(_spots(block))
    grid.merges = sorted(_merges(sheet, used))
    return grid


def _square(formulas: Any, rows: int, columns: int) -> list[list[str]]:
    """The formulas as rows of columns, whatever shape a single cell or row comes in."""
    if not isinstance(formulas, (list, tuple)):
        return [[formulas]]
    if not isinstance(formulas[0], (list, tuple)):
        return [list(formulas)] if rows == 1 else [[formula] for formula in formulas]
    return [list(row) for row in formulas]


def _put(grid: Grid, spot: Spot, value: Any, formula: Any) -> None:
    """A cell's value and formula; a text that looks like a formula is its own value, and no formula."""
    value = _value(value)
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        grid.formulas[spot] = formula[1:]
        if value is None or value in _ERRORS:
            grid.uncomputed.add(spot)
            return
    if value is not None and value != "" and value not in _ERRORS:
        grid.cells[spot] = value


def _value(value: Any) -> Value:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return Decimal(format(value, ".15g"))


def _uniform(block: xw.Range, attribute: str, of: set[Spot] | None = None) -> Iterator[tuple[xw.Range, Any]]:
    """Parts of a block that share an attribute: Excel answers None for a mixed block, which is then halved.

    of: the cells that matter; parts without any of them are not asked about.
    """
    if of is not None and of.isdisjoint(_spots(block)):
        return
    value = getattr(block, attribute)
    rows, columns = block.shape
    if value is not None or rows == columns == 1:
        yield block, value
        return
    across = rows >= columns
    half = (rows if across else columns) // 2
    for part in (block[:half, :], block[half:, :]) if across else (block[:, :half], block[:, half:]):
        yield from _uniform(part, attribute, of)


def _merges(sheet: xw.Sheet, used: xw.Range) -> set[Range]:
    """Every merged area: each asked for once, at the first of its cells that is met."""
    found: set[Range] = set()
    seen: set[Spot] = set()
    for block, merged in _uniform(used, "merge_cells"):
        for spot in _spots(block) if merged else ():
            if spot not in seen:
                area = sheet.range(spot).merge_area
                found.add(_bounds(area))
                seen.update(_spots(area))
    return found


def _spots(block: xw.Range) -> Iterator[Spot]:
    rows, columns = block.shape
    return ((block.row + n, block.column + m) for n in range(rows) for m in range(columns))


def _bounds(block: xw.Range) -> tuple[int, int, int, int]:
    rows, columns = block.shape
    return block.row, block.column, block.row + rows - 1, block.column + columns - 1


def _marks(book: xw.Book) -> dict[str, str]:
    """The workbook's custom properties, by which a form filled by us says what it is; none where Excel gives none."""
    try:
        properties = book.api.CustomDocumentProperties
        return {item.Name: str(item.Value) for item in properties}
    except Exception:  # noqa: BLE001  not every host has them; the labels then tell the form
        return {}
