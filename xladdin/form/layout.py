"""One sheet indexed for reading: its cells by row, each text's label, and the merges by their first cell."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping

from ..domain.kinds import KINDS
from ..domain.labels import LONGEST_LABEL, canonical, is_unit_line, label_key, normalise
from ..workbook.grid import Grid, Spot, Value


class Pending:
    """Stands for the value of a formula nobody has computed."""

    def __bool__(self) -> bool:
        return False


PENDING = Pending()
Item = tuple[int, "Value | Pending", "str | None"]  # column, value, canonical label

_INLINE = re.compile(r"[^:：\n]{2,30}(?=[:：])")
_INLINE_SHORT = frozenset({"project", "category", "nature", "department", "unit", "start", "end", "period"})
_TITLE = re.compile(r"(?:绩效|自评).*表\d*$|绩效目标申报$")
_NOT_OURS = ("监控",)
_YEAR_ALONE = re.compile(r"[(\[【]?(\d{4})年度?[)\]】]?")
_YEAR_INSIDE = re.compile(r"(\d{4})年")
_HANZI = str.maketrans("〇零○一二三四五六七八九", "000123456789")


class Layout:
    """The index. `rows` maps a row to its cells from left to right; `labels` lists labels in reading order."""

    def __init__(self, grid: Grid, extras: Mapping[str, str]):
        self.grid = grid
        self.rows: dict[int, list[Item]] = {}
        self.labels: list[tuple[int, int, str]] = []
        self.inline: list[tuple[int, int, str, str]] = []  # row, column, name, value text
        self.titles: list[tuple[int, str]] = []
        self.unit_lines: list[tuple[int, str]] = []
        self.ends: dict[Spot, Spot] = {(top, left): (bottom, right) for top, left, bottom, right in grid.merges}
        self._index(extras)
        self.order = sorted(self.rows)

    def _index(self, extras: Mapping[str, str]) -> None:
        rows = self.rows
        for spot, value in grid_items(self.grid):
            name = self._name(spot, value, extras) if type(value) is str else None
            row = rows.get(spot[0])
            if row is None:
                rows[spot[0]] = [(spot[1], value, name)]
            else:
                row.append((spot[1], value, name))
        for row in rows.values():
            row.sort(key=_column)
        self.labels.sort()
        self.inline.sort()
        self.titles.sort()
        self.unit_lines.sort()

    def _name(self, spot: Spot, text: str, extras: Mapping[str, str]) -> str | None:
        if len(text) <= LONGEST_LABEL:
            name = canonical(text)
            if name in (None, "other") and extras:
                name = extras.get(label_key(text)) or extras.get(normalise(text)) or name
            if name:
                self.labels.append((*spot, name))
                return name
            self._remark(spot[0], text)
        if ":" in text or "：" in text:
            return self._inline_name(spot, text, extras)
        return None

    def _inline_name(self, spot: Spot, text: str, extras: Mapping[str, str]) -> str | None:
        """标签：值 in one cell. Only short fields count as a label to their neighbours."""
        match = _INLINE.match(text)
        if not match:
            return None
        name = canonical(match[0])
        if name is None:
            name = extras.get(label_key(match[0]))
        if name is None or not (value := text[match.end() + 1 :].strip()):
            return None
        self.inline.append((*spot, name, value))
        if name in _INLINE_SHORT:
            self.labels.append((*spot, name))
            return name
        return None

    def _remark(self, row: int, text: str) -> None:
        if is_unit_line(text):
            self.unit_lines.append((row, text))
        elif is_title(text) or year_alone(text) is not None:
            self.titles.append((row, text))

    def end(self, row: int, column: int) -> Spot:
        """The last row and column of the cell, its merge counted."""
        return self.ends.get((row, column)) or (row, column)

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


def between(listed: list[tuple], first: int, last: int) -> list[tuple]:
    """Those of a sorted list of tuples that begin with a row of first … last."""
    return listed[bisect_left(listed, (first,)) : bisect_left(listed, (last + 1,))]


def grid_items(grid: Grid):
    """Every cell with a value, then every formula without one."""
    yield from grid.cells.items()
    for spot in grid.uncomputed:
        yield spot, PENDING


def _column(item: Item) -> int:
    return item[0]


def is_title(text: str) -> bool:
    """Whether a text is the title of a form: 财政项目支出绩效目标申报表（2021年度）."""
    if "表" not in text and "申报" not in text:
        return False
    return bool(_TITLE.search(label_key(text)))


def is_foreign(text: str) -> bool:
    """Whether a title is that of a form which is of no kind there is (绩效运行监控表)."""
    title = normalise(text)
    known = any(kind.title and kind.title in title for kind in KINDS.values())
    return not known and any(word in title for word in _NOT_OURS)


def year_alone(text: str) -> int | None:
    """2021 for （2021年度）."""
    if "年" not in text or len(text) > 20:
        return None
    match = _YEAR_ALONE.fullmatch(_folded(text))
    return int(match[1]) if match else None


def year_in(text: str) -> int | None:
    """The year a title names."""
    match = _YEAR_INSIDE.search(_folded(text))
    return int(match[1]) if match else None


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_HANZI)
