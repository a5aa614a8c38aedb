"""Tables without lines under their headings: columns as signs leave room between, rows where figures take one line.

The lines of a cell stand around the middle of its row, or go down from it; a merged label stands in the middle of the
rows it covers, or in the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from ..domain.labels import canonical
from .figures_told import POINTS, SIGN
from .lattice import text_of
from .levels_told import is_first, is_level
from .placed import Bounds, Line, Piece, pieces_of, runs, shared, valley
from .told import Words

MOST_LINES = 600  # of one table
_MOST_ROWS = 120  # that merged labels are put to
_BLOCK = frozenset("绩效指标")  # printed downwards beside the indicators, on each page again
_STACK, _HIGH = 6, 4  # lines a label, a heading may be printed over
_SHORT = 0.7  # of the longest line of a column: one more sign would have fitted, else


@dataclass(slots=True)
class Column:
    """A column: its label and what the label means, from where to where it reaches, its lines (y → text)."""

    label: Piece
    name: str | None
    left: float = 0.0
    right: float = 0.0
    lines: dict[float, str] = field(default_factory=dict)


Finder = Callable[[list[Column]], list[float]]


def stacks(lines: Iterable[Line]) -> list[Piece]:
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


def heading_under(
    lines: Sequence[Line], start: int, names: Sequence[str], needed: set[str]
) -> tuple[int, int, list[Column]] | None:
    """Where the next heading begins and ends, and its columns."""
    best: tuple[int, int, int, list[Column]] | None = None
    begin, last = start, len(lines)
    while begin < min(last, len(lines)):
        for end in range(begin + 1, min(begin + _HIGH, len(lines)) + 1):
            columns = [Column(piece, canonical(piece.text)) for piece in stacks(lines[begin:end])]
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


def end_of(lines: Sequence[Line], start: int, columns: Sequence[Column]) -> int:
    """Where the table that begins there ends: at its total, a note, or the next form."""
    names = next(column.label.left for column in columns if column.name == "name")
    for at in range(start, min(len(lines), start + MOST_LINES)):
        first = pieces_of(lines[at])[0]
        if canonical(first.text) in ("total", "project", "grade", "other"):
            return at
        if first.left < names and ("：" in first.text[:8] or ":" in first.text[:8]):
            return at
    return min(len(lines), start + MOST_LINES)


def lay(lines: Sequence[Line], columns: list[Column]) -> None:
    """Give each column its bounds and its lines, on each page those that are there."""
    bounds: list[Bounds] = []
    for sheet, own in groupby(lines, key=lambda line: line.sheet):
        there = list(own)
        if not bounds:
            edges = [valley(there, one.label, other.label) for one, other in pairwise(columns)]
            edges = [_beside(there, columns[0]), *edges, float("inf")]
            bounds = list(pairwise(edges))
        else:
            bounds = _moved(there, columns, bounds)
        for column, (left, right) in zip(columns, bounds, strict=True):
            if sheet == lines[0].sheet:
                column.left, column.right = left, right
        for line in there:
            for column, text in zip(columns, shared(line, bounds), strict=True):
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


def _moved(lines: Sequence[Line], columns: Sequence[Column], before: list[Bounds]) -> list[Bounds]:
    """The bounds of the columns on another page: as before, or where what stands there leaves room between."""
    there = runs(lines)
    held = [column for column in columns if column.lines]
    lesser = ([column for column in held if column.name != name] for name in ("reason", "level1"))
    for kept in [held, list(columns), *lesser]:
        for skipped in (0, 1):
            mine = there[skipped:]
            if kept and len(mine) == len(kept) and _is_so(lines, dict(zip([c.name for c in kept], mine, strict=True))):
                found = {column.name: run for column, run in zip(kept, mine, strict=True)}
                edge = there[skipped - 1][1] if skipped else float("-inf")
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
    for _, edge in reversed(runs(lines)):
        if edge > column.label.left:
            continue
        left = [text_of(line.between(float("-inf"), edge)) for line in lines]
        text = "".join(left)
        if text and (canonical(text) in ("indicator_block", "fund_block") or set(text) <= _BLOCK):
            return edge
    return float("-inf")


def table(lines: Sequence[Line], columns: list[Column], heading: Line, anchors: Finder) -> list[Words]:
    """The heading and the rows of a table, each in cells."""
    names = [column.label.text for column in columns]
    lines = _without_headings(lines, names)
    lay(lines, columns)
    found = anchors(columns)
    rows = [Words(names, heading.at, page=heading.page)]
    if not found:
        return rows
    where = {line.y: line for line in lines}
    cells = [_levels(column, found) if column.name in ("level1", "level2") else [] for column in columns]
    texts = texts_in([column for column in columns if column.name not in ("level1", "level2")], found)
    for number, y in enumerate(found):
        row = [held[number] if held else texts[id(column)][number] for column, held in zip(columns, cells, strict=True)]
        line = where.get(y) or min(lines, key=lambda line: abs(line.y - y))
        rows.append(Words(row, line.at, page=line.page))
    return rows


def _without_headings(lines: Sequence[Line], names: Sequence[str]) -> list[Line]:
    """The lines but those of the heading, printed on another page again."""
    kept: list[Line] = []
    again = False
    for line in lines:
        pieces = pieces_of(line)
        of_it = all(any(piece.text in name for name in names) or set(piece.text) <= _BLOCK for piece in pieces)
        again = of_it and (len(pieces) > 2 or again)
        if not again:
            kept.append(line)
    return kept


def indicators_at(columns: list[Column]) -> list[float]:
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


def texts_in(columns: Sequence[Column], found: Sequence[float]) -> dict[int, list[str]]:
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
    if len(labels) > len(found) or len(found) > _MOST_ROWS:
        return [min(labels, key=lambda label: abs((label[0] + label[1]) / 2 - y))[2] for y in found]
    middle = around([(first + last) / 2 for first, last, _ in labels], found)
    down = [min(range(len(found)), key=lambda at: abs(found[at] - first)) for first, _, _ in labels]
    apart = sum(abs(found[at] - label[0]) for at, label in zip(down, labels, strict=True))
    apart += abs(found[0] - labels[0][0])
    starts = down if len(set(down)) == len(down) and apart <= middle[0] else middle[1]
    return [labels[sum(start <= at for start in starts[1:])][2] for at in range(len(found))]


def around(middles: Sequence[float], found: Sequence[float]) -> tuple[float, list[int]]:
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
