"""The pages of a document as one row of blocks: running heads left out, tables cut by a page's end put together."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from ..domain.labels import canonical
from .aligned import aligned
from .columns import words_of
from .cut import cut, doubt_pieces, heading_over, take_torn
from .forms_told import told
from .lattice import APART, MOST_LINES, NEAR, Box, Sign, boxes, lines_of, loose_lines, table_of, text_of
from .paper import CONTINUED, Block, Line, Table
from .placed import Line as Placed
from .spilled import part_stacks, take_hanging, take_spilled
from .told import UNRULED

if TYPE_CHECKING:
    from .lattice import Page

_COLON = re.compile("[:：]")
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"[-—–\s]*第?\s*\d+\s*页?(?:\s*[/共，,]+\s*共?\s*\d+\s*页?)?[-—–\s]*")
_NAMES = frozenset({"project", "department", "unit"})
_CLOSE = 26.0  # points from one line to the next of one text, at most
_GAPS = (0.3, 1.2)  # heights of a sign that part two cells, tried one after the other
_EDGE = 0.12  # of a page's height, where running heads stand


def blocks_of(pages: list[Page]) -> list[Block]:
    """Lines and tables from the first page to the last."""
    ruled = [boxes(page.strokes[: 2 * MOST_LINES]) for page in pages]
    if not any(ruled):
        heads = _running(pages, [[(top, line) for top, line in loose_lines(page.signs, page.number)] for page in pages])
        known: set[str] = set()
        kept = [_without(page, heads, known) for page in pages]
        rows = [words for page, signs in zip(pages, kept, strict=True) for words in words_of(signs, page.number)]
        gaps = (_lines(pages, kept, gap) for gap in _GAPS)
        return told(rows, "", lambda: next(filter(None, map(aligned, gaps)), None))
    columns = _columns([box for found in ruled for box in found])
    parts: list[list[tuple[float, Block]]] = []
    for page, found in zip(pages, ruled, strict=True):
        loose = _loose(page, found)
        lines = loose_lines(loose, page.number)
        _doubt_wrapped(lines)
        held = [box for box in found if any(box.cells.values())]
        for top, line in lines:
            if any(box.ys[0] < top for box in held) and any(top < box.ys[-1] for box in held):
                line.unsure = UNRULED
        blocks: list[tuple[float, Block]] = list(lines)
        blocks += [(box.ys[0], table_of(box, columns, page.number, 1)) for box in held]
        blocks.sort(key=lambda block: block[0])
        _number(blocks)
        parts.append(blocks)
    running = _running(pages, parts)
    whole: list[Block] = []
    seen: set[str] = set()
    for page, blocks in zip(pages, parts, strict=True):
        blocks = _without_heads(blocks, page, seen)
        own = [block for top, block in blocks if not _is_running(block, top, page, running, seen)]
        first = own[0] if own else None
        if isinstance(first, Table):
            take_torn(whole)
        last = whole[-1] if whole else None
        if isinstance(last, Table) and isinstance(first, Table) and cut(last, first, heading_over(whole)):
            own = own[1:]
        whole += own
    for block in whole:
        if isinstance(block, Table):
            doubt_pieces(block)
    return whole


def _lines(pages: list[Page], signs: list[list[Sign]], gap: float) -> list[Placed]:
    """The lines of all pages one below the other."""
    lines: list[Placed] = []
    above = 0.0
    for page, own in zip(pages, signs, strict=True):
        for number, line in enumerate(lines_of(own), start=1):
            y = sum(sign.middle[1] for sign in line) / len(line)
            lines.append(Placed(line, above + y, number, page.number, gap, page.number))
        above += page.height
    return lines


def _loose(page: Page, found: list[Box]) -> list[Sign]:
    """The signs of a page that stand in no table, the others put into their cells."""
    spilled = {id(sign) for box in found for sign in take_spilled(box, page.signs)}
    loose = [sign for sign in page.signs if id(sign) not in spilled and not any(box.take(sign) for box in found)]
    for box in found:
        part_stacks(box)
    hanging = {id(sign) for box in found for sign in take_hanging(box, loose)}
    return [sign for sign in loose if id(sign) not in hanging]


def _doubt_wrapped(lines: list[tuple[float, Line]]) -> None:
    """A name that stands outside the lines of a table, and another line right under it: it may go on there."""
    for (top, line), (below, more) in pairwise(lines):
        label = _COLON.split(line.text, maxsplit=1)[0]
        alone = (
            not _COLON.search(more.text) and not more.text.strip().startswith(("(", "（")) and more.text[-1:] != "表"
        )
        if alone and below - top < _CLOSE and canonical(label) in _NAMES:
            line.unsure = more.unsure = UNRULED


def _without(page: Page, heads: Counter, seen: set[str]) -> list[Sign]:
    """The signs of a page, those of running heads left out."""
    gone = [(line[0].top, line[-1].bottom) for line in lines_of(page.signs)
            if _is_running(Line(text_of(line, "  ", APART)), line[0].top, page, heads, seen)]  # fmt: skip
    return [sign for sign in page.signs if not any(top <= sign.middle[1] <= bottom for top, bottom in gone)]


def _columns(found: list[Box]) -> list[float]:
    """Where the upright lines of all pages stand."""
    columns: list[float] = []
    for x in sorted(x for box in found for x in box.xs):
        if not columns or x - columns[-1] > NEAR:
            columns.append(x)
    return columns


def _number(blocks: list[tuple[float, Block]]) -> None:
    """Count the rows of a page through its lines and tables."""
    at = 1
    for _, block in blocks:
        if isinstance(block, Table):
            block.lines = {row: (place[0], at + row) for row, place in block.lines.items()}
            at += block.height
        elif block.at:
            block.at = (block.at[0], at)
            at += 1


def _plain(text: str) -> str:
    return _DIGITS.sub("#", "".join(text.split()))


def _running(pages: list[Page], parts: list[list[tuple[float, Block]]]) -> Counter:
    """The lines near the edges, and on how many pages each stands."""
    found: Counter = Counter()
    for page, blocks in zip(pages, parts, strict=True):
        found.update(
            {
                _plain(block.text)
                for top, block in blocks
                if isinstance(block, Line) and not _EDGE * page.height < top < (1 - _EDGE) * page.height
            }
        )
    return found


def _is_running(block: Block, top: float, page: Page, running: Counter, seen: set[str]) -> bool:
    """Whether a line is a number of a page, or stands on several: the first time above it may be a title."""
    if not isinstance(block, Line) or _EDGE * page.height < top < (1 - _EDGE) * page.height:
        return False
    text = _plain(block.text)
    again = text in seen or top > page.height / 2
    seen.add(text)
    return bool(_NUMBER.fullmatch(block.text)) or running[text] > 1 and again


def _without_heads(blocks: list[tuple[float, Block]], page: Page, seen: set[str]) -> list[tuple[float, Block]]:
    """A page's blocks less what its head says again, where that begins with a title seen before: 自评表（续）."""
    edge = _EDGE * page.height
    heads = [block for top, block in blocks if top < edge and isinstance(block, Line)]
    if not any(_plain(CONTINUED.sub("", head.text)) in seen for head in heads if CONTINUED.search(head.text)):
        return blocks
    return [(top, block) for top, block in blocks if top >= edge or not isinstance(block, Line)]
