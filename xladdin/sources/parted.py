"""Rows of a text that are parted into cells, as a form draws them: what programs add for merged cells taken out.

Some write the text of a merged cell again in every column it covers; and a target may stand in several columns, its
sign, its figure and its unit, which are one value.
"""

from __future__ import annotations

import re

from ..domain.labels import canonical, heading
from ..domain.wordings import NO_SIGNS
from .told import Words

_FIGURE = re.compile(r"[-+]?[\d.,，%％‰—–/-]+")
_HEADING = frozenset({"level1", "level2", "name"})
_PARTS = ("sign", "measure")
_MANY, _HEADS = 3, 4  # rows that repeat a text; texts a row holds at least to be a heading
_BLOCKS = ("goal_block", "indicator_block", "fund_block", "annual_goal", "overall_goal")


def drawn(rows: list[Words]) -> list[Words]:
    """The rows, each merged cell told once, each target in one cell. They are changed in place."""
    _tell_once(rows)
    _join_targets(rows)
    return rows


def _tell_once(rows: list[Words]) -> None:
    """Blank the repeats. Amounts side by side may be equal: they are one where no heading parts them."""
    tables = [row for row in rows if not row.loose]
    again = sum(any(map(_is_again, row.cells, row.cells[1:])) for row in tables) >= _MANY
    apart: set[int] = set()  # places whose headings differ from those left of them
    above = ""
    for row in tables:
        cells = list(row.cells)
        labels = [_is_label(cell) for cell in cells]
        heading_row = sum(labels) >= _HEADS or len(set(filter(_is_text, cells))) > _HEADS
        for place in range(1, len(cells)):
            one, other = cells[place - 1], cells[place]
            if heading_row and _is_text(one) and _is_text(other) and one != other:
                apart.add(place)
            elif one == other and labels[place]:
                apart.discard(place)
            if one and one == other and (labels[place] or again and place not in apart):
                row.cells[place] = ""
        first = cells[0] if cells else ""
        if first and first == above and canonical(first) in _BLOCKS and any(row.cells[1:]):
            row.cells[0] = ""
        above = first


def _is_text(cell: str) -> bool:
    return bool(cell) and not _FIGURE.fullmatch(cell)


def _is_again(one: str, other: str) -> bool:
    return one == other and _is_text(one)


def _is_label(cell: str) -> bool:
    return bool(cell) and canonical(cell) is not None


def _join_targets(rows: list[Words]) -> None:
    """Put the sign and the unit of each target, which have columns of their own beside it, into its cell."""
    parts: list[int] = []
    target = wide = 0
    for row in rows:
        if row.loose:
            continue
        names = [canonical(cell) or heading(cell, "indicators") for cell in row.cells]
        if len(_HEADING & set(names)) > 1:
            target, wide = names.index("target") if "target" in names else 0, len(names)
            parts = [place for place, name in enumerate(names) if name in _PARTS and abs(place - target) == 1]
            for place in reversed(parts if target else []):
                del row.cells[place]
            continue
        shift = wide - len(row.cells)  # what merged levels cover may have no cells
        if not target or not parts or shift < 0 or min(parts) < shift:
            continue
        places = sorted({target, *parts})
        texts = [row.cells[place - shift] for place in places]
        row.cells[target - shift] = "".join(text for text in texts if text not in NO_SIGNS)
        for place in reversed(parts):
            del row.cells[place - shift]
