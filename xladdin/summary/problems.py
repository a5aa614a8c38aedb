"""The sheet 文件问题: what could not be read, stands twice or has no counterpart."""

from __future__ import annotations

from collections.abc import Sequence

from ..rules.finding import LEVELS
from ..sheets.looks import CENTRE, of_level
from ..sheets.page import Book, Cell
from ..sheets.table import Column, Table
from .facts import Problem

NAME = "文件问题"
COLUMNS = (
    Column("level", "级别", 10, CENTRE, lambda row, at: Cell(LEVELS[row.level], look=of_level(row.level))),
    Column("file", "文件", 40),
    Column("message", "问题", 70),
    Column("advice", "建议", 50),
)


def write_problems(book: Book, problems: Sequence[Problem]) -> None:
    """Add the sheet, if there is anything to tell."""
    if not problems:
        return
    sheet = book.page(NAME, [column.width for column in COLUMNS])
    said = "没有读成的文件、重复的表、缺另一半的项目。没有读成的，和内容不同、不知以哪份为准的，没有列入汇总。"
    sheet.heading(NAME, said, len(COLUMNS) - 1)
    sheet.close(Table(sheet, COLUMNS, problems).header)
