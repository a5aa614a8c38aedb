"""The columns of the table of projects and the looks of the states, by which sheet and page go."""

from __future__ import annotations

from ..sheets.looks import CENTRE, CLEAN_INK, INK, PAPER, LookOf
from ..sheets.page import Cell, Link
from ..sheets.table import Column
from .states import ABSENT, AGAIN, CHECKED, FILLED, HALF, UNTOUCHED, WRONG, Standing, Status

NAME = "收表进度"
_AS = {ABSENT: "error", WRONG: "error", UNTOUCHED: "warning", HALF: "warning", AGAIN: "undecided", FILLED: "info"}
LOOKS: dict[str, LookOf] = {
    state: {"bg_color": PAPER[level], "font_color": INK[level], "bold": True} for state, level in _AS.items()
} | {CHECKED: {"bg_color": "#E2F0D9", "font_color": CLEAN_INK, "bold": True}}


def columns_of(status: Status) -> list[Column]:
    """The columns that tell something of these projects."""
    columns = (
        Column("state", "状态", 14, CENTRE, lambda row, at: Cell(row.state, look=LOOKS[row.state])),
        Column("project", "项目名称", 32, get=lambda row, at: Cell(row.project, _form_of(row))),
        Column("handler", "经办人", 10, CENTRE),
        Column("unit", "实施单位", 22),
        Column("year", "年度", 7, CENTRE, lambda row, at: str(row.year or "")),
        Column("missing", "还缺什么", 52),
        Column("checked", "上次核对", 19, CENTRE, lambda row, at: row.checked.partition("（")[0]),
    )
    return [column for column in columns if any(getattr(row, column.field) for row in status.standings)]


def _form_of(row: Standing) -> Link | None:
    """The evaluation that was handed in, else the declaration."""
    return next((Link(path) for path in (*row.evaluated, *row.declared)), None)
