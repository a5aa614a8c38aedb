"""Values of a block of cells: one read, one write, with Excel's idea of what a typed text becomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

from .bridge import block
from .formulas import excel_refuses, is_formula, to_calc
from .native import ExcelError

DATE, TIME, CURRENCY, TEXT, LOGICAL = 2, 4, 8, 256, 1024  # com.sun.star.util.NumberFormat
LONGEST_TEXT = 32_767
_ERRORS = {532: "#DIV/0!", 32767: "#N/A", 525: "#NAME?", 521: "#NULL!", 503: "#NUM!", 524: "#REF!", 519: "#VALUE!"}
_UNPARSED = {501, 507, 508, 509, 510, 511, 512, 520}
Kinds = Callable[[int, int], int]


class XlError(str):
    """An error value of a cell, kept apart from text."""


def is_missing(value) -> bool:
    """None, NaN and pandas' NaT and NA."""
    if isinstance(value, float):
        return value != value
    return value is None or type(value).__name__ in ("NaTType", "NAType")


def read_plain(area):
    """Excel's Value2: numbers as they are, whatever their format; errors as None."""
    rows = area.uno.getDataArray()
    return rows if len(area) > 1 else rows[0][0]


def read(area) -> list[list]:
    """The values of a Range in one call: float, Decimal (a currency), str, bool, datetime, XlError, None for empty."""
    rows = [list(row) for row in area.uno.getDataArray()]
    kinds: Kinds | None = None
    computed: set[tuple[int, int]] | None = None
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if value == "":
                row[j] = None
            elif value is None:
                row[j] = XlError(_ERRORS.get(area.uno.getCellByPosition(j, i).getError(), "#VALUE!"))
            elif isinstance(value, float):
                kinds = kinds or kinds_of(area)
                kind = kinds(i, j)
                if value in (0, 1) and not kind & LOGICAL:  # a formula's truth value is no format of its cell
                    computed = formula_cells(area) if computed is None else computed
                    kind = kinds_of(area.at(i, j))(0, 0) if (i, j) in computed else kind
                row[j] = _as_excel(area, value, kind)
    return rows


def _as_excel(area, value: float, kind: int):
    if kind & LOGICAL:
        return bool(value)
    if kind & (DATE | TIME):
        return _null_date(area) + dt.timedelta(milliseconds=round(value * 86_400_000))
    if kind & CURRENCY:  # its Value is a Currency, of four decimals; Value2 has them all
        return Decimal(repr(value)).quantize(Decimal("0.0001"))
    return value


def write(area, rows: list[list]) -> None:
    """A block from the Range's first cell on; formulas and dates are set cell by cell after it."""
    target = area.sized(len(rows), len(rows[0]))
    kinds = kinds_of(target)
    formulas, dates, plain = [], [], []
    for i, row in enumerate(rows):
        plain.append([])
        for j, value in enumerate(row):
            as_text = bool(kinds(i, j) & TEXT)
            if is_formula(value) and not as_text:
                formulas.append((i, j, value))
                value = None
            elif isinstance(value, dt.date):
                dates.append((i, j, value))
                value = _serial(value, _null_date(area))
            plain[-1].append(_plain(value, as_text))
    area.sheet.check_unlocked(target.uno)
    for _, _, formula in formulas:
        _check(formula)
    target.vba.Value = block(plain)
    for i, j, formula in formulas:
        set_formula(target.at(i, j), formula)
    for i, j, value in dates:
        if not kinds(i, j) & (DATE | TEXT):
            at_noon = isinstance(value, dt.datetime) and value.time() != dt.time()
            target.at(i, j).vba.NumberFormat = "yyyy/m/d h:mm" if at_noon else "yyyy/m/d"


def _plain(value, as_text: bool):
    """A value as LibreOffice's Excel-like Range takes it; it parses text as Excel does."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return f"{value:.15g}" if as_text else float(value)
    if not isinstance(value, str):
        raise TypeError(f"a cell cannot hold {value!r} of type {type(value).__name__}")
    if len(value) > LONGEST_TEXT:
        raise ExcelError(f"a cell holds at most {LONGEST_TEXT} characters, not {len(value)}")
    return value


def _check(formula: str, code: int = 0) -> None:
    """Raises for a formula Excel cannot parse: Calc's error code says so, or its text."""
    if code in _UNPARSED or excel_refuses(formula):
        raise ExcelError(f"Excel cannot parse the formula {formula}")


def set_formula(area, formula: str) -> None:
    """Fills the Range with a formula, relative references moving along."""
    _check(formula)
    area.sheet.check_unlocked(area.uno)
    first = area.uno.getCellByPosition(0, 0)
    before = first.getFormula()
    area.at(0, 0).vba.Formula = to_calc(formula)
    try:
        _check(formula, first.getError())
    except ExcelError:
        first.setFormula(before)
        raise
    tokens = first.getTokens()
    for index in range(1, len(area)):
        row, column = divmod(index, area.shape[1])
        area.uno.getCellByPosition(column, row).setTokens(tokens)


def formula_cells(area) -> set[tuple[int, int]]:
    """Offsets of the cells that hold a formula, not text that looks like one."""
    found = set()
    for part in area.ask("FormulaCells"):
        found.update(_offsets(area, part))
    return found


def _offsets(area, corners) -> Iterator[tuple[int, int]]:
    """Of the cells between corners counted from 0, from the first of the Range."""
    top, left, bottom, right = corners
    for row in range(top, bottom + 1):
        yield from ((row - area.row + 1, column - area.column + 1) for column in range(left, right + 1))


def kinds_of(area) -> Kinds:
    """The kind of number format of each cell, by its offset in the Range."""
    told = area.ask("Kinds", area.doc)
    if len(told) == 1 and told[0] is not None:
        return lambda i, j: told[0]
    kinds: dict[tuple[int, int], int] = {}
    for kind, part in told[1:]:
        if kind & (DATE | TIME | CURRENCY | TEXT | LOGICAL):
            kinds.update(dict.fromkeys(_offsets(area, part), kind))
    return lambda i, j: kinds.get((i, j), 0)


def _null_date(area) -> dt.datetime:
    """Day 0 of the book: 1899-12-30, or 1904-01-01."""
    date = area.doc.NullDate
    return dt.datetime(date.Year, date.Month, date.Day)


def _serial(value: dt.date, null_date: dt.datetime) -> float:
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    return (value.replace(tzinfo=None) - null_date) / dt.timedelta(days=1)
