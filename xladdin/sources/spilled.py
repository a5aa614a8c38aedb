"""Texts that do not keep to their cell: in a row too low for them, or a stacked label over the table's end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from .lattice import NEAR, Box, Sign, reach

_OVER = 0.15  # of a sign's height: so far over an edge it does not keep to its cell


def take_spilled(box: Box, signs: Sequence[Sign]) -> list[Sign]:
    """Put texts of several lines, printed in one go over the edges of a cell too low for them, into the cell their
    middle is in; those signs."""
    taken: list[Sign] = []
    for lines in _aligned(_texts(signs)):
        stacked = all(len(line) == 1 for line in lines)  # labels so set may follow each other, each in its own cell
        if len(lines) > 1 and not stacked and (cell := _too_low(box, lines)) is not None:
            spilled = [sign for line in lines for sign in line]
            box.cells[cell] += spilled
            taken += spilled
    return taken


def _texts(signs: Sequence[Sign]) -> Iterator[list[list[Sign]]]:
    """The signs as they come, in texts of lines: each line right under the one before."""
    text: list[list[Sign]] = []
    for sign in signs:
        before = text[-1][-1] if text else None
        down = sign.middle[1] - before.middle[1] if before else 0.0
        if before is None:
            text = [[sign]]
        elif abs(down) < 0.5 * reach(sign) and -0.5 < (sign.left - before.right) / reach(sign) < 1.2:
            text[-1].append(sign)
        elif 0.8 < down / reach(sign) < 1.9 and text[0][0].left - 9 * reach(sign) < sign.left < before.right:
            text.append([sign])
        else:
            yield text
            text = [[sign]]
    if text:
        yield text


def _aligned(texts: Iterable[list[list[Sign]]]) -> Iterator[list[list[Sign]]]:
    """The texts, parted where a line begins neither under the one before nor has its middle there."""
    for text in texts:
        part = text[:1]
        for before, line in pairwise(text):
            middle = (line[0].left + line[-1].right - before[0].left - before[-1].right) / 2
            if min(abs(line[0].left - before[0].left), abs(middle)) > 0.25 * reach(line[0]):
                yield part
                part = []
            part.append(line)
        yield part


def _too_low(box: Box, lines: list[list[Sign]]) -> tuple[int, int, int, int] | None:
    """The cell in whose middle a text stands that runs over its edges; None for one that keeps to its cell."""
    left, right = min(line[0].left for line in lines), max(line[-1].right for line in lines)
    top = lines[0][0].middle[1] - reach(lines[0][0]) / 2
    bottom = lines[-1][0].middle[1] + reach(lines[-1][0]) / 2
    x, y = (left + right) / 2, (top + bottom) / 2
    if not (box.xs[0] <= x <= box.xs[-1] and box.ys[0] <= y <= box.ys[-1]):
        return None
    column = min(bisect_right(box.xs, x), len(box.xs) - 1) - 1
    cell = box.owner[min(bisect_right(box.ys, y), len(box.ys) - 1) - 1, column]
    floor, ceiling = box.ys[cell[2] + 1], box.ys[cell[0]]
    if left < box.xs[cell[1]] - NEAR or right > box.xs[cell[3] + 1] + NEAR or bottom - top <= floor - ceiling:
        return None
    for line in lines:
        middle, over = line[0].middle[1], (0.5 - _OVER) * reach(line[0])
        if any(abs(edge - middle) < over for edge in (floor, ceiling)):
            return cell
    return None


def part_stacks(box: Box) -> None:
    """Give back the first sign of a stacked label, nearer to the next than all others are: the end of the one above."""
    for (top, left, _, _), held in box.cells.items():
        stack = sorted(held, key=lambda sign: sign.top)
        if not top or len(stack) < 3 or any(abs(sign.middle[0] - stack[0].middle[0]) > 1 for sign in stack):
            continue
        steps = [b.middle[1] - a.middle[1] for a, b in pairwise(stack)]
        if steps[0] < 0.8 * min(steps[1:]) and stack[0].top < box.ys[top]:
            held.remove(stack[0])
            box.cells[box.owner[top - 1, left]].append(stack[0])


def take_hanging(box: Box, signs: Iterable[Sign]) -> list[Sign]:
    """Put signs that go on a stacked label over the table's upper or lower end into its cell; those signs."""
    left = list(signs)
    taken: list[Sign] = []
    for extent, held in box.cells.items():
        first, last = extent[0] == 0, extent[2] == len(box.ys) - 2
        stack = sorted(held, key=lambda sign: sign.top)
        if not (first or last) or not stack or any(abs(sign.middle[0] - stack[0].middle[0]) > 1 for sign in stack):
            continue
        steps = [b.middle[1] - a.middle[1] for a, b in pairwise(stack)]
        step = min(steps, default=1.3 * reach(stack[0]))
        for sign in [sign for sign in left if abs(sign.middle[0] - stack[0].middle[0]) < 1]:
            above, below = stack[0].middle[1] - sign.middle[1], sign.middle[1] - stack[-1].middle[1]
            if (first and 0.7 * step < above < 1.3 * step) or (last and 0.7 * step < below < 1.3 * step):
                held.append(sign)
                taken.append(sign)
    return taken
