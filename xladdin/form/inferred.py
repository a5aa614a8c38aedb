"""What a record took from cells that were inferred from a text: each such field is in doubt, and says why."""

from __future__ import annotations

import re

from ..domain.records import Doubt, Record
from ..workbook.grid import Grid
from .values import cells_of

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.|$)")


def inferred(record: Record, grid: Grid) -> list[Doubt]:
    """A doubt for each field of a record, read from that sheet, whose cell is not certain."""
    if not grid.unsure or record.source is None:
        return []
    cells, told = cells_of(record), {doubt.field for doubt in record.source.doubts}
    return [
        Doubt(field, _shown(record, field), cells[field], grid.unsure[cells.spot(field)])
        for field in cells
        if cells.spot(field) in grid.unsure and field not in told
    ]


def _shown(record: Record, field: str) -> str:
    """The value of a field, indicators[3].target, as a text."""
    if field.startswith("extra."):
        return str(record.extra.get(field.removeprefix("extra.")) or "")
    value: object = record
    for name, number in _STEP.findall(field):
        value = getattr(value, name, None)
        if number and isinstance(value, tuple):
            value = value[int(number)] if int(number) < len(value) else None
    return "" if value is None else str(value)
