"""The sheet 指标历年对比: each indicator of a project, the targets and actuals of its years side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..sheets.looks import CENTRE, GREY, TEXT
from ..sheets.page import Book, Cell
from ..sheets.table import Column, Table
from .aims import MOST, Aim, target_of
from .compared import GUESSED, RENAMED, years_above
from .indicators import ALONE, LACKING

NAME = "指标历年对比"
_FIXED = 4  # columns before the years
_SAID = (
    "同一项目、同一指标各年的指标值和实际完成值，指标按名称对应，名称变了的写在说明里。"
    "增减是与上一个有这条指标的年度的指标值相比，单位相同、都是数的才算。"
)


def write_aims(book: Book, aims: Sequence[Aim]) -> None:
    """Add the sheet, if any project has indicators of more than one year."""
    if not aims:
        return
    years = sorted({year for aim in aims for year in aim.by_year})[-MOST:]
    columns = _columns(years)
    sheet = book.page(NAME, [column.width for column in columns])
    sheet.heading("同一项目绩效指标历年对比表", _SAID, len(columns) - 1)
    years_above(sheet, {year: [_FIXED + 2 * n, _FIXED + 2 * n + 1] for n, year in enumerate(years)}, len(columns))
    header = Table(sheet, columns, aims).header
    sheet.apart(0, header + 1, len(columns) - 1)
    sheet.close(header)
    sheet.sheet.repeat_rows(header - 1, header)
    sheet.sheet.freeze_panes(header + 1, _FIXED)


def _columns(years: Sequence[int]) -> list[Column]:
    of_years = (
        column
        for year in years
        for column in (
            Column("by_year", "指标值", 15, TEXT, partial(_target, year)),
            Column("by_year", "实际完成值", 13, TEXT, partial(_actual, year)),
        )
    )
    return [
        Column("project", "项目名称", 24, {"font_color": GREY}),
        Column("level1", "一级指标", 8, CENTRE, lambda aim, at: aim.last.level1),
        Column("level2", "二级指标", 12, CENTRE, lambda aim, at: aim.last.level2),
        Column("name", "三级指标", 24, TEXT, lambda aim, at: aim.last.name),
        *of_years,
        Column("change", "指标值增减", 10, CENTRE),
        Column("renames", "说明", 26, TEXT, _said),
    ]


def _target(year: int, aim: Aim, at: int) -> str | None:
    return target_of(aim.by_year[year]) if year in aim.by_year else None


def _actual(year: int, aim: Aim, at: int) -> str | None:
    row = aim.by_year.get(year)
    return row.actual or (f"（{row.state}）" if row.state in (ALONE, LACKING) else None) if row else None


def _said(aim: Aim, at: int) -> Cell:
    parts = [*aim.renames, *([f"（{GUESSED.replace('项目', '指标')}）"] if aim.renames else [])]
    parts += [f"{'、'.join(map(str, aim.missing))} 没有这条"] if aim.missing else []
    return Cell("\n".join(parts), look=RENAMED if aim.renames else {})
