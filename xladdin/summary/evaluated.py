"""The sheet 自评情况: a row for each self-evaluation, what was spent, scored and found."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlsxwriter.utility import xl_rowcol_to_cell

from ..domain.scoring import RATE_PLACES, UNDECIDED, UNFILLED
from ..rules.finding import LEVELS, WARNING
from ..sheets.looks import CENTRE, COUNT, INK, MONEY, NOTE, PAPER, RATE, SCORE, TEXT
from ..sheets.page import Book, Cell, Formula, Page, Value
from ..sheets.table import Column, Table, money_width
from .declared import UNIT, YEAR, Totals, count_cell, money_total, unit_cell, unit_notes, write_totals, year_cell
from .facts import KNOWN, Evaluated
from .sums import Share

NAME = "自评情况"
INITIAL, BUDGET, EXECUTED, RATED, SCORED, GRADE = "年初预算数", "全年预算数", "全年执行数", "执行率", "得分", "等级"
FIRST = "先看这一条"
UNSCORED: dict[str, Callable[[Share], Formula]] = {  # why there is no score, and how many have none for that
    UNDECIDED: lambda share: share.matching(SCORED, f'"{UNDECIDED}"', lambda row: row.pending == UNDECIDED),
    UNFILLED: lambda share: share.lacking(SCORED, UNDECIDED),
}
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
    sheet = book.page(NAME, [column.width for column in columns])
    last = len(columns) - 1
    said = (
        f"共 {len(rows)} 张自评表，新的年度在前；同一年度里问题多的在前，其次执行率低的在前。"
        f"执行率 = {EXECUTED} ÷ {BUDGET}（调整后的）；看不出的得分写“{UNDECIDED}”，"
        f"没填完的写“{UNFILLED}”，都不算 0 分。"
    )
    sheet.heading("项目绩效自评情况表", said, last)
    table = Table(sheet, columns, rows)
    write_totals(sheet, table, _totals)
    _notes(sheet, table, last)
    sheet.close(table.header)
    sheet.sheet.freeze_panes(table.header + 1, table.at["项目名称"] + 1)
    return table


def _columns(numbers: dict[int, int], wide: Sequence[float]) -> list[Column]:
    return [
        Column("number", "序号", 5.5, CENTRE, lambda row, at: numbers[id(row)]),
        Column("year", YEAR, 6.5, CENTRE, lambda row, at: year_cell(row.year)),
        Column("project", "项目名称", 26, TEXT, lambda row, at: Cell(row.project, row.link)),
        Column("unit", "实施单位", 15),
        Column("money_unit", UNIT, 7.5, CENTRE, lambda row, at: unit_cell(row)),
        Column("initial", INITIAL, wide[0], MONEY),
        Column("budget", BUDGET, wide[1], MONEY, _amount("budget")),
        Column("executed", EXECUTED, wide[2], MONEY, _amount("executed")),
        Column("rate", RATED, 9, RATE, _rate),
        Column("score", SCORED, 9, SCORE, lambda row, at: Cell(row.pending, look=DOUBT) if row.pending else row.score),
        Column("grade", GRADE, 6, CENTRE),
        *(Column(level, name, 6 if len(name) < 3 else 8, COUNT, _count(level)) for level, name in LEVELS.items()),
        Column("told", FIRST, 42),
    ]


def _count(level: str):
    return lambda row, at: count_cell(level, row.counts[level])


def _amount(name: str) -> Callable[[Evaluated, int], Value | Cell]:
    """As printed; where nobody knows in which unit as text, which no sum counts."""

    def get(row: Evaluated, at: int) -> Value | Cell:
        amount = getattr(row, name)
        said = UNDECIDED if amount is None else f"{UNDECIDED}\n{amount:,f}"
        return Cell(said, look=DOUBT | {"align": "right"}) if row.unsure else amount

    return get


def _rate(row: Evaluated, at: int) -> Cell:
    """全年执行数 ÷ 全年预算数; nothing where one is blank or the budget is 0, 待核 where their unit is in doubt."""
    if row.unsure:
        return Cell(UNDECIDED, look=DOUBT)
    budget, executed = (xl_rowcol_to_cell(at - 1, _BEFORE_MONEY + number) for number in (1, 2))
    text = f'IF(COUNT({budget}:{executed})<2,"",IF({budget}=0,"",ROUND({executed}/{budget},{RATE_PLACES})))'
    low = row.rate is not None and row.rate < row.low
    return Cell(Formula(text, "" if row.rate is None else row.rate), look=LOW if low else {})


def _totals(share: Share, unit: str) -> Totals:
    known = unit in KNOWN
    said = "执行率是合计数之比，得分是平均分" if known else "得分是平均分"
    return {
        **{name: money_total(share, name, unit, INITIAL) for name in (INITIAL, BUDGET, EXECUTED)},
        **{name: share.total(name) for name in LEVELS.values()},
        RATED: share.ratio(EXECUTED, BUDGET) if known else None,
        SCORED: share.average(SCORED),
        FIRST: Cell(said, look=NOTE | {"bold": False}),
    }


def _notes(sheet: Page, table: Table, last: int) -> None:
    notes = []
    if any(row.budget is None or row.executed is None for row in table.rows):
        notes.append(f"合计的执行率只算{BUDGET}和{EXECUTED}都填了的项目。")
    if any(row.score is None for row in table.rows):
        notes.append(f"平均分只算有得分的项目，“{UNDECIDED}”“{UNFILLED}”和空白的不算。")
    if any(row.unsure for row in table.rows):
        notes.append("金额待核的，可能元、万元填混，不计入合计、执行率和平均分。")
    if any(row.rate is not None and row.rate < row.low for row in table.rows):
        notes.append("执行率偏低的用黄底标出，界线见规则文件。")
    for said in (*(["".join(notes)] if notes else []), *unit_notes(table.rows)):
        sheet.next()
        sheet.text(0, said, last, **NOTE)
