"""What a form prints, read off its template as off any workbook: far cheaper than compiling it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..domain import fields
from ..domain.labels import money_unit
from ..errors import XladdinError
from ..workbook.content import has_expression
from ..workbook.grid import Grid
from ..workbook.reading import read_grids

_EXTRA = re.compile(rf"""(?<!\w){fields.EXTRA}\s*(?:\.\s*(\w+)|\[\s*["']([^"']+)["']\s*\])""")


@dataclass(frozen=True, slots=True)
class Printed:
    """labels: the fixed texts of a template's sheets; extras: the names of labelled fields that only it may have.

    says_unit: whether it prints its money unit.
    """

    labels: frozenset[str] = frozenset()
    extras: frozenset[str] = frozenset()
    says_unit: bool = False


@cache
def printed(path: Path, _stamp: int) -> Printed:
    """What the template at `path` prints; nothing where it cannot be read."""
    try:
        grids = read_grids(path)
    except XladdinError:
        return Printed()
    texts = {text for grid in _filled(grids) for text in grid.cells.values() if type(text) is str}
    expressions = {text for text in texts if has_expression(text)}
    extras = {name for text in expressions for found in _EXTRA.findall(text) for name in found if name}
    labels = frozenset(texts - expressions)
    return Printed(labels, frozenset(extras), any(map(money_unit, labels)))


def _filled(grids: list[Grid]) -> list[Grid]:
    """The sheets that hold expressions, and those whose formulas look at them."""
    main = [grid for grid in grids if any(type(text) is str and has_expression(text) for text in grid.cells.values())]
    names = [grid.sheet for grid in main]
    return main + [
        grid
        for grid in grids
        if grid not in main and any(name in formula for formula in grid.formulas.values() for name in names)
    ]
