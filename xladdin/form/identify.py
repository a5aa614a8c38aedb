"""Which form a recognised record stands on: the one whose printed labels it carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from ..domain.labels import LONGEST_LABEL, canonical, normalise
from ..domain.records import Record
from ..workbook.grid import Grid
from .catalogue import Form
from .values import Cells

ENOUGH = 0.85  # of a form's labels must be there
SYNONYM = 0.75  # what a label in other words counts
_TITLE_ROWS = 4  # printed rows that may stand above the first field, or below the last (an empty indicator table)


def identify(record: Record, grids: Mapping[str, Grid], forms: Sequence[Form]) -> Form | None:
    """The form, or None for a layout that is none of them (another province's)."""
    grid, cells = sheet_of(record, grids), record.source and record.source.cells
    if grid is None or not isinstance(cells, Cells):
        return None
    words = {normalise(text) for text in grid.texts(*_rows(cells)) if len(text) <= LONGEST_LABEL}
    meanings = {canonical(word) for word in words} - {None}
    stamp = grid.marks.get("表式名称")
    best: tuple[tuple[float, bool, bool, tuple[int, int]], Form] | None = None
    for form in forms:
        if form.kind != record.kind:
            continue
        share = _share(form, words, meanings)
        fits = record.year is not None and form.years[0] <= record.year <= form.years[1]
        rank = (round(share, 6), form.name == stamp, fits, form.years)
        if share >= ENOUGH and (best is None or rank > best[0]):
            best = (rank, form)
    return best[1] if best else None


def sheet_of(record: Record, grids: Mapping[str, Grid]) -> Grid | None:
    """The sheet a record was read from; None for one that never was a sheet."""
    place = next(iter(record.source.cells.values()), None) if record.source else None
    return grids.get(place.sheet or "") if place else None


def _rows(cells: Cells) -> tuple[int, int]:
    return min(cells.rows) - _TITLE_ROWS, max(cells.rows) + _TITLE_ROWS


def _share(form: Form, words: set[str], meanings: set[str | None]) -> float:
    labels = _labels(form.path, form.path.stat().st_mtime_ns)
    if not labels:
        return 0
    points = sum(1 if label in words else SYNONYM * (meaning in meanings) for label, meaning in labels)
    return points / len(labels)


@cache
def _labels(path: Path, stamp: int) -> tuple[tuple[str, str | None], ...]:
    from .printed import printed

    texts = set(map(normalise, printed(path, stamp).labels)) - {""}
    return tuple((text, canonical(text)) for text in sorted(texts))
