"""Pages and texts without ruled tables: what stands below each other into columns, lines of one cell put together.

A form says where its columns are by the labels above them; where a row is, by figures that take one line. The lines of
a cell stand around the middle of its row, or go down from it, and a merged label in the middle of the rows it covers.
Nothing of this is certain: whoever takes these rows says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from ..domain.labels import canonical
from ..domain.numbers import amount_of, is_blank_mark
from .figures_told import FIGURE, POINTS, SIGN
from .lattice import Sign, text_of
from .levels_told import is_first, is_level
from .told import Words

_INDICATORS = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
_BUDGET = ("initial", "budget", "executed", "weight", "rate", "score")
_GOALS = ("annual_goal", "overall_goal", "actual_result", "goal_block")
_MOST_LINES = 600  # of one table
_STACK = 6  # lines a label may be printed over
_HIGH = 4  # lines of a heading
_MOST = 0.6  # of a piece that stands in one column
_SHORT = 0.7  # of the longest line of a column: no sign more would have fitted, else


@dataclass(slots=True)
class Line:
    """A line: its signs from left to right, how far down it is, its number, its page; page: only where it has a place.

    gap: how wide a gap parts two cells, in heights of a sign. sheet: the page, by which columns may stand elsewhere.
    """

    signs: list[Sign]
    y: float
    at: int
    page: int | None = None
    gap: float = 1.2
    sheet: int = 1

    def between(self, left: float, right: float) -> list[Sign]:
        """The signs whose middle lies there."""
        return [sign for sign in self.signs if left <= sign.middle[0] < right]


@dataclass(slots=True)
class Piece:
    """What stands together in a line."""

    text: str
    left: float
    right: float
    y: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    def meets(self, other: Piece) -> bool:
        """Whether one stands above the other."""
        return self.left < other.right and other.left < self.right


@dataclass(slots=True)
class Column:
    """A column: its label and what the label means, from where to where it reaches, its lines (y → text)."""

    label: Piece
    name: str | None
    left: float = 0.0
    right: float = 0.0
    lines: dict[float, str] = field(default_factory=dict)


def _parts(line: Line) -> list[list[Sign]]:
    """A line's signs, parted where a wide gap is."""
    parts: list[list[Sign]] = []
    for sign in line.signs:
        before = parts[-1][-1] if parts else sign
        words = before.text.isascii() and sign.text.isascii() and before.text.isalpha() and sign.text.isalpha()
        if parts and sign.left - before.right <= (1.2 if words else line.gap) * sign.height:
            parts[-1].append(sign)
        else:
            parts.append([sign])
    return parts


def pieces_of(line: Line) -> list[Piece]:
    """What stands together in a line."""
    return [Piece(text_of(part), part[0].left, part[-1].right, line.y) for part in _parts(line)]


def _shared(line: Line, bounds: Sequence[tuple[float, float]]) -> list[str]:
    """A line's text in each column; what stands together stays so where most of it stands in one."""
    cells: list[list[list[Sign]]] = [[] for _ in bounds]
    for part in _parts(line):
        share = [min(part[-1].right, right) - max(part[0].left, left) for left, right in bounds]
        most = max(range(len(bounds)), key=share.__getitem__)
        if share[most] > _MOST * (part[-1].right - part[0].left):
            cells[most].append(part)
            continue
        for cell, (left, right) in zip(cells, bounds, strict=True):
            if inside := [sign for sign in part if left <= sign.middle[0] < right]:
                cell.append(inside)
    for at, cell in enumerate(cells):  # two figures in one column, and none in the next: blanks laid them out amiss
        if len(cell) == 2 and all(_is_figure(text_of(part)) for part in cell):
            if at and not cells[at - 1]:
                cells[at - 1].append(cell.pop(0))
            elif at + 1 < len(cells) and not cells[at + 1]:
                cells[at + 1].append(cell.pop())
    return [text_of([sign for part in cell for sign in part]) for cell in cells]


def _is_figure(text: str) -> bool:
    return bool(FIGURE.fullmatch(text)) or is_blank_mark(text)


def aligned(lines: Sequence[Line]) -> list[Words] | None:
    """The rows of the forms in some lines; None where there is no heading of indicators."""
    rows: list[Words] = []
    at, found = 0, False
    while (spot := _heading(lines, at, _INDICATORS, {"name", "target"})) is not None:
        first, last, columns = spot
        end = _end(lines, last, columns)
        rows += _head(lines[at:first])
        rows += _table(lines[last:end], columns, lines[first], _anchors)
        at, found = end, True
        if end < len(lines) and _first_name(lines[end]) == "total":
            rows.append(_plain(lines[end]))
            at = end + 1
    return [*rows, *(_plain(line) for line in lines[at:])] if found else None


def _plain(line: Line) -> Words:
    return Words([piece.text for piece in pieces_of(line)], line.at, page=line.page)


def _first_name(line: Line) -> str | None:
    pieces = pieces_of(line)
    return canonical(pieces[0].text) if pieces else None


def _stacks(lines: Iterable[Line]) -> list[Piece]:
    """What stands below each other in lines of one heading, as one text each."""
    found: list[Piece] = []
    for line in lines:
        for piece in pieces_of(line):
            over = next((one for one in found if one.meets(piece)), None)
            if over is None:
                found.append(piece)
            else:
                over.text += piece.text
                over.left, over.right = min(over.left, piece.left), max(over.right, piece.right)
    return sorted(found, key=lambda piece: piece.left)


def _heading(
    lines: Sequence[Line], start: int, names: Sequence[str], needed: set[str]
) -> tuple[int, int, list[Column]] | None:
    """Where the next heading begins and ends, and its columns."""
    best: tuple[int, int, int, list[Column]] | None = None
    begin, last = start, len(lines)
    while begin < min(last, len(lines)):
        for end in range(begin + 1, min(begin + _HIGH, len(lines)) + 1):
            columns = [Column(piece, canonical(piece.text)) for piece in _stacks(lines[begin:end])]
            known = {column.name for column in columns if column.name in names}
            whole = (len(known), begin - end)
            if needed <= known and len(known) > 2 and (best is None or whole > best[:2]):
                last = min(last, begin + _HIGH)
                best = (*whole, begin, columns)
        begin += 1
    if best is None:
        return None
    kept: list[Column] = []
    for column in best[3]:
        if column.name in names and column.name not in [one.name for one in kept]:
            kept.append(column)
    return best[2], best[2] - best[1], kept


def _end(lines: Sequence[Line], start: int, columns: Sequence[Column]) -> int:
    """Where the table that begins there ends: at its total, a note, or the next form."""
    names = next(column.label.left for column in columns if column.name == "name")
    for at in range(start, min(len(lines), start + _MOST_LINES)):
        first = pieces_of(lines[at])[0]
        if canonical(first.text) in ("total", "project", "grade", "other"):
            return at
        if first.left < names and ("：" in first.text[:8] or ":" in first.text[:8]):
            return at
    return min(len(lines), start + _MOST_LINES)


# a table under its heading


def _valley(lines: Iterable[Line], one: Piece, other: Piece) -> float:
    """Between two columns: the middle of where the fewest signs stand, their labels too, the widest such place."""
    left, right = one.left, other.right
    signs = [(sign.left, sign.right) for line in lines for sign in line.signs]
    signs += [(label.left, label.right) for label in (one, other) if label.text]
    ends = sorted((max(start, left), min(end, right)) for start, end in signs if end > left and start < right)
    points = sorted({left, right, *(x for end in ends for x in end)})
    best = (len(ends) + 1, 0.0, (left + right) / 2)
    for start, end in pairwise(points):
        held = sum(a < (start + end) / 2 < b for a, b in ends)
        best = min(best, (held, start - end, (start + end) / 2))
    return best[2]


def _lay(lines: Sequence[Line], columns: list[Column]) -> None:
    """Give each column its bounds and its lines, on each page those that are there."""
    bounds: list[Bounds] = []
    for sheet, own in groupby(lines, key=lambda line: line.sheet):
        there = list(own)
        if not bounds:
            edges = [_valley(there, one.label, other.label) for one, other in pairwise(columns)]
            edges = [_beside(there, columns[0]), *edges, float("inf")]
            bounds = list(pairwise(edges))
        else:
            bounds = _moved(there, columns, bounds)
        for column, (left, right) in zip(columns, bounds, strict=True):
            if sheet == lines[0].sheet:
                column.left, column.right = left, right
        for line in there:
            for column, text in zip(columns, _shared(line, bounds), strict=True):
                if text:
                    column.lines[line.y] = text
            _set_points(line, columns)


def _set_points(line: Line, columns: Sequence[Column]) -> None:
    """Put points and score, alone on a line and beside their columns, into these."""
    own = {column.name: column for column in columns}
    words = [piece.text for piece in pieces_of(line)]
    if not {"weight", "score"} <= own.keys() or len(words) != 2 or not all(map(POINTS.fullmatch, words)):
        return
    for column in columns:
        column.lines.pop(line.y, None)
    own["weight"].lines[line.y], own["score"].lines[line.y] = words


def _moved(
    lines: Sequence[Line], columns: Sequence[Column], before: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """The bounds of the columns on another page: as before, or where what stands there leaves room between."""
    ends = sorted((sign.left, sign.right) for line in lines for sign in line.signs)
    runs: list[tuple[float, float]] = []
    for left, right in ends:
        if runs and left <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], right))
        else:
            runs.append((left, right))
    held = [column for column in columns if column.lines]
    spare = [
        [],
        [column for column in held if column.name != "reason"],
        [column for column in held if column.name != "level1"],
    ]
    for kept in [held, list(columns), *spare]:
        for skipped in (0, 1):
            mine = runs[skipped:]
            if kept and len(mine) == len(kept) and _is_so(lines, dict(zip([c.name for c in kept], mine, strict=True))):
                found = {column.name: run for column, run in zip(kept, mine, strict=True)}
                edge = runs[skipped - 1][1] if skipped else float("-inf")
                bounds = []
                for column in columns:
                    left, right = found.get(column.name, (edge, edge))
                    bounds.append((min(left, edge) if column is columns[0] and not skipped else left, right))
                    edge = right
                return bounds
    return before


def _is_so(lines: Sequence[Line], runs: dict[str | None, tuple[float, float]]) -> bool:
    """Whether figures stand where points are to stand."""
    for name in ("weight", "score"):
        texts = [text_of(signs) for line in lines if name in runs and (signs := line.between(*runs[name]))]
        if name in runs and not (texts and all(POINTS.fullmatch(text) for text in texts)):
            return False
    return True


def _beside(lines: Sequence[Line], column: Column) -> float:
    """Where the first column begins: right of a label that stands beside the whole table."""
    lefts = sorted({sign.right for line in lines for sign in line.signs if sign.right <= column.label.left})
    for edge in reversed(lefts):
        left = [line.between(-1.0, edge) for line in lines]
        if any(s.left < edge < s.right for line in lines for s in line.signs):
            continue
        if canonical("".join(text_of(signs) for signs in left)) in ("indicator_block", "fund_block"):
            return edge
    return float("-inf")


Bounds = tuple[float, float]
Finder = Callable[[list[Column]], list[float]]


def _table(lines: Sequence[Line], columns: list[Column], heading: Line, anchors: Finder) -> list[Words]:
    """The heading and the rows of a table, each in cells."""
    names = [column.label.text for column in columns]
    lines = [line for line in lines if not _again(line, names)]
    _lay(lines, columns)
    found = anchors(columns)
    rows = [Words(names, heading.at, page=heading.page)]
    if not found:
        return rows
    where = {line.y: line for line in lines}
    cells = [_levels(column, found) if column.name in ("level1", "level2") else [] for column in columns]
    texts = _texts([column for column in columns if column.name not in ("level1", "level2")], found)
    for number, y in enumerate(found):
        row = [held[number] if held else texts[id(column)][number] for column, held in zip(columns, cells, strict=True)]
        line = where.get(y) or min(lines, key=lambda line: abs(line.y - y))
        rows.append(Words(row, line.at, page=line.page))
    return rows


def _again(line: Line, names: Sequence[str]) -> bool:
    """Whether a line is of the heading, printed on another page again."""
    pieces = pieces_of(line)
    return len(pieces) > 2 and all(any(piece.text in name for name in names) for piece in pieces)


def _anchors(columns: list[Column]) -> list[float]:
    """Where the rows of indicators are: at their points, else at what is to be reached."""
    by_name = {column.name: column.lines for column in columns}
    points = [y for y, text in by_name.get("weight", {}).items() if POINTS.fullmatch(text.removesuffix("分"))]
    if points:
        return points
    names, targets = by_name.get("name", {}), by_name.get("target", {})
    ys = sorted({*names, *targets})
    found = []
    for at, y in enumerate(ys):
        if y in names and y in targets or y in targets and SIGN.match(targets[y]):
            found.append(y)
        elif y in targets:
            around = [ys[near] for near in (at - 1, at + 1) if 0 <= near < len(ys)]
            if len(around) == 2 and all(near in names and near not in targets for near in around):
                found.append(y)
    return found


def _texts(columns: Sequence[Column], found: Sequence[float]) -> dict[int, list[str]]:
    """Column → its text in each row: lines around the middle of a row, or down from it, whichever leaves less over."""
    best: tuple[float, dict[int, list[str]]] | None = None
    for downward in (False, True):
        parts = {id(column): _parted(column.lines, found, downward) for column in columns}
        odd = sum(left for _, left in parts.values())
        texts = {key: ["".join(cell) for cell in cells] for key, (cells, _) in parts.items()}
        odd += sum(not text for column in columns if column.name in ("name", "target") for text in texts[id(column)])
        odd += sum(not (canonical(text) or "").startswith("funds.") for column in columns if column.name == "item"
                   for text in texts[id(column)])  # fmt: skip
        if best is None or odd < best[0]:
            best = odd, texts
    return best[1] if best else {}


def _parted(lines: dict[float, str], found: Sequence[float], downward: bool) -> tuple[list[list[str]], int]:
    """The lines of a column put to the rows; how many do not fit there."""
    longest = max(map(len, lines.values()), default=0)
    above: list[str] = [text for y, text in sorted(lines.items()) if y < found[0]]
    odd = len(above) if downward else 0
    cells: list[list[str]] = []
    for y, following in zip(found, [*found[1:], float("inf")], strict=True):
        between = [text for at, text in sorted(lines.items()) if y < at < following]
        mine = len(between) if downward else min(len(above), len(between))
        if following == float("inf"):
            mine = len(between)
        odd += bool(between and y not in lines) if downward else abs(len(above) - mine)
        cells.append([*above, *([lines[y]] if y in lines else []), *between[:mine]])
        odd += sum(len(text) < _SHORT * longest for text in cells[-1][:-1])
        above = between[mine:]
    return cells, odd


def _levels(column: Column, found: Sequence[float]) -> list[str]:
    """The level of each row: a label holds for the rows around it, or for those from it on."""
    labels = _whole(sorted(column.lines.items()))
    if not labels:
        return [""] * len(found)
    if len(labels) > len(found):
        return [min(labels, key=lambda label: abs((label[0] + label[1]) / 2 - y))[2] for y in found]
    around = _around([(first + last) / 2 for first, last, _ in labels], found)
    down = [min(range(len(found)), key=lambda at: abs(found[at] - first)) for first, _, _ in labels]
    apart = sum(abs(found[at] - label[0]) for at, label in zip(down, labels, strict=True))
    apart += abs(found[0] - labels[0][0])
    starts = down if len(set(down)) == len(down) and apart <= around[0] else around[1]
    return [labels[sum(start <= at for start in starts[1:])][2] for at in range(len(found))]


def _around(middles: Sequence[float], found: Sequence[float]) -> tuple[float, list[int]]:
    """Where the rows of each label begin, so that each stands as near to the middle of its rows as can be."""
    many, rows = len(middles), len(found)
    none: tuple[float, list[int]] = (float("inf"), [])
    costs: list[tuple[float, list[int]]] = [(0.0, []), *[none] * rows]
    for middle in middles:
        following = [none] * (rows + 1)
        for end in range(1, rows + 1):
            for start in range(end):
                cost = costs[start][0] + abs((found[start] + found[end - 1]) / 2 - middle)
                if cost < following[end][0]:
                    following[end] = (cost, [*costs[start][1], start])
        costs = following
    return costs[rows] if many else (0.0, [])


def _whole(lines: Sequence[tuple[float, str]]) -> list[tuple[float, float, str]]:
    """Labels that are printed over several lines, whole: where they begin and end, and what they say."""
    found: list[tuple[float, float, str]] = []
    at = 0
    while at < len(lines):
        texts = ["".join(text for _, text in lines[at:end]) for end in range(at + 1, min(at + _STACK, len(lines)) + 1)]
        known = [many for many, text in enumerate(texts, start=1) if is_level(text) or is_first(text)]
        many = max(known, default=1)
        found.append((lines[at][0], lines[at + many - 1][0], texts[many - 1]))
        at += many
    return found


# what stands above it


def _head(lines: Sequence[Line]) -> list[Words]:
    """Names, amounts and goals."""
    spot = _heading(lines, 0, _BUDGET, {"executed"})
    rows: list[Words] = []
    if spot is not None:
        first, last, columns = spot
        end = last + _goal_start(lines[last:])
        rows += _names(lines[:first])
        rows += _budget(lines[first:last], lines[last:end], columns)
    else:
        end = _goal_start(lines)
        rows += _names(lines[:end])
    return [*rows, *_goals(lines[end:])]


def _goal_start(lines: Sequence[Line]) -> int:
    """Where the goals begin: with a label of theirs, or with the text above one that stands in its middle."""
    label = next((label for label in _labels(lines) if canonical(label.text) in _GOALS), None)
    if label is None:
        return len(lines)
    at = next(at for at, line in enumerate(lines) if line.y == label.y)
    while at and len(pieces := pieces_of(lines[at - 1])) == 1 and pieces[0].left >= label.right:
        if canonical(pieces[0].text):
            break
        at -= 1
    return at


@dataclass(slots=True)
class Label(Piece):
    """A label; where its last line is, the pieces it is printed in, and the value beside it (y → text)."""

    last: float = 0.0
    parts: list[Piece] = field(default_factory=list)
    value: dict[float, str] = field(default_factory=dict)


def _labels(lines: Sequence[Line]) -> list[Label]:
    """The labels of some lines, those printed over several lines whole."""
    pieces = [piece for line in lines for piece in pieces_of(line)]
    found: list[Label] = []
    used: set[int] = set()
    for at, piece in enumerate(pieces):
        if id(piece) in used:
            continue
        stack, text = [piece], piece.text
        best = [piece] if canonical(text) else []
        for below in pieces[at + 1 : at + 60]:
            if len(stack) < _STACK and below.y > stack[-1].y and below.meets(stack[-1]) and id(below) not in used:
                stack, text = [*stack, below], text + below.text
                if canonical(below.text):
                    break
                best = list(stack) if canonical(text) else best
        if best:
            used |= {id(one) for one in best}
            text, left, right = "".join(one.text for one in best), min(o.left for o in best), max(o.right for o in best)
            found.append(Label(text, left, right, best[0].y, best[-1].y, best))
    return found


def _names(lines: Sequence[Line]) -> list[Words]:
    """Lines of labels and their values, and lines without any; a value may go on above and below its label's line."""
    labels = _labels(lines)
    taken = {(part.left, part.y) for label in labels for part in label.parts}
    rest = [[piece for piece in pieces_of(line) if (piece.left, piece.y) not in taken] for line in lines]
    rows: list[Words] = []
    blocks = [label for label in labels if canonical(label.text) == "fund_block"]
    labels = [label for label in labels if label not in blocks]
    near = 1.7 * lines[0].signs[0].height if lines else 0.0
    own_lines = {line.y for line in lines for label in labels if label.y <= line.y <= label.last}
    for line, pieces in sorted(zip(lines, rest, strict=True), key=lambda one: one[0].y not in own_lines):
        for piece in list(pieces):
            close = [label for label in labels if label.y - near <= line.y <= label.last + near]
            left = [label for label in close if label.left < piece.left]
            within = [label for label in left if label.y <= line.y <= label.last] or left
            own = max(within, key=lambda label: (label.left, -abs((label.y + label.last) / 2 - line.y)), default=None)
            above = own is not None and line.y < own.y and any(y >= own.y for y in own.value)
            if own is not None and not above:
                own.value[piece.y] = own.value.get(piece.y, "") + piece.text
                pieces.remove(piece)
    for line, pieces in zip(lines, rest, strict=True):
        rows += [Words([label.text], line.at, page=line.page) for label in blocks if label.y == line.y]
        cells = [cell for label in sorted(labels, key=lambda one: one.left) if label.y == line.y
                 for cell in (label.text, "".join(text for _, text in sorted(label.value.items())))]  # fmt: skip
        cells += [piece.text for piece in pieces]
        if cells:
            rows.append(Words(cells, line.at, page=line.page))
    return rows


def _budget(heading: Sequence[Line], lines: Sequence[Line], columns: list[Column]) -> list[Words]:
    """Amounts under their headings, what they are of to the left."""
    left = min((piece.left for line in lines for piece in pieces_of(line)), default=0.0)
    item = Column(Piece("", left, max(columns[0].label.left, left + 1), heading[0].y), "item")
    item.label.right = item.label.left = (left + columns[0].label.left) / 2
    columns = [item, *columns]
    _lay(lines, columns)
    figures = [column for column in columns if column.name in ("initial", "budget", "executed")]
    found = [
        line.y for line in lines
        if any(amount_of(column.lines.get(line.y, ""), None) is not None for column in figures)
        or any(is_blank_mark(column.lines.get(line.y, "") or "0") for column in columns[1:])
    ]  # fmt: skip
    block, items = _items(lines, item, found)
    rows = [Words([block], heading[0].at, page=heading[0].page)] if block else []
    rows.append(Words(["", *(column.label.text for column in columns[1:])], heading[0].at, page=heading[0].page))
    where = {line.y: line for line in lines}
    for y, text in zip(found, items, strict=True):
        cells = [column.lines.get(y, "") for column in columns[1:]]
        rows.append(Words([text, *cells], where[y].at, page=where[y].page))
    return rows


def _items(lines: Sequence[Line], item: Column, found: Sequence[float]) -> tuple[str, list[str]]:
    """The label beside the amounts, and what each line of them is of."""
    edges = sorted({sign.right for line in lines for sign in line.signs if sign.right < item.right})
    for edge in [*edges, item.left]:
        if any(sign.left < edge < sign.right for line in lines for sign in line.signs):
            continue
        block = "".join(text_of(signs) for line in lines if (signs := line.between(float("-inf"), edge)))
        if block and canonical(block) != "fund_block" or not block and edge != item.left:
            continue
        texts = {line.y: text_of(signs) for line in lines if (signs := line.between(edge, item.right))}
        if found:
            column = Column(item.label, "item", lines=texts)
            return block, _texts([column], found)[id(column)]
    return "", [""] * len(found)


def _goals(lines: Sequence[Line]) -> list[Words]:
    """Goals: labels above their texts, or beside them."""
    if not lines:
        return []
    labels = [piece for piece in _labels(lines) if canonical(piece.text)]
    goals = [one for one in labels if canonical(one.text) in ("annual_goal", "actual_result", "overall_goal")]
    top = [one for one in goals if any(other is not one and abs(other.y - one.y) < 1e-6 and not one.meets(other)
                                       for other in goals)]  # fmt: skip
    if len(top) > 2:
        top = top[-2:]
    first = lines[0]
    if len(top) == 2:
        one, other = top
        rest = [line for line in lines if line.y > max(one.last, other.last)]
        edge = max((piece.right for piece in labels if piece.right <= one.left), default=float("-inf"))
        cut = _valley(rest, one, other)
        shared = [_shared(line, ((float("-inf"), edge), (edge, cut), (cut, float("inf")))) for line in rest]
        texts = ["".join(cells[at] for cells in shared) for at in (1, 2)]
        return [Words([label.text, text], first.at, page=first.page) for label, text in zip(top, texts, strict=True)]
    if not goals:
        return [_plain(line) for line in lines]
    edge = max(piece.right for piece in goals)
    texts_at = [(line.y, text_of(signs)) for line in lines if (signs := line.between(edge, float("inf")))]
    rows: list[Words] = []
    if not texts_at:
        return [_plain(line) for line in lines]
    starts = _around([piece.y for piece in goals], [y for y, _ in texts_at])[1] if len(goals) > 1 else [0]
    for number, label in enumerate(goals):
        start = starts[number] if number < len(starts) else len(texts_at)
        end = starts[number + 1] if number + 1 < len(starts) else len(texts_at)
        rows.append(Words([label.text, "".join(text for _, text in texts_at[start:end])], first.at, page=first.page))
    return rows
