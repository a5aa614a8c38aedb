"""The status as a workbook: 收表进度, 按经办人 (or 实施单位), 文件问题."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ..review.cases import told_of
from ..rules.finding import LEVELS, Finding
from ..sheets.book import new_book
from ..sheets.looks import CENTRE, COUNT, NOTE, QUIET, TITLE, TOTAL, of_level, of_verdict
from ..sheets.page import Book, Cell, Formula, Page
from ..sheets.table import Column, Table
from ..workbook.grid import OURS
from .columns import LOOKS, NAME, columns_of
from .states import CHECKED, MEANINGS, STATES, Status

PROBLEMS = "文件问题"
_PROBLEM_COLUMNS = (
    Column("level", "级别", 10, CENTRE, lambda row, at: Cell(LEVELS[row.level], look=of_level(row.level))),
    Column("file", "文件", 36, get=lambda row, at: told_of(row)),
    Column("message", "问题", 70),
    Column("advice", "建议", 44),
)


def workbook_of(status: Status, folder: Path, stamp: str) -> bytes:
    """The status as .xlsx bytes; its links start from `folder`, where it is to lie. stamp: when it was made."""
    return new_book(partial(_write, status, folder, stamp), title=NAME, author="xladdin", comments=stamp)


def _write(status: Status, folder: Path, stamp: str, made: Any) -> None:
    made.set_custom_property(OURS, NAME)
    book, columns = Book(made, folder), columns_of(status)
    _projects(book.page(NAME, [column.width for column in columns]), status, columns, stamp)
    if status.people:
        _people(book, status)
    if status.loose:
        _problems(book, status.loose)


def _projects(page: Page, status: Status, columns: list[Column], stamp: str) -> None:
    """Verdict, what each state means with its count, and a row a project."""
    last = len(columns) - 1
    page.text(0, NAME, last, **TITLE)
    page.next()
    page.text(0, status.verdict, last, **of_verdict(status.done))
    page.next()
    for state in STATES:
        if status.counts[state]:
            page.text(0, f"{state} {status.counts[state]}", **LOOKS[state] | CENTRE)
            page.text(1, MEANINGS[state], last, **NOTE)
            page.next()
    page.text(0, f"{status.known_by}　{stamp}", last, **QUIET)
    page.next()
    page.close(Table(page, columns, status.standings).header)


class _Person(NamedTuple):
    name: str
    counts: Counter[str]


def _people(book: Book, status: Status) -> None:
    """How many projects of each person are in which state, and the sums."""
    columns = [
        Column("name", status.by, 26),
        Column("all", "项目", 8, COUNT, lambda row, at: row.counts.total()),
        Column("left", "还要催", 8, COUNT, lambda row, at: row.counts.total() - row.counts[CHECKED]),
        *(Column(state, state, 11, COUNT, partial(_count, state)) for state in STATES),
    ]
    page = book.page(f"按{status.by}", [column.width for column in columns])
    page.heading(f"按{status.by}", "还要催：除“已核对”以外的。", len(columns) - 1)
    table = Table(page, columns, [_Person(*person) for person in status.people])
    page.text(0, "合计", **TOTAL)
    for number, column in enumerate(columns[1:], start=1):
        figures = table.values(column.heading)
        total = sum(int(figure) for figure in figures if figure is not None)
        page.put(number, Formula(f"SUM({table.range(column.heading).rpartition('!')[2]})", total), **TOTAL | COUNT)
    page.next()
    page.close(table.header)


def _count(state: str, row: _Person, at: int) -> Cell:
    return Cell(row.counts[state], look=LOOKS[state] if row.counts[state] else {})


def _problems(book: Book, loose: tuple[Finding, ...]) -> None:
    page = book.page(PROBLEMS, [column.width for column in _PROBLEM_COLUMNS])
    page.heading(PROBLEMS, "没有读成的文件；里面的表没有算进收表进度。", len(_PROBLEM_COLUMNS) - 1)
    page.close(Table(page, _PROBLEM_COLUMNS, loose).header)
