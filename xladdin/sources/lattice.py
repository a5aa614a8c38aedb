"""Ruled tables of a page: lines into a lattice, the boxes between them into cells, signs into the boxes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..domain.labels import canonical
from .paper import Cell, Line, Table
from .told import SEVERAL

NEAR = 2.2  # points by which lines that meet may miss each other
_GAP = 3.5  # between the dashes of one line
_SHORTEST = 4.0
_PADDING = 6.0  # points that are left free at either side of a cell, at most
APART, _PARTED = 1.5, 0.8  # heights of a sign: so wide a gap parts what stands on a line, or in a cell
_NARROW = "\0"
_LABEL = re.compile("\0([^\0:：]{2,12})([:：])")
_COLON = re.compile("[:：]")
_NAMES = frozenset({"project", "department", "unit"})
_LONGEST_LABEL = 8
_BREAK = re.compile(r"[()（）\s]")
_WORD = re.compile("[A-Za-z0-9]")
_HANGING = frozenset("、，。；：！？）》”’』」】,.;:!?)")
MOST_LINES = 3_000  # of one page, either way


@dataclass(frozen=True, slots=True)
class Sign:
    """A character, its box in points from the top left corner of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


Stroke = tuple[float, float, float, float]  # left, top, right, bottom; upright or level
Run = tuple[float, float, float]  # where it lies, from, to


@dataclass(slots=True)
class Page:
    """A page: its size, the signs and the level and upright lines on it."""

    number: int
    width: float
    height: float
    signs: list[Sign] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    pictures: int = 0


@dataclass(slots=True)
class Box:
    """A ruled table: where its lines are, and its cells (first row, first column, last row, last column) with signs.

    floors: (line, column) of the level lines that are drawn.
    """

    xs: list[float]
    ys: list[float]
    floors: set[tuple[int, int]] = field(default_factory=set)
    cells: dict[tuple[int, int, int, int], list[Sign]] = field(default_factory=dict)
    owner: dict[tuple[int, int], tuple[int, int, int, int]] = field(default_factory=dict)
    last: list[Sign] = field(default_factory=list)  # the cell that took the last sign

    @property
    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def is_open(self, extent: tuple[int, int, int, int], line: int) -> bool:
        """Whether a cell has no line drawn there, above or below it."""
        return not any((line, column) in self.floors for column in range(extent[1], extent[3] + 1))

    def take(self, sign: Sign) -> bool:
        """Put a sign into the cell it stands in; False where it stands outside."""
        x, y = sign.middle
        hangs = sign.text in _HANGING and bool(self.last) and _follows(sign, self.last[-1])
        near = min(max(y, self.ys[0]), self.ys[-1])  # a text that goes on over a page's end may begin beyond it
        if self.xs[0] <= x <= self.xs[-1] and 0 < abs(y - near) < 0.6 * reach(sign):
            column = min(bisect_right(self.xs, x), len(self.xs) - 1) - 1
            line = 0 if near == self.ys[0] else len(self.ys) - 1
            y = near if self.is_open(self.owner[max(line - 1, 0), column], line) else y
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            if hangs:
                self.last.append(sign)
            return hangs
        column = min(bisect_right(self.xs, x), len(self.xs) - 1) - 1
        row = min(bisect_right(self.ys, y), len(self.ys) - 1) - 1
        cell = self.cells[self.owner[row, column]]
        if hangs and not cell:
            cell = self.last  # let out over the edge of its cell, as no line may begin with it
        elif self._spills(sign, row, column):
            cell = self.last
        cell.append(sign)
        self.last = cell
        return True

    def _spills(self, sign: Sign, row: int, column: int) -> bool:
        """Whether a sign over the upper edge of its cell goes on with the cell above, which is too low for its text."""
        top = self.owner[row, column][0]
        if not top or sign.middle[1] - reach(sign) / 2 > self.ys[top] - 0.1 * reach(sign):
            return False
        return bool(self.last) and self.last is self.cells[self.owner[top - 1, column]]


def _follows(sign: Sign, before: Sign) -> bool:
    """Whether a sign stands right behind another."""
    return (
        abs(sign.left - before.right) < 0.2 * sign.height and abs(sign.middle[1] - before.middle[1]) < 0.5 * sign.height
    )


def boxes(strokes: Iterable[Stroke]) -> list[Box]:
    """The ruled tables that lines make, those of one cell left out, from the smallest to the largest."""
    level = _runs((top, left, right) for left, top, right, bottom in strokes if right - left > bottom - top)
    upright = _runs((left, top, bottom) for left, top, right, bottom in strokes if right - left <= bottom - top)
    found = [box for lines in _meeting(level, upright) if (box := _box(*lines)) is not None]
    return sorted(found, key=lambda box: box.area)


def _runs(parts: Iterable[Run]) -> list[Run]:
    """Pieces of one line as the line: those that lie close, and go on from each other."""
    clusters: list[list[Run]] = []
    for part in sorted(parts):
        if clusters and part[0] - clusters[-1][0][0] <= NEAR:
            clusters[-1].append(part)
        else:
            clusters.append([part])
    runs: list[Run] = []
    for cluster in clusters:
        at = sum(part[0] for part in cluster) / len(cluster)
        start: float | None = None
        end = 0.0
        for _, first, last in sorted(cluster, key=lambda part: part[1]):
            if start is not None and first <= end + _GAP:
                end = max(end, last)
                continue
            if start is not None:
                runs.append((at, start, end))
            start, end = first, last
        if start is not None:
            runs.append((at, start, end))
    return [run for run in runs if run[2] - run[1] >= _SHORTEST]


def _meeting(level: list[Run], upright: list[Run]) -> list[tuple[list[Run], list[Run]]]:
    """The lines in groups of such as meet."""
    group = list(range(len(level) + len(upright)))

    def head(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    for i, (y, left, right) in enumerate(level):
        for j, (x, top, bottom) in enumerate(upright, start=len(level)):
            if left - NEAR <= x <= right + NEAR and top - NEAR <= y <= bottom + NEAR:
                group[head(i)] = head(j)
    found: dict[int, tuple[list[Run], list[Run]]] = defaultdict(lambda: ([], []))
    for index, run in enumerate([*level, *upright]):
        found[head(index)][index >= len(level)].append(run)
    groups = [lines for lines in found.values() if lines[0]]
    for _, alone in (lines for lines in found.values() if not lines[0]):  # beside a label that goes on over both ends
        for _, others in groups:
            if others and _ends(alone) == _ends(others):
                others += alone
                break
    return groups


def _ends(upright: list[Run]) -> tuple[int, int]:
    """From where to where lines reach together."""
    return round(min(run[1] for run in upright) / NEAR), round(max(run[2] for run in upright) / NEAR)


def _clustered(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > NEAR:
            found.append(value)
    return found


def _box(level: list[Run], upright: list[Run]) -> Box | None:
    """The table of lines that meet; where the outermost are not drawn, the others end there."""
    if not level or not upright:
        return None
    xs = _clustered([run[0] for run in upright] + [end for run in level for end in run[1:]])
    ys = _clustered([run[0] for run in level] + [end for run in upright for end in run[1:]])
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns < 2:
        return None
    walls = _covered(upright, xs, ys)
    floors = _covered(level, ys, xs)
    whole = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def head(spot: tuple[int, int]) -> tuple[int, int]:
        while whole[spot] != spot:
            whole[spot] = whole[whole[spot]]
            spot = whole[spot]
        return spot

    for row, column in list(whole):
        if column + 1 < columns and (column + 1, row) not in walls:
            whole[head((row, column + 1))] = head((row, column))
        if row + 1 < rows and (row + 1, column) not in floors:
            whole[head((row + 1, column))] = head((row, column))
    regions: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for spot in whole:
        regions[head(spot)].append(spot)
    box = Box(xs, ys, floors)
    for spots in regions.values():
        for piece in _rectangles(spots):
            extent = (piece[0][0], piece[0][1], piece[-1][0], piece[-1][1])
            box.cells[extent] = []
            box.owner.update(dict.fromkeys(piece, extent))
    return box if len(box.cells) > 1 else None


def _covered(runs: list[Run], places: list[float], stops: list[float]) -> set[tuple[int, int]]:
    """(line, step): the steps between stops along which each line is drawn for the better part."""
    covered = set()
    for at, first, last in runs:
        line = min(range(len(places)), key=lambda index: abs(places[index] - at))
        for step, (start, end) in enumerate(pairwise(stops)):
            if min(end, last) - max(start, first) > 0.6 * (end - start):
                covered.add((line, step))
    return covered


def _rectangles(spots: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """A region as it is, sorted, where it is a rectangle; else a piece for each of its rows."""
    spots.sort()
    rows = {row for row, _ in spots}
    columns = {column for _, column in spots}
    if len(spots) == len(rows) * len(columns):
        return [spots]
    pieces: list[list[tuple[int, int]]] = []
    for spot in spots:
        if pieces and pieces[-1][-1] == (spot[0], spot[1] - 1):
            pieces[-1].append(spot)
        else:
            pieces.append([spot])
    return pieces


def lines_of(signs: Sequence[Sign]) -> list[list[Sign]]:
    """Signs in lines from top to bottom, each from left to right; what is printed twice for boldness, once."""
    lines: list[list[Sign]] = []
    middle = high = 0.0  # of the highest sign of the line: a mark's own middle says little
    for sign in sorted(signs, key=lambda sign: (sign.middle[1], sign.left)):
        y, size = sign.middle[1], reach(sign)
        if lines and abs(y - middle) <= 0.45 * max(size, high):
            lines[-1].append(sign)
        else:
            lines.append([sign])
            high = 0.0
        if size > 1.2 * high:
            middle, high = y, size
    return [_once(sorted(line, key=lambda sign: sign.left)) for line in lines]


def reach(sign: Sign) -> float:
    """How high a sign is: of a Chinese one as it is wide, for some fonts claim room for two lines."""
    wide = sign.right - sign.left
    return min(sign.height, 1.2 * (wide if sign.text >= "\u2e80" else 2 * wide)) or sign.height


def _once(line: list[Sign]) -> list[Sign]:
    kept: list[Sign] = []
    for sign in line:
        near = [other for other in kept[-3:] if other.text == sign.text]
        if not any(abs(other.left - sign.left) < 0.3 * max(sign.right - sign.left, 1) for other in near):
            kept.append(sign)
    return kept


def text_of(line: Sequence[Sign], gap: str = " ", wide: float = 1.2, narrow: str = "") -> str:
    """A line's text; gap: what stands for a space as wide as that many heights of it; narrow: for a lesser one."""
    parts: list[str] = []
    for number, sign in enumerate(line):
        before = line[max(number - 1, 0)]
        space = sign.left - before.right
        if number and space > wide * _size(before, sign):
            parts.append(gap)
        elif number and space > 0.15 * sign.height and _are_words(before.text, sign.text):
            parts.append(" ")
        elif number and narrow and space > 0.2 * sign.height:
            parts.append(narrow)
        parts.append(sign.text)
    return "".join(parts)


def _labels_apart(text: str) -> str:
    """The text, a narrow space kept where a label with its colon follows, as several stand in one cell."""
    text = _LABEL.sub(lambda match: ("  " if canonical(match[1]) else "") + match[1] + match[2], text)
    return text.replace(_NARROW, "")


def _labels_split(text: str) -> str:
    """A text that begins with a label and its colon, two blanks before each other name's label that is stuck in it."""
    first, *rest = _COLON.split(text)
    if len(rest) < 2 or canonical(first) not in _NAMES:
        return text
    for part in rest[:-1]:
        tails = (part[at:] for at in range(1, len(part)) if len(part) - at <= _LONGEST_LABEL)
        label = next((tail for tail in tails if not _BREAK.search(tail) and canonical(tail) in _NAMES), "")
        if label and not part[: -len(label)].endswith((" ", "\n")):
            text = text.replace(part, f"{part[: -len(label)]}  {label}", 1)
    return text


def _size(one: Sign, other: Sign) -> float:
    """How large the letters are: fonts say of their height what they like, a Chinese sign is as wide as it is high."""
    widest = max(one.right - one.left, other.right - other.left)
    return widest if 0.6 * other.height < widest < other.height else other.height


def _are_words(one: str, other: str) -> bool:
    """Whether a small gap between the signs is a space: between words, not between the digits of a figure."""
    return bool(_WORD.match(one) and _WORD.match(other)) and not (one.isdigit() and other.isdigit())


def cell_text(signs: Sequence[Sign], right: float) -> str:
    """The text in a cell: a line that ended because the cell did goes on in the next one."""
    lines = lines_of(signs)
    if not lines:
        return ""
    if len(signs) > 2 and _is_upright(signs):
        return _downwards(signs)
    widest = max(line[-1].right for line in lines)
    parts = []
    for number, line in enumerate(lines):
        text = text_of(line, "  ", _PARTED, _NARROW).strip()
        last = number == len(lines) - 1
        full = widest - line[-1].right < 2.2 * line[-1].height or len(lines) < 3 or len(text) < 12
        parts.append(text if last else text + (_NARROW if full else "\n"))
    return _labels_apart("".join(parts))


def _is_upright(signs: Sequence[Sign]) -> bool:
    """Whether the text runs downwards, and goes on to the left: as it comes, each sign stands below the one before."""
    down = level = back = 0
    for before, sign in pairwise(signs):
        (x, y), (x1, y1) = before.middle, sign.middle
        near = 0.5 * reach(sign)
        if abs(x1 - x) < near and near < y1 - y:
            down += 1
        elif x1 - x > near and abs(y1 - y) < near:
            level += 1
        elif x1 < x - near and y1 < y - near:
            back += 1
    return back > 0 and down > 2 * level


def _downwards(signs: Sequence[Sign]) -> str:
    """The text that runs downwards: its columns from the right, each from the top."""
    columns: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda sign: -sign.middle[0]):
        if columns and columns[-1][0].middle[0] - sign.middle[0] < 0.5 * reach(sign):
            columns[-1].append(sign)
        else:
            columns.append([sign])
    return "".join(sign.text for column in columns for sign in sorted(column, key=lambda sign: sign.top))


def _is_full(line: Sequence[Sign], room: float) -> bool:
    """Whether no sign more would fit into a line of so wide a cell."""
    return room - (line[-1].right - line[0].left) < _size(line[0], line[-1]) + 2 * _PADDING


def table_of(box: Box, columns: Sequence[float], page: int, first: int) -> Table:
    """A box as a Table, its columns counted among `columns`, lines of all pages; first: the row of the page it is."""

    def column(x: float) -> int:
        return min(range(len(columns)), key=lambda index: abs(columns[index] - x))

    table, last = Table(), len(box.ys) - 2
    for (top, left, bottom, right), signs in box.cells.items():
        start, end = column(box.xs[left]), column(box.xs[right + 1])
        text = cell_text(signs, box.xs[right + 1])
        apart = _labels_split(text)
        cell = Cell(top, start, apart, bottom - top + 1, max(end - start, 1), SEVERAL if apart != text else "")
        cell.open_above = top == 0 and box.is_open((top, left, bottom, right), 0)
        cell.open_below = bottom == last and box.is_open((top, left, bottom, right), last + 1)
        cell.full = bool(signs) and _is_full(lines_of(signs)[-1], box.xs[right + 1] - box.xs[left])
        table.cells.append(cell)
    table.lines = {row: (page, first + row) for row in range(len(box.ys) - 1)}
    return table


def loose_lines(signs: Sequence[Sign], page: int) -> list[tuple[float, Line]]:
    """What stands outside tables: top → line, wide gaps as two blanks."""
    return [
        (line[0].top, Line(_labels_apart(text_of(line, "  ", APART, _NARROW)), (page, number)))
        for number, line in enumerate(lines_of(signs), start=1)
        if text_of(line).strip()
    ]
