"""The sheet 文件问题: what could not be read, stands twice or has no counterpart."""

from __future__ import annotations

from collections.abc import Sequence

from ..rules.finding import LEVELS
from ..sheets.page import INK, PAPER, Book
from .facts import Problem
from .page import BODY, Sheet

NAME = "文件问题"
COLUMNS = {"级别": 10, "文件": 40, "问题": 70, "建议": 50}


def write_problems(book: Book, problems: Sequence[Problem]) -> None:
    """Add the sheet, if there is anything to tell."""
    if not problems:
        return
    sheet = Sheet(book, NAME, list(COLUMNS.values()))
    last = len(COLUMNS) - 1
    said = "没有读成的文件、重复的表、缺另一半的项目。没有读成的，和内容不同、不知以哪份为准的，没有列入汇总。"
    sheet.heading(NAME, said, last)
    header = sheet.row
    sheet.head(list(COLUMNS))
    for problem in problems:
        sheet.next()
        look = {"bg_color": PAPER[problem.level], "font_color": INK[problem.level], "bold": True, "align": "center"}
        sheet.text(0, LEVELS[problem.level], **BODY, **look)
        for column, text in enumerate((problem.file, problem.message, problem.advice), start=1):
            sheet.text(column, text, **BODY)
    sheet.sheet.autofilter(header, 0, sheet.row, last)
    sheet.close(header)
