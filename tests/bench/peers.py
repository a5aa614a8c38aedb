"""What openpyxl (and calamine) need for the same forms: the measure everything is a multiple of.

openpyxl is handed its values ready made (cells, formulas, merges, heights); xladdin works all that out from the record.
"""

from __future__ import annotations

import datetime as dt
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel

from .jobs import TEMPLATES, named

Spot = tuple[int, int]


@dataclass(frozen=True)
class Plan:
    """What turns a template into a form, seen from one that xladdin filled."""

    first: int  # the row that repeats
    rows: int
    writes: list[tuple[Spot, Any]]
    project: Spot
    merges: list[str]
    heights: list[tuple[int, float]]


def plan(filled: Path, template: Path) -> Plan:
    """The work openpyxl has with that form."""
    form, blank = load_workbook(filled).active, load_workbook(template).active
    first = next(c.row for row in blank.iter_rows() for c in row if "指标.三级指标" in str(c.value))
    rows = form.max_row - blank.max_row + 1
    old = {(c.row + (rows - 1) * (c.row > first), c.column): c.value for row in blank.iter_rows() for c in row}
    cells = {(c.row, c.column): c.value for row in form.iter_rows() for c in row if c.value is not None}
    cells = {spot: to_excel(value) if isinstance(value, dt.date) else value for spot, value in cells.items()}
    writes = [(spot, cells.get(spot)) for spot in old | cells if old.get(spot) != cells.get(spot)]
    project = next(spot for spot, value in cells.items() if str(value).startswith(named(0)[:-5]))
    heights = [(row, size.height) for row, size in form.row_dimensions.items() if size.height]
    return Plan(first, rows, writes, project, list(map(str, form.merged_cells.ranges)), heights)


def smallest(plans: list[Plan], folder: Path, count: int) -> None:
    """The template loaded, its cells set, saved; no row inserted."""
    for number in range(count):
        book = load_workbook(TEMPLATES[number % 2])
        covered = {spot for merged in book.active.merged_cells.ranges for spot in list(merged.cells)[1:]}
        for spot, value in plans[number % 2].writes:
            if spot not in covered:
                book.active.cell(*spot).value = value
        book.save(folder / f"{number:05}.xlsx")


def full(plans: list[Plan], folder: Path, count: int) -> None:
    """The same form: rows inserted, styles, merges, heights."""
    for number in range(count):
        plan, book = plans[number % 2], load_workbook(TEMPLATES[number % 2])
        sheet = book.active
        for merged in list(sheet.merged_cells.ranges):  # insert_rows leaves merges behind
            sheet.unmerge_cells(str(merged))
        sheet.insert_rows(plan.first + 1, plan.rows - 1)
        for row in range(plan.first + 1, plan.first + plan.rows):
            for cell in sheet[plan.first]:
                sheet.cell(row, cell.column)._style = copy(cell._style)
        for spot, value in plan.writes:
            sheet.cell(*spot).value = value
        sheet.cell(*plan.project).value = named(number)
        for merged in plan.merges:
            sheet.merge_cells(merged)
        for row, height in plan.heights:
            sheet.row_dimensions[row].height = height
        book.save(folder / f"{number:05}.xlsx")


def loaded(files: list[Path]) -> None:
    """Every value of some workbooks."""
    for path in files:
        for row in load_workbook(path).active.iter_rows():
            for cell in row:
                cell.value  # noqa: B018


def calamine(files: list[Path]) -> None:
    """The values alone."""
    from python_calamine import CalamineWorkbook

    for path in files:
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
