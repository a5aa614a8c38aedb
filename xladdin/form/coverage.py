"""Which labelled cells of a form gave a value its meaning, and which did not."""

from __future__ import annotations

from ..domain.labels import label_key
from ..domain.records import Label
from ..workbook.grid import Spot
from .headers import Header
from .layout import Layout, is_title, year_alone
from .values import Taker

# they only hold others together
_BLOCKS = frozenset({"fund_block", "goal_block", "indicator_block", "money_unit", "total"})
_LONGEST = 16  # characters of a label nobody knows
_MOST = 50  # of one form


def labels_of(layout: Layout, taker: Taker, first: int, header: Header) -> tuple[int, tuple[Label, ...]]:
    """How many labels of a form were used, above its indicators and in their heading, and those that were not."""
    values = set(taker.spots.values())
    used = {spot for spot in taker.used if first <= spot[0]}
    unused: list[Spot] = []
    for row in layout.rows_between(first, header.bottom):
        held = False  # whether the cell before is a label that was not used: this one is its value
        for column, value, name in layout.rows[row]:
            spot = (row, column)
            if name in _BLOCKS:
                used.add(spot)
            elif spot in used or spot in values or type(value) is not str or name is None and held:
                held = False
                continue
            elif row < header.top and (name or _may_be_one(value)) or column in header.unknown and row >= header.top:
                unused.append(spot)
                held = row < header.top
                continue
            held = False
    kept = (Label(str(layout.grid.cells[spot]).strip(), layout.grid.place(spot)) for spot in unused[:_MOST])
    return len(used), tuple(kept)


def _may_be_one(text: str) -> bool:
    """Whether a text nobody knows may be a label: short, and not a sentence, a title, a year or a figure."""
    key = label_key(text)
    if not 2 <= len(key) <= _LONGEST or key[0].isdigit() or any(char in text for char in "。，；"):
        return False
    return not is_title(text) and year_alone(text) is None
