"""Where signs stand on a page or in a text without ruled tables: lines, what stands together in them, gaps between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..domain.numbers import is_blank_mark
from .figures_told import FIGURE
from .lattice import Sign, text_of

_MOST = 0.6  # of a piece that stands in one column
Bounds = tuple[float, float]


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


def shared(line: Line, bounds: Sequence[tuple[float, float]]) -> list[str]:
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


def runs(lines: Iterable[Line]) -> list[Bounds]:
    """From where to where signs stand in some lines without a gap."""
    found: list[Bounds] = []
    for left, right in sorted((sign.left, sign.right) for line in lines for sign in line.signs):
        if found and left <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def valley(lines: Iterable[Line], one: Piece, other: Piece) -> float:
    """Between two columns: the middle of where the fewest signs stand, their labels too, the widest such place."""
    left, right = one.left, other.right
    signs = [(sign.left, sign.right) for line in lines for sign in line.signs]
    signs += [(label.left, label.right) for label in (one, other) if label.text]
    steps: Counter[float] = Counter({left: 0, right: 0})
    for start, end in signs:
        if end > left and start < right:
            steps[max(start, left)] += 1
            steps[min(end, right)] -= 1
    held, best = 0, (len(signs) + 1, 0.0, (left + right) / 2)
    for start, end in pairwise(sorted(steps)):
        held += steps[start]
        best = min(best, (held, start - end, (start + end) / 2))
    return best[2]
