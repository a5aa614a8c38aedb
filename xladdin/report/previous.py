"""The table of the last run, as the clerk has left it: found by its headings, sorted or filtered or moved."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ..domain.numbers import plain
from ..rules.finding import INFO, LEVELS
from ..workbook.grid import Grid, Spot, Unread
from .columns import ALONE, HEADINGS
from .rows import SHEET, Row, row_of
from .technical import MEMBERS
from .technical import NAME as TECHNICAL

_FIELDS = {heading: field for names in (HEADINGS, ALONE) for field, heading in names.items()}
_LEVELS = {name: level for level, name in LEVELS.items()}
_NEEDED = {"level", "code", "handled", "note", "key"}


def rows_before(grids: Iterable[Grid]) -> dict[str, Row] | None:
    """The rows of an earlier report by key, each of those that shared one with its words; None: no report of ours."""
    sheets = {grid.sheet: grid for grid in grids}
    rows = _rows(sheets[SHEET]) if SHEET in sheets else None
    if rows is None or TECHNICAL not in sheets:
        return rows
    shared = set()
    for project, at, message, key, of in _under(sheets[TECHNICAL], MEMBERS):
        if of in rows and key:
            shared.add(of)
            rows[key] = replace(rows[of], key=key, project=project, actual_at=at, message=message)
    return {key: row for key, row in rows.items() if key not in shared}


def _under(grid: Grid, headings: Sequence[str]) -> Iterator[list[str]]:
    """The rows below those headings, down to a row that has none."""
    by_row, found = _by_row(grid), False
    for row in range(1, max(by_row, default=0) + 1):
        texts = [by_row.get(row, {}).get(column, "") for column in range(1, len(headings) + 1)]
        if found and not any(texts):
            return
        if found:
            yield texts
        found = found or tuple(texts) == tuple(headings)


def added(grid: Grid) -> list[Spot]:
    """Cells below the headings that no row of ours holds: the clerk's own rows, columns and doubled rows."""
    by_row, header, columns = _table(grid)
    key = next((column for column, field in columns.items() if field == "key"), 0)
    seen: set[str] = set()
    found = []
    for row in sorted(row for row in by_row if header < row):
        told = by_row[row].get(key, "")
        ours = told and told not in seen
        seen.add(told)
        found += [(row, column) for column in by_row[row] if not ours or column not in columns]
    return found


def texts_of(grid: Grid) -> list[list[str]]:
    """All that stands in a sheet, as a block of texts from its first cell on."""
    by_row = _by_row(grid)
    last = max((column for cells in by_row.values() for column in cells), default=0)
    return [
        [by_row.get(row, {}).get(column, "") for column in range(1, last + 1)]
        for row in range(1, max(by_row, default=0) + 1)
    ]


def sums(grid: Grid, unseen: int) -> set[str]:
    """A sum of the head and one of each row below it, but for what the clerk is to fill in; unseen: the column in
    which the sums are kept. Rows sorted or deleted bring none that was not there."""
    by_row, header, columns = _table(grid)
    above = ((row, column) for row in by_row if row <= header for column in by_row[row] if column != unseen)
    head = [f"{row} {column} {by_row[row][column]}" for row, column in above]
    ours = {column: field for column, field in columns.items() if field not in ("handled", "note")}
    rows = [[f"{ours[c]} {t}" for c, t in by_row[row].items() if c in ours] for row in by_row if row > header]
    return {_sum(texts) for texts in (head, *rows) if texts}


def _sum(texts: Iterable[str]) -> str:
    said = "".join("\n".join(texts).split())  # breaks may be written in another way when a file is opened again
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=4).hexdigest()


def _by_row(grid: Grid) -> dict[int, dict[int, str]]:
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), value in sorted(grid.cells.items()):
        formula = grid.formulas.get((row, column)) if isinstance(value, Unread) else None
        by_row.setdefault(row, {})[column] = _text(value) if formula is None else "=" + formula
    for row, column in grid.uncomputed:  # "=已请示" typed by a clerk is a formula to Excel, and an error
        by_row.setdefault(row, {})[column] = "=" + grid.formulas[row, column]
    return by_row


def _table(grid: Grid) -> tuple[dict[int, dict[int, str]], int, dict[int, str]]:
    """The cells by row and column, the row of our headings and what stands under each; 0 and {} without them."""
    by_row = _by_row(grid)
    for row in sorted(by_row):
        columns = {column: _FIELDS[text] for column, text in by_row[row].items() if text in _FIELDS}
        if set(columns.values()) >= _NEEDED:
            return by_row, row, columns
    return by_row, 0, {}


def _rows(grid: Grid) -> dict[str, Row] | None:
    by_row, header, columns = _table(grid)
    found: dict[str, Row] = {}
    for cells in (by_row[row] for row in sorted(by_row) if header < row and columns):
        texts = {field: cells[column] for column, field in columns.items() if column in cells}
        texts.pop("number", None)
        level = _LEVELS.get(texts.pop("level", ""), INFO)
        if texts.get("key"):
            found.setdefault(texts["key"], row_of(texts | {"level": level}))
    return found if columns else None


def _text(value: object) -> str:
    """What the clerk typed, as text: a figure or a date may have become one."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, dt.date) else str(value).strip()
