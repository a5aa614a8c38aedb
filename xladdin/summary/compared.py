"""The sheet 历年对比: a row for each project, its years side by side, every rename shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell

from ..domain.judging import EXACT
from ..domain.numbers import number_in_excel, round_half_up
from ..domain.scoring import RATE_PLACES
from ..form.catalogue import NO_UNIT
from ..sheets.looks import CENTRE, HEAD, INK, MONEY, NOTE, PAPER, RATE, SCORE, TEXT
from ..sheets.page import Book, Cell, Formula, Page, Value
from ..sheets.table import Column, Table, money_width
from .evaluated import DOUBT
from .facts import YearFacts
from .years import Line

NAME = "历年对比"
GUESSED = "名称不同，推测为同一项目，请核对"
SAME, GUESS = "同名", "推测"
CHANGE = RATE | {"num_format": "+0.00%_ ;-0.00%_ ;0.00%_ "}
UNKNOWN = MONEY | {"num_format": '#,##0.00"※"', "font_color": INK["undecided"]}
INITIAL = MONEY | {"num_format": '#,##0.00"＊"', "font_color": "#595959"}
ASSUMED = MONEY | {"num_format": '#,##0.00"△"'}
RENAMED = {"bg_color": PAPER["undecided"], "font_color": INK["undecided"]}
_FIXED = 3  # columns before the years


@dataclass(frozen=True, slots=True)
class _Place:
    """A column of one year, and what stands in it."""

    year: int
    name: str
    width: float
    look: dict
    get: Callable[[Line, YearFacts, int], Value | Cell]


def write_years(book: Book, lines: Sequence[Line], undated: int) -> None:
    """Add the sheet, where the lines have more than one year between them. undated: forms that name no year."""
    years = sorted({facts.year for line in lines for facts in line.facts})
    if len(years) < 2:
        return
    places = _places(lines, years)
    columns = _columns(places)
    sheet = book.page(NAME, [column.width for column in columns])
    last = len(columns) - 1
    joined = sum(len(line.facts) > 1 for line in lines)
    said = (
        f"{years[0]}—{years[-1]} 年共 {len(lines)} 个项目，其中 {joined} 个有两个以上年度。"
        "按项目名称和实施单位对应。增减 =（本年申报金额 − 该项目上一个有金额的年度的）÷ 上一个年度的；"
        "执行率 = 全年执行数 ÷ 全年预算数（调整后的）。"
    )
    sheet.heading("同一项目历年对比表", said, last)
    spans: dict[int, list[int]] = {}
    for number, place in enumerate(places, start=_FIXED):
        spans.setdefault(place.year, []).append(number)
    years_above(sheet, spans, len(columns))
    header = Table(sheet, columns, lines).header
    _notes(sheet, lines, undated, last)
    sheet.close(header)
    sheet.sheet.repeat_rows(header - 1, header)
    sheet.sheet.freeze_panes(header + 1, 1)


def years_above(sheet: Page, spans: Mapping[int, Sequence[int]], columns: int) -> None:
    """A row above the headings: each year over its columns (numbers from 0), the other ones blank."""
    taken = {number for numbers in spans.values() for number in numbers}
    for number in range(columns):
        if number not in taken:
            sheet.text(number, "", **HEAD)
    for year, at in spans.items():
        sheet.text(at[0], f"{year} 年度", at[-1], **HEAD)
    sheet.next()


def _places(lines: Sequence[Line], years: Sequence[int]) -> list[_Place]:
    told = {
        facts.year
        for line in lines
        for facts in line.facts
        if facts.rate is not None or facts.score is not None or facts.pending
    }
    places: list[_Place] = []
    for year in years:
        earlier = {place.year: _FIXED + n for n, place in enumerate(places) if place.name == "申报金额"}
        own = _FIXED + len(places)
        wide = money_width(line.amount(facts) for line in lines for facts in line.facts if facts.year == year)
        places.append(_Place(year, "申报金额", wide + 1, MONEY, _amount))
        if earlier:
            places.append(_Place(year, "增减", 9.5, CHANGE, _change(earlier, own)))
        if year in told:
            places.append(_Place(year, "执行率", 9, RATE, lambda line, facts, at: facts.rate))
            places.append(_Place(year, "得分", 8, SCORE, _score))
    return places


def _columns(places: Sequence[_Place]) -> list[Column]:
    def of_year(place: _Place):
        def get(line: Line, at: int) -> Value | Cell:
            facts = next((facts for facts in line.facts if facts.year == place.year), None)
            return place.get(line, facts, at) if facts else None

        return get

    return [
        Column("project", "项目名称", 24, TEXT, lambda line, at: Cell(line.project, line.facts[-1].link)),
        Column("unit", "实施单位", 14),
        Column("money_unit", "金额单位", 7, CENTRE, lambda line, at: line.money_unit or NO_UNIT),
        *(Column("facts", place.name, place.width, place.look, of_year(place)) for place in places),
        Column("matched", "对应", 6.5, CENTRE, _matched),
        Column("renames", "名称变化与说明", 30, TEXT, _said),
    ]


def _amount(line: Line, facts: YearFacts, at: int) -> Cell:
    look = UNKNOWN if facts.money_unit is None else INITIAL if facts.initial else ASSUMED if facts.assumed else MONEY
    return Cell(line.amount(facts), look=look)


def _score(line: Line, facts: YearFacts, at: int) -> Value | Cell:
    return Cell(facts.pending, look=DOUBT) if facts.pending else facts.score


def _change(earlier: dict[int, int], own: int) -> Callable[[Line, YearFacts, int], Value]:
    """The change from the last year the project has an amount in; `earlier`: the columns of the years before."""

    def get(line: Line, facts: YearFacts, at: int) -> Value:
        before = [one for one in line.facts if one.year < facts.year and _comparable(line, one)]
        if not before or not _comparable(line, facts):
            return None
        was, now = line.amount(before[-1]), line.amount(facts)
        if was is None or now is None:
            return None
        cells = xl_rowcol_to_cell(at - 1, earlier[before[-1].year]), xl_rowcol_to_cell(at - 1, own)
        text = f'IF({cells[0]}=0,"",ROUND(({cells[1]}-{cells[0]})/{cells[0]},{RATE_PLACES}))'
        return Formula(text, round_half_up(EXACT.divide(now - was, was), RATE_PLACES) if was else "")

    return get


def _comparable(line: Line, facts: YearFacts) -> bool:
    """Whether a year has an amount whose unit is known, and that Excel can hold."""
    amount: Decimal | None = line.amount(facts)
    return facts.money_unit is not None and amount is not None and number_in_excel(amount) is not None


def _matched(line: Line, at: int) -> Value | Cell:
    if line.guessed:
        return Cell(GUESS, look=RENAMED | CENTRE | {"bold": True})
    return SAME if len(line.facts) > 1 else ""


def _said(line: Line, at: int) -> Cell:
    parts = [*map(str, line.renames)]
    parts += [f"（{GUESSED}）"] if line.guessed else []
    reasons: dict[str, list[str]] = {}
    for facts in line.facts:
        if facts.assumed:
            reasons.setdefault(facts.assumed, []).append(str(facts.year))
    parts += [f"{'、'.join(years)}：{reason}" for reason, years in reasons.items()]
    return Cell("\n".join(parts), look=RENAMED if line.guessed else {})


def _notes(sheet: Page, lines: Sequence[Line], undated: int, last: int) -> None:
    every = [facts for line in lines for facts in line.facts if facts.amount is not None]
    notes = []
    if any(facts.assumed and not facts.initial for facts in every):
        notes.append("△ 表上未注明金额单位，理由见说明。")
    if any(facts.money_unit is None for facts in every):
        notes.append("※ 不知道是元还是万元，照表上的数列出，不算增减。")
    if any(facts.initial and facts.money_unit for facts in every):
        notes.append("＊ 没有申报表，列的是自评表的年初预算数。")
    if undated:
        notes.append(f"另有 {undated} 张表年度不明，没有列入。")
    if notes:
        sheet.next()
        sheet.text(0, "　".join(notes), last, **NOTE)
