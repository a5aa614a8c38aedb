"""The sheet 图表数据, and the native charts drawn from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from ..domain.numbers import plain
from ..sheets.looks import BODY, COUNT, FONT, HEAD, RATE, VERDICT
from ..sheets.page import Book, Formula, Page
from ..sheets.table import Table
from .declared import YEAR, levels_of, year_cell
from .evaluated import GRADE, RATED, UNSCORED
from .facts import Evaluated
from .summary import Summary
from .sums import Share

NAME = "图表数据"
MOST = 30  # projects in the chart of 执行率
YEARS = 5  # years side by side
_MANY = 15  # bars beyond which their names are set smaller
_TINY = Decimal("0.05")
_LABEL = 18  # characters of a project's name beside its bar
_WIDTHS = (34, 16, 12, 12, 12, 12, 12)
_BAR, _LOW = "#5B84B1", "#E0A030"
_BY_YEAR = ("#44546A", "#7F9CC0", "#B9C9DF", "#E3B778", "#A8B9A0")  # the newest first
_BY_GRADE = ("#4E8F62", "#5B84B1", "#E0A030", "#C0504D")


@dataclass(frozen=True, slots=True)
class Block:
    """What one chart shows: its title, where categories and series lie (rows and columns from 0), its colours.

    series: (column, name) of each; colours: of the bars where there is one series, else of the series;
    rates: what the bars show, where that is rates.
    """

    title: str
    first: int
    last: int
    labels: int
    series: tuple[tuple[int, str], ...]
    colours: tuple[str, ...]
    rates: tuple[Decimal, ...] = ()

    @property
    def bars(self) -> int:
        """How many categories."""
        return self.last - self.first + 1


def write_data(book: Book, summary: Summary, declared: Table | None, evaluated: Table | None) -> list[Block]:
    """Add the sheet; the blocks it holds, in the order of their charts."""
    sheet = book.page(NAME, _WIDTHS, charted=True)
    sheet.sheet.hide()  # nobody prints it
    sheet.heading(NAME, "“总览”里的图由这里的数画出；数都取自前面的表，请不要在这里改。", len(_WIDTHS) - 1)
    blocks = []
    if evaluated:
        blocks += [block for block in (_rates(sheet, evaluated), _scores(sheet, summary, evaluated)) if block]
    if declared:
        blocks.append(_levels(sheet, declared))
    sheet.close(1)
    return blocks


def _caption(sheet: Page, title: str, names: Sequence[Any]) -> None:
    sheet.next()
    sheet.text(0, title, len(_WIDTHS) - 1, **VERDICT)
    sheet.next()
    for column, name in enumerate(names):
        sheet.put(column, name, **HEAD)
    sheet.next()


def _rates(sheet: Page, table: Table) -> Block | None:
    """执行率 of the newest year that has any: all of them, or the lowest."""
    known = [(row.rate, number) for number, row in enumerate(table.rows) if row.rate is not None]
    if not known:
        return None
    year = max((table.rows[number].year or 0 for _, number in known))
    of_year = sorted(pair for pair in known if (table.rows[pair[1]].year or 0) == year)
    shown = of_year[:MOST]
    which = f"最低的 {MOST} 个项目，共 {len(of_year)} 个" if len(of_year) > MOST else "各项目"
    title = f"{f'{year}年度' if year else ''}预算执行率（执行数÷全年预算数，{which}）"
    _caption(sheet, title, ("项目", "执行率"))
    first, colours = sheet.row, []
    names = Counter(table.rows[number].project for _, number in shown)
    for rate, number in shown:
        row = table.rows[number]
        same = names[row.project] > 1 and row.unit
        sheet.text(0, _short(row.project) + (f"（{_short(row.unit)}）" if same else ""), **BODY)
        sheet.put(1, Formula(table.address(RATED, number), rate), **BODY, **RATE)
        colours.append(_LOW if rate < row.low else _BAR)
        sheet.next()
    return Block(title, first, sheet.row - 1, 0, ((1, RATED),), tuple(colours), tuple(rate for rate, _ in shown))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"


def _years(table: Table) -> list[int | None]:
    """The newest years of a table, oldest first; forms without a year last."""
    years = sorted({row.year for row in table.rows}, key=lambda year: (year is None, year or 0))
    return years[-YEARS:]


def _shares(sheet: Page, table: Table, years: Sequence[int | None], column: int) -> list[Share]:
    """For each year the rows of the table that are of it; the years stand in the row above, from `column` on."""
    above = sheet.row - 1

    def of_year(year: int | None):
        return lambda row: row.year == year

    return [
        Share(table, ((YEAR, xl_rowcol_to_cell(above, column + number, True, True)),), of_year(year))
        for number, year in enumerate(years)
    ]


def _scores(sheet: Page, summary: Summary, table: Table) -> Block | None:
    """How many projects got which grade, year by year."""
    if not summary.facts.grades or all(row.score is None for row in table.rows):
        return None
    years = _years(table)
    title = f"{_said(years)}自评得分分布（项目数）"
    _caption(sheet, title, (GRADE, "图上的名称", *map(year_cell, years)))
    first, shares = sheet.row, _shares(sheet, table, years, 2)
    for name, label in _bands(summary.facts.grades):
        own = xl_rowcol_to_cell(sheet.row, 0, True, True)
        sheet.text(0, name, **BODY)
        sheet.text(1, label, **BODY)
        for column, share in enumerate(shares, start=2):
            sheet.put(column, share.matching(GRADE, own, partial(_got, name)), **BODY, **COUNT)
        sheet.next()
    for name, open_ones in UNSCORED.items():
        if any(row.score is None for row in table.rows):
            sheet.text(0, name, **BODY)
            sheet.text(1, name, **BODY)
            for column, share in enumerate(shares, start=2):
                sheet.put(column, open_ones(share), **BODY, **COUNT)
            sheet.next()
    colours = _BY_YEAR[: len(years)][::-1]
    if len(years) == 1:
        colours = tuple(_BY_GRADE[min(n, len(_BY_GRADE) - 1)] for n in range(len(summary.facts.grades)))
        colours += ("#8E7CC3", "#A6A6A6")
    return Block(title, first, sheet.row - 1, 1, _series(years, 2), colours)


def _got(grade: str, row: Evaluated) -> bool:
    return row.grade == grade


def _bands(grades: Sequence[tuple[str, Decimal | None]]) -> list[tuple[str, str]]:
    """Each grade with its limits: 优（≥90）, 良（80～90）, 差（<60）."""
    told = []
    for number, (name, low) in enumerate(grades):
        above = grades[number - 1][1] if number else None
        if low is None or number and above is None:
            told.append((name, name))
        elif above is None:
            told.append((name, f"{name}（≥{plain(low)}）"))
        elif low <= 0:
            told.append((name, f"{name}（<{plain(above)}）"))
        else:
            told.append((name, f"{name}（{plain(low)}～{plain(above)}）"))
    return told


def _levels(sheet: Page, table: Table) -> Block:
    """How many indicators of each 一级指标, year by year."""
    years = _years(table)
    title = f"{_said(years)}申报的绩效指标（按一级指标，个）"
    _caption(sheet, title, ("一级指标", *map(year_cell, years)))
    first, shares = sheet.row, _shares(sheet, table, years, 1)
    for level in levels_of(table.rows):
        sheet.text(0, level, **BODY)
        for column, share in enumerate(shares, start=1):
            sheet.put(column, share.total(level), **BODY, **COUNT)
        sheet.next()
    colours = _BY_YEAR[: len(years)][::-1] if len(years) > 1 else (_BAR,) * (sheet.row - first)
    return Block(title, first, sheet.row - 1, 0, _series(years, 1), colours)


def _said(years: Sequence[int | None]) -> str:
    return f"{years[0]}年度" if len(years) == 1 and years[0] else ""


def _series(years: Sequence[int | None], column: int) -> tuple[tuple[int, str], ...]:
    return tuple((column + number, f"{year} 年" if year else "年度不明") for number, year in enumerate(years))


def _tiny(rates: Sequence[Decimal]) -> bool:
    """Whether an axis left to itself would have several marks within one percent."""
    return bool(rates) and max(map(abs, rates)) < _TINY


def _scale(rates: Sequence[Decimal]) -> dict[str, Any]:
    """Where the axis of the values begins and ends: at 0, but where a rate is below it."""
    below = any(rate < 0 for rate in rates)
    if _tiny(rates):
        return {"min": -float(_TINY) if below else 0, "max": float(_TINY), "major_unit": 0.01}
    return {} if below else {"min": 0}


def draw(book: Book, block: Block, width: float, height: float) -> Any:
    """The chart of a block, in pixels; bars lie where they are rates of projects, whose names are long."""
    chart = book.book.add_chart({"type": "bar" if block.rates else "column"})
    font: dict[str, Any] = {"name": FONT, "size": 9, "color": "#404040"}
    single = len(block.series) == 1
    for number, (column, name) in enumerate(block.series):
        series: dict[str, Any] = {
            "name": name,
            "categories": [NAME, block.first, block.labels, block.last, block.labels],
            "values": [NAME, block.first, column, block.last, column],
            "fill": {"color": block.colours[0 if single else number]},
            "gap": 60 if len(block.colours) > 3 else 150,
            "data_labels": {"value": True, "font": font | {"size": 8}},
        }
        if block.rates:
            series["data_labels"]["num_format"] = "0.00%" if _tiny(block.rates) else "0.0%"
        else:
            series["data_labels"]["num_format"] = "0;-0;;"
        if single:
            series["points"] = [{"fill": {"color": colour}} for colour in block.colours[: block.bars]]
        chart.add_series(series)
    chart.set_title({"name": block.title, "name_font": {"name": FONT, "size": 11, "bold": True}, "overlay": False})
    names: dict[str, Any] = {"num_font": font}
    values: dict[str, Any] = {
        "num_font": font,
        "major_gridlines": {"visible": True, "line": {"color": "#E3E6EA"}},
    }
    values |= {"line": {"none": True}, "num_format": "0%" if block.rates else "0"}
    values |= _scale(block.rates)
    if block.rates:
        names |= {"reverse": True, "interval_unit": 1, "num_font": font | {"size": 9 if block.bars <= _MANY else 8}}
        names |= {"label_position": "low"}  # beside the bars also where some go below 0
        values |= {"label_position": "high"}
    for set_axis, axis in zip(
        (chart.set_x_axis, chart.set_y_axis), (values, names) if block.rates else (names, values), strict=True
    ):
        set_axis(axis)  # of bars that lie, x is the axis of the values
    chart.show_hidden_data()
    chart.set_legend({"none": True} if single else {"position": "top", "font": font})
    chart.set_chartarea({"border": {"color": "#D0D5DB"}})
    chart.set_size({"width": width, "height": height})
    return chart
