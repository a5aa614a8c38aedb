"""Open workbooks read as they stand, unsaved changes included: a sheet in blocks, into a Grid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import xlwings as xw

from ..domain.records import Record
from ..errors import NotAForm, Place, RefusedFile, UnreadableForm
from ..report.rows import SHEET
from ..workbook.formats import PERCENT, UNDATED, Look, look_of
from ..workbook.grid import Grid, Range, Shown, Spot, Undated, Unread, Value
from ..workbook.reading import MAX_CELLS
from .members import member

_LATER_ERROR = "#错误"  # stands for every error xlwings has no name for: #SPILL!, #CALC!, #FIELD!, #BLOCKED! …
_ERRORS = ("#N/A", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#VALUE!", "#NUM!", _LATER_ERROR)
_SHOWN = (True, -1)  # xlSheetVisible; a sheet hidden by a macro is 2, which is no less true
_DONE = 0  # xlDone
_GENERAL = 0  # a number format without a number: only its code is known
_SUSPECT = 100_000  # cells; a used range above may be formats only


def records_of(book: xw.Book) -> list[Record]:
    """Every form in an open workbook, in sheet order. Raises NotAForm and UnreadableForm as read does; of a ledger
    NotAForm, which says that it is one."""
    from ..form.reading import records_in

    grids = grids_of(book)
    try:
        return records_in(grids)
    except (NotAForm, UnreadableForm):
        refuse_ledger(grids, book.name, "请点“批量生成”（次年点“批量自评”）先填成表，再检查填好的表")
        raise


def refuse_ledger(grids: list[Grid], name: str, advice: str) -> None:
    """Raise NotAForm where these are the sheets of a ledger: no form, whatever stands in it. advice: what to press."""
    from ..ledger import is_ledger

    if is_ledger(grids):
        raise NotAForm("这是台账，不是填好的表", Place(file=name), advice)


def grids_of(book: xw.Book) -> list[Grid]:
    """The visible sheets of an open workbook; our own 核对结果 is none of its forms."""
    compute(book.app)
    marks = marks_of(book)
    grids = [grid_of(sheet) for sheet in book.sheets if sheet.visible in _SHOWN and sheet.name != SHEET]
    for grid in grids:
        grid.marks = marks
    return grids


def compute(app: xw.App) -> None:
    """Under manual calculation figures may be of yesterday: what is read is computed first. The mode stays."""
    if app.calculation != "automatic" or member(app.api, "CalculationState") not in (None, _DONE):
        app.calculate()


def grid_of(sheet: xw.Sheet) -> Grid:
    """One sheet: values and formulas in a block each, formats and merges by halving what is not uniform."""
    used = _filled(sheet.used_range)
    rows, columns = used.shape
    grid = Grid(sheet.name, sheet.book.name)
    if rows * columns > MAX_CELLS:
        where = Place(file=sheet.book.name, sheet=sheet.name)
        raise RefusedFile(f"这张工作表超过 {MAX_CELLS} 个单元格", where, "请删去多余内容")
    top, left = used.row, used.column
    values = values_in(used)
    formulas = _square(used.formula, rows, columns)
    for n in range(rows):
        for m in range(columns):
            _put(grid, (top + n, left + m), values[n][m], formulas[n][m])
    numbers = {spot for spot, value in grid.cells.items() if isinstance(value, (Decimal, dt.date))}
    for block, shown in _uniform(used, "number_format", numbers):
        look = look_of(_GENERAL, shown or "")
        spots = numbers & set(_spots(block))
        for spot in spots if look else ():
            _show(grid, spot, look)
    grid.merges = sorted(_merges(sheet, used))
    grid.drop_covered()
    return grid


def _show(grid: Grid, spot: Spot, look: Look | None) -> None:
    """What the number format of a figure or a day adds to it."""
    value = grid.cells[spot]
    if isinstance(value, dt.date):
        if look == UNDATED:
            grid.cells[spot] = Undated(value.year, value.month, value.day)
    elif look == PERCENT:
        grid.percents.add(spot)
    elif isinstance(look, Shown):
        grid.shown[spot] = look


def _filled(used: xw.Range) -> xw.Range:
    """The used range without the rows and columns at its end that hold formats only, as where a column was coloured.

    Found by halving with COUNTA, which counts what a filter hides too, as Range.Find may not.
    """
    if used.size <= _SUSPECT:
        return used
    functions = member(used.sheet.book.app.api, "WorksheetFunction")
    count = functions and member(functions, "CountA")
    if count is None:  # not every host has it; then the range counts as it is
        return used
    rows, columns = used.shape
    rows = _last(rows, lambda first: count(used[first:, :].api))
    columns = _last(columns, lambda first: count(used[:rows, first:].api))
    return used[:rows, :columns]


def _last(size: int, beyond: Callable[[int], float]) -> int:
    """How many of the lines are needed so that nothing lies beyond them; one at least."""
    fewest, most = 1, size
    while fewest < most:
        half = (fewest + most) // 2
        if beyond(half):
            fewest = half + 1
        else:
            most = half
    return fewest


def values_in(block: xw.Range) -> list[list[Any]]:
    """The values of a block, errors as their text. A cell formatted as currency gives Excel's own Currency, of four
    decimals; what stands in it is asked for besides."""
    values = block.options(ndim=2, empty=None, err_to_str=True).value
    currency = [(n, m) for n, row in enumerate(values) for m, value in enumerate(row) if isinstance(value, Decimal)]
    exact = _square(block.api.Value2, *block.shape) if currency else []
    for n, m in currency:
        values[n][m] = exact[n][m]
    return values


def _square(formulas: Any, rows: int, columns: int) -> list[list[str]]:
    """The formulas as rows of columns, whatever shape a single cell or row comes in."""
    if not isinstance(formulas, (list, tuple)):
        return [[formulas]]
    if not isinstance(formulas[0], (list, tuple)):
        return [list(formulas)] if rows == 1 else [[formula] for formula in formulas]
    return [list(row) for row in formulas]


def _put(grid: Grid, spot: Spot, value: Any, formula: Any) -> None:
    """A cell's value and formula; a text that looks like a formula is its own value, and no formula."""
    value = value_of(value)
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        grid.formulas[spot] = formula[1:]
        if value is None or value in _ERRORS:
            grid.uncomputed.add(spot)
            return
    if value is not None and value != "":
        grid.cells[spot] = Unread(value) if value in _ERRORS else value


def value_of(value: Any) -> Value:
    """What Excel gives for a cell, as a Grid holds it; an error as its text."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return _LATER_ERROR  # Excel gives numbers as floats, and an error as its number
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


def marks_of(book: xw.Book) -> dict[str, str]:
    """The workbook's custom properties, by which a form filled by us says what it is; none where Excel gives none."""
    try:
        properties = book.api.CustomDocumentProperties
        return {item.Name: str(item.Value) for item in properties}
    except Exception:  # noqa: BLE001  not every host has them; the labels then tell the form
        return {}
