"""Forms in sheets: where each one starts and ends, and the record it holds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..domain import fields as names
from ..domain import kinds
from ..domain.kinds import Kind, wording
from ..domain.labels import money_unit, normalise
from ..domain.numbers import unit_said
from ..domain.records import Record
from ..errors import NotAForm, Place, UnreadableForm, XladdinError
from ..workbook.grid import Grid
from .blocks import (
    INDICATOR_NEEDS,
    Header,
    Indicators,
    header_at,
    indicator_names,
    is_budget_header,
    read_budget,
)
from .fields import Fields
from .layout import Layout, between, is_foreign, is_title, year_alone, year_in
from .values import Taker

_LISTS = ("汇总", "一览", "台账", "清单", "明细", "统计")
_EXPECTED = ("project", "department", "unit", *("level1", "level2", "name", "target"))
_OTHER_UNITS = ("千元", "百万元", "亿元")  # units no form here has: seen, said, not guessed
_GRADE_ROWS = 2  # 等级 stands in the row of 总分 or just below
_COMPLETE = "请对照表样补上缺少的部分"


@dataclass(slots=True)
class Block:
    """The rows of one form: title rows from `top`, 项目名称 at `start`, its tables, nothing past `last`.

    header: the row of its indicators' heading, 0 until that is found.
    """

    top: int
    start: tuple[int, int]
    last: int
    header: int = 0
    title: str = ""


def read_book(
    grids: Iterable[Grid], extras: Mapping[str, str], problems: list[XladdinError] | None = None
) -> list[Record]:
    """All forms of a book, in order; what is the matter with a sheet that cannot be read goes to `problems`.

    Raises the first of them where no form was read at all, NotAForm when there is none.
    """
    records: list[Record] = []
    seen: set[str] = set()
    file = None
    problems = [] if problems is None else problems
    for grid in grids:
        file = file or grid.file
        if grid.broken:
            problems.append(grid.broken)
            continue
        layout = Layout(grid, extras)
        try:
            records.extend(_read_sheet(layout))
        except UnreadableForm as error:
            problems.append(error)
        seen.update(name for _, _, name in layout.labels)
    if records:
        return records
    if problems:
        raise problems[0]
    found = [wording(name) for name in _EXPECTED if name in seen]
    missed = [wording(name) for name in _EXPECTED if name not in seen]
    what = f"这里没有{kinds.called()}" + _found_missed(found, missed)
    raise NotAForm(what, Place(file=file), "请确认打开的是绩效目标申报表或绩效自评表")


def recognise(grid: Grid, extras: Mapping[str, str]) -> list[Record]:
    """Every form in one sheet, in order. `extras`: normalised label → field, beyond those all forms have."""
    return _read_sheet(Layout(grid, extras))


def _read_sheet(layout: Layout) -> list[Record]:
    headers = [row for row in layout.order if len(layout.rows[row]) > 1 and indicator_names(layout.rows[row])]
    if not headers and not layout.titles:
        return []
    starts = [(row, column) for row, column, name in layout.labels if name == "project"]
    starts = [spot for index, spot in enumerate(starts) if not index or starts[index - 1][0] != spot[0]]
    records: list[Record] = []
    top, bottom = 1, layout.order[-1]
    for index, start in enumerate(starts):
        following = starts[index + 1][0] - 1 if index + 1 < len(starts) else bottom
        block = Block(top, start, following)
        block.title = _title(layout, top, start[0])
        inside = headers[bisect_left(headers, start[0]) : bisect_right(headers, following)]
        _check_nameless(layout, headers[bisect_left(headers, top) : bisect_left(headers, start[0])], top)
        if is_foreign(block.title) or start[0] in inside:
            continue
        if not inside:
            _check_unfinished(layout, block)
            continue
        block.header = inside[0]
        record, top = _read_form(layout, block)
        records.append(record)
        top += 1
    _check_nameless(layout, [row for row in headers if row >= top], top)
    return records


def _title(layout: Layout, top: int, row: int) -> str:
    """The title nearest above a row."""
    near = between(layout.titles, top, row)
    return next((text for _, text in reversed(near) if is_title(text)), "")


def _check_nameless(layout: Layout, headers: list[int], top: int) -> None:
    """An indicator table under a title, with no 项目名称 between them, is a form without a name."""
    for row in headers[:1]:
        title = _title(layout, top, row)
        labels = layout.labels_between(top, row)
        if title and not is_foreign(title) and not any(name == "project" for _, _, name in labels):
            where = layout.grid.place((row, layout.rows[row][0][0]))
            found = f"找到了标题“{title.strip()}”和指标表头"
            raise UnreadableForm(f"这张表读不全：{found}，没找到“项目名称”", where, _COMPLETE)


def _check_unfinished(layout: Layout, block: Block) -> None:
    """Raise if a form started here and its indicator table is missing; a list of projects is no form."""
    labels = layout.labels_between(block.start[0], block.last)
    rows = {row for row, _, name in labels if name != "total"}
    if len(rows) < 3 and (not block.title or any(word in block.title for word in _LISTS) or _is_list(layout, block)):
        return
    raise _missing(layout, block, "指标表头", INDICATOR_NEEDS, {name for _, _, name in labels})


def _is_list(layout: Layout, block: Block) -> bool:
    """Whether 项目名称 is one column heading among others: no value beside it."""
    row, column = block.start
    right = next((name for at, _, name in layout.rows[row] if at > column), None)
    return right is not None and not any(at[0] == row and at[1] == column for at in layout.inline)


def _missing(layout: Layout, block: Block, part: str, needs: Iterable[str], seen: set[str]) -> UnreadableForm:
    found = list(dict.fromkeys(wording(n) for _, _, n in layout.labels_between(block.start[0], block.last)))
    missed = [wording(name) for name in needs if name not in seen]
    what = f"这张表读不全，缺{part}" + _found_missed(found[:12], missed)
    return UnreadableForm(what, layout.grid.place(block.start), _COMPLETE)


def _found_missed(found: list[str], missed: list[str]) -> str:
    text = f"：找到了{'、'.join(found)}" if found else "：一个表内标签也没找到"
    return text + (f"，没找到{'、'.join(missed)}" if missed else "")


def _read_form(layout: Layout, block: Block) -> tuple[Record, int]:
    """The record of a block and the last row it uses."""
    header = header_at(layout, block.header, kinds.columns_of("indicators"))
    if any(name not in header.columns for name in INDICATOR_NEEDS):
        raise _missing(layout, block, "指标列", INDICATOR_NEEDS, set(header.columns))
    kind = _kind(layout, block, header)
    budget = _budget_row(layout, block, kind)
    if kind.budget and budget is None:
        labels = {name for _, _, name in layout.labels_between(block.start[0], block.header)}
        raise _missing(layout, block, "项目资金表头", [either[0] for either in kind.budget.needs], labels)
    taker = Taker(layout.grid)
    fields = Fields(layout, taker, _first_row(layout, block), block.header - 1)
    taker.unit = _unit(layout, block, fields)
    project = fields.value("project", names.NAME)
    if not project:
        raise UnreadableForm("这张表的“项目名称”是空白的", layout.grid.place(block.start), "请填上项目名称")
    values = {"project": project, "year": _year(layout, block, taker), "money_unit": taker.unit}
    values |= _singles(fields, kind)
    if kind.budget and budget is not None:
        heads = header_at(layout, budget, kind.budget.columns.values())
        values["budget"] = read_budget(layout, taker, heads, block.header - 1, kind)
    values["extra"] = fields.extra()
    table = Indicators(layout, taker, header, block.last, kind)
    if kind.scored:
        values["extra"] |= _grade(layout, taker, table.end)
    source = taker.source()
    made: Callable[..., Record] = kind.record
    return made(**values, **table.totals, indicators=tuple(table.rows), source=source), table.end


def _kind(layout: Layout, block: Block, header: Header) -> Kind:
    """The kind of a form, by what its tables have and its title says."""
    columns, title = set(header.columns), normalise(block.title)

    def seen(kind: Kind) -> set[str]:
        return columns if _budget_row(layout, block, kind) is None else columns | {"budget"}

    return next(kind for kind in kinds.in_order() if kind.shown_by(seen(kind), title))


def _budget_row(layout: Layout, block: Block, kind: Kind) -> int | None:
    """The row of a block that is the header of a kind's 项目资金."""
    rows = layout.rows_between(block.start[0], block.header)
    return next((row for row in rows if is_budget_header(layout.rows[row], kind)), None)


def _singles(fields: Fields, kind: Kind) -> dict[str, Any]:
    """What stands beside labels: dates, names, texts, and the amounts where the form has them so."""
    paths = kind.single()
    values = dict(zip(("start", "end"), fields.dates(), strict=True)) if "start" in paths else {}
    values |= {path: fields.value(path, kind.type_of(path)) for path in paths if path not in values}
    return values | ({"funds": fields.funds()} if "funds.total" in kind.words.values() else {})


def _grade(layout: Layout, taker: Taker, row: int) -> dict[str, str | None]:
    """The 等级 below 总分, if one is printed."""
    grade = Fields(layout, taker, row, row + _GRADE_ROWS).value("grade", names.NAME)
    if not grade:
        return {}
    taker.spots[f"extra.{names.GRADE}"] = taker.spots.pop("grade")
    return {names.GRADE: grade}


def _first_row(layout: Layout, block: Block) -> int:
    """Where the form's own labels may start: at its title (2020 prints 申报单位名称 above 项目名称)."""
    titled = [row for row, text in between(layout.titles, block.top, block.start[0]) if is_title(text)]
    return titled[-1] if titled else max(block.top, block.start[0] - 3)


def _unit(layout: Layout, block: Block, fields: Fields) -> str | None:
    """The money unit: from 项目资金, a 单位 line, or the labels of amounts, in that order."""
    blocks = list(zip(fields.labels.get("fund_block", ()), fields.texts("fund_block"), strict=False))
    for spot, text in blocks:
        if any(unit in text for unit in _OTHER_UNITS):
            fields.taker.doubt("金额单位", text, spot)
    lines = [(_spot(layout, row, text), text) for row, text in between(layout.unit_lines, block.top, block.header)]
    for spot, text in [*blocks, *lines[:1]]:
        unit = money_unit(text)
        if unit:
            fields.taker.spots["money_unit"] = spot
            return unit
    if blocks:
        fields.taker.spots["money_unit"] = blocks[0][0]
    stated = fields.text("money_unit")
    if stated in ("元", "万元"):
        return stated
    labelled = next((unit for text in fields.money_labels() if (unit := money_unit(text))), None)
    return labelled or _unit_shown(layout, block)


def _unit_shown(layout: Layout, block: Block) -> str | None:
    """The money unit that the number formats of the form's cells show, where they agree."""
    rows = range(block.start[0], block.header)
    said = {unit_said(look.after) for (row, _), look in layout.grid.shown.items() if row in rows and not look.power}
    units = said - {None}
    return units.pop() if len(units) == 1 and units <= {"元", "万元"} else None


def _spot(layout: Layout, row: int, text: str) -> tuple[int, int]:
    """The cell of a row that holds a text."""
    return row, next((column for column, value, _ in layout.rows[row] if value == text), 1)


def _year(layout: Layout, block: Block, taker: Taker) -> int | None:
    """The year of the title rows, nearest to 项目名称 first, or of 2020年绩效目标."""
    titles = [_spot(layout, row, text) for row, text in between(layout.titles, block.top, block.start[0])]
    if titles:
        taker.spots["year"] = titles[-1]
    for spot in reversed(titles):
        text = layout.grid.cells.get(spot)
        year = type(text) is str and (year_alone(text) or year_in(text))
        if year:
            taker.spots["year"] = spot
            return year
    for row, column, name in layout.labels_between(block.start[0], block.header):
        if name == "goal_block":
            text = layout.grid.cells.get((row, column))
            if type(text) is str and (year := year_in(text[:6])):
                taker.spots["year"] = (row, column)
                return year
    return None
