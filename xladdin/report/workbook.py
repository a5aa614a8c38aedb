"""The report as a workbook: 汇总, 核对结果, 对照, 规则手册."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from ..domain.numbers import number_in_excel, plain
from ..review.cases import Case
from ..rules.finding import LEVELS, Rule
from ..rules.handbook import MANUAL, SUBJECTS
from ..sheets.page import INK, PAPER, Book, Link, Page, inner
from ..workbook.grid import OURS
from ..workbook.markup import proven_package
from .compared import write_sides
from .rows import FIELDS, GONE, HANDLED, HEADINGS, MEANINGS, NEW, SHEET, UNSEEN, Report, Row

SUMMARY, HANDBOOK = "汇总", "规则手册"
HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#44546A", "border": 1, "border_color": "#BFBFBF"}
HEAD |= {"align": "center"}
BODY = {"border": 1, "border_color": "#D0D5DB"}
TITLE = {"font_size": 16, "bold": True, "font_color": "#22303F"}
VERDICT = {"font_size": 12, "bold": True}
QUIET = {"font_color": "#7F7F7F", "font_size": 8}
INKED = ("bg_color", "bold", "underline")
LINKED = {"font_color": "#0563C1", "underline": 1}
WIDTHS = {
    "number": 5, "level": 8.5, "status": 7, "code": 7, "project": 18, "check": 18, "expected": 14, "expected_at": 11,
    "actual": 14, "actual_at": 11, "difference": 12, "message": 34, "basis": 18, "advice": 20, "handled": 9,
    "note": 14, "key": 18,
}  # fmt: skip
LAST = len(FIELDS) - 2  # the last column a person sees
SUMMARY_COLUMNS = {
    "序号": 6, "项目": 34, "年度": 8, "实施单位": 24, **dict.fromkeys(LEVELS.values(), 9), "自评总分": 10,
    "申报表": 30, "自评表": 30,
}  # fmt: skip
HANDBOOK_COLUMNS = {
    "规则": 9, "核对对象": 13, "检查项": 24, "级别": 10, "内容": 48, "依据": 32, "错误示例": 26, "正确示例": 26,
    "建议": 32,
}  # fmt: skip
MANY_FILES = 4  # more source files than this are listed in 汇总 only


def workbook_of(report: Report, folder: Path) -> bytes:
    """The report as .xlsx bytes; its links start from `folder`, where it is to lie."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as made:
        made.set_properties({"title": SHEET, "author": "xladdin", "comments": report.stamp})
        made.set_custom_property(OURS, SHEET)
        book = Book(made, folder)
        summary = book.page(SUMMARY, list(SUMMARY_COLUMNS.values())) if len(report.review.cases) > 1 else None
        first_rows = _findings(book.page(SHEET, list(WIDTHS.values())), report, summary is not None)
        if summary:
            _summary(summary, report, first_rows)
        write_sides(book, report)
        _handbook(book.page(HANDBOOK, list(HANDBOOK_COLUMNS.values())), report)
    return proven_package(buffer.getvalue())


def _head(page: Page, report: Report, title: str, last: int, spans: tuple[tuple[int, int], ...]) -> None:
    """Title, verdict, and how many of each level with what that means."""
    half = spans[1][1]
    page.text(0, title, half, **TITLE)
    page.text(half + 1, report.stamp, last, **QUIET, align="right")
    page.next()
    page.text(0, report.review.verdict, last, **VERDICT, font_color="#1E6B3A" if report.review.clean else INK["error"])
    page.next()
    for (level, name), (first, to) in zip(LEVELS.items(), spans, strict=True):
        told = f"{name} {report.review.counts[level]} 处 · {MEANINGS[level]}"
        page.text(first, told, to, bg_color=PAPER[level], font_color=INK[level], bold=True)
    page.next()


def _findings(page: Page, report: Report, listed: bool) -> dict[str, int]:
    """The sheet 核对结果. Gives the row of each project's first finding."""
    page.hidden = {FIELDS.index("key")}
    page.hidden |= set() if report.several else {FIELDS.index("project")}
    page.hidden |= set() if report.rerun else {FIELDS.index("status")}
    at = {field: column for column, field in enumerate(FIELDS)}
    spans = (0, at["check"]), (at["expected"], at["actual"]), (at["actual_at"], at["message"]), (at["basis"], LAST)
    _head(page, report, SHEET, LAST, spans)
    page.text(0, _sources(report, listed), LAST, **QUIET)
    page.next()
    header = page.row
    for field, heading in HEADINGS.items():
        page.text(at[field], heading, **HEAD)
    first_rows: dict[str, int] = {}
    for number, row in enumerate(report.rows, start=1):
        page.next()
        if row.status not in (GONE, UNSEEN):
            first_rows.setdefault(row.project, page.row)
        _finding(page, row, number)
    if not report.rows:
        page.next()
        page.text(at["message"], "没有需要处理的问题")
    choices = {"validate": "list", "source": list(HANDLED), "error_type": "warning"}
    choices |= {"error_title": HEADINGS["handled"], "error_message": "不在下拉的选项里，确定要这样填吗？"}
    page.sheet.data_validation(header + 1, at["handled"], page.row, at["handled"], choices)
    page.sheet.autofilter(header, 0, page.row, len(FIELDS) - 1)
    page.close(header)
    page.sheet.print_area(0, 0, page.row, LAST)
    return first_rows


def _sources(report: Report, listed: bool) -> str:
    if listed and len(report.files) > MANY_FILES:
        return f"来源文件共 {len(report.files)} 个，名称和 SHA-256 列在“{SUMMARY}”里"
    return "来源文件：" + ("　".join(report.sources) or "没有记录")


def _finding(page: Page, row: Row, number: int) -> None:
    values = {"expected": row.expected_link, "actual": row.actual_link}
    for column, (field, text) in enumerate(row.texts(number).items()):
        look: dict[str, Any] = dict(BODY)
        link = None
        if field == "level":
            look |= {"bg_color": PAPER[row.level], "font_color": INK[row.level], "bold": True, "align": "center"}
        elif field in ("number", "code", "status"):
            look |= {"align": "center"} | ({"bold": True} if text == NEW else {})
        elif field in ("expected_at", "actual_at"):
            look |= QUIET
            side = field.removesuffix("_at")
            link = None if getattr(row, side) else page.address_of(values[side])
        elif field in values:
            link = page.address_of(values[field])
            look |= LINKED if link else {}
        elif field in ("handled", "note"):
            look |= {"bg_color": "#FFFDF2"}
        if row.status in (GONE, UNSEEN):
            look = {name: value for name, value in look.items() if name not in INKED} | {"font_color": "#9A9A9A"}
        if field == "number":
            page.number(column, number, **look)
        else:
            page.text(column, text, link=link, **look)


def _summary(page: Page, report: Report, first_rows: dict[str, int]) -> None:
    columns = list(SUMMARY_COLUMNS)
    last = len(columns) - 1
    _head(page, report, SUMMARY, last, ((0, 1), (2, 4), (5, 8), (9, last)))
    header = page.row
    for column, name in enumerate(columns):
        page.text(column, name, **HEAD)
    for number, (case, name) in enumerate(report.ranked, start=1):
        page.next()
        _case(page, report, case, number, first_rows.get(name))
    page.sheet.autofilter(header, 0, page.row, last)
    if report.review.loose:
        page.next(2)
        page.text(0, "文件的问题", last, **VERDICT)
        for finding in report.review.loose:
            page.next()
            look = {"bg_color": PAPER[finding.level], "font_color": INK[finding.level], "bold": True}
            page.text(0, LEVELS[finding.level], **BODY, **look, align="center")
            where = "、".join(dict.fromkeys(str(place) for place in (*finding.declared, *finding.evaluated)))
            page.text(1, where or finding.subject, **BODY)
            page.text(2, finding.message, columns.index("申报表") - 1, **BODY)
            page.text(columns.index("申报表"), finding.advice, last, **BODY)
    page.close(header)


def _case(page: Page, report: Report, case: Case, number: int, first: int | None) -> None:
    record = case.record
    page.number(0, number, **BODY, align="center")
    link = f"internal:{inner(SHEET, f'A{first + 1}')}" if first is not None else None
    page.text(1, record.project, link=link, **BODY, **(LINKED if link else {}))
    page.text(2, str(record.year or ""), **BODY, align="center")
    page.text(3, record.unit or "", **BODY)
    for column, level in enumerate(LEVELS, start=4):
        count = case.counts[level]
        look = {"bg_color": PAPER[level], "font_color": INK[level], "bold": True} if count else QUIET
        page.number(column, count, **BODY | look | {"align": "center", "font_size": 10})
    score = case.evaluation.total_score if case.evaluation else None
    if score is not None and number_in_excel(score):
        page.number(8, score, **BODY, align="right", indent=1)
    else:
        page.text(8, "" if score is None else plain(score), **BODY)
    for column, path in ((9, case.declared_file), (10, case.evaluated_file)):
        address = page.address_of(Link(path)) if path else None
        told = f"{path.name}\nSHA-256 {report.files[path][:12] or '读不到'}" if path else ""
        page.text(column, told, link=address, **BODY, **QUIET)


def _handbook(page: Page, report: Report) -> None:
    last = len(HANDBOOK_COLUMNS) - 1
    used = "；".join(rules.label for rules in report.review.profiles)
    page.text(0, "规则手册：本次用到的全部规则" + (f"（{used}）" if used else ""), last, **TITLE)
    page.next()
    header = page.row
    for column, name in enumerate(HANDBOOK_COLUMNS):
        page.text(column, name, **HEAD)
    for subject, rule in report.rules:
        page.next()
        cells = (
            rule.code, SUBJECTS[subject], rule.title, LEVELS[rule.level], says(rule), rule.basis, rule.wrong,
            rule.right, rule.advice,
        )  # fmt: skip
        for column, text in enumerate(cells):
            page.text(column, text, **BODY)
    page.sheet.autofilter(header, 0, page.row, last)
    page.next(2)
    page.text(0, "表内查不出、仍需人工核对的事项", last, **VERDICT)
    for matter in MANUAL:
        page.next()
        page.text(0, matter.code, **BODY)
        page.text(1, matter.title, 3, **BODY)
        page.text(4, matter.why, last, **BODY)
    page.close(header)


def says(rule: Rule) -> str:
    """What a rule says, its lines joined as Chinese text is."""
    return re.sub(r"(?<!\n)\n(?!\n)", "", rule.says)
