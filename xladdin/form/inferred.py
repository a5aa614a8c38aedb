"""What a record took from cells that were inferred from a text: each such field is in doubt, and says why."""

from __future__ import annotations

import re
from dataclasses import replace

from ..domain.records import Doubt, Record, Source
from ..workbook.grid import Grid
from .values import Cells

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.|$)")


def inferred(record: Record, source: Source, grid: Grid) -> Record:
    """The record, read from that sheet, with a doubt for each field whose cell is not certain."""
    cells = source.cells
    if not grid.unsure or not isinstance(cells, Cells):
        return record
    told = {doubt.field for doubt in source.doubts}
    doubts = [
        Doubt(field, _shown(record, field), cells[field], grid.unsure[cells.spot(field)])
        for field in cells
        if cells.spot(field) in grid.unsure and field not in told
    ]
    return replace(record, source=replace(source, doubts=(*source.doubts, *doubts)))


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
