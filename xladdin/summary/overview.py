"""The sheet 总览: the verdict, the key figures by year and money unit, the charts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from ..domain.records import BUDGET_ITEMS
from ..rules.finding import ERROR, LEVELS, WARNING
from ..sheets.looks import BODY, CENTRE, COUNT, HEAD, INK, LINKED, MONEY, NOTE, RATE, SCORE, TITLE, VERDICT, of_verdict
from ..sheets.page import Cell, Page, Value
from ..sheets.table import Table, money_width
from .charts import Block, draw
from .declared import ALL_LEVELS, TOLD, UNIT, UNSUMMED, UNSUMMED_LOOK, YEAR, count_cell, year_cell
from .evaluated import BUDGET, EXECUTED, GRADE, RATED, SCORED, UNSCORED
from .facts import KNOWN, UNITS, Declared, Evaluated
from .summary import Summary
from .sums import Share

NAME = "总览"
_FIXED = (9, 9, 9)
_FIRST = 5  # forms listed as those to look at first
_SAID = "金额按单位分开合计，都是取自后面各表的公式"
_RATE = f"；执行率 = {EXECUTED} ÷ {BUDGET}（调整后的），是两个合计数之比"
_CHARTS = "图里的数取自后面各表，列在隐藏的“图表数据”里"
_ASSUMED = "；表上未注明单位、推定为元或万元的，在后面的表里用△标出"
_REST, _AFTER_GRADES = 8.5, 5  # width of the columns of counts; how many stand after those of the grades
_FEW = 8  # bars of projects up to which the charts stand in one row
_PIXELS, _PADDING = 7, 5  # of a column's width unit
_PAGE, _SHRINK = 0.64, 1.35  # height of a printed page to its width; how much it may be shrunk to hold all
Line = tuple[str, dict[str, Any], Callable[[Share, Table], Value]]


def widths_of(summary: Summary) -> list[float]:
    """The widths of the columns."""
    main = money_width([*(row.amounts[0] for row in summary.declared), *(row.budget for row in summary.evaluated)])
    rest = money_width(amount for row in summary.declared for amount in row.amounts[2:])
    return [
        *_FIXED,
        max(main, 14),
        max(main, 14),
        max(rest, 13.5),
        max(rest, 13.5),
        *[_REST] * max(len(summary.facts.grades) + _AFTER_GRADES, 5),
    ]


def write_overview(
    sheet: Page, summary: Summary, declared: Table | None, evaluated: Table | None, blocks: Sequence[Block], stamp: str
) -> None:
    """Write the sheet, whose figures are formulas on the tables of the others."""
    last = len(sheet.widths) - 1
    sheet.text(0, summary.title, last - 4, **TITLE)
    sheet.text(last - 3, stamp, last, **NOTE, align="right")
    sheet.next()
    sheet.text(0, summary.verdict, last, **of_verdict(summary.clean))
    sheet.next()
    for title, table, lines in (
        ("绩效目标申报", declared, _of_declarations()),
        ("绩效自评", evaluated, _of_evaluations(summary)),
    ):
        if table:
            sheet.next()
            _block(sheet, title, table, lines)
    sheet.next()
    _first(sheet, summary, last)
    _charts(sheet, blocks)
    sheet.close(0)
    sheet.sheet.freeze_panes(0, 0)


def _of_declarations() -> list[Line]:
    amounts = [(name, MONEY, _total(name)) for name in BUDGET_ITEMS]
    return [
        ("项目数", COUNT, lambda share, table: share.count()),
        *amounts,
        ("指标数", COUNT, _total(ALL_LEVELS)),
        ("有错误的", COUNT, lambda share, table: share.positive(LEVELS[ERROR])),
        *((LEVELS[level], COUNT, _total(LEVELS[level])) for level in TOLD),
    ]


def _of_evaluations(summary: Summary) -> list[Line]:
    return [
        ("项目数", COUNT, lambda share, table: share.count()),
        (BUDGET, MONEY, _total(BUDGET)),
        (EXECUTED, MONEY, _total(EXECUTED)),
        (RATED, RATE, lambda share, table: share.ratio(EXECUTED, BUDGET)),
        ("平均得分", SCORE, lambda share, table: share.average(SCORED)),
        *((name, COUNT, _graded(name)) for name, _ in summary.facts.grades),
        *((name, COUNT, _unscored(name)) for name in UNSCORED),
        ("有错误的", COUNT, lambda share, table: share.positive(LEVELS[ERROR])),
        *((LEVELS[level], COUNT, _total(LEVELS[level])) for level in (ERROR, WARNING)),
    ]


def _total(name: str) -> Callable[[Share, Table], Value]:
    return lambda share, table: share.total(name)


def _unscored(name: str) -> Callable[[Share, Table], Value]:
    return lambda share, table: UNSCORED[name](share)


def _graded(name: str) -> Callable[[Share, Table], Value]:
    """How many projects have the grade; its name stands over the column."""
    return lambda share, table: share.matching(
        GRADE, f'"{name.replace(chr(34), chr(34) * 2)}"', lambda row: row.grade == name
    )


def _block(sheet: Page, title: str, table: Table, lines: Sequence[Line]) -> None:
    """A row for each year and money unit there is, the newest first."""
    sheet.text(0, title, 2, **VERDICT)
    said = _SAID + (_RATE if RATED in table.at else "") + (_ASSUMED if any(row.assumed for row in table.rows) else "")
    sheet.text(3, said, len(sheet.widths) - 1, **NOTE)
    sheet.next()
    sheet.head([YEAR, UNIT, *(name for name, _, _ in lines)])
    sheet.next()
    for year, unit in sorted({(row.year, row.money_unit) for row in table.rows}, key=_newest):
        own = [(name, xl_rowcol_to_cell(sheet.row, column, True, True)) for column, name in enumerate((YEAR, UNIT))]
        share = Share(table, tuple(own), partial(_is_of, year, unit))
        sheet.put(0, year_cell(year), **BODY, **CENTRE, bold=True)
        sheet.put(1, unit, **BODY, **CENTRE)
        blanks = iter((Cell(UNSUMMED, look=UNSUMMED_LOOK),))  # stands once, where the first amount would
        for column, (name, look, value) in enumerate(lines, start=2):
            known = unit in KNOWN or look not in (MONEY, RATE)
            sheet.put(column, value(share, table) if known else next(blanks, None), **BODY, **look, **_ink(name))
        sheet.next()


def _is_of(year: int | None, unit: str, row: Declared | Evaluated) -> bool:
    return (row.year, row.money_unit) == (year, unit)


def _newest(pair: tuple[int | None, str]) -> tuple:
    return -(pair[0] or 0), UNITS.index(pair[1])


def _ink(name: str) -> dict[str, Any]:
    levels = {LEVELS[level]: level for level in LEVELS} | {"有错误的": ERROR}
    return {"font_color": INK[levels[name]]} if name in levels else {}


def _first(sheet: Page, summary: Summary, last: int) -> None:
    """The forms with most errors, each with its first: what to send back before anything else."""
    rows = [(row.counts[ERROR], row) for row in summary.rows if row.counts and row.counts[ERROR]]
    if not rows:
        return
    rows.sort(key=lambda pair: (-pair[0], -(pair[1].year or 0)))
    more = f"（错误最多的 {_FIRST} 张，共 {len(rows)} 张）" if len(rows) > _FIRST else ""
    sheet.text(0, f"先处理这些表{more}", 4, **VERDICT)
    sheet.next()
    for span, name in (
        ((0, 0), YEAR),
        ((1, 1), "表"),
        ((2, 4), "项目名称"),
        ((5, 5), "错误"),
        ((6, last), "先看这一条"),
    ):
        sheet.text(span[0], name, span[1], **HEAD)
    sheet.next()
    for errors, row in rows[:_FIRST]:
        sheet.put(0, year_cell(row.year), **BODY, **CENTRE, bold=True)
        sheet.text(1, "自评" if isinstance(row, Evaluated) else "申报", **BODY, **CENTRE)
        link = sheet.address_of(row.link)
        sheet.text(2, row.project, 4, link, **BODY, **(LINKED if link else {}))
        sheet.put(5, count_cell(ERROR, errors), **BODY, **COUNT)
        sheet.text(6, row.told, last, **BODY)
        sheet.next()
    sheet.next()


def _charts(sheet: Page, blocks: Sequence[Block]) -> None:
    """The charts: side by side, or the projects' bars on the left where there are many; together on one page."""
    if not blocks:
        return
    wide = sum(int(width * _PIXELS + _PADDING) for width in sheet.widths)
    above = sheet.above * 4 / 3
    tall = [block for block in blocks if block.rates and block.bars > _FEW]
    height = max(520, 19.5 * tall[0].bars + 95) if tall else 300
    together = above + height <= wide * _PAGE * _SHRINK
    if together:
        sheet.sheet.fit_to_pages(1, 1)
    else:
        sheet.sheet.set_h_pagebreaks([sheet.row])
        height = max(height, min(wide * _PAGE - 80, 480))
    for x, y, width, tallness, block in _places(blocks, tall, wide, height):
        chart = draw(sheet.book, block, width - 8, tallness - 10)
        sheet.sheet.insert_chart(sheet.row, 0, chart, {"x_offset": x + 2, "y_offset": y + 6, "object_position": 2})


def _places(
    blocks: Sequence[Block], tall: Sequence[Block], wide: float, height: float
) -> Iterator[tuple[float, float, float, float, Block]]:
    """Where each chart lies, from the top left, and its width and height in pixels."""
    if not tall:
        width = wide / max(len(blocks), 2)
        yield from ((number * width, 0, width, height, block) for number, block in enumerate(blocks))
        return
    yield 0, 0, wide / 2, height, tall[0]
    rest = [block for block in blocks if block not in tall]
    for number, block in enumerate(rest):
        yield wide / 2, number * height / len(rest), wide / 2, height / len(rest), block
