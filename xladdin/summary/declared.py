"""The sheet 绩效目标汇总: a row for each declaration, its amounts by source, totals by money unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from xlsxwriter.utility import xl_rowcol_to_cell

from ..domain.records import BUDGET_ITEMS
from ..rules.finding import ERROR, LEVELS, WARNING
from ..sheets.looks import CENTRE, COUNT, MONEY, NOTE, TEXT, TOTAL, of_level
from ..sheets.page import Book, Cell, Formula, Page, Value
from ..sheets.table import Column, Table, money_width
from .facts import FIRST_LEVELS, KNOWN, UNITS, Declared, Evaluated
from .sums import Share

NAME = "绩效目标汇总"
NO_YEAR = "不明"
UNSUMMED = "单位不明，不合计"
UNSUMMED_LOOK = NOTE | {"bold": False, "align": "center"}
ALL_LEVELS, OTHER_LEVELS = "指标合计", "其他"
UNIT, YEAR = "金额单位", "年度"
TOLD = (ERROR, WARNING)  # the levels that have a column
ELSEWHERE = "见自评"
_ASSUMED = {"num_format": '@"△"'}  # the cell holds the unit alone, by which formulas find it
_MOST_SPANS = 20  # 序号 named in a note
_OLD_LEVELS, _LONGEST = 3, 8  # 一级指标 of older forms that get a column of their own; characters of their names
_TAKEN = {
    "序号", "年度", "项目名称", "主管部门", "实施单位", "项目类别", "项目性质", "起止日期", "金额单位",
    "错误", "警告", "表式",
    *BUDGET_ITEMS, ALL_LEVELS, OTHER_LEVELS,
}  # fmt: skip
Totals = Mapping[str, Value | Cell]  # by heading


def year_cell(year: int | None) -> Value:
    """A year as it stands in every table."""
    return NO_YEAR if year is None else year


def count_cell(level: str, count: int) -> Cell:
    """How many findings, in the colours of their level."""
    return Cell(count, look=of_level(level) if count else {})


def levels_of(rows: Sequence[Declared]) -> list[str]:
    """The 一级指标 that get a column: the usual ones, the most frequent others, and 其他 for what is left."""
    found: Counter = Counter()
    for row in rows:
        found.update({level: count for level, count in row.levels.items() if level not in FIRST_LEVELS})
    own = [level for level, _ in found.most_common() if len(level) <= _LONGEST and level not in _TAKEN]
    most = own[:_OLD_LEVELS]
    return [*FIRST_LEVELS, *most, *([OTHER_LEVELS] if len(found) > len(most) else [])]


def write_declared(book: Book, rows: Sequence[Declared]) -> Table | None:
    """Add the sheet, if there are declarations; the table it holds."""
    if not rows:
        return None
    levels = levels_of(rows)
    numbers = {id(row): number for number, row in enumerate(rows, start=1)}
    wide = [money_width(row.amounts[number] for row in rows) for number in range(len(BUDGET_ITEMS))]
    department = Column("department", "主管部门", 15)
    several = len({row.department for row in rows}) > 1
    printed = _columns(levels, numbers, wide, [department] if several else [])
    columns = [*printed, *([] if several else [department]), *_UNPRINTED]
    sheet = book.page(NAME, [column.width for column in columns])
    last = len(printed) - 1
    said = f"共 {len(rows)} 张申报表，按年度（新的在前）、主管部门、实施单位排列。{_linked(sheet, rows)}"
    sheet.heading(f"项目{NAME}表", said, last)
    table = Table(sheet, columns, rows)
    counted = [*levels, ALL_LEVELS, *(LEVELS[level] for level in TOLD)]
    write_totals(sheet, table, lambda share, unit: _sums(share, unit, counted))
    sheet.next()
    if any(row.counts is None for row in rows):
        said = f"“{ELSEWHERE}”：该项目有自评表，两张表的问题一并列在“自评情况”。"
        sheet.text(0, said, last, **NOTE)
        sheet.next()
    for said in unit_notes(rows):
        sheet.text(0, said, last, **NOTE)
        sheet.next()
    sheet.close(table.header)
    sheet.sheet.freeze_panes(table.header + 1, table.at["项目名称"] + 1)
    sheet.sheet.print_area(0, 0, sheet.row - 1, last)
    return table


def _linked(sheet: Page, rows: Sequence[Declared]) -> str:
    """Whether the names lead to the forms: not where Excel could not follow the address."""
    links = [row.link for row in rows if row.link]
    lost = sum(sheet.address_of(link) is None for link in links)
    if lost == len(links):
        return "路径里有 #、% 或太长，项目名称没有链接到原表。" if lost else ""
    return "项目名称链接到原表" + (f"，路径里有 #、% 或太长的 {lost} 个除外。" if lost else "。")


def unit_cell(row: Declared | Evaluated) -> Cell:
    """The money unit, marked where the form does not print it."""
    return Cell(row.money_unit, look=_ASSUMED if row.assumed else {})


def unit_notes(rows: Sequence[Declared | Evaluated]) -> list[str]:
    """Why the units that are not printed are taken to be what stands there, by 序号."""
    reasons: dict[str, list[int]] = {}
    for number, row in enumerate(rows, start=1):
        if row.assumed:
            reasons.setdefault(row.assumed, []).append(number)
    return [f"△ 序号 {_spans(numbers)}：{reason}。" for reason, numbers in reasons.items()]


def _spans(numbers: Sequence[int]) -> str:
    """3、5～9."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    told = "、".join(str(a) if a == b else f"{a}～{b}" for a, b in spans[:_MOST_SPANS])
    return told if len(spans) <= _MOST_SPANS else f"{told} 等 {len(numbers)} 张"


def _columns(
    levels: Sequence[str], numbers: dict[int, int], wide: Sequence[float], more: Sequence[Column]
) -> list[Column]:
    first = 5 + len(more) + len(BUDGET_ITEMS)  # the column of the first 一级指标
    shown = [level for level in levels if level != OTHER_LEVELS]

    def count(level: str):
        if level == OTHER_LEVELS:
            return lambda row, at: sum(n for name, n in row.levels.items() if name not in shown)
        return lambda row, at: row.levels.get(level, 0)

    def every(row: Declared, at: int) -> Formula:
        cells = f"{xl_rowcol_to_cell(at - 1, first)}:{xl_rowcol_to_cell(at - 1, first + len(levels) - 1)}"
        return Formula(f"SUM({cells})", sum(row.levels.values()))

    def told(level: str):
        return lambda row, at: (
            Cell(ELSEWHERE, look=NOTE) if row.counts is None else count_cell(level, row.counts[level])
        )

    return [
        Column("number", "序号", 5.5, CENTRE, lambda row, at: numbers[id(row)]),
        Column("year", YEAR, 6.5, CENTRE, lambda row, at: year_cell(row.year)),
        Column("project", "项目名称", 25, TEXT, lambda row, at: Cell(row.project, row.link)),
        *more,
        Column("unit", "实施单位", 15),
        Column("money_unit", UNIT, 7.5, CENTRE, lambda row, at: unit_cell(row)),
        *(Column("amounts", name, wide[number], MONEY, _source(number)) for number, name in enumerate(BUDGET_ITEMS)),
        *(Column("levels", level, 5.5 if len(level) < 3 else 6.5, COUNT, count(level)) for level in levels),
        Column("every", ALL_LEVELS, 6, COUNT | {"bold": True}, every),
        *(Column(level, LEVELS[level], 6.5, COUNT, told(level)) for level in TOLD),
    ]


_UNPRINTED = (
    Column("category", "项目类别", 10),
    Column("nature", "项目性质", 10),
    Column("span", "起止日期", 12, CENTRE, lambda row, at: _span(row)),
    Column("form", "表式", 11, CENTRE, lambda row, at: row.form or "未收录"),
)


def _source(number: int):
    return lambda row, at: row.amounts[number]


def _span(row: Declared) -> str:
    if not row.start and not row.end:
        return ""
    return f"{row.start or ''}\n{row.end or ''}"


def _sums(share: Share, unit: str, counted: Sequence[str]) -> Totals:
    amounts = {name: money_total(share, name, unit, BUDGET_ITEMS[0]) for name in BUDGET_ITEMS}
    return amounts | {name: share.total(name) for name in counted}


def write_totals(sheet: Page, table: Table, totals: Callable[[Share, str], Totals]) -> None:
    """A row for each money unit that occurs: different units are never added, nor amounts of unknown ones."""
    for unit in UNITS:
        if all(row.money_unit != unit for row in table.rows):
            continue
        own = ((UNIT, xl_rowcol_to_cell(sheet.row, table.at[UNIT], True, True)),)
        share = Share(table, own, partial(_is_in, unit))
        values: Totals = {"项目名称": f"{unit}合计", UNIT: unit, **totals(share, unit)}
        for column, head in enumerate(table.columns):
            sheet.put(column, values.get(head.heading), **TOTAL | dict(head.look))
        sheet.next()


def _is_in(unit: str, row: Declared) -> bool:
    return row.money_unit == unit


def money_total(share: Share, name: str, unit: str, first: str) -> Value | Cell:
    """The total of a column of amounts; where their unit is unknown none, which the `first` one says."""
    if unit in KNOWN:
        return share.total(name)
    return Cell(UNSUMMED, look=UNSUMMED_LOOK) if name == first else None
