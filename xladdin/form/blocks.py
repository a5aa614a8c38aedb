"""The two tables inside a form: the indicators, and the 项目资金 rows where its kind has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from ..domain import fields, kinds
from ..domain.kinds import Kind, Table
from ..domain.labels import LONGEST_LABEL, fund_item, is_grade, money_unit, normalise, points_in, without_head
from ..domain.numbers import amount_of, is_blank_mark
from ..domain.records import TOTAL_LINE, Indicator
from ..domain.wordings import SIGNS, joined
from ..errors import UnreadableForm
from ..workbook.grid import Spot, Unread
from .headers import BUDGET, INDICATORS, Header, doubt_headings, header_at, is_indicator_header
from .layout import HEAD, PENDING, Item, Layout, is_title, year_alone
from .values import TAKES, RowFields, Taker, row_fields

MOST_ROWS, MOST_LINES = 2_000, 200  # of one form
_TOO_LONG = "请确认这是一张表，删去多余的行"
_RESULTS = (fields.TARGET, fields.ACTUAL)
_POINTS = (fields.WEIGHT, fields.POINTS)
_NOTE = re.compile(
    r"(?:备注|附注|注|填表说明|填报说明|说明|填表人|填报人|审核人|单位负责人|项目负责人|联系人|联系电话|其他需要?说明的?(?:问题|事项)?)"
)
_NOTE_MARK = re.compile(r"\s*(?:[:：(（]|$|\d{1,2}[、.．])")
_SIGNED = re.compile(  # who signed, and when
    r"\s*(?:单位|项目|财务|部门|主管)?(?:填[表报]|审核|复核|制表|经办|负责|联系|分管)(?:人|领导|电话|方式|单位)?(?:签字|签章|签名)?"
    r"(?:[(（].{1,6}[)）])?\s*[:：].*|\s*(?:填[表报]|自评)(?:日期|时间)\s*[:：].*",
    re.DOTALL,
)
_LEVELS = HEAD[:2]
_REMARKS = 4  # rows of remarks that may stand between the last indicator and 总分
_TWO_LEVELS = re.compile(r"(.+?)[-－—–/／·>→]+(.+)")  # 产出指标-数量指标 in one cell
_MEASURE = re.compile(r"[^\d\s。，,；;：:]{1,6}")
_FIGURE = re.compile(r"[-+]?[\d.,]+%?")
_ITEMS = {
    "funds.annual_total": "年度资金总额",
    "funds.annual_fiscal": "当年财政拨款",
    "funds.annual_carryover": "上年结转资金",
    "funds.other": "其他资金",
}
_FUND_NAMES = frozenset({*_ITEMS, "funds.total", "funds.fiscal", "fund_block", "total", None})
_PERCENT = re.compile(r"[(（]\s*[%％]\s*[)）]|[%％]\s*$", re.MULTILINE)
Parts = dict[str, list[tuple[int, object]]]  # field → the cells of a row that hold it


@lru_cache(maxsize=2048)
def _closing(text: str) -> tuple[bool, bool, bool]:
    """Whether a text is a signature, begins as a note does, and as nothing but a note does."""
    if _SIGNED.fullmatch(text):
        return True, False, False
    note = _NOTE.match(text.lstrip())
    return False, bool(note), bool(note and _NOTE_MARK.match(text.lstrip(), note.end()))


class Indicators:
    """Reads the rows under an indicator header; `end` is the last row that belongs to the table."""

    def __init__(self, layout: Layout, taker: Taker, header: Header, last: int, kind: Kind):
        self.layout, self.taker, self.header, self.kind = layout, taker, header, kind
        self.types = kinds.columns_of("indicators")
        own = [path for path in kind.indicators.columns.values() if path not in HEAD]
        self.own = [(path, TAKES[self.types[path]]) for path in own]
        self.results = frozenset(path for path, how in self.types.items() if how in _RESULTS)
        self.pointed = tuple(path for path, how in self.types.items() if how in _POINTS)
        self.end, self.last = header.bottom, last
        self.rows: list[Indicator] = []
        self.totals: dict[str, Decimal | None] = {}
        self.grade: tuple[Spot, str] | None = None
        self.points: dict[str, tuple[int, Spot, object]] = {}  # merged over several rows: until which, where, what
        self.left = _REMARKS if kind.totals else 0
        self.closed = False
        doubt_headings(taker, header, INDICATORS, kind.indicators.columns.values())
        taker.used |= header.used
        for row in layout.rows_between(header.bottom + 1, last):
            if not self._row(row):
                break

    def _row(self, row: int) -> bool:
        """Read one row; False when the table ended before or with it."""
        items, header = self.layout.rows[row], self.header
        column, value, name = items[0]
        parts: Parts = {}
        for at, held, _ in items:
            if owner := header.owners.get(at):
                if owner in parts:
                    parts[owner].append((at, held))
                else:
                    parts[owner] = [(at, held)]
        # 总分 | 总分 | 总分 is a merge taken apart and filled
        valued = any(held != value for path in self.results.intersection(parts) for _, held in parts[path])
        if name == "total" and (not valued and not self.closed or self._sums(items)):
            self._total(row, items)
            self.taker.used.add((row, column))
            self.end = self.layout.end(row, column)[0]
            return False
        text = value if type(value) is str and column <= header.columns.get("name", 0) else ""
        if name == "project" or text and not valued and (is_title(text) or year_alone(text) is not None):
            return False
        if self.kind.budget is None and self._is_money(items):
            self.taker.doubt("funds", value, (row, column), "印在指标下面，金额没有读，请移到指标上面")
            return False
        if self.closed or text and self._closes(column, text, name, valued):
            if not self.closed and self._goes_on(row):
                if name == "reason" and self.rows and name in self.kind.indicators.columns.values():
                    field = row_fields(INDICATORS, len(self.rows) - 1)[name]
                    self.taker.doubt(field, value, (row, column), "夹在指标中间，这一行没有读，请核对")
                return True
            if not self.rows and not self.closed:
                self.taker.doubt(INDICATORS, value, (row, column), "紧接着表头，它下面的指标没有读，请核对")
            self.closed = True  # but 总分 may stand below a remark
            self.left -= 1
            return self.left > 0
        if len(items) > 2 and is_indicator_header(self.layout, row):
            below = header_at(self.layout, row, INDICATORS, self.types)
            if not {"name", "target"} <= below.columns.keys():
                self.taker.doubt(INDICATORS, value, (row, column), "像是表头，却缺少栏目，它下面的指标没有读，请核对")
                return False
            self.header = below
            return True
        if row > header.bottom and parts and not self._banner(row, parts):
            self._indicator(row, items, parts)
        return True

    def _sums(self, items: list[Item]) -> bool:
        """Whether a row 合计 that may be an indicator of that name has its sums, and no name."""
        owned = {self.header.owners.get(column): value for column, value, _ in items}
        return any(owned.get(name) is not None for name in self.kind.totals) and owned.get("name") is None

    def _is_money(self, items: list[Item]) -> bool:
        """Whether a row is one of 项目资金: a label of amounts where the levels stand, alone or beside its block."""
        heads = [name or "" for column, _, name in items if column < self.header.columns.get("name", 0)]
        if not any(name.startswith("funds.") for name in heads) or not heads[0].startswith("fund"):
            return False
        held = [value for _, value, _ in items]
        return any(type(v) is Decimal or type(v) is str and amount_of(v, "元") is not None for v in held)

    def _goes_on(self, row: int) -> bool:
        """Whether indicators follow close below a remark, or the heading of their next page."""
        for below in self.layout.rows_between(row + 1, min(row + _REMARKS, self.last)):
            items = self.layout.rows[below]
            if any(name in ("total", "project") or type(text) is str and is_title(text) for _, text, name in items):
                return False
            held = {self.header.owners.get(at): value for at, value, _ in items}
            levels = [held.get(name) for name in HEAD[:2]]
            if is_indicator_header(self.layout, below) or (
                held.get("name") and held.get("target") and any(str(level).endswith("指标") for level in levels)
            ):
                return True
        return False

    def _closes(self, column: int, text: str, name: str | None, valued: bool) -> bool:
        """Whether a row that begins so is a note or a signature, not an indicator."""
        signed, note, marked = _closing(text) if len(text) <= LONGEST_LABEL else _closing.__wrapped__(text)
        if signed or name == "reason":
            return True
        sure = not valued or column < self.header.columns["name"]
        label = name in ("other", "grade") or name and name.startswith("extra.")
        return sure if label or marked else note and not valued

    def _indicator(self, row: int, items: list[Item], parts: Parts) -> None:
        for name in HEAD:
            for _, value in parts.get(name, ()):
                text = str(value)
                if "计" in text and normalise(text).endswith("小计"):  # no other character is folded into 计
                    return
        level1 = self._level(row, "level1", parts)
        level2 = self._level(row, "level2", parts)
        if "level2" not in self.header.columns and (both := _TWO_LEVELS.fullmatch(level1[0] or "")):
            level1, level2 = (both[1], level1[1]), (both[2], level1[1])
        own = (value for owner in parts if owner not in _LEVELS for _, value in parts[owner])
        if all(type(value) is str and is_blank_mark(value) for value in own):
            return  # 无 | 无: nothing under this level
        if "name" not in parts and self.results.isdisjoint(parts):
            for owner in self.pointed:
                for at, points in parts.get(owner, ()):
                    self.taker.doubt("分值", points, (row, at))  # points of no indicator
            return
        self.end = max(self.end, row)
        if len(self.rows) >= MOST_ROWS:
            raise UnreadableForm(f"指标超过 {MOST_ROWS} 行", self.layout.grid.place((row, items[0][0])), _TOO_LONG)
        self._take(row, parts, level1, level2)

    def _banner(self, row: int, parts: Parts) -> bool:
        """Whether the row is one wide text across the table (a caption), not an indicator."""
        if len(parts) != 1:
            return False
        (column, _), *_ = next(iter(parts.values()))
        return self.layout.end(row, column)[1] >= self.header.columns["target"] > column

    def _level(self, row: int, name: str, parts: Parts) -> tuple[str | None, Spot]:
        carried, said = self.header.carried, ""
        for at, value in parts.get(name, ()):
            if type(value) is str:
                said += value
            elif type(value) is Unread:
                self.taker.doubt(row_fields(INDICATORS, len(self.rows))[name], value, (row, at))
            elif value is not PENDING:
                said += self.taker.shown((row, at), value) or ""
        if text := "".join(said.split()):
            column = parts[name][0][0]
            carried[name] = (text, (row, column), self.layout.end(row, column)[0])
            if name == "level1" and (below := carried.get("level2")) and below[2] < row:
                del carried["level2"]
        if name in carried:
            return carried[name][:2]
        return None, (row, self.header.columns.get(name, 1))

    def _take(self, row: int, parts: Parts, level1: tuple[str | None, Spot], level2: tuple[str | None, Spot]) -> None:
        at = row_fields(INDICATORS, len(self.rows))
        spots = self.taker.spots
        spots[at["level1"]], spots[at["level2"]] = level1[1], level2[1]
        values = {"level1": level1[0], "level2": level2[0], "name": self._name(row, parts, at)}
        roles = self.header.roles
        for path, take in self.own:
            cells = parts.get(path, ())
            if path in self.pointed and self._shared(row, cells, parts, path, at[path]):
                values[path] = None
            elif len(cells) == 1 and cells[0][0] not in roles:
                values[path] = take(self.taker, at[path], (row, cells[0][0]), cells[0][1])
            else:
                values[path] = self._value(row, parts, at, path)
        if self.header.unknown:
            self._half(row, self.layout.rows[row], at, values)
        self.rows.append(self.kind.indicators.row(**values))

    def _name(self, row: int, parts: Parts, at: RowFields) -> str:
        """The indicator's name; the one merged over this row when the row has none of its own."""
        text: str | None = self._value(row, parts, at, "name")
        if text:
            column = parts["name"][0][0]
            self.header.carried["name"] = (text, (row, column), self.layout.end(row, column)[0])
            return text
        carried = self.header.carried.get("name")
        if carried and carried[2] >= row:
            self.taker.spots[at["name"]] = carried[1]
            return carried[0]
        self.taker.doubt(at["name"], "", (row, self.header.columns["name"]))
        return ""

    def _value(self, row: int, parts: Parts, at: RowFields, name: str) -> Any:
        """The value of a field; of a text several cells (≥ | 95 | %) joined with blanks."""
        if name not in parts:
            if name in self.header.columns:
                self.taker.spots[at[name]] = (row, self.header.columns[name])
            return None
        cells, how = parts[name], self.types[name]
        column, held = cells[0]
        if len(cells) == 1 and column not in self.header.roles or how not in fields.TEXTS:
            return TAKES[how](self.taker, at[name], (row, column), held)
        if self.header.roles.keys() & {column for column, _ in cells}:
            return self._joined(row, cells, at[name])
        texts = [TAKES[how](self.taker, at[name], (row, column), held) for column, held in cells]
        self.taker.spots[at[name]] = (row, column)
        return " ".join(text for text in texts if text) or None

    def _shared(self, row: int, cells: Sequence[tuple[int, object]], parts: Parts, name: str, field: str) -> bool:
        """Whether one cell of points is merged over several indicators: whose they are nobody can tell."""
        if cells and "name" in parts:
            column, value = cells[0]
            last = self.layout.end(row, column)[0]
            if value is not None and last > self.layout.end(row, parts["name"][0][0])[0]:
                self.points[name] = (last, (row, column), value)
        last, spot, value = self.points.get(name, (0, (0, 0), None))
        if row <= last:
            self.taker.spots[field] = spot
            self.taker.doubt(field, value, spot, "是几条指标合用的，看不出各条多少，按空白处理，请逐条填写")
        return row <= last

    def _joined(self, row: int, cells: list[tuple[int, object]], field: str) -> str | None:
        """A value whose sign, figure and unit stand in columns of their own: ≥ | 95 | % is ≥95%."""
        roles, parts, spot = self.header.roles, dict.fromkeys(("sign", "figure", "measure"), ""), None
        for column, value in cells:
            role = roles.get(column) or "figure"
            if role == "figure" and spot is None:
                spot = (row, column)
            text = self.taker.target(field, (row, column), value) or ""
            parts[role] += "" if role != "figure" and is_blank_mark(text) else text
        self.taker.spots[field] = spot or (row, cells[0][0])
        return joined(parts["sign"], parts["figure"], parts["measure"])

    def _half(self, row: int, items: list[Item], at: RowFields, values: dict[str, Any]) -> None:
        """A column nobody knows beside a 指标值, that looks like a part of it: half a value is none."""
        unknown, columns = self.header.unknown, self.header.columns
        for column, value, _ in items:
            if column not in unknown or type(value) is not str:
                continue
            text = "".join(value.split())
            for path in ("target", "actual"):
                whole = values.get(path)
                if whole is None or path not in columns or not self._beside(column, columns[path]):
                    continue
                if text in SIGNS or _MEASURE.fullmatch(text) and _FIGURE.fullmatch(whole.strip()):
                    heading = unknown[column][1].strip()
                    said = f"旁边“{heading}”一栏看不懂（这里写的是{text}），读到的可能只是一半，按空白处理"
                    self.taker.doubt(at[path], whole, self.taker.spots[at[path]], said)
                    values[path] = None

    def _beside(self, column: int, at: int) -> bool:
        """Whether no known column stands between two columns, but for the value's own."""
        low, high = sorted((column, at))
        return all(self.header.owners.get(one) in (None, self.header.owners[at]) for one in range(low + 1, high))

    def _total(self, row: int, items: list[Item]) -> None:
        sums = self.kind.totals
        if not sums:
            return
        owners = self.header.owners
        found: dict[str, tuple[int, object]] = {}
        rest: list[tuple[int, object]] = []
        for column, value, _ in items[1:]:
            owner = owners.get(column)
            if type(value) is str and is_grade(value):
                self.grade = (row, column), value.strip()
            elif owner is not None and owner in sums:
                found.setdefault(owner, (column, value))
            elif value is PENDING or type(value) is Decimal:
                rest.append((column, value))
        if "score" not in found and "weight" not in self.header.columns and len(rest) == 1:
            found["score"] = rest[0]  # 总分 with one figure in a merge across the table
        for name, path in sums.items():
            at, figure = found.get(name, (self.header.columns.get(name), None))
            if at is not None:
                self.totals[path] = self.taker.number(path, (row, at), figure)


def read_budget(
    layout: Layout, taker: Taker, header: Header, last: int, kind: Kind, weight: tuple[Spot, Decimal] | None
) -> tuple[Any, ...]:
    """The 项目资金 rows of a kind that has them under their header, in printed order.

    weight: the points that headings name for the total, and the cell.
    """
    if kind.budget is None:
        return ()
    money = frozenset(kind.amounts(kind.budget.columns.values()))
    first = min(header.columns[name] for name in money if name in header.columns)
    doubt_headings(taker, header, BUDGET, kind.budget.columns.values())
    taker.used |= header.used
    columns = list(_columns(header, kind, kind.budget))
    lines: list[Any] = []
    for row in layout.rows_between(header.bottom + 1, last):
        items = layout.rows[row]
        heads = [each for each in items if each[0] < first and type(each[1]) is str]
        if not {name for _, _, name in heads} <= _FUND_NAMES:
            break
        taker.used.update((row, column) for column, _, _ in heads)
        item = next((head for head in reversed(heads) if head[2] != "fund_block"), None)
        if item is None and (lines or not any(header.owners.get(column) in money for column, _, _ in items)):
            continue
        if len(lines) >= MOST_LINES:
            raise UnreadableForm(f"项目资金超过 {MOST_LINES} 行", layout.grid.place((row, items[0][0])), _TOO_LONG)
        at = row_fields(BUDGET, len(lines))
        taker.spots[at["item"]] = (row, item[0] if item else min(header.columns.values()))
        values = _amounts(taker, header, (row, items), at, columns)
        name = _item_name(item, {line.item for line in lines})
        if (
            weight
            and name == TOTAL_LINE
            and "weight" in kind.budget.columns.values()
            and "weight" not in header.columns
        ):
            taker.spots[at["weight"]], values["weight"] = weight
        lines.append(kind.budget.row(item=name, **values))
    return tuple(lines)


class _Column(NamedTuple):
    """A column of 项目资金: its field, where it stands, how it is understood, the unit its heading names."""

    name: str
    at: int
    take: Callable[[Taker, str, Spot, object], Any]
    unit: str | None
    percent: bool


def _columns(header: Header, kind: Kind, table: Table) -> Iterator[_Column]:
    for name in table.columns.values():
        if name in header.columns:
            how, text = kind.type_of(name), header.texts.get(name, "")
            unit = _unit_of(text) if how == fields.AMOUNT else None
            percent = how == fields.RATE and bool(_PERCENT.search(text))
            yield _Column(name, header.columns[name], TAKES[how], unit, percent)


def _amounts(
    taker: Taker, header: Header, line: tuple[int, list[Item]], at: RowFields, columns: list[_Column]
) -> dict[str, Any]:
    """The values of one row, by attribute."""
    row, items = line
    cells: dict[str | None, tuple[int, object]] = {}
    for column, value, _ in items:
        cells.setdefault(header.owners.get(column), (column, value))
    values: dict[str, Any] = {}
    for name, place, take, unit, percent in columns:
        column, held = cells.get(name) or (place, None)
        if unit and unit != taker.unit:
            values[name] = taker.amount_in(unit, at[name], (row, column), held)
        elif percent:
            values[name] = taker.percent(at[name], (row, column), held, values.get("executed"), values.get("budget"))
        else:
            values[name] = take(taker, at[name], (row, column), held)
    return values


def _unit_of(texts: str) -> str | None:
    """The money unit that the heading of a column names."""
    return next((unit for text in texts.split("\n") if (unit := money_unit(text))), None)


def heading_points(layout: Layout, header: Header) -> tuple[Spot, Decimal] | None:
    """The points that 预算执行情况（20分）or 得分（20分×执行率）name, and the cell."""
    cells = [(header.row, column) for column, _, _ in layout.rows[header.row]]
    column = header.columns.get("score")
    cells = [cell for cell in cells if cell[1] < min(header.columns.values()) or cell[1] == column]
    texts = ((cell, layout.grid.cells.get(cell)) for cell in cells)
    found = ((cell, points_in(text)) for cell, text in texts if type(text) is str)
    return next(((cell, points) for cell, points in found if points), None)


def _item_name(item: Item | None, before: set[str]) -> str:
    if item is None:
        return TOTAL_LINE
    _, text, name = item
    known = _ITEMS.get(name or "") or _ITEMS.get(fund_item(str(text)) or "")
    return known if known and known not in before else "".join(without_head(str(text)).split()).rstrip(":：")
