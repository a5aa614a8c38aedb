"""Pages and texts without ruled tables: what stands below each other into columns, lines of one cell put together.

Nothing of this is certain: whoever takes these rows says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..domain.labels import canonical
from ..domain.numbers import amount_of, is_blank_mark
from .columned import Column, around, end_of, heading_under, indicators_at, lay, table, texts_in
from .lattice import text_of
from .placed import Line, Piece, pieces_of, valley
from .told import Words

_INDICATORS = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
_BUDGET = ("initial", "budget", "executed", "weight", "rate", "score")
_GOALS = ("annual_goal", "overall_goal", "actual_result", "goal_block")
_MOST_LINES, _MOST_SIGNS, _HEAD = (
    5_000,
    200_000,
    300,
)  # lines; signs; lines above a table of its form
_MOST_PIECES = 60  # of a line
_STACK = 6  # lines a label may be printed over
_NEAR = 60  # pieces among which the next line of a label is looked for


def aligned(lines: Sequence[Line]) -> list[Words] | None:
    """The rows of the forms in some lines; None where there is no heading of indicators."""
    if len(lines) > _MOST_LINES or sum(len(line.signs) for line in lines) > _MOST_SIGNS:
        return None
    if any(len(pieces_of(line)) > _MOST_PIECES for line in lines):
        return None
    rows: list[Words] = []
    at, found = 0, False
    while (spot := heading_under(lines, at, _INDICATORS, {"name", "target"})) is not None:
        first, last, columns = spot
        end = end_of(lines, last, columns)
        start = max(first - _HEAD, at)
        rows += [*(_plain(line) for line in lines[at:start]), *_head(lines[start:first])]
        rows += table(lines[last:end], columns, lines[first], indicators_at)
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


# what stands above it


def _head(lines: Sequence[Line]) -> list[Words]:
    """Names, amounts and goals."""
    spot = heading_under(lines, 0, _BUDGET, {"executed"})
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
        for below in pieces[at + 1 : at + _NEAR]:
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
            own = max(
                within, key=lambda one: (one.left, not one.value, -abs(one.y + one.last - 2 * line.y)), default=None
            )
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
    lay(lines, columns)
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
    blocks = [label for label in _labels(lines) if canonical(label.text) == "fund_block" and label.right <= item.right]
    block = min(blocks, key=lambda label: label.left, default=None)
    taken = {(part.left, part.y) for part in block.parts} if block else set()
    texts: dict[float, str] = {}
    for line in lines:
        mine = [piece for piece in pieces_of(line) if piece.middle < item.right and (piece.left, piece.y) not in taken]
        if mine:
            texts[line.y] = "".join(piece.text for piece in mine)
    if not found:
        return "", []
    column = Column(item.label, "item", lines=texts)
    return block.text if block else "", texts_in([column], found)[id(column)]


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
        texts = _side_by_side(rest, one, other, {(part.left, part.y) for label in labels for part in label.parts})
        return [Words([label.text, text], first.at, page=first.page) for label, text in zip(top, texts, strict=True)]
    if not goals:
        return [_plain(line) for line in lines]
    edge = max(piece.right for piece in goals)
    texts_at = [(line.y, text_of(signs)) for line in lines if (signs := line.between(edge, float("inf")))]
    rows: list[Words] = []
    if not texts_at:
        return [_plain(line) for line in lines]
    starts = around([piece.y for piece in goals], [y for y, _ in texts_at])[1] if len(goals) > 1 else [0]
    for number, label in enumerate(goals):
        start = starts[number] if number < len(starts) else len(texts_at)
        end = starts[number + 1] if number + 1 < len(starts) else len(texts_at)
        rows.append(Words([label.text, "".join(text for _, text in texts_at[start:end])], first.at, page=first.page))
    return rows


def _side_by_side(lines: Sequence[Line], one: Piece, other: Piece, taken: set[tuple[float, float]]) -> tuple[str, str]:
    """Two texts beside each other, under their labels; taken: where pieces of labels stand."""
    rows = [[piece for piece in pieces_of(line) if (piece.left, piece.y) not in taken] for line in lines]
    between = sorted((row[0].right + row[1].left) / 2 for row in rows if len(row) == 2)
    cut = between[len(between) // 2] if between else valley(lines, one, other)
    texts = ["", ""]
    for row in rows:
        for at, piece in enumerate(row):
            texts[at if len(row) == 2 else piece.middle > cut] += piece.text
    return texts[0], texts[1]
