"""Grid: the cells of one sheet as values. Files, live Excel sheets and pasted tables all become one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from ..errors import Place, XladdinError

OURS = "xladdin"  # custom property of a workbook of ours that is no form; its value says what it is
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
OWN_ROW = "\ue002"  # stands for a row's own number in what is written alike on many rows
PICTURE = "单元格里的图片"
_SMALL = 64  # cells of a merge that are listed
_MOST_COVERED = 5_000_000  # looks at cells that merges may cost; merges that do not overlap stay far below


@dataclass(frozen=True, slots=True)
class Unread:
    """What a cell holds and nobody can take for a value: an error, a picture, a figure out of any range.

    It is neither blank nor a text; `text` says what stands there.
    """

    text: str

    def __str__(self) -> str:
        return self.text


class Undated(dt.date):
    """A day shown without its year: 11月28日, to which Excel adds the year in which it was typed."""

    @property
    def seen(self) -> str:
        """As it is shown."""
        return f"{self.month}月{self.day}日"


Value = str | Decimal | dt.date | bool | Unread | None
Spot = tuple[int, int]  # row, column, from 1
Range = tuple[int, int, int, int]  # first row, first column, last row, last column

_SPOT = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """1 → A, 28 → AB."""
    letters = ""
    while column > 0:
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
    """H20 or $H$20 → (20, 8). Raises ValueError, also for what lies beyond the last cell of a sheet."""
    match = _SPOT.fullmatch(text)
    spot = (int(match[2]), column_number(match[1])) if match else (0, 0)
    if not (1 <= spot[0] <= LAST_ROW and 1 <= spot[1] <= LAST_COLUMN):
        raise ValueError(text)
    return spot


def range_of(text: str) -> Range:
    """A1:C3, or A1 alone. Raises ValueError."""
    first, colon, last = text.partition(":")
    return (*spot_of(first), *spot_of(last if colon else first))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a number format adds to a number: 0.00"万元" shows 3 as 3.00万元, 0!.0000 shows 12345 as 1.2345."""

    before: str = ""
    after: str = ""
    power: int = 0  # the figure shown is the number × 10 to this power


def placed(file: str | None, sheet: str, spot: Spot, lines: Mapping[int, tuple[int | None, int]]) -> Place:
    """Where a cell of a sheet is; of a document (`lines` of its Grid) its page and row."""
    if spot[0] in lines:
        return Place(file, sheet, None, *lines[spot[0]])
    return Place(file, sheet, address(*spot))


@dataclass(slots=True)
class Row:
    """One row of a sheet: what a Grid tells of its cells, by column."""

    number: int
    cells: dict[int, Value] = field(default_factory=dict)
    formulas: dict[int, str] = field(default_factory=dict)
    uncomputed: set[int] = field(default_factory=set)
    percents: set[int] = field(default_factory=set)
    shown: dict[int, Shown] = field(default_factory=dict)

    def drop(self, column: int) -> None:
        """Forget a cell."""
        _drop(self, column)


@dataclass(slots=True)
class Grid:
    """One sheet.

    cells: value of every cell that has one; formulas: the formula text of cells that have one
    (without "="); uncomputed: formula cells whose file holds no value; percents: number cells shown
    as a percentage; shown: what the number formats of others add to them; merges: merged ranges;
    hidden: whether nobody sees the sheet; folded: rows nobody sees, where the file tells; broken: why it could not be
    read (then nothing else is known of it).
    """

    sheet: str
    file: str | None = None
    cells: dict[Spot, Value] = field(default_factory=dict)
    formulas: dict[Spot, str] = field(default_factory=dict)
    uncomputed: set[Spot] = field(default_factory=set)
    percents: set[Spot] = field(default_factory=set)
    shown: dict[Spot, Shown] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    hidden: bool = False
    folded: set[int] = field(default_factory=set)
    broken: XladdinError | None = None
    marks: Mapping[str, str] = field(default_factory=dict)  # the file's custom properties
    lines: Mapping[int, tuple[int | None, int]] = field(
        default_factory=dict
    )  # of a document: row → its page, row there
    unsure: dict[Spot, str] = field(default_factory=dict)  # cells whose text, or whose being there, is inferred: why

    def place(self, spot: Spot) -> Place:
        """Where that is, for a message."""
        return placed(self.file, self.sheet, spot, self.lines)

    def rows(self) -> Iterator[Row]:
        """The rows in which anything stands, in order."""
        rows: dict[int, Row] = {}
        for name in ("cells", "formulas", "shown"):
            for (number, column), what in getattr(self, name).items():
                row = rows.get(number) or rows.setdefault(number, Row(number))
                getattr(row, name)[column] = what
        for name in ("uncomputed", "percents"):
            for number, column in getattr(self, name):
                getattr(rows[number], name).add(column)
        return map(rows.__getitem__, sorted(rows))

    def drop_covered(self) -> None:
        """Forget what lies under merges: nobody sees it. Raises ValueError where they overlap beyond reckoning."""
        if not self.merges:
            return
        held = self.cells.keys() | self.formulas.keys()
        looks, most = 0, len(held)
        for merge in self.merges:
            area, listed = _under(merge)
            looks += area if area < most else most
            if looks > _MOST_COVERED:
                raise ValueError
            if listed is None:
                for spot in _held_under(merge, area, held):
                    _drop(self, spot)
            elif not listed.isdisjoint(held):
                for spot in listed:
                    _drop(self, spot)


@lru_cache(maxsize=4096)
def _under(merge: Range) -> tuple[int, frozenset[Spot] | None]:
    """How many cells a merge has, and where few, all but the first: the same in thousands of forms."""
    top, left, bottom, right = merge
    area = (bottom - top + 1) * (right - left + 1)
    return area, frozenset(_spots(merge)) if area <= _SMALL else None


def _spots(merge: Range) -> Iterator[Spot]:
    """The cells of a merge but the first."""
    top, left, bottom, right = merge
    spots = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
    return islice(spots, 1, None)


def _held_under(merge: Range, area: int, held: Set[Spot]) -> list[Spot]:
    """Those of many cells that lie under a large merge."""
    if area <= len(held):
        return [spot for spot in _spots(merge) if spot in held]
    top, left, bottom, right = merge
    there = (spot for spot in held if top <= spot[0] <= bottom and left <= spot[1] <= right)
    return [spot for spot in there if spot != (top, left)]


def _drop(holder: Grid | Row, at: Any) -> None:
    """at: a spot of a Grid, a column of a Row."""
    for kept in (holder.cells, holder.formulas, holder.shown):
        kept.pop(at, None)
    holder.uncomputed.discard(at)
    holder.percents.discard(at)
