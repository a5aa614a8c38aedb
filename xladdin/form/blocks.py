"""The two tables inside a form: the indicators, and the 项目资金 rows where its kind has them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..domain import fields, kinds
from ..domain.kinds import Kind
from ..domain.labels import without_head
from ..domain.records import BudgetLine, Indicator
from ..errors import UnreadableForm
from ..workbook.grid import Spot, Unread
from .layout import PENDING, Item, Layout, is_title, year_alone
from .values import Taker

MOST_ROWS, MOST_LINES = 2_000, 200  # of one form
_TOO_LONG = "请确认这是一张表，删去多余的行"
INDICATOR_NEEDS = ("level1", "name", "target")
_HEAD = ("level1", "level2", "name")  # what every indicator has; a row of them is a header
_RESULTS = (fields.TARGET, fields.ACTUAL)
_POINTS = (fields.WEIGHT, fields.POINTS)
_NOTE = re.compile(
    r"(?:备注|附注|注|填表说明|填报说明|说明|填表人|填报人|审核人|单位负责人|项目负责人|联系人|联系电话)"
)
_SIGNATURE = re.compile(r"\s*(?:填[报表]|制表|审核|复核|经办|联系|签字)[^:：]{0,6}[:：]|\s*(?:日期|电话)\s*[:：]")
_NOTE_MARK = re.compile(r"\s*(?:[:：(（]|$|\d{1,2}[、.．])")
_ITEMS = {
    "funds.annual_total": "年度资金总额",
    "funds.annual_fiscal": "当年财政拨款",
    "funds.annual_carryover": "上年结转资金",
    "funds.other": "其他资金",
}
_FUND_NAMES = frozenset({*_ITEMS, "funds.total", "funds.fiscal", "fund_block", "total"})
_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Header:
    """A header row: which field owns each column, the first column of each field, and the last row."""

    row: int
    bottom: int
    owners: dict[int, str]
    columns: dict[str, int]
    carried: dict[str, tuple[str | None, Spot, int]] = field(default_factory=dict)


def header_at(layout: Layout, row: int, wanted: Collection[str]) -> Header:
    """The header in a row: a label owns its merge and the empty columns up to the next cell."""
    items = layout.rows[row]
    owners: dict[int, str] = {}
    columns: dict[str, int] = {}
    bottom = row
    for index, (column, _, name) in enumerate(items):
        if name not in wanted or name in columns:
            continue
        low, right = layout.end(row, column)
        bottom = max(bottom, low)
        last = items[index + 1][0] - 1 if index + 1 < len(items) else right
        columns[name] = column
        for owned in range(column, max(right, last) + 1):
            owners[owned] = name
    return Header(row, bottom, owners, columns)


def doubt_headings(layout: Layout, taker: Taker, header: Header) -> None:
    """A heading nobody knows: what stands below it is not read, and that is said."""
    first = min(header.columns.values())
    for column, value, name in layout.rows[header.row]:
        if column > first and name is None and type(value) is str and value.strip():
            taker.doubt("栏名", value, (header.row, column))


def indicator_names(items: list[Item]) -> set[str]:
    """The indicator columns a row names, if it looks like an indicator header; else an empty set."""
    known = kinds.columns_of("indicators")
    names = {name for _, _, name in items if name in known}
    return names if len(names & set(_HEAD)) >= 2 else set()


def is_budget_header(items: list[Item], kind: Kind) -> bool:
    """Whether a row is the header of the 项目资金 that forms of a kind have."""
    names = {name for _, _, name in items}
    return kind.budget is not None and all(names & set(either) for either in kind.budget.needs)


class Indicators:
    """Reads the rows under an indicator header; `end` is the last row that belongs to the table."""

    def __init__(self, layout: Layout, taker: Taker, header: Header, last: int, kind: Kind):
        self.layout, self.taker, self.header, self.kind = layout, taker, header, kind
        self.types = kinds.columns_of("indicators")
        self.own = [path for path in kind.indicators.columns.values() if path not in _HEAD]
        self.end = header.bottom
        self.rows: list[Indicator] = []
        self.totals: dict[str, Decimal | None] = {}
        doubt_headings(layout, taker, header)
        for row in layout.rows_between(header.bottom + 1, last):
            if not self._row(row):
                break

    def _row(self, row: int) -> bool:
        """Read one row; False when the table ended before or with it."""
        items = self.layout.rows[row]
        if row <= self.header.bottom:
            return True
        column, value, name = items[0]
        valued = any(
            self._type(self.header.owners.get(column)) in _RESULTS and not _signs(value) for column, value, _ in items
        )
        if name == "total" and not valued:
            self._total(row, items)
            self.end = self.layout.end(row, column)[0]
            return False
        outside = type(value) is str and column <= self.header.columns["name"] and not valued
        if name == "project" or outside and self._closes(value, name):
            return False
        if len(items) > 2 and len(indicator_names(items)) >= 2:
            self.header = header_at(self.layout, row, self.types)
            return True
        self._indicator(row, items)
        return True

    def _type(self, column: str | None) -> str | None:
        return self.types.get(column or "")

    def _closes(self, value: str, name: str | None) -> bool:
        """Whether a row without a 指标值 is a note, a signature or the next form's title."""
        if name in ("reason", "other", "grade") or name and name.startswith("extra."):
            return True
        note = _NOTE.match(value.lstrip())
        if note and _NOTE_MARK.match(value.lstrip(), note.end()):
            return True
        return bool(note) or is_title(value) or year_alone(value) is not None

    def _indicator(self, row: int, items: list[Item]) -> None:
        owners = self.header.owners
        parts: dict[str, list[tuple[int, object]]] = {}
        for column, value, _ in items:
            owner = owners.get(column)
            if owner is not None:
                parts.setdefault(owner, []).append((column, value))
        if not parts or self._banner(row, parts):
            return
        level1 = self._level(row, "level1", parts)
        level2 = self._level(row, "level2", parts)
        if "name" not in parts and not any(self._type(owner) in _RESULTS for owner in parts):
            for owner in [path for path, how in self.types.items() if how in _POINTS]:
                for column, value in parts.get(owner, ()):
                    self.taker.doubt("分值", value, (row, column))  # points of no indicator
            return
        self.end = max(self.end, row)
        if len(self.rows) >= MOST_ROWS:
            raise UnreadableForm(f"指标超过 {MOST_ROWS} 行", self.layout.grid.place((row, items[0][0])), _TOO_LONG)
        self._take(row, parts, level1, level2)

    def _banner(self, row: int, parts: dict) -> bool:
        """Whether the row is one wide text across the table (a caption), not an indicator."""
        if len(parts) != 1:
            return False
        (column, _), *_ = next(iter(parts.values()))
        return self.layout.end(row, column)[1] >= self.header.columns["target"] > column

    def _level(self, row: int, name: str, parts: dict) -> tuple[str | None, Spot]:
        carried = self.header.carried
        if name in parts:
            column = parts[name][0][0]
            for at, value in parts[name]:
                if type(value) is Unread:
                    self.taker.doubt(f"indicators[{len(self.rows)}].{name}", value, (row, at))
            shown = "".join(self.taker.shown((row, c), v) or "" for c, v in parts[name] if v is not PENDING)
            text = _SPACE.sub("", shown) or None
            if text:
                carried[name] = (text, (row, column), self.layout.end(row, column)[0])
                if name == "level1" and (below := carried.get("level2")) and below[2] < row:
                    del carried["level2"]
        text, spot, _ = carried.get(name) or (None, (row, self.header.columns.get(name, 1)), row)
        return text, spot

    def _take(self, row: int, parts: dict, level1: tuple, level2: tuple) -> None:
        taker, at = self.taker, f"indicators[{len(self.rows)}]."
        taker.spots[at + "level1"], taker.spots[at + "level2"] = level1[1], level2[1]
        values = {"level1": level1[0], "level2": level2[0], "name": self._name(row, parts, at)}
        for path in self.own:
            values[path] = self._value(row, parts, at, path)
        self.rows.append(self.kind.indicators.row(**values))

    def _name(self, row: int, parts: dict, at: str) -> str:
        """The indicator's name; the one merged over this row when the row has none of its own."""
        text = self._value(row, parts, at, "name")
        if text:
            column = parts["name"][0][0]
            self.header.carried["name"] = (text, (row, column), self.layout.end(row, column)[0])
            return text
        carried = self.header.carried.get("name")
        if carried and carried[2] >= row:
            self.taker.spots[at + "name"] = carried[1]
            return carried[0]
        self.taker.doubt(at + "name", "", (row, self.header.columns["name"]))
        return ""

    def _value(self, row: int, parts: dict, at: str, name: str) -> Any:
        """The value of a field; of a text several cells (≥ | 95 | %) joined with blanks."""
        cells, how = parts.get(name), self.types[name]
        if not cells:
            if name in self.header.columns:
                self.taker.spots[at + name] = (row, self.header.columns[name])
            return None
        if len(cells) == 1 or how not in fields.TEXTS:
            return self.taker.take(how, at + name, (row, cells[0][0]), cells[0][1])
        texts = [self.taker.take(how, at + name, (row, column), value) for column, value in cells]
        self.taker.spots[at + name] = (row, cells[0][0])
        return " ".join(text for text in texts if text) or None

    def _total(self, row: int, items: list[Item]) -> None:
        sums = self.kind.totals
        if not sums:
            return
        owners, found = self.header.owners, {}
        rest = []
        for column, value, _ in items[1:]:
            owner = owners.get(column)
            if owner in sums:
                found.setdefault(owner, (column, value))
            elif value is PENDING or type(value) is Decimal:
                rest.append((column, value))
        if "score" not in found and "weight" not in self.header.columns and len(rest) == 1:
            found["score"] = rest[0]  # 总分 with one figure in a merge across the table
        for name, path in sums.items():
            column, value = found.get(name, (self.header.columns.get(name), None))
            if column is not None:
                self.totals[path] = self.taker.number(path, (row, column), value)


def _signs(value: object) -> bool:
    """Whether a cell is a label of the sign-off row (填报日期：  年  月  日), which may stand in any column."""
    match = _SIGNATURE.match(value) if type(value) is str else None
    return match is not None


def read_budget(layout: Layout, taker: Taker, header: Header, last: int, kind: Kind) -> tuple[BudgetLine, ...]:
    """The 项目资金 rows under their header, in printed order."""
    money = kind.amounts(kind.budget.columns.values())
    first = min(header.columns[name] for name in money if name in header.columns)
    doubt_headings(layout, taker, header)
    lines: list[BudgetLine] = []
    for row in layout.rows_between(header.bottom + 1, last):
        items = layout.rows[row]
        heads = [(column, value, name) for column, value, name in items if column < first and type(value) is str]
        if any(name and name not in _FUND_NAMES for _, _, name in heads):
            break
        item = next((head for head in reversed(heads) if head[2] != "fund_block"), None)
        amounts = any(header.owners.get(column) in money for column, _, _ in items)
        if item is None and (lines or not amounts):
            continue
        if len(lines) >= MOST_LINES:
            raise UnreadableForm(f"项目资金超过 {MOST_LINES} 行", layout.grid.place((row, items[0][0])), _TOO_LONG)
        lines.append(_line(taker, header, (row, items), item, f"budget[{len(lines)}].", kind))
    return tuple(lines)


def _line(
    taker: Taker, header: Header, line: tuple[int, list[Item]], item: Item | None, at: str, kind: Kind
) -> BudgetLine:
    row, items = line
    taker.spots[at + "item"] = (row, item[0] if item else min(header.columns.values()))
    cells: dict[str, tuple[int, object]] = {}
    for column, value, _ in items:
        owner = header.owners.get(column)
        if owner:
            cells.setdefault(owner, (column, value))
    values = {}
    for name in kind.budget.columns.values():
        if name in header.columns:
            column, value = cells.get(name, (header.columns[name], None))
            values[name] = taker.take(kind.type_of(name), at + name, (row, column), value)
    return kind.budget.row(item=_item_name(item), **values)


def _item_name(item: Item | None) -> str:
    if item is None:
        return "年度资金总额"
    _, text, name = item
    return _ITEMS.get(name) or _SPACE.sub("", without_head(text)).rstrip(":：")
