"""Excel addresses into corners: (first row, first column, last row, last column), counted from 1."""

from __future__ import annotations

import re

from xlwings import utils

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
Corners = tuple[int, int, int, int]

_CELLS = re.compile(r"^\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?$", re.I)
_WHOLE_COLUMNS = re.compile(r"^\$?([A-Z]{1,3}):\$?([A-Z]{1,3})$", re.I)
_WHOLE_ROWS = re.compile(r"^\$?(\d+):\$?(\d+)$")


def _column(letters: str) -> int:
    return utils.column_to_number(letters.upper())


def corners(address: str) -> Corners | None:
    """The corners of "B2", "$A$1:C3", "A:C" or "2:5"; None if it is none of these."""
    if found := _CELLS.match(address):
        first = int(found[2]), _column(found[1])
        last = (int(found[4]), _column(found[3])) if found[3] else first
        return ordered(*first, *last)
    if found := _WHOLE_COLUMNS.match(address):
        return ordered(1, _column(found[1]), MAX_ROWS, _column(found[2]))
    if found := _WHOLE_ROWS.match(address):
        return ordered(int(found[1]), 1, int(found[2]), MAX_COLUMNS)
    return None


def ordered(row: int, column: int, other_row: int, other_column: int) -> Corners:
    """The rectangle around two corners."""
    rows, columns = sorted((row, other_row)), sorted((column, other_column))
    return rows[0], columns[0], rows[1], columns[1]


def around(area: Corners, other: Corners) -> Corners:
    """The smallest rectangle that holds both."""
    return min(area[0], other[0]), min(area[1], other[1]), max(area[2], other[2]), max(area[3], other[3])


def address(area: Corners, row_mark: str = "$", column_mark: str = "$") -> str:
    """Corners as Excel writes them: $A$1:$B$2, or a whole row or column."""
    first_row, first_column, last_row, last_column = area
    if (first_row, last_row) == (1, MAX_ROWS):
        return f"{column_mark}{utils.col_name(first_column)}:{column_mark}{utils.col_name(last_column)}"
    if (first_column, last_column) == (1, MAX_COLUMNS):
        return f"{row_mark}{first_row}:{row_mark}{last_row}"
    first = f"{column_mark}{utils.col_name(first_column)}{row_mark}{first_row}"
    if area[:2] == area[2:]:
        return first
    return f"{first}:{column_mark}{utils.col_name(last_column)}{row_mark}{last_row}"


def quoted(name: str) -> str:
    """A sheet's name as it stands in a formula."""
    return "'" + name.replace("'", "''") + "'"


def from_uno(address) -> Corners:
    """Corners of a UNO CellRangeAddress."""
    return address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1
