"""What the documents have in common: lines of text and tables, one below the other, laid out as one Grid.

A table that goes on behind a break (a second table, the next page) is joined to the one it goes on from, its repeated
heading left out, so that labels merged over the break hold on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..domain.labels import canonical, label_key, normalise
from ..errors import Place, RefusedFile
from ..workbook.grid import Grid

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 20_000, 200, 200_000  # of one document
LONGEST_TEXT = 32_767  # what a cell of a workbook can hold
_HEADING = frozenset({"level1", "level2", "name"})
_NOISE = re.compile(
    r"[(（]?(?:续表?|接上[表页]|下页续)\d*[)）]?|[-—–\s]*第?\s*\d+\s*页?(?:\s*[/共]\s*\d+\s*页?)?[-—–\s]*"
)
CONTINUED = re.compile(r"\s*[(（]?续表?[)）]?\s*$")
_ORDER = "续表表头的次序与前面的不同，请核对原文"
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PARTED = re.compile(r"\t+|[ \u3000\xa0]{2,}")


@dataclass(slots=True)
class Cell:
    """A cell of a table, its row and column from 0. unsure: why its text, or its being there, is not certain.

    Of one beside a page's end: open_above, open_below: no line parts it from there; full: its last line fills it.
    """

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    unsure: str = ""
    open_above: bool = False
    open_below: bool = False
    full: bool = False


@dataclass(slots=True)
class Table:
    """Cells; `lines` has the page and the row there of each of its rows where they are known."""

    cells: list[Cell] = field(default_factory=list)
    lines: dict[int, tuple[int | None, int]] = field(default_factory=dict)

    @property
    def height(self) -> int:
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    @property
    def width(self) -> int:
        return max((cell.column + cell.columns for cell in self.cells), default=0)

    def row(self, number: int) -> list[Cell]:
        """The cells that begin in a row, from left to right."""
        return sorted((cell for cell in self.cells if cell.row == number), key=lambda cell: cell.column)

    def by_row(self) -> dict[int, list[Cell]]:
        """Row → its cells from left to right."""
        rows: dict[int, list[Cell]] = {}
        for cell in sorted(self.cells, key=lambda cell: (cell.row, cell.column)):
            rows.setdefault(cell.row, []).append(cell)
        return rows


@dataclass(slots=True)
class Line:
    """A line of text outside tables; a tab, or several blanks, part it where each part has a label of its own."""

    text: str
    at: tuple[int | None, int] | None = None  # page and row
    unsure: str = ""


Block = Line | Table


def grid_of(blocks: Iterable[Block], name: str | None, sheet: str) -> Grid:
    """The Grid of a document's blocks from top to bottom. Raises RefusedFile for more than any form has."""
    blocks = joined(list(blocks))
    grid = Grid(sheet, name)
    lines: dict[int, tuple[int | None, int]] = {}
    width = max((block.width for block in blocks if isinstance(block, Table)), default=1)
    held = sum(len(block.cells) if isinstance(block, Table) else 1 for block in blocks)
    height = sum(block.height if isinstance(block, Table) else 1 for block in blocks)
    check_size(name, height, width, held)
    at = 1
    for block in blocks:
        if isinstance(block, Table):
            _put_table(grid, lines, block, at)
            at += block.height
        elif block.text.strip():
            _put_line(grid, block, at, width)
            lines[at] = block.at or (None, at)
            at += 1
    grid.lines = lines
    grid.merges.sort()
    return grid


def check_size(name: str | None, rows: int, columns: int, cells: int) -> None:
    """Raise RefusedFile for a document with more than any form has."""
    sizes = (("行", rows, MOST_ROWS), ("列", columns, MOST_COLUMNS), ("个格子", cells, MOST_CELLS))
    for what, size, most in sizes:
        if size > most:
            raise RefusedFile(f"文件里的表格超过上限 {most} {what}", Place(file=name), "请只留下要读的表")


def _put_table(grid: Grid, lines: dict[int, tuple[int | None, int]], table: Table, at: int) -> None:
    for row in range(table.height):
        lines[at + row] = table.lines.get(row) or (None, at + row)
    for cell in table.cells:
        spot = (at + cell.row, cell.column + 1)
        if text := cell.text.strip():
            grid.cells[spot] = text.replace(",", "") if _GROUPED.fullmatch(text) else text[:LONGEST_TEXT]
        if cell.unsure:
            grid.unsure[spot] = cell.unsure
        if cell.rows > 1 or cell.columns > 1:
            grid.merges.append((*spot, spot[0] + cell.rows - 1, spot[1] + cell.columns - 1))


def _put_line(grid: Grid, line: Line, at: int, width: int) -> None:
    """Each part a cell; a line of one part is as wide as the tables."""
    parts = [part for part in _PARTED.split(line.text.strip()) if part]
    if len(parts) < 2 or not all(":" in part or "：" in part for part in parts):
        parts = [line.text.strip()]
        if width > 1:
            grid.merges.append((at, 1, at, width))
    for column, part in enumerate(parts, start=1):
        grid.cells[at, column] = part[:LONGEST_TEXT]
        if line.unsure:
            grid.unsure[at, column] = line.unsure


def heading_of(table: Table) -> dict[str, int]:
    """The last heading of indicators in a table: column name → column; {} where it has none."""
    return names_in(heading_cells(table))


def heading_cells(table: Table) -> list[Cell]:
    """The cells of that heading, from left to right; two sets of columns side by side have a name twice."""
    rows = table.by_row()
    for at, cells in reversed(rows.items()):
        if len(names_in(cells).keys() & _HEADING) > 1:
            high = max(cell.rows for cell in cells if canonical(cell.text) in _HEADING)
            below = [cell for row in range(at + 1, at + high) for cell in rows.get(row, ())]
            return sorted([*cells, *below], key=lambda cell: cell.column) if below else cells
    return []


def names_in(cells: Iterable[Cell]) -> dict[str, int]:
    """The labels among cells: name → column of the first."""
    found: dict[str, int] = {}
    for cell in cells:
        if name := canonical(cell.text):
            found.setdefault(name, cell.column)
    return found


def joined(blocks: list[Block]) -> list[Block]:
    """The blocks, every table that goes on from an earlier one joined to it."""
    done: list[Block] = []
    for block in blocks:
        before = _before(done)
        if isinstance(block, Table) and before is not None:
            table = done[before]
            columns = _goes_on(table, block) if isinstance(table, Table) else None
            if columns is not None and isinstance(table, Table):
                del done[before + 1 :]
                append(table, block, columns)
                continue
        done.append(block)
    return done


def _before(done: list[Block]) -> int | None:
    """Where the table stands behind which nothing stands but what a break prints there."""
    titles = {normalise(block.text) for block in done if isinstance(block, Line)}
    seen: list[str] = []
    for at in range(len(done) - 1, -1, -1):
        block = done[at]
        if isinstance(block, Table):
            again = [text for text in seen if not _NOISE.fullmatch(text)]
            earlier = {normalise(one.text) for one in done[:at] if isinstance(one, Line)} & titles
            return at if all(normalise(CONTINUED.sub("", text)) in earlier for text in again) else None
        if block.text.strip():
            seen.append(block.text.strip())
    return None


def _goes_on(table: Table, other: Table) -> Mapping[int, int] | None:
    """Where the columns of `other` lie in the table it goes on from; None where it is a table of its own."""
    heading = heading_of(table)
    rows = other.by_row()
    if not heading or not rows or any(names_in(cells).get("project") is not None for cells in rows.values()):
        return None
    if any(names_in(cells).get("total") is not None and len(cells) > 1 for cells in [table.row(table.height - 1)]):
        return None
    again = heading_of(other)
    if again:
        if _is_first_row(heading_cells(other), heading_cells(table)):
            return {column: column for column in range(other.width)}
        if not heading.keys() <= again.keys() | {"indicator_block"}:
            return None
        return {column: heading[name] for name, column in again.items() if name in heading}
    if other.width == table.width:
        return {column: column for column in range(other.width)}
    return None


def _is_first_row(again: list[Cell], heading: list[Cell]) -> bool:
    """Whether a heading says again, place for place, the first row of one of two rows."""
    top = [cell for cell in heading if cell.row == min(cell.row for cell in heading)]
    return len(top) < len(heading) and all(
        any(one.column == cell.column and label_key(one.text) == label_key(cell.text) for one in top)
        for cell in again
        if cell.text.strip()
    )


def append(table: Table, other: Table, columns: Mapping[int, int]) -> None:
    """Put the rows of `other` under a table, without the heading it repeats. columns: where some of its lie there."""
    again = heading_cells(other) if heading_cells(table) else []
    drop = max((cell.row + cell.rows for cell in again if canonical(cell.text) in _HEADING), default=0)
    height = table.height
    known = sorted(columns.items())
    moved = _ORDER if [its for _, its in known] != sorted(its for _, its in known) else ""
    for cell in other.cells:
        if cell.row + cell.rows <= drop:
            continue
        top = max(cell.row, drop)
        near = [(mine, its) for mine, its in known if mine <= cell.column]
        shift = near[-1][1] - near[-1][0] if near else known[0][1] - known[0][0]
        text = "" if cell.row < drop and _same_label(table, cell) else cell.text
        rows_left = cell.rows - (top - cell.row)
        row, column, unsure = height + top - drop, max(cell.column + shift, 0), cell.unsure or moved
        table.cells.append(replace(cell, row=row, column=column, text=text, rows=rows_left, unsure=unsure))
    for row, place in other.lines.items():
        if row >= drop:
            table.lines[height + row - drop] = place


def _same_label(table: Table, cell: Cell) -> bool:
    return any(label_key(one.text) == label_key(cell.text) for one in table.cells if one.column <= cell.column)
