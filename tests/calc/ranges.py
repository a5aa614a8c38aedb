"""Range: where it lies, what it holds, how it is moved about. Its looks are in looks.py."""

from __future__ import annotations

from functools import cached_property

from . import cells
from .addresses import MAX_COLUMNS, MAX_ROWS, Corners, address, from_uno, quoted
from .bridge import enum, struct
from .formulas import is_formula, to_calc, to_excel
from .looks import Looks
from .marks import Marks
from .native import ExcelError, Native, late

_BIG = 200_000  # cells; from here on only the used part is read
_CONTENT = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: VALUE DATETIME STRING FORMULA
_NOTES, _FORMATS = 8, 32 | 64 | 256
_DIRECTIONS = {"d": "down", "u": "up", "l": "left", "r": "right"}


class Range(Looks, Marks):
    sheet = None
    table = None

    def __init__(self, sheet, row: int, column: int, last_row: int | None = None, last_column: int | None = None):
        self.sheet = sheet
        self.corners: Corners = row, column, last_row or row, last_column or column
        self.options: dict = {}
        if not (1 <= row <= self.corners[2] <= MAX_ROWS and 1 <= column <= self.corners[3] <= MAX_COLUMNS):
            raise ExcelError(f"there are no such cells: {self.corners}")

    row = property(lambda self: self.corners[0])
    column = property(lambda self: self.corners[1])
    shape = property(lambda self: (self.corners[2] - self.row + 1, self.corners[3] - self.column + 1))
    doc = property(lambda self: self.sheet.book.doc)
    address = property(lambda self: address(self.corners))

    def __len__(self):
        return self.shape[0] * self.shape[1]

    def __call__(self, row, column=None) -> Range:
        """Cell by number in the range, or by row and column; both count from 1 and may lie outside."""
        if column is None:
            row, column = (part + 1 for part in divmod(row - 1, self.shape[1]))
        return self.at(row - 1, column - 1)

    def at(self, row: int, column: int) -> Range:
        """The cell that far from the first one."""
        return Range(self.sheet, self.row + row, self.column + column)

    def sized(self, rows: int, columns: int) -> Range:
        """So many rows and columns from the same first cell."""
        if (rows, columns) == self.shape:
            return self
        return Range(self.sheet, self.row, self.column, self.row + rows - 1, self.column + columns - 1)

    @cached_property
    def uno(self):
        """LibreOffice's cell range."""
        first_row, first_column, last_row, last_column = self.corners
        return self.sheet.uno.getCellRangeByPosition(first_column - 1, first_row - 1, last_column - 1, last_row - 1)

    def ask(self, what: str, *more):
        """What the office itself says of these cells: far cheaper than bringing them here."""
        top, left, bottom, right = (part - 1 for part in self.corners)
        return self.sheet.book.app.inside(what, self.sheet.uno, top, left, bottom, right, *more)

    @cached_property
    def vba(self):
        """LibreOffice's own imitation of Excel's Range."""
        return self.sheet.book.app.vba_range(self.uno)

    @property
    def api(self) -> Native:
        """LibreOffice's imitation, whose methods want every argument, called as Excel's are."""
        filtering = ("Field", "Criteria1", "Operator", "Criteria2", "VisibleDropDown")
        members = {
            "Value2": lambda: cells.read_plain(self),
            "Row": lambda: self.row,
            "Column": lambda: self.column,
            "Validation": self._validation,
            "Borders": lambda: self.vba.Borders(None),
        }
        methods = {"AutoFilter": late(lambda *given: self.vba.AutoFilter(*given), *filtering)}
        return Native(_Imitation(self), members, methods)

    def _validation(self) -> Native:
        self.sheet.check_unlocked()
        own = self.vba.Validation
        return Native(own, {}, {"Add": late(own.Add, "Type", "AlertStyle", "Operator", "Formula1", "Formula2")})

    @property
    def position(self):
        """The range as a UNO CellRangeAddress."""
        first_row, first_column, last_row, last_column = (part - 1 for part in self.corners)
        return struct("table.CellRangeAddress", self.sheet.index - 1, first_column, first_row, last_column, last_row)

    @property
    def first_position(self):
        return struct("table.CellAddress", self.sheet.index - 1, self.column - 1, self.row - 1)

    def get_address(self, row_absolute, col_absolute, external) -> str:
        text = address(self.corners, "$" if row_absolute else "", "$" if col_absolute else "")
        return f"{quoted(f'[{self.sheet.book.name}]{self.sheet.name}')}!{text}" if external else text

    # values and formulas

    @property
    def raw_value(self):
        rows, columns = self.shape
        part = self if len(self) < _BIG else self._used_part()
        data = cells.read(part) if part else []
        if len(data) < rows or len(data[0]) < columns:
            data = [row + [None] * (columns - len(row)) for row in data] + [[None] * columns] * (rows - len(data))
        return data if len(self) > 1 else data[0][0]

    @raw_value.setter
    def raw_value(self, data):
        if not isinstance(data, list | tuple):
            if is_formula(data) and not self._all_text():
                cells.set_formula(self, data)
                return
            data = [[data] * self.shape[1]] * self.shape[0]
        elif not isinstance(data[0], list | tuple):
            data = [data]
        cells.write(self, data)

    def _used_part(self) -> Range | None:
        used = self.sheet.used_range.corners
        last_row, last_column = min(self.corners[2], used[2]), min(self.corners[3], used[3])
        if last_row < self.row or last_column < self.column:
            return None
        return Range(self.sheet, self.row, self.column, last_row, last_column)

    def _all_text(self) -> bool:
        return self.number_format == "@"

    @property
    def formula(self):
        """Formulas, and constants as the text Excel would show in their place."""
        texts = self.vba.Formula
        rows = [list(row) for row in texts.Array] if len(self) > 1 else [[texts]]
        computed, kinds = cells.formula_cells(self), None
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                if (i, j) in computed:
                    row[j] = to_excel(text)
                elif text.startswith(("'", "=")):  # an escaped constant
                    row[j] = self.uno.getCellByPosition(j, i).getString()
                elif text in ("0", "1"):
                    kinds = kinds or cells.kinds_of(self)
                    if kinds(i, j) & cells.LOGICAL:
                        row[j] = "TRUE" if text == "1" else "FALSE"
        return tuple(map(tuple, rows)) if len(self) > 1 else rows[0][0]

    @formula.setter
    def formula(self, value):
        self.raw_value = value

    formula2 = formula

    @property
    def has_array(self) -> bool:
        return bool(self.uno.getCellByPosition(0, 0).ArrayFormula)

    @property
    def formula_array(self) -> str:
        return to_excel(self.vba.FormulaArray)

    @formula_array.setter
    def formula_array(self, value):
        self.sheet.check_unlocked(self.uno)
        self.vba.FormulaArray = to_calc(value)

    # clearing

    def _clear(self, flags: int):
        self.sheet.check_unlocked(self.uno)
        self.uno.clearContents(flags)

    def clear_contents(self):
        self._clear(_CONTENT)

    def clear_formats(self):
        self._clear(_FORMATS)

    def clear(self):
        self.unmerge()
        self._clear(_CONTENT | _NOTES | _FORMATS)

    # finding the way

    def end(self, direction) -> Range:
        """Where Ctrl and an arrow key would go."""
        direction = _DIRECTIONS.get(direction, direction)
        vertical, sign = direction in ("down", "up"), 1 if direction in ("down", "right") else -1
        place, limit = (self.row, MAX_ROWS) if vertical else (self.column, MAX_COLUMNS)
        runs = sorted((min(sign * a, sign * b), max(sign * a, sign * b)) for a, b in self._filled(vertical))
        here = next((last for first, last in runs if first <= sign * place < last), None)
        ahead = next((first for first, _ in runs if first > sign * place), limit if sign > 0 else -1)
        goal = abs(ahead if here is None else here)
        return Range(self.sheet, goal, self.column) if vertical else Range(self.sheet, self.row, goal)

    def _filled(self, vertical: bool) -> list[list[int]]:
        """Unbroken runs of cells with content in the first cell's column, or row."""
        if vertical:
            line = Range(self.sheet, 1, self.column, MAX_ROWS, self.column)
        else:
            line = Range(self.sheet, self.row, 1, self.row, MAX_COLUMNS)
        found = [from_uno(part) for part in line.uno.queryContentCells(_CONTENT).RangeAddresses]
        runs: list[list[int]] = []
        for first, last in sorted((area[0], area[2]) if vertical else (area[1], area[3]) for area in found):
            if runs and first <= runs[-1][1] + 1:
                runs[-1][1] = max(last, runs[-1][1])
            else:
                runs.append([first, last])
        return runs

    @property
    def current_region(self) -> Range:
        cursor = self.sheet.uno.createCursorByRange(self.uno)
        cursor.collapseToCurrentRegion()
        return Range(self.sheet, *from_uno(cursor.RangeAddress))

    def select(self):
        self.sheet.activate()
        self.ask("Choose", self.doc)
        self.sheet.book.state.setdefault("selected", {})[self.sheet.name] = self.corners

    @property
    def name(self):
        """The defined name of exactly this range."""
        for _, name in self.sheet.book.names.snapshot():
            area = name.area()
            if area and (area.sheet.name, area.corners) == (self.sheet.name, self.corners):
                return name
        return None

    @name.setter
    def name(self, value):
        self.sheet.book.names.add(value, f"={quoted(self.sheet.name)}!{self.address}")

    # merging, moving

    @property
    def merge_area(self) -> Range:
        return Range(self.sheet, *(part + 1 for part in self.ask("MergeArea")))

    @property
    def merge_cells(self) -> bool | None:
        """None where only a part is merged, as in Excel."""
        return self.ask("MergeCells")

    def merge(self, across=False):
        """Excel drops what the merged cells held besides the first; LibreOffice would keep it hidden."""
        self.sheet.check_unlocked()
        first, left, last, right = self.corners
        for top, bottom in [(row, row) for row in range(first, last + 1)] if across else [(first, last)]:
            if bottom > top:
                Range(self.sheet, top + 1, left, bottom, right).clear_contents()
            if right > left:
                Range(self.sheet, top, left + 1, top, right).clear_contents()
            Range(self.sheet, top, left, bottom, right).uno.merge(True)

    def unmerge(self):
        self.sheet.check_unlocked()
        for cell in {(self.row, self.column), self.corners[2:]}:
            Range(self.sheet, *cell).merge_area.uno.merge(False)
        self.uno.merge(False)

    def insert(self, shift=None, copy_origin=None):
        self.sheet.check_unlocked()
        self.sheet.uno.insertCells(self.position, self._mode("Insert", "right" if shift == "right" else "down"))

    def delete(self, shift=None):
        self.sheet.check_unlocked()
        self.sheet.uno.removeRange(self.position, self._mode("Delete", "left" if shift == "left" else "up"))

    def _mode(self, kind: str, shift: str):
        """Whole rows and columns move as such."""
        whole = "rows" if self.shape[1] == MAX_COLUMNS else "columns" if self.shape[0] == MAX_ROWS else shift
        return enum(f"sheet.Cell{kind}Mode", whole.upper())

    def copy(self, destination=None):
        """To a range of any open book, contents and formats; without one only the clipboard's state changes."""
        if destination is None:
            self.sheet.book.app.cut_copy_mode = "copy"
            return
        target = getattr(destination, "impl", destination)
        target.sheet.check_unlocked(target.uno)
        if target.sheet.book.uid == self.sheet.book.uid:
            target.sheet.uno.copyRange(target.first_position, self.position)
            return
        here, there = self.doc.CurrentController, target.doc.CurrentController
        chosen = here.getSelection(), there.getSelection()
        here.select(self.uno)
        there.select(target.at(0, 0).uno)
        there.insertTransferable(here.getTransferable())
        here.select(chosen[0])
        there.select(chosen[1])


class _Imitation:
    """LibreOffice's imitation of a range, made only when it is needed: many of them at once upset it."""

    def __init__(self, of: Range):
        object.__setattr__(self, "_of", of)

    def __getattr__(self, name):
        return getattr(self._of.vba, name)

    def __setattr__(self, name, value):
        setattr(self._of.vba, name, value)


class Areas:
    """Several rectangles, "A1:B2,D4", whose looks are set as one."""

    def __init__(self, areas):
        object.__setattr__(self, "areas", list(areas))

    def __setattr__(self, name, value):
        for area in self.areas:
            setattr(area, name, value)

    @property
    def font(self) -> Areas:
        return Areas(area.font for area in self.areas)
