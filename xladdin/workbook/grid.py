"""Grid: the cells of one sheet as values. Files, live Excel sheets and pasted tables all become one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from ..errors import Place

OURS = "xladdin"  # custom property of a workbook of ours that is no form; its value says what it is
Value = str | Decimal | dt.date | bool | None
Spot = tuple[int, int]  # row, column, from 1
Range = tuple[int, int, int, int]  # first row, first column, last row, last column

_SPOT = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """1 → A, 28 → AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """A → 1, AB → 28."""
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number


def address(row: int, column: int) -> str:
    """(20, 8) → H20."""
    return f"{column_letters(column)}{row}"


def spot_of(text: str) -> Spot:
    """H20 or $H$20 → (20, 8). Raises ValueError."""
    match = _SPOT.fullmatch(text)
    if not match:
        raise ValueError(text)
    return int(match[2]), column_number(match[1])


def range_of(text: str) -> Range:
    """A1:C3, or A1 alone. Raises ValueError."""
    first, _, last = text.partition(":")
    return (*spot_of(first), *spot_of(last or first))


@dataclass(slots=True)
class Row:
    """One row of a sheet: what a Grid tells of its cells, by column."""

    number: int
    cells: dict[int, Value] = field(default_factory=dict)
    formulas: dict[int, str] = field(default_factory=dict)
    uncomputed: set[int] = field(default_factory=set)
    percents: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Grid:
    """One sheet.

    cells: value of every cell that has one; formulas: the formula text of cells that have one
    (without "="); uncomputed: formula cells whose file holds no value; percents: number cells shown
    as a percentage; merges: merged ranges.
    """

    sheet: str
    file: str | None = None
    cells: dict[Spot, Value] = field(default_factory=dict)
    formulas: dict[Spot, str] = field(default_factory=dict)
    uncomputed: set[Spot] = field(default_factory=set)
    percents: set[Spot] = field(default_factory=set)
    merges: list[Range] = field(default_factory=list)
    marks: Mapping[str, str] = field(default_factory=dict)  # the file's custom properties

    def place(self, spot: Spot) -> Place:
        """Where that is, for a message."""
        return Place(self.file, self.sheet, address(*spot))

    def rows(self) -> Iterator[Row]:
        """The rows in which anything stands, in order."""
        rows: dict[int, Row] = {}
        for name in ("cells", "formulas"):
            for (number, column), what in getattr(self, name).items():
                row = rows.get(number) or rows.setdefault(number, Row(number))
                getattr(row, name)[column] = what
        for name in ("uncomputed", "percents"):
            for number, column in getattr(self, name):
                getattr(rows[number], name).add(column)
        return map(rows.__getitem__, sorted(rows))
