"""The report as a workbook: 核对结果, 汇总, 对照, 规则手册, 技术信息."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ..domain.kinds import EVALUATION
from ..domain.numbers import number_in_excel
from ..review.cases import Case, told_of
from ..rules.finding import LEVELS
from ..rules.handbook import MANUAL
from ..sheets.book import choices, new_book
from ..sheets.looks import (
    BODY,
    CENTRE,
    GONE_INK,
    GREY,
    LINKED,
    QUIET,
    SCORE,
    TITLE,
    VERDICT,
    of_level,
    of_verdict,
)
from ..sheets.page import Book, Cell, Link, Page
from ..sheets.table import Column, Table
from ..workbook.grid import OURS, address
from . import manual
from .columns import AT_SIDE, COLUMNS, FIELDS, HEADINGS, LAST_PRINTED, WIDTHS, quarters
from .compared import write_sides
from .rows import GONE, HANDLED, NEW, NOTHING, SHEET, UNSEEN, Report, Row
from .technical import NAME as TECHNICAL
from .technical import write_technical

SUMMARY, HANDBOOK = "汇总", "规则手册"
INKED = ("bg_color", "bold", "underline")  # of a look: not for what is no longer there
AT = {field: column for column, field in enumerate(FIELDS)}
LAST = AT[LAST_PRINTED]
HEADER = 4  # the row of the headings of 核对结果, from 0
MANY_FILES = 4  # more source files than this are listed elsewhere


def workbook_of(report: Report, folder: Path) -> bytes:
    """The report as .xlsx bytes; its links start from `folder`, where it is to lie."""
    return new_book(partial(_write, report, folder), title=SHEET, author="xladdin", comments=report.stamp)


def _write(report: Report, folder: Path, made: Any) -> None:
    made.set_custom_property(OURS, SHEET)
    book = Book(made, folder)
    _findings(book.page(SHEET, list((WIDTHS | report.widths).values())), report)
    if len(report.review.cases) > 1:
        columns = _summary_columns(report)
        _summary(book.page(SUMMARY, [column.width for column in columns]), report, columns)
    write_sides(book, report)
    _handbook(book.page(HANDBOOK, [column.width for column in manual.COLUMNS]), report)
    write_technical(book, report)


def _head(page: Page, report: Report, title: str, last: int) -> None:
    """Title, verdict, and how many of each level with what that means."""
    widths = [0 if column in page.hidden else width for column, width in enumerate(page.widths[: last + 1])]
    spans = quarters(widths)
    half = spans[1][1]
    page.text(0, title, half, **TITLE)
    page.text(half + 1, report.stamp, last, **QUIET, align="right")
    page.next()
    page.text(0, report.review.verdict, last, **of_verdict(report.review.clean))
    page.next()
    for (level, told), (first, to) in zip(report.told.items(), spans, strict=True):
        page.text(first, told, to, **of_level(level))
    page.next()


def _findings(page: Page, report: Report) -> None:
    """The sheet 核对结果."""
    page.hidden = {AT[field] for field in report.hidden}
    _head(page, report, SHEET, LAST)
    page.text(0, _sources(report), LAST, **QUIET)
    page.next()
    page.head(list(report.headings.values()))
    for number, row in enumerate(report.rows, start=1):
        page.next()
        _finding(page, row, number)
    if not report.rows:
        page.next()
        page.text(AT["message"], NOTHING)
    handled = AT["handled"]
    page.sheet.data_validation(HEADER + 1, handled, page.row, handled, choices(HEADINGS["handled"], list(HANDLED)))
    page.sheet.autofilter(HEADER, 0, page.row, len(COLUMNS) - 1)
    if report.several:
        page.apart(AT["project"], HEADER + 1, AT["basis"])
    page.close(HEADER)
    page.sheet.print_area(0, 0, page.row, LAST)


def _sources(report: Report) -> str:
    if len(report.files) > MANY_FILES:
        return f"来源文件共 {len(report.files)} 个，列在“{SUMMARY if len(report.review.cases) > 1 else TECHNICAL}”里"
    return "来源文件：" + ("　".join(report.sources) or "没有记录")


def _finding(page: Page, row: Row, number: int) -> None:
    texts, links = row.texts(number), _links(page, row)
    for at, column in enumerate(COLUMNS):
        text, link = texts[column.field], links.get(column.field)
        look: dict[str, Any] = BODY | dict(column.look)
        if column.field == "level":
            look |= of_level(row.level)
        elif column.field == "status" and text == NEW:
            look |= {"bold": True}
        elif link and column.field in AT_SIDE:
            look |= LINKED
        if row.status in (GONE, UNSEEN):
            look = {name: value for name, value in look.items() if name not in INKED} | {"font_color": GONE_INK}
        if column.field == "number":
            page.number(at, number, **look)
        else:
            page.text(at, text, link=link, **look)


def _links(page: Page, row: Row) -> dict[str, str | None]:
    """Where the values of a row lead, or their positions where there is no value."""
    links = {field: page.address_of(link) for field, link in row.links.items()}
    return links | {position: links[value] for value, position in AT_SIDE.items() if not getattr(row, value)}


class _Line(NamedTuple):
    """A project in 汇总."""

    number: int
    case: Case
    name: str


def _summary_columns(report: Report) -> list[Column]:
    """The columns of 汇总; a project's name leads to its first finding."""
    first_rows: dict[str, int] = {}
    for at, row in enumerate(report.rows, start=HEADER + 1):
        if row.status not in (GONE, UNSEEN):
            first_rows.setdefault(row.project, at)

    def project(line: _Line, at: int) -> Cell:
        first = first_rows.get(line.name)
        return Cell(line.case.record.project, None if first is None else Link(None, SHEET, address(first + 1, 1)))

    def files(kind: str) -> Callable[[_Line, int], Cell]:
        return lambda line, at: _file(line.case.file(kind), report.files)

    return [
        Column("number", "序号", 6, CENTRE),
        Column("project", "项目", 34, get=project),
        Column("year", "年度", 8, CENTRE, lambda line, at: str(line.case.record.year or "")),
        Column("unit", "实施单位", 24, get=lambda line, at: line.case.record.unit),
        *(Column(level, name, 9, CENTRE, _count(level)) for level, name in LEVELS.items()),
        *([Column("score", "自评总分", 10, get=_score)] if EVALUATION in report.kinds else []),
        *(Column(kind.name, kind.label, 30, get=files(kind.name)) for kind in report.kinds),
    ]


def _count(level: str) -> Callable[[_Line, int], Cell]:
    def get(line: _Line, at: int) -> Cell:
        count = line.case.counts[level]
        return Cell(count, look=of_level(level) if count else {"font_color": GREY})

    return get


def _score(line: _Line, at: int) -> Cell:
    score = line.case.total
    if not isinstance(score, Decimal):
        return Cell(score, look=CENTRE)
    return Cell(score, look=SCORE if number_in_excel(score) else {})


def _file(path: Path | None, digests: Mapping[Path, str]) -> Cell:
    """A file's name, a link to it."""
    return Cell(
        path.name + ("" if digests[path] else "（读不到）") if path else "", Link(path) if path else None, QUIET
    )


def _summary(page: Page, report: Report, columns: list[Column]) -> None:
    last = len(columns) - 1
    _head(page, report, SUMMARY, last)
    lines = [_Line(number, case, name) for number, (case, name) in enumerate(report.ranked, start=1)]
    table = Table(page, columns, lines)
    if report.review.loose:
        page.next()
        page.text(0, "文件的问题", last, **VERDICT)
        files = last - len(report.kinds) + 1  # the first column of files
        for finding in report.review.loose:
            page.next()
            page.text(0, LEVELS[finding.level], **BODY | of_level(finding.level) | CENTRE)
            page.text(1, told_of(finding), **BODY)
            page.text(2, finding.message, files - 1, **BODY)
            page.text(files, finding.advice, last, **BODY)
    page.close(table.header)


def _handbook(page: Page, report: Report) -> None:
    last = len(manual.COLUMNS) - 1
    used = "；".join(rules.label for rules in report.review.profiles)
    page.text(0, "规则手册：本次用到的全部规则" + (f"（{used}）" if used else ""), last, **TITLE)
    page.next()
    table = Table(page, manual.COLUMNS, manual.entries(report.rules))
    page.next()
    page.text(0, "表内查不出、仍需人工核对的事项", last, **VERDICT)
    for matter in MANUAL:
        page.next()
        page.text(0, matter.title, 2, **BODY)
        page.text(3, matter.why, last, **BODY)
    page.close(table.header)
