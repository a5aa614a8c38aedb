"""Tables that a platform or another office exported: one row a project or an indicator, under headings of a ledger."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from ..domain.labels import label_key
from ..domain.numbers import is_blank_mark, plain
from ..domain.records import Record
from ..domain.wordings import joined
from ..errors import Place, XladdinError
from ..ledger.columns import (
    EXECUTION,
    FORM,
    INDICATOR,
    INDICATORS,
    ITEM,
    MONEY_UNIT,
    PROJECT,
    PROJECTS,
    TARGET,
    UNIT,
    YEAR,
    known_extras,
)
from ..ledger.headings import LOOKED_AT, headings_in
from ..ledger.reading import placed
from ..sources import open_grids
from ..sources.encoding import decoded
from ..workbook.gate import read_bytes
from ..workbook.grid import Grid, Row

_TELL = (YEAR, PROJECT, UNIT, MONEY_UNIT)  # of a project, in tables of its rows
FLAT = "flat"
_LEAST = 3  # headings that a table shares with a ledger
_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年?度?(?!\d)")
_FIGURE = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{0,6}[1-9])?", re.ASCII)  # as a workbook would hold it
_ADVICE = "请改正这个文件，或在台账里填好这个项目"
_MOST_BYTES, _MOST_ROWS = 32 << 20, 100_000


@dataclass(frozen=True, slots=True)
class Found:
    """The records of a table, and what is wrong with its rows. named: the year is that in the file's name alone."""

    records: tuple[Record, ...]
    wrong: tuple[XladdinError, ...]
    named: bool = False


def records_of(path: Path) -> Found | None:
    """The records that a file's tables hold; None where there is no such table, or it cannot be opened."""
    try:
        grids = _grids(path)
    except XladdinError:
        return None
    heads = [(grid, _heading(grid)) for grid in grids if not grid.hidden and not grid.broken]
    kept = [(grid, *heading) for grid, heading in heads if heading is not None]
    if not kept:
        return None
    named = False
    for grid, row, _ in kept:
        _join_targets(grid, row)
    for grid, row, dated in kept:
        if dated:
            continue
        years = _years(grid, row)
        if not years:
            years, named = set(_YEAR.findall(path.stem)), True
        if len(years) != 1:
            what = "这张表没有“年度”列，标题里也没有写是哪一年的，没有导入"
            place = Place(path.name, grid.sheet)
            return Found((), (XladdinError(what, place, "请加上“年度”列，或在表头上方写明年度"),))
        _with_column(grid, row, YEAR, years.pop())
    records: list[Record] = []
    wrong: list[XladdinError] = []
    for sheets in _sets([grid for grid, *_ in kept]):
        ledger = placed(_completed(sheets, path), path.name).ledger
        records += ledger.records
        wrong += (
            XladdinError(mistake.what, replace(mistake.where, file=path.name), mistake.advice or _ADVICE)
            for mistake in ledger.mistakes
        )
    return Found(tuple(records), tuple(wrong), named)


def _sets(grids: Sequence[Grid]) -> Iterator[dict[str, Grid]]:
    """The tables as ledgers: the first of each kind together, then the second of each, and so on."""
    by_role: dict[str, list[Grid]] = {}
    for grid in grids:
        by_role.setdefault(_role(grid), []).append(grid)
    for number in range(max(map(len, by_role.values()))):
        together = {role: found[number] for role, found in by_role.items() if number < len(found)}
        if FLAT in together and together.keys() & {PROJECTS, INDICATORS}:
            yield {FLAT: together.pop(FLAT)}
        yield together


def _grids(path: Path) -> list[Grid]:
    """The sheets of a file; text parted by commas or tabs cell by cell, for nothing in it has to be guessed."""
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        return open_grids(path)
    text = decoded(read_bytes(path, path.name)[:_MOST_BYTES])
    mark = "\t" if text[:4096].count("\t") > text[:4096].count(",") else ","
    grid = Grid("表格", path.name)
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), 1):
        if number > _MOST_ROWS:
            break
        held = {at: text.strip() for at, text in enumerate(cells, 1) if text.strip()}
        grid.cells |= {(number, at): Decimal(t) if _FIGURE.fullmatch(t) else t for at, t in held.items()}
    return [grid]


def _lines(grid: Grid) -> list[Row]:
    return [line for line, _ in zip(grid.rows(), range(LOOKED_AT), strict=False)]


def _heading(grid: Grid) -> tuple[int, bool] | None:
    """The row of the headings of such a table, and whether a column says the year; None for any other sheet."""
    roles: tuple[tuple[str, ...], ...] = ((PROJECTS,), (EXECUTION,), (INDICATORS,), (PROJECTS, INDICATORS))
    heads = [headings_in(_lines(grid), role, known_extras()) for role in roles]
    best = max(heads, key=lambda found: len(found.columns))
    if PROJECT not in best.columns or len(best.columns) < _LEAST:
        return None
    return best.row, any(YEAR in found.columns for found in heads)


def _join_targets(grid: Grid, heading: int) -> None:
    """指标值 whose sign and unit stand in columns of their own, put together in its own."""
    lines = [line for line in _lines(grid) if line.number == heading]
    found = headings_in(lines, (PROJECTS, INDICATORS), known_extras())
    if not found.parts or TARGET not in found.columns:
        return
    at = found.columns[TARGET]
    units = {part for part in found.parts if label_key(found.texts[part]).endswith("单位")}
    for row in {row for row, _ in grid.cells if row > heading}:
        told = dict.fromkeys((*found.parts, at), "")
        for part in told:
            told[part] = _text(grid.cells.get((row, part)), (row, part) in grid.percents)
        signs = "".join(told[part] for part in found.parts - units if not is_blank_mark(told[part]))
        measures = "".join(told[part] for part in units if not is_blank_mark(told[part]))
        whole = joined(signs, told[at], measures)
        for part in found.parts:
            grid.cells.pop((row, part), None)
        if whole:
            grid.cells[row, at] = whole
            grid.percents.discard((row, at))
    for part in found.parts:
        del grid.cells[heading, part]


def _text(value: object, percent: bool) -> str:
    """A value as it is seen."""
    if isinstance(value, Decimal):
        return f"{plain(value.scaleb(2))}%" if percent else plain(value)
    return "" if value is None else str(value)


def _years(grid: Grid, heading: int) -> set[str]:
    """The years that a title above the headings names, else the name of the sheet."""
    above = " ".join(str(value) for (row, _), value in sorted(grid.cells.items()) if row < heading)
    return set(_YEAR.findall(above)) or set(_YEAR.findall(grid.sheet))


def _with_column(grid: Grid, heading: int, name: str, value: str) -> None:
    """One more column, the same in every row below the heading that holds anything."""
    column = max(at for _, at in grid.cells) + 1
    rows = {row for row, _ in grid.cells if row > heading}
    grid.cells[heading, column] = name
    grid.cells |= {(row, column): value for row in rows}


def _completed(by_role: Mapping[str, Grid], path: Path) -> list[Grid]:
    """The tables as the sheets of a ledger: what is missing is made of what is there."""
    if FLAT in by_role:
        return list(by_role.values())
    found = dict(by_role)
    if PROJECTS not in found:
        found[PROJECTS] = _projects(by_role.values(), path)
    if INDICATORS not in found:
        found[INDICATORS] = _empty(INDICATORS, path)
    for role, grid in found.items():
        grid.sheet = role
    return [found[role] for role in (PROJECTS, EXECUTION, INDICATORS) if role in found]


def _role(grid: Grid) -> str:
    """Which sheet of a ledger a table is; FLAT for the projects with their indicators in one."""
    lines = _lines(grid)
    extras = known_extras()
    if headings_in(lines, (EXECUTION,), extras).has(ITEM):
        return EXECUTION
    both = headings_in(lines, (PROJECTS, INDICATORS), extras)
    if not both.has(INDICATOR, TARGET):
        return PROJECTS
    own = headings_in(lines, (PROJECTS,), extras).columns.keys() - {*_TELL, FORM}
    return FLAT if own else INDICATORS


def _projects(grids: Iterable[Grid], path: Path) -> Grid:
    """A sheet of the projects that rows of other sheets name, with what these say of them besides."""
    made = _empty(PROJECTS, path)
    seen: dict[tuple[str, ...], None] = {}
    for grid in grids:
        roles = ((EXECUTION,), (INDICATORS,))
        heading = max((headings_in(_lines(grid), role, set()) for role in roles), key=lambda found: len(found.columns))
        lines = [line for line in _lines(grid) if line.number == heading.row]
        own = headings_in(lines, (PROJECTS,), set())  # of that row alone: values below may be called like columns
        for row in _below(grid, heading.row):
            told = tuple(str(row.get(own.columns.get(column, 0)) or "") for column in _TELL)
            if told[0] and told[1]:
                seen.setdefault(told)
    for number, told in enumerate(seen, 2):
        made.cells |= {(number, at): text for at, text in enumerate(told, 1) if text}
    return made


def _below(grid: Grid, heading: int) -> Iterator[dict[int, object]]:
    rows: dict[int, dict[int, object]] = {}
    for (row, column), value in grid.cells.items():
        if row > heading:
            rows.setdefault(row, {})[column] = value
    return iter(rows.values())


def _empty(role: str, path: Path) -> Grid:
    grid = Grid(role, path.name)
    heads = (*_TELL, "项目类别") if role == PROJECTS else (YEAR, PROJECT, INDICATOR, TARGET)
    grid.cells |= {(1, at): name for at, name in enumerate(heads, 1)}
    return grid
