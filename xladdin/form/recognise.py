"""Forms in sheets: where each one starts and ends, and the record it holds."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..domain import fields as names
from ..domain import kinds
from ..domain.kinds import Kind, wording
from ..domain.labels import LONGEST_LABEL, money_unit, normalise, unit_named
from ..domain.numbers import amount_of, unit_said
from ..domain.records import Record
from ..errors import NotAForm, PassedOver, Place, UnreadableForm, XladdinError
from ..workbook.grid import Grid
from .blocks import Indicators, heading_points, read_budget
from .coverage import labels_of
from .fields import Fields
from .headers import BUDGET, INDICATORS, Header, header_at, is_budget_header, is_indicator_header, of_year
from .layout import SIGNED_ROWS, Layout, between, foreign, is_title, year_alone, year_in
from .values import Taker

_LISTS = ("汇总", "一览", "台账", "清单", "明细", "统计")
_EXPECTED = ("project", "department", "unit", *("level1", "level2", "name", "target"))
_OTHER_UNIT = "：金额单位不是元或万元，金额没有换算，也不核对，请改成元或万元"
_GRADE_ROWS = 2  # 等级 stands in the row of 总分 or just below
_COMPLETE = "请对照表样补上缺少的部分"
INDICATOR_NEEDS = ("level1", "name", "target")
_SAMPLE = re.compile(  # the name or title of a sheet that shows how to fill the form
    r"(?:填[写报表])?(?:样例|示例|范例)(?:表|\d*)|.*[(（\[【](?:填[写报表])?(?:样例|示例|范例)[)）\]】].*", re.DOTALL
)
_GUESSED = frozenset({"department", "unit", "annual_goal", "actual_result", "funds.total", "funds.annual_total"})
_LEAST_NEEDED = ("name", "target")
MIDTERM = "中期指标"  # extra: one line an indicator


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
    grids: Iterable[Grid],
    extras: Mapping[str, str],
    problems: list[XladdinError] | None = None,
    finish: Callable[[Record, Layout], Record] = lambda record, _: record,
) -> list[Record]:
    """All forms of a book, in order; what is the matter with a sheet that cannot be read goes to `problems`.

    finish: what becomes of a record while the layout of its sheet is at hand.
    Where no form was read at all, raises the first of them that should have been one, NotAForm when there is none.
    """
    records: list[Record] = []
    samples: list[Record] = []
    seen: set[str] = set()
    file = None
    problems = [] if problems is None else problems
    for grid in grids:
        file = file or grid.file
        if grid.broken:
            problems.append(grid.broken)
            continue
        layout = Layout(grid, extras)
        read, amiss = _read_sheet(layout)
        shown_how = any(_SAMPLE.fullmatch(text.strip()) for text in (grid.sheet, *(text for _, text in layout.titles)))
        (samples if shown_how else records).extend(finish(record, layout) for record in read)
        problems += amiss
        if not records:
            seen.update(name for _, _, name in layout.labels)
    if not records:
        records, samples = samples, []
    for sample in samples:
        place = next(iter(sample.source.cells.values()), None) if sample.source else None
        problems.append(
            PassedOver(f"这是填写样例（{sample.project}），没有读", place, "确是要用的表的，请去掉表名里的“样例”")
        )
    if records:
        return records
    if problems:
        raise next((problem for problem in problems if not isinstance(problem, NotAForm)), problems[0])
    found = [wording(name) for name in _EXPECTED if name in seen]
    missed = [wording(name) for name in _EXPECTED if name not in seen]
    what = f"这里没有{kinds.called()}" + _found_missed(found, missed)
    advice = "请确认打开的是绩效目标申报表或绩效自评表" + (
        "；一行一个项目或一条指标的清单，请导入台账" if found else ""
    )
    raise NotAForm(what, Place(file=file), advice)


def recognise(grid: Grid, extras: Mapping[str, str]) -> list[Record]:
    """Every form in one sheet, in order. `extras`: normalised label → field, beyond those all forms have.

    Raises the first of what kept a form from being read, where none was.
    """
    records, problems = _read_sheet(Layout(grid, extras))
    if problems and not records:
        raise problems[0]
    return records


def _read_sheet(layout: Layout) -> tuple[list[Record], list[XladdinError]]:
    """The forms of a sheet, and what is the matter with those that cannot be read."""
    headers = [row for row in sorted(layout.heads) if len(layout.rows[row]) > 1 and is_indicator_header(layout, row)]
    if not headers and not layout.titles:
        return [], []
    starts = _starts(layout, headers)
    records: list[Record] = []
    problems: list[XladdinError] = []
    top, bottom = 1, layout.order[-1]
    for index, start in enumerate(starts):
        following = starts[index + 1][0] - 1 if index + 1 < len(starts) else bottom
        block = Block(top, start, following)
        block.title = _title(layout, top, start[0])
        inside = headers[bisect_left(headers, start[0]) : bisect_right(headers, following)]
        problems += _nameless(layout, headers[bisect_left(headers, top) : bisect_left(headers, start[0])], top)
        if start[0] in inside:
            continue
        try:
            if called := foreign(block.title):
                raise _unsupported(layout, block.start, called)
            if not inside:
                _check_unfinished(layout, block)
                continue
            block.header = inside[0]
            _check_alone(layout, block)
            record, top = _read_form(layout, block)
            records.append(record)
        except (UnreadableForm, PassedOver) as error:
            problems.append(error.with_traceback(None))
            top = inside[-1] if inside else start[0]
        top += 1
    problems += _nameless(layout, [row for row in headers if row >= top], top)
    return records, problems


def _starts(layout: Layout, headers: list[int]) -> list[tuple[int, int]]:
    """Where 项目名称 stands, once a row; for a titled table without it, what is most like it."""
    for row in headers:
        titles = [at for at, text in between(layout.titles, 1, row) if is_title(text) and not foreign(text)]
        if titles and not any(name == "project" for *_, name in layout.labels_between(titles[-1], row)):
            layout.adopt(("project",), titles[-1], row - 1)
    starts = [(row, column) for row, column, name in layout.labels if name == "project"]
    return [spot for index, spot in enumerate(starts) if not index or starts[index - 1][0] != spot[0]]


def _unsupported(layout: Layout, spot: tuple[int, int], called: str) -> PassedOver:
    what = f"这是{called}，暂不支持，没有读"
    return PassedOver(what, layout.grid.place(spot), f"现在能读的是项目的{kinds.called()}")


def _title(layout: Layout, top: int, row: int) -> str:
    """The title nearest above a row."""
    near = between(layout.titles, top, row)
    return next((text for _, text in reversed(near) if is_title(text)), "")


def _nameless(layout: Layout, headers: list[int], top: int) -> list[XladdinError]:
    """An indicator table under a title, with no 项目名称 between them, is a form without a name, or of another kind."""
    for row in headers[:1]:
        title = _title(layout, top, row)
        labels = layout.labels_between(top, row)
        if not title or any(name == "project" for _, _, name in labels):
            continue
        spot = (row, layout.rows[row][0][0])
        if called := foreign(title):
            return [_unsupported(layout, spot, called)]
        found = f"找到了标题“{title.strip()}”和指标表头"
        return [UnreadableForm(f"这张表读不全：{found}，没找到“项目名称”", layout.grid.place(spot), _COMPLETE)]
    return []


def _check_unfinished(layout: Layout, block: Block) -> None:
    """Raise if a form started here and its indicator table is missing; a list of projects is no form."""
    labels = layout.labels_between(block.start[0], block.last)
    rows = {row for row, _, name in labels if name != "total"}
    if len(rows) < 3 and (not block.title or any(word in block.title for word in _LISTS) or _is_list(layout, block)):
        return
    raise _missing(layout, block, "指标表头", INDICATOR_NEEDS, {name for _, _, name in labels})


def _check_alone(layout: Layout, block: Block) -> None:
    """Raise where another form, of another project, stands beside this one: their rows cannot be told apart."""
    row = block.start[0]
    items = layout.rows[row]
    columns = [column for column, _, name in items if name == "project"]
    beside = [next((text for at, text, name in items if at > column and not name), None) for column in columns]
    inline = [text for at, _, name, text in between(layout.inline, row, row) if name == "project"]
    if len({normalise(str(text)) for text in inline or beside if text is not None}) > 1:
        what = "这一行有几个项目名称，左右并排的表分不开，没有读"
        raise UnreadableForm(what, layout.grid.place((row, columns[-1])), "请把每张表放在各自的工作表里，或上下排列")


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
    header = header_at(layout, block.header, INDICATORS, kinds.columns_of("indicators"))
    if header.unsupported:
        raise _unsupported(layout, (header.top, layout.rows[header.top][0][0]), header.unsupported)
    if any(name not in header.columns for name in _LEAST_NEEDED):
        raise _missing(layout, block, "指标列", INDICATOR_NEEDS, set(header.columns))
    if header.other and not header.sure:
        header = of_year(header, _midterm_first(layout, block))
    block.header = header.top
    kind, budget = _kind(layout, block, header)
    if kind.budget and budget is None:
        labels = {name for _, _, name in layout.labels_between(block.start[0], block.header)}
        raise _missing(layout, block, "项目资金表头", [either[0] for either in kind.budget.needs], labels)
    taker = Taker(layout.grid)
    first = _first_row(layout, block)
    _guess(layout, taker, first, header.top - 1, kind)
    fields = Fields(layout, taker, first, block.header - 1)
    heads = header_at(layout, budget, BUDGET, kind.budget.columns.values()) if budget and kind.budget else None
    taker.unit = _unit(layout, block, fields, heads)
    project = fields.value("project", names.NAME)
    values: dict[str, Any] = {"project": project or "", "year": _year(layout, block, fields), "money_unit": taker.unit}
    values |= _singles(fields, kind)
    if heads:
        weight = heading_points(layout, heads)
        values["budget"] = read_budget(layout, taker, heads, block.header - 1, kind, weight)
    values["extra"] = fields.extra() | fields.period()
    table = Indicators(layout, taker, header, block.last, kind)
    values["extra"] |= _midterm(layout, taker, header, table)
    below = Fields(layout, taker, table.end + 1, min(table.end + SIGNED_ROWS, block.last))
    values["extra"] |= below.signed(values["extra"])
    if (path := kind.totals.get("score")) and table.totals.get(path) is None:
        told = next((total for part in (fields, below) if (total := part.total(path)) is not None), None)
        table.totals |= {path: told} if told is not None else {}
    if kind.scored:
        values["extra"] |= _grade(layout, taker, table)
    source = taker.source(*labels_of(layout, taker, first, header))
    made: Callable[..., Record] = kind.record
    record = made(**values, **table.totals, indicators=tuple(table.rows), source=source)
    if not project:
        raise _without_name(layout, block, record)
    return record, table.end


def _guess(layout: Layout, taker: Taker, first: int, last: int, kind: Kind) -> None:
    """Labels nobody knows are taken for fields that have none, as far as one is like theirs; each is said."""
    there = {name for *_, name in layout.labels_between(first, last)}
    if kind.budget is None:
        layout.adopt_total(there, first, last)
    there.update(name for _, _, name, _ in between(layout.inline, first, last))
    if missing := _GUESSED - there:
        layout.adopt(missing.intersection(kind.words.values()), first, last)
    for row, column, name in between(layout.guessed, first, last):
        note = f"是没有见过的写法，当作“{wording(name)}”读了，请核对"
        taker.doubt(name, layout.grid.cells.get((row, column)), (row, column), note)


def _without_name(layout: Layout, block: Block, record: Record) -> XladdinError:
    """Why a form without 项目名称 is not read: it is blank, or not finished."""
    figures = [getattr(line, name, None) for line in record.budget for name in ("initial", "budget", "executed")]
    if any(figure is not None for figure in (*figures, *record.amounts)):
        return UnreadableForm("这张表的“项目名称”是空白的", layout.grid.place(block.start), "请填上项目名称")
    return PassedOver("这是一张空白表（没有项目名称和金额），没有读", layout.grid.place(block.start), "填好后再读")


def _midterm_first(layout: Layout, block: Block) -> bool | None:
    """Whether what is of the whole term stands left of what is of the year; None where nothing shows it."""
    at = {name: column for _, column, name in layout.labels_between(block.start[0], block.header)}
    pairs = (("overall_goal", "annual_goal"), ("funds.total", "funds.annual_total"))
    return next((at[one] < at[other] for one, other in pairs if one in at and other in at), None)


def _midterm(layout: Layout, taker: Taker, header: Header, table: Indicators) -> dict[str, str]:
    """The indicators of 中期 beside the year's: 一级/二级/三级：指标值, a line each."""
    if header.other is None:
        return {}
    if not header.sure:
        taker.doubt("栏名", "指标值", (header.row, header.columns["target"]), "有两套，当作年度的读了，请核对")
    own = Indicators(layout, Taker(layout.grid), header.other, table.end, kinds.DECLARATION)
    rows = [row for row in own.rows if row.name and (row.target or "name" in header.other.columns)]
    if not rows:
        return {}
    taker.spots[f"extra.{MIDTERM}"] = (header.bottom + 1, header.other.columns["target"])
    lines = ("/".join(filter(None, (row.level1, row.level2, row.name))) + f"：{row.target or ''}" for row in rows)
    return {MIDTERM: "\n".join(lines)}


def _kind(layout: Layout, block: Block, header: Header) -> tuple[Kind, int | None]:
    """The kind of a form, by what its tables have and its title says, and the row that heads its 项目资金."""
    title = normalise(block.title)
    rows = ((kind, _budget_row(layout, block, kind)) for kind in kinds.in_order())
    return next(
        (kind, row)
        for kind, row in rows
        if kind.shown_by(header.columns if row is None else (*header.columns, "budget"), title)
    )


def _budget_row(layout: Layout, block: Block, kind: Kind) -> int | None:
    """The row of a block that is the header of a kind's 项目资金."""
    needs = {name for either in kind.budget.needs for name in either} if kind.budget else ()
    labels = layout.labels_between(block.start[0], block.header - 1) if needs else ()
    rows = dict.fromkeys(row for row, _, name in labels if name in needs)
    return next((row for row in rows if is_budget_header(layout.rows[row], kind)), None)


def _singles(fields: Fields, kind: Kind) -> dict[str, Any]:
    """What stands beside labels: dates, names, texts, and the amounts where the form has them so."""
    paths = kind.single()
    values = dict(zip(("start", "end"), fields.dates(), strict=True)) if "start" in paths else {}
    values |= {path: fields.value(path, kind.type_of(path)) for path in paths if path not in values}
    return values | ({"funds": fields.funds()} if "funds.total" in kind.words.values() else {})


def _grade(layout: Layout, taker: Taker, table: Indicators) -> dict[str, str | None]:
    """The 等级 beside or below 总分, if one is printed."""
    key = f"extra.{names.GRADE}"
    if table.grade:
        taker.spots[key] = table.grade[0]
        return {names.GRADE: table.grade[1]}
    grade = Fields(layout, taker, table.end, table.end + _GRADE_ROWS).value("grade", names.NAME)
    if not grade:
        return {}
    taker.spots[key] = taker.spots.pop("grade")
    return {names.GRADE: grade}


def _first_row(layout: Layout, block: Block) -> int:
    """Where the form's own labels may start: at its title (2020 prints 申报单位名称 above 项目名称)."""
    titled = [row for row, text in between(layout.titles, block.top, block.start[0]) if is_title(text)]
    return titled[-1] if titled else max(block.top, block.start[0] - 3)


def _unit(layout: Layout, block: Block, fields: Fields, budget: Header | None) -> str | None:
    """The money unit: from 项目资金, a 单位 line, or the labels of amounts, in that order."""
    blocks = list(zip(fields.labels.get("fund_block", ()), fields.texts("fund_block"), strict=False))
    lines = [(_spot(layout, row, text), text) for row, text in between(layout.unit_lines, block.top, block.header)]
    for spot, text in [*blocks, *lines[:1]]:
        if unit := unit_named(text):
            fields.taker.spots["money_unit"] = spot
            if unit != money_unit(text):
                fields.taker.doubt("money_unit", unit, spot, _OTHER_UNIT)
            return money_unit(text)
    if blocks:
        fields.taker.spots["money_unit"] = blocks[0][0]
    stated = fields.text("money_unit")
    if stated in ("元", "万元"):
        return stated
    for row in (budget.top, budget.row) if budget else ():
        for column, value, _ in layout.rows[row]:
            if type(value) is str and (unit := money_unit(value)):
                fields.taker.spots["money_unit"] = (row, column)
                return unit
    labelled = next((unit for text in fields.money_labels() if (unit := money_unit(text))), None)
    return labelled or _unit_shown(layout, block) or _unit_written(layout, block, fields, budget)


def _unit_shown(layout: Layout, block: Block) -> str | None:
    """The money unit that number formats, and headings nobody knows, say, where they agree."""
    rows = range(block.start[0], block.header)
    said = {unit_said(look.after) for (row, _), look in layout.grid.shown.items() if row in rows and not look.power}
    for row in layout.rows_between(rows.start, rows.stop - 1):
        texts = [text for _, text, _ in layout.rows[row] if type(text) is str and len(text) <= LONGEST_LABEL]
        said.update(unit_named(text) for text in texts)
    return _agreed(said - {None})


def _unit_written(layout: Layout, block: Block, fields: Fields, budget: Header | None) -> str | None:
    """The money unit written beside every amount (86.5万元), where none is without."""
    if budget:
        rows = layout.rows_between(budget.bottom + 1, block.header - 1)
        owned = {column for column, name in budget.owners.items() if name in ("initial", "budget", "executed")}
        cells = [value for row in rows for column, value, _ in layout.rows[row] if column in owned]
    else:
        lines = {row for name, spots in fields.labels.items() if name.startswith("funds.") for row, _ in spots}
        cells = [value for row in lines for _, value, name in layout.rows[row] if not name]
    texts = [text for text in cells if type(text) is str and amount_of(text, "元") is not None]
    return _agreed({unit_said(text) for text in texts} | {None for value in cells if type(value) is Decimal})


def _agreed(units: set[str | None]) -> str | None:
    return units.pop() if len(units) == 1 and units <= {"元", "万元"} else None


def _spot(layout: Layout, row: int, text: str) -> tuple[int, int]:
    """The cell of a row that holds a text."""
    return row, next((column for column, value, _ in layout.rows[row] if value == text), 1)


def _year(layout: Layout, block: Block, fields: Fields) -> int | None:
    """The year of the title rows, nearest to 项目名称 first, or of 2020年绩效目标."""
    taker = fields.taker
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
    return fields.year()
