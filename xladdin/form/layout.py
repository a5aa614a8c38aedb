"""One sheet indexed for reading: its cells by row, each text's label, and the merges by their first cell."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, TypeVar

from ..domain.kinds import KINDS, SHIPPED
from ..domain.labels import (
    LONGEST_LABEL,
    canonical,
    fund_item,
    is_unit_line,
    label_key,
    likeness,
    money_unit,
    normalise,
)
from ..domain.wordings import FOREIGN
from ..workbook.grid import Grid, Spot, Value


class Pending:
    """Stands for the value of a formula nobody has computed."""

    def __bool__(self) -> bool:
        return False


PENDING = Pending()
HEAD = ("level1", "level2", "name")  # what every indicator has; a row of them is a header
Item = tuple[int, "Value | Pending", "str | None"]  # column, value, canonical label
_COLUMN = itemgetter(0)
Told = TypeVar("Told", bound=tuple[Any, ...])

# a label with its colon: at the beginning, or after a blank
_INLINE = re.compile(
    r"(?:^|(?<=[\s；;，,]))((?:其中\s*[:：]\s*)?[^:：\s；;，,](?:[^:：\n；;，,]{0,28}[^:：\n；;，,])?)\s*[:：]"
)
_INLINE_HEAD = re.compile(r"\s*((?:其中\s*[:：]\s*)?[^:：；;，,]{2,24}?)\s*[:：]")  # the first may be broken into lines
_LABEL_AMOUNT = re.compile(r"(.{2,30}?)[\s:：]*(?<![\d.,])(\d[\d,]*(?:\.\d+)?\s*(?:万元|元|万)?)")
_STAMP = re.compile(r"[(（](?:盖章|公章|签章|签字)[)）]")
_TOTALS = frozenset({"funds.total", "funds.annual_total"})
_AMOUNTS = frozenset({"fund_block", "funds.fiscal", "funds.annual_fiscal", "funds.other"})
SIGNED_ROWS = 6  # below the indicators, in which who filled the form in and when may stand
_LONGEST_INLINE = 120
_LONGEST_GUESS = 20
_INLINE_SHORT = frozenset({"project", "category", "nature", "department", "unit", "start", "end", "period"})
_INLINE_MANY = frozenset({"other", "money_unit", "year"})
_TITLE = re.compile(r"(?:绩效|自评).*表\d*$|绩效目标申报$")
_YEAR_ALONE = re.compile(r"[(\[【]?(\d{4})年度?[)\]】]?")
_YEAR_INSIDE = re.compile(r"(\d{4})年")
_HANZI = str.maketrans("〇零○一二三四五六七八九", "000123456789")


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says wherever it stands: the label it is to its neighbours, and all it is labels of.

    more: whether it says anything else. unit_lines: how often it names the money unit; title: whether it is one, or a
    year alone; inline: the labels in it that have their values behind them, and those.
    """

    name: str | None
    labels: tuple[str, ...]
    more: bool = False
    unit_lines: int = 0
    title: bool = False
    inline: tuple[tuple[str, str], ...] = ()


class Layout:
    """The index. `rows` maps a row to its cells from left to right; `labels` lists labels in reading order."""

    def __init__(self, grid: Grid, extras: Mapping[str, str]):
        self.grid = grid
        self.rows: dict[int, list[Item]] = {}
        self.labels: list[tuple[int, int, str]] = []
        self.inline: list[tuple[int, int, str, str]] = []  # row, column, name, value text
        self.titles: list[tuple[int, str]] = []
        self.guessed: list[tuple[int, int, str]] = []  # labels taken for what they are like
        self.unit_lines: list[tuple[int, str]] = []
        self.ends: dict[Spot, Spot] = {(top, left): (bottom, right) for top, left, bottom, right in grid.merges}
        self._index(extras)
        self.order = sorted(self.rows)
        self.heads = {row for row, _, name in self.labels if name in HEAD}  # rows that may head indicators

    def _index(self, extras: Mapping[str, str]) -> None:
        rows, labels, short = self.rows, self.labels, _saying(frozenset(extras.items()))
        for (row, column), value in self.grid.cells.items():
            name = None
            if type(value) is str:
                said = short(value) if len(value) <= LONGEST_LABEL else _said_by(value, extras)
                if said:
                    name = said.name
                    for label in said.labels:
                        labels.append((row, column, label))
                    if said.more:
                        self._note(row, column, value, said)
            if row in rows:
                rows[row].append((column, value, name))
            else:
                rows[row] = [(column, value, name)]
        for row, column in self.grid.uncomputed:
            rows.setdefault(row, []).append((column, PENDING, None))
        for items in rows.values():
            items.sort(key=_COLUMN)
        labels.sort()
        self.inline.sort()
        self.titles.sort()
        self.unit_lines.sort()

    def _note(self, row: int, column: int, text: str, said: Said) -> None:
        self.unit_lines += [(row, text)] * said.unit_lines
        self.titles += [(row, text)] * said.title
        self.inline += [(row, column, name, value) for name, value in said.inline]

    def adopt(self, names: Collection[str], first: int, last: int) -> list[tuple[int, int, str]]:
        """Labels nobody knows, where one would stand, taken for the fields they are most like, those having none."""
        found: list[tuple[int, int, str]] = []
        left = frozenset(names)
        for row in self.rows_between(first, last) if left else ():
            items = self.rows[row]
            for index, (column, value, name) in enumerate(items):
                if name or type(value) is not str or len(value) > _LONGEST_GUESS or is_title(value):
                    continue
                beside = index and items[index - 1][2] and self.end(row, items[index - 1][0])[1] + 1 == column
                if not beside and left and (meant := likeness(value, left)):
                    items[index] = (column, value, meant)
                    found.append((row, column, meant))
                    left -= {meant}
        if found:
            self.labels = sorted(self.labels + found)
            self.guessed += found
        return found

    def adopt_total(self, there: set[str], first: int, last: int) -> None:
        """合计 or 资金总额 among the amounts of rows that have no other total: the year's.

        there: the labels they have, which it is added to.
        """
        if not there.isdisjoint(_TOTALS) or there.isdisjoint(_AMOUNTS):
            return
        for row in self.rows_between(first, last):
            named = row > first and {name for _, _, name in (*self.rows[row], *self.rows.get(row + 1, ()))}
            for index, (column, value, _) in enumerate(self.rows[row]):
                if named and named & _AMOUNTS and type(value) is str and fund_item(value) == "funds.annual_total":
                    self.rows[row][index] = (column, value, "funds.annual_total")
                    self.labels = sorted([*self.labels, (row, column, "funds.annual_total")])
                    there.add("funds.annual_total")
                    return

    def end(self, row: int, column: int) -> Spot:
        """The last row and column of the cell, its merge counted."""
        return self.ends.get((row, column), (row, column))

    def labels_between(self, first: int, last: int) -> list[tuple[int, int, str]]:
        """Labels of rows first … last."""
        return between(self.labels, first, last)

    def first_row(self, first: int, last: int) -> int | None:
        """The first of rows first … last that holds anything."""
        at = bisect_left(self.order, first)
        return self.order[at] if at < len(self.order) and self.order[at] <= last else None

    def rows_between(self, first: int, last: int) -> list[int]:
        """Rows first … last that hold anything."""
        return self.order[bisect_left(self.order, first) : bisect_left(self.order, last + 1)]


def between(listed: list[Told], first: int, last: int) -> list[Told]:
    """Those of a sorted list of tuples that begin with a row of first … last."""
    return listed[bisect_left(listed, (first,)) : bisect_left(listed, (last + 1,))]


def _said_by(text: str, extras: Mapping[str, str]) -> Said | None:
    """What a text says by itself, None where it is neither a label nor anything else that a form is known by."""
    remark = 0, False
    if len(text) <= LONGEST_LABEL:
        name = canonical(text)
        if extras and (name is None or name == "other"):
            name = extras.get(label_key(text)) or extras.get(normalise(text)) or name
        if name:
            return Said(name, (name,))
        remark = _remark(text)
    found = _inline(text, extras) if ":" in text or "：" in text or text[-1:].isdigit() else []
    if not found:
        return Said(None, (), True, *remark) if any(remark) else None
    # only short fields count as a label to their neighbours
    shown = [name for name, _ in found if name in _INLINE_SHORT or name.startswith("funds.")]
    if len(found) > 1 and all(name in _INLINE_MANY or name in shown for name, _ in found):
        shown = [name for name, _ in found]
    lines = remark[0] + sum(name == "money_unit" for name, _ in found)
    values = tuple((name, value) for name, value in found if value and name != "other")
    return Said(shown[0] if shown else None, tuple(shown), True, lines, remark[1], values)


@lru_cache(maxsize=8)
def _saying(extras: frozenset[tuple[str, str]]) -> Callable[[str], Said | None]:
    """`_said_by` for short texts, which forms have in common; a long one is never kept."""
    return lru_cache(maxsize=2048)(partial(_said_by, extras=dict(extras)))


def _remark(text: str) -> tuple[int, bool]:
    """Whether a text is a line with the money unit, and whether one of a title."""
    unit_line = is_unit_line(text) or "单位" in text and money_unit(text) is not None
    return int(unit_line), is_title(text) or year_alone(text) is not None


def _inline(text: str, extras: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each label of a text that is followed by a value, or by the next label, and that value ("" for none)."""
    found: list[tuple[str, int, int]] = []  # name, where its label starts, where its value does
    first = _INLINE_HEAD.match(text)
    if first and (name := _label(first[1], extras)):
        found.append((name, first.start(1), first.end()))
    if found or len(text) <= _LONGEST_INLINE and _INLINE.match(text):
        for match in _INLINE.finditer(text, found[0][2] if found else 0):
            if name := _label(match[1], extras):
                found.append((name, match.start(1), match.end()))
    if not found:
        amount = _LABEL_AMOUNT.fullmatch(text.strip()) if len(text) <= LONGEST_LABEL else None
        name = canonical(amount[1]) if amount else None
        return [(name, amount[2])] if amount and name and name.startswith("funds.") else []
    if len(found) == 1 and not text[found[0][2] :].strip():
        return []
    ends = [start for _, start, _ in found[1:]] + [len(text)]
    values = (text[first:end].strip() for (_, _, first), end in zip(found, ends, strict=True))
    pairs = (
        (name, "" if _STAMP.fullmatch(value) else value) for (name, _, _), value in zip(found, values, strict=True)
    )
    # 单位：is that of money or who does the work, as what follows says
    return [
        ("unit" if name == "money_unit" and not is_unit_line("单位:" + value) else name, value) for name, value in pairs
    ]


def _label(text: str, extras: Mapping[str, str]) -> str | None:
    if normalise(text) == "单位":
        return "money_unit"
    name = canonical(text)
    return extras.get(label_key(text)) or name if name in (None, "other") else name


def is_title(text: str) -> bool:
    """Whether a text is the title of a form: 财政项目支出绩效目标申报表（2021年度）."""
    if "表" not in text and "申报" not in text:
        return False
    return bool(_TITLE.search(label_key(text)))


def foreign(text: str) -> str | None:
    """What a form is called by whose title it is of no kind there is: 绩效运行监控表; None when it may be of one."""
    title = normalise(text)
    if any(kind.title and kind.title in title for kind in KINDS.values() if kind.name not in SHIPPED):
        return None
    return next((called for word, called in FOREIGN.items() if word in title), None)


def year_alone(text: str) -> int | None:
    """2021 for （2021年度）."""
    return _year_of(text) if "年" in text and len(text) <= 20 else None


@lru_cache(maxsize=1024)
def _year_of(text: str) -> int | None:
    match = _YEAR_ALONE.fullmatch(_folded(text))
    return int(match[1]) if match else None


def year_in(text: str) -> int | None:
    """The year a title names."""
    match = _YEAR_INSIDE.search(_folded(text))
    return int(match[1]) if match else None


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_HANZI)
