"""The sheet 自评情况: a row for each self-evaluation, what was spent, scored and found."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell

from ..domain.scoring import RATE_PLACES, UNDECIDED, UNFILLED
from ..rules.finding import LEVELS, WARNING
from ..sheets.page import INK, PAPER, Book
from .declared import UNIT, YEAR, count_cell, money_total, unit_cell, unit_notes, unit_share, year_cell
from .facts import KNOWN, UNITS, Evaluated
from .page import (
    CENTRE,
    COUNT,
    MONEY,
    NOTE,
    RATE,
    SCORE,
    TEXT,
    TOTAL,
    Cell,
    Column,
    Formula,
    Sheet,
    Table,
    Value,
    money_width,
)

NAME = "自评情况"
INITIAL, BUDGET, EXECUTED, RATED, SCORED, GRADE = "年初预算数", "全年预算数", "全年执行数", "执行率", "得分", "等级"
FIRST = "先看这一条"
DOUBT = {"font_color": INK["undecided"], "bg_color": PAPER["undecided"], "align": "center"}
LOW = {"font_color": INK[WARNING], "bg_color": PAPER[WARNING]}
_BEFORE_MONEY = 5  # columns before 年初预算数


def write_evaluated(book: Book, rows: Sequence[Evaluated]) -> Table | None:
    """Add the sheet, if there are evaluations; the table it holds."""
    if not rows:
        return None
    wide = [
        money_width(amounts) for amounts in zip(*((row.initial, row.budget, row.executed) for row in rows), strict=True)
    ]
    columns = _columns({id(row): number for number, row in enumerate(rows, start=1)}, wide)
    sheet = Sheet(book, NAME, [column.width for column in columns])
    last = len(columns) - 1
    said = (
        f"共 {len(rows)} 张自评表，新的年度在前；同一年度里问题多的在前，其次执行率低的在前。"
        f"执行率 = {EXECUTED} ÷ {BUDGET}；看不出的得分写“{UNDECIDED}”，没填完的写“{UNFILLED}”，都不算 0 分。"
    )
    sheet.heading("项目绩效自评情况表", said, last)
    table = Table(sheet, columns, rows)
    _totals(sheet, table)
    _notes(sheet, table, last)
    sheet.close(table.header)
    sheet.sheet.freeze_panes(table.header + 1, table.at["项目名称"] + 1)
    return table


def _columns(numbers: dict[int, int], wide: Sequence[float]) -> list[Column]:
    return [
        Column("序号", 5.5, CENTRE, lambda row, at: numbers[id(row)]),
        Column(YEAR, 6.5, CENTRE, lambda row, at: year_cell(row.year)),
        Column("项目名称", 30, TEXT, lambda row, at: Cell(row.project, row.link)),
        Column("实施单位", 18, TEXT, lambda row, at: row.unit),
        Column(UNIT, 7.5, CENTRE, lambda row, at: unit_cell(row)),
        Column(INITIAL, wide[0], MONEY, lambda row, at: row.initial),
        Column(BUDGET, wide[1], MONEY, lambda row, at: row.budget),
        Column(EXECUTED, wide[2], MONEY, lambda row, at: row.executed),
        Column(RATED, 10, RATE, _rate),
        Column(SCORED, 9, SCORE, lambda row, at: Cell(row.pending, look=DOUBT) if row.pending else row.score),
        Column(GRADE, 6, CENTRE, lambda row, at: row.grade),
        *(Column(name, 6 if len(name) < 3 else 8, COUNT, _count(level)) for level, name in LEVELS.items()),
        Column(FIRST, 46, TEXT, lambda row, at: row.told),
    ]


def _count(level: str):
    return lambda row, at: count_cell(level, row.counts[level])


def _rate(row: Evaluated, at: int) -> Cell:
    """全年执行数 ÷ 全年预算数; nothing where one is blank or the budget is 0."""
    budget, executed = (xl_rowcol_to_cell(at - 1, _BEFORE_MONEY + number) for number in (1, 2))
    text = f'IF(COUNT({budget}:{executed})<2,"",IF({budget}=0,"",ROUND({executed}/{budget},{RATE_PLACES})))'
    low = row.rate is not None and row.rate < row.low
    return Cell(Formula(text, "" if row.rate is None else row.rate), look=LOW if low else {})


def _totals(sheet: Sheet, table: Table) -> None:
    for unit in UNITS:
        if all(row.money_unit != unit for row in table.rows):
            continue
        share = unit_share(table, unit, xl_rowcol_to_cell(sheet.row, table.at[UNIT], True, True))
        values: dict[str, Value | Cell] = {"项目名称": f"{unit}合计", UNIT: unit}
        values |= {name: money_total(share, name, unit, INITIAL) for name in (INITIAL, BUDGET, EXECUTED)}
        values |= {name: share.total(name) for name in LEVELS.values()}
        values |= {RATED: share.ratio(EXECUTED, BUDGET) if unit in KNOWN else None, SCORED: share.average(SCORED)}
        said = "执行率是合计数之比，得分是平均分" if unit in KNOWN else "得分是平均分"
        values[FIRST] = Cell(said, look=NOTE | {"bold": False})
        for column, head in enumerate(table.columns):
            sheet.put(column, values.get(head.name), **TOTAL | dict(head.look))
        sheet.next()


def _notes(sheet: Sheet, table: Table, last: int) -> None:
    notes = []
    if any(row.budget is None or row.executed is None for row in table.rows):
        notes.append(f"合计的执行率只算{BUDGET}和{EXECUTED}都填了的项目。")
    if any(row.score is None for row in table.rows):
        notes.append(f"平均分只算有得分的项目，“{UNDECIDED}”“{UNFILLED}”和空白的不算。")
    if any(row.rate is not None and row.rate < row.low for row in table.rows):
        notes.append("执行率偏低的用黄底标出，界线见规则文件。")
    for said in (*(["".join(notes)] if notes else []), *unit_notes(table.rows)):
        sheet.next()
        sheet.text(0, said, last, **NOTE)
