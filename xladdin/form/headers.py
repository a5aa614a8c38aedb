"""The heading of a table, one row or several, merged down or across: which field owns each column."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from ..domain.kinds import Kind
from ..domain.labels import LONGEST_LABEL, canonical, heading, label_key, likeness, normalise, wording
from ..domain.wordings import BANDS
from ..workbook.grid import Spot
from .layout import HEAD, Item, Layout
from .values import Taker

INDICATORS, BUDGET = "indicators", "budget"
_SETS = (*HEAD, "target")  # what stands twice where 中期 and 年度 stand side by side
_PARTS = ("sign", "figure", "measure")  # of a target or a result in several columns
_VALUES = ("target", "actual")
_MOST_ROWS = 2  # of a heading, above and below the row by which it is known
_MIDTERM = re.compile(r"中期|实施期|长期|总体|总目标")
_YEARLY = re.compile(r"年度|当年|本年|今年|\d{4}年")
Found = dict[int, tuple[str, str, int]]  # column → field, role, the column of the cell that says so
Line = tuple[int, tuple[tuple[int, str, str | None, int], ...]]  # a row, its cells
_SHORT = 8  # characters of 中期 or 2023年度 alone
_WIDE = 64  # columns: a wider heading is not kept
_TOWNS = 3  # columns of targets side by side


class Heading(NamedTuple):
    """One cell of a heading: its rows and columns, its text and what that means."""

    row: int
    first: int
    last: int
    text: str
    name: str  # "" for a text nobody knows
    cell: int  # the column of the cell itself


@dataclass(slots=True)
class Header:
    """Which field owns each column, the first column of each field, and where the heading starts and ends.

    roles: what a column holds of a target or a result that stands in several. unknown: columns nobody knows, with
    their heading's cell and text; guessed: those taken for a field they are like. texts: what the headings of a field
    say. other: the columns of 中期 beside 年度; sure: whether the headings say which is which. unsupported: what the
    table is where nothing here can read it. used: the cells of headings that are known.
    """

    row: int
    top: int
    bottom: int
    owners: dict[int, str] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    unknown: dict[int, tuple[Spot, str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    guessed: dict[Spot, tuple[str, str]] = field(default_factory=dict)
    used: set[Spot] = field(default_factory=set)
    other: Header | None = None
    sure: bool = True
    unsupported: str = ""
    carried: dict[str, tuple[str, Spot, int]] = field(default_factory=dict)

    def copy(self) -> Header:
        """One of its own for a form to work with."""
        return Header(
            self.row,
            self.top,
            self.bottom,
            self.owners.copy(),
            self.columns.copy(),
            self.roles.copy(),
            self.unknown.copy(),
            self.texts.copy(),
            self.guessed.copy(),
            self.used.copy(),
            self.other and self.other.copy(),
            self.sure,
            self.unsupported,
            self.carried.copy(),
        )


def is_indicator_header(layout: Layout, row: int) -> bool:
    """Whether a row names the columns of indicators: two of their levels at least."""
    if row not in layout.heads:
        return False
    items = layout.rows[row]
    names: set[str | None] = {name for _, _, name in items if name in HEAD}
    if len(names) == 1:
        names |= {heading(text, INDICATORS) for _, text, name in items if type(text) is str and name not in HEAD}
    return len(names.intersection(HEAD)) >= 2


def is_budget_header(items: list[Item], kind: Kind) -> bool:
    """Whether a row is the header of the 项目资金 that forms of a kind have."""
    if kind.budget is None:
        return False
    names = {name for _, _, name in items}
    if all(names.isdisjoint(either) for either in kind.budget.needs):
        return False
    names |= {heading(text, BUDGET) for _, text, name in items if type(text) is str and name is None}
    return not any(names.isdisjoint(either) for either in kind.budget.needs)


def header_at(layout: Layout, row: int, table: str, wanted: Collection[str]) -> Header:
    """The header by one of its rows. A label owns its merge and the empty columns up to the next cell."""
    known: Callable[..., Header] = _known
    lines = []
    for at in _rows(layout, row, table, wanted):
        cells = []
        for column, value, name in layout.rows.get(at, ()):
            right = layout.end(at, column)[1]
            text = value if type(value) is str else ""
            cells.append((column, text, name, right))
            if right > _WIDE or len(text) > LONGEST_LABEL:
                known = _known.__wrapped__  # not worth the memory
        lines.append((at, tuple(cells)))
    return known(row, tuple(lines), table, tuple(wanted)).copy()


@lru_cache(maxsize=256)  # forms on one template share their headings
def _known(row: int, lines: tuple[Line, ...], table: str, wanted: tuple[str, ...]) -> Header:
    """The header by one of its rows. lines: the rows, with column, text, label and last column of each cell."""
    header = Header(row, lines[0][0], lines[-1][0])
    _Reader([cell for line in lines for cell in _cells(line, lines)], table, wanted).read(header)
    if table == INDICATORS and not {"name", "target"} <= header.columns.keys():
        _guess(header, table, ("name", "target"))
    return header


def doubt_headings(taker: Taker, header: Header, table: str, wanted: Collection[str]) -> None:
    """Headings nobody knows: much like a missing field, one is taken for it; that, or that it is not read, is said."""
    if not header.unknown and not header.guessed:
        return
    _guess(header, table, frozenset(wanted).difference(HEAD))
    for spot, (name, text) in header.guessed.items():
        taker.doubt("栏名", text, spot, f"是没有见过的写法，当作“{wording(name)}”读了，请核对")
    first = min(header.columns.values())
    for spot, text in dict.fromkeys(header.unknown[column] for column in sorted(header.unknown)):
        known = (canonical(text) or heading(text, table)) in header.columns
        if known or spot[1] > first:
            taker.doubt("栏名", text, spot, f"{'有不止一栏' if known else '是没有见过的栏名'}，这一栏没有读")


def _guess(header: Header, table: str, wanted: Collection[str]) -> None:
    """Columns nobody knows, taken for the missing field whose headings theirs is most like."""
    for column, (spot, text) in sorted(header.unknown.items()):
        missing = frozenset(wanted).difference(header.columns)
        if spot in header.guessed:
            missing = frozenset(header.guessed[spot][:1])
        if missing and (name := likeness(text, missing, table)):
            for side in filter(None, (header, header.other)):
                side.owners[column] = name
                side.columns.setdefault(name, column)
            header.texts.setdefault(name, text)
            header.guessed[spot] = name, text
            del header.unknown[column]


def _rows(layout: Layout, row: int, table: str, wanted: Collection[str]) -> list[int]:
    """The rows of a heading."""
    items = layout.rows[row]
    named = [column for column, _, name in items if name in wanted]
    left = named[0] if named else 1
    last = min(max((layout.end(row, column)[0] for column in named), default=row), row + _MOST_ROWS)
    top = row
    while row - top < _MOST_ROWS and _is_above(layout, top - 1, row, left, wanted):
        top -= 1
    while last - row < _MOST_ROWS and _is_below(layout, last + 1, table, wanted):
        last += 1
    return [*range(top, last + 1)]


def _is_above(layout: Layout, at: int, row: int, left: int, wanted: Collection[str]) -> bool:
    """Whether a row heads the columns of the one below it, too."""
    items = [item for item in layout.rows.get(at, ()) if item[0] >= left]
    if not items or any(type(text) is not str or name == "project" for _, text, name in items):
        return False
    if any(name in wanted and name not in HEAD for _, _, name in items):
        return len(items) > 1
    texts = (text for _, text, _ in items if type(text) is str)
    return {_term(text) for text in texts if label_key(text).endswith(("指标", "指标值", "目标值"))} >= {1, -1}


def _term(text: str) -> int:
    """Whether a heading speaks of the whole term (1), of the year (-1), or of neither (0)."""
    return bool(_MIDTERM.search(text)) - bool(_YEARLY.search(text))


def _is_below(layout: Layout, at: int, table: str, wanted: Collection[str]) -> bool:
    """Whether a row only names parts of what the row above it heads."""
    items = layout.rows.get(at)
    if not items or any(type(text) is not str for _, text, _ in items):
        return False
    unnamed = [text for _, text, name in items if name is None and type(text) is str]
    if table == INDICATORS and {_term(text) for text in unnamed if len(text) < _SHORT} == {1, -1}:
        return True
    own = [heading(text, table) for text in unnamed]
    named = [name for _, _, name in items if name]
    if any(name not in wanted or name in HEAD for name in named) or any(name is None for name in own):
        return False
    return any(name in _PARTS for name in own) or len(named) > 1


class _Reader:
    """Reads the columns of one heading."""

    def __init__(self, cells: Iterable[Heading], table: str, wanted: Collection[str]):
        self.table, self.wanted = table, wanted
        self.stacks: dict[int, list[Heading]] = {}
        for cell in cells:
            for column in range(cell.first, cell.last + 1):
                self.stacks.setdefault(column, []).append(cell)

    def read(self, header: Header) -> None:
        found: Found = {}
        weak: list[tuple[int, str]] = []
        loose: list[tuple[int, str]] = []
        groups: dict[Heading, list[int]] = {}
        for column, stack in sorted(self.stacks.items()):
            leaf, above = stack[-1], stack[:-1]
            group = next((cell for cell in reversed(above) if cell.name in _VALUES), None)
            own = heading(leaf.text, self.table) or ""
            if leaf.name in self.wanted:
                if group and leaf.name in _VALUES and not self._both_below(group):
                    found[column] = (group.name, "figure", group.cell)
                else:
                    found[column] = (leaf.name, "", leaf.cell)
            elif own in _PARTS:
                if group:
                    found[column] = (group.name, own, group.cell)
                else:
                    loose.append((column, own))
            elif group and own != "silent":
                groups.setdefault(group, []).append(column)
            elif own == "silent" or leaf.name in ("total", "other", "grade") and own not in self.wanted:
                header.used.add((leaf.row, leaf.cell))
            elif own in self.wanted:
                weak.append((column, own))
            else:
                upper = next((cell.name for cell in reversed(above) if cell.name in self.wanted), None)
                if upper:
                    found[column] = (upper, "", next(cell.cell for cell in above if cell.name == upper))
                elif not leaf.name:
                    header.unknown[column] = ((leaf.row, leaf.cell), leaf.text)
        self._groups(header, found, groups)
        self._weak(header, found, weak)
        self._loose(found, loose)
        self._settle(header, found)

    def _both_below(self, group: Heading) -> bool:
        """Whether a heading stands over both, the target and the result (指标值: 目标值 | 完成值)."""
        below = {stack[-1].name for at, stack in self.stacks.items() if group in stack[:-1]}
        return below.issuperset(_VALUES)

    def _groups(self, header: Header, found: Found, groups: dict[Heading, list[int]]) -> None:
        """Columns under a heading we know whose own we do not: the value itself where there is but one."""
        for group, columns in groups.items():
            leaves = {self.stacks[column][-1].cell for column in columns}
            known = any(self.stacks[at][-1] is not group and group in self.stacks[at] for at in found)
            words = {normalise(self.stacks[column][-1].text) for column in columns}
            if any(bands <= words for bands in BANDS):
                header.unsupported = "按优良中差分档的表"
            elif not known and len(leaves) == 1:
                found |= dict.fromkeys(columns, (group.name, "", group.cell))
            elif not known and group.name == "target" and len(leaves) > 1:
                if len(leaves) == 2 and {_term(word) for word in words} == {-1, 1}:
                    found |= {column: ("target", "", self.stacks[column][-1].cell) for column in columns}
                else:
                    header.unsupported = "分乡镇（单位）或分年度列指标值的表"
            else:
                for column in columns:
                    leaf = self.stacks[column][-1]
                    header.unknown[column] = ((leaf.row, leaf.cell), leaf.text)
        loose = {normalise(text) for _, text in header.unknown.values()}
        if any(bands <= loose for bands in BANDS):
            header.unsupported = "按优良中差分档的表"

    def _weak(self, header: Header, found: Found, weak: list[tuple[int, str]]) -> None:
        """Words that mean a field only where no better one does."""
        taken = {name for name, _, _ in found.values()}
        first = min((column for column, (name, _, _) in found.items() if name in HEAD), default=0)
        given: dict[str, int] = {}
        for column, name in weak:
            cell = self.stacks[column][-1].cell
            if name in taken or given.get(name, cell) != cell or name != "level1" and column < first:
                if column > first and not self.stacks[column][-1].name:
                    header.unknown[column] = ((self.stacks[column][-1].row, cell), self.stacks[column][-1].text)
                continue
            given[name] = cell
            found[column] = (name, "", cell)
            first = min(first, column)  # 二级 stands right of 一级

    def _loose(self, found: Found, loose: list[tuple[int, str]]) -> None:
        """符号, 数值 and 单位 under no heading of their own: of the value nearest on the left, else of the target."""
        have = {name for name, _, _ in found.values()}
        figures = [column for column, role in loose if role == "figure"]
        if "target" not in have and figures:
            cell = self.stacks[figures[0]][-1].cell
            found |= {c: ("target", "figure", cell) for c in figures if self.stacks[c][-1].cell == cell}
        places = sorted((column, name, cell) for column, (name, _, cell) in found.items() if name in _VALUES)
        taken = set()
        for column, role in loose:
            if column in found or not places:
                continue
            left = [place for place in places if place[0] < column]
            right = [place for place in places if place[0] > column]
            targets = [place for place in places if place[1] == "target"]
            side = (right if role == "sign" else left) or left or right
            near = side[0] if side is right else side[-1]
            if near[1] == "actual" and targets and (role, "target") not in taken:
                near = targets[-1]
            taken.add((role, near[1]))
            found[column] = (near[1], role, near[2])

    def _best(self, name: str, cells: list[int], found: Found) -> int:
        """Which of several columns of one field is it: right of the indicators' names, under the field's own word."""
        after = max((column for column, (owner, *_) in found.items() if owner == "name"), default=0)
        cells = [cell for cell in cells if cell > after] or cells
        own = normalise(wording(name))
        return next((cell for cell in cells if label_key(self.stacks[cell][-1].text) == own), cells[0])

    def _settle(self, header: Header, found: Found) -> None:
        """Owners and columns; the columns of 中期 apart from those of the year."""
        order: dict[str, list[int]] = {}  # field → the cells that say so, from left to right
        for column in sorted(found):
            name, _, cell = found[column]
            if cell not in order.setdefault(name, []):
                order[name].append(cell)
        twice = [name for name in _SETS if len(order.get(name, ())) > 1] if self.table == INDICATORS else []
        if len(order.get("target", ())) >= _TOWNS:
            header.unsupported = "分乡镇（单位）或分年度列指标值的表"
        left, right = (Header(header.row, header.top, header.bottom) for _ in range(2))
        says = 0
        for column in sorted(found):
            name, role, cell = found[column]
            at = order[name].index(cell)
            stack = self.stacks[column]
            several = len(order[name]) > 1 and name not in twice
            if several and cell != self._best(name, order[name], found):
                leaf = stack[-1]
                header.unknown[column] = ((leaf.row, leaf.cell), leaf.text)
                continue
            if name in twice:
                said = "".join(one.text for one in stack)
                says += _term(said) * (-1 if at else 1)
            for side in (left, right) if name not in twice else ((left, right)[min(at, 1)],):
                side.owners[column] = name
                side.columns.setdefault(name, column)
                side.texts[name] = side.texts.get(name, "") + "".join(
                    f"\n{c.text}" for c in stack if c.name != "goal_block"
                )
                if role:
                    side.roles[column] = role
            header.used.update((one.row, one.cell) for one in stack)
        if twice:
            header.sure = says != 0
        year, header.other = (right, left) if twice and says >= 0 else (left, right if twice else None)
        header.owners, header.columns, header.roles, header.texts = year.owners, year.columns, year.roles, year.texts


def _cells(line: Line, lines: tuple[Line, ...]) -> Iterator[Heading]:
    """The texts of one row of a heading, and the columns they stand over."""
    row, items = line[0], [item for item in line[1] if label_key(item[1])]
    above = sorted(item[0] for at, others in lines if at < row for item in others)
    for index, (column, text, name, right) in enumerate(items):
        last = items[index + 1][0] - 1 if index + 1 < len(items) else right
        if row < lines[-1][0] and right > column:
            last = right  # merged over what it heads
        blocked = next((at - 1 for at in above if at > column), last)
        yield Heading(row, column, max(right, min(last, blocked)), text, name or "", column)


def of_year(header: Header, midterm_first: bool | None) -> Header:
    """The header whose own columns are the year's, told which side is which where its headings do not say."""
    if header.other is None or midterm_first is None:
        return header
    if midterm_first:
        return replace(header, sure=True)
    own = {name: getattr(header.other, name) for name in ("owners", "columns", "roles", "texts")}
    return replace(header, **own, sure=True, other=replace(header, other=None))
